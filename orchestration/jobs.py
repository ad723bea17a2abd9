"""The one job: an evaluation from its inbox to its published version."""

import logging

from dagster import AssetSelection, HookContext, define_asset_job, failure_hook, in_process_executor

from orchestration.refusals import told_of
from resources.kaohe import PARTITION_TAG

logger = logging.getLogger("kaohe.run")

# Seconds after which Dagster ends a run, whatever it does.
MAX_RUNTIME = 3600


@failure_hook
def failed_step(context: HookContext) -> None:
    """Dagster's record has it with all its causes, and before them what it means to people; the log has the last of
    them beside what else happened."""
    evaluation = context._step_execution_context.run_tags.get(PARTITION_TAG, "")
    about = {"evaluation": evaluation, "run": context.run_id, "step": context.op.name}
    for line in told_of(context.op_exception):
        context.log.error(line)
    logger.error("step failed", extra=about, exc_info=context.op_exception)


evaluation_job = define_asset_job(
    "evaluate",
    selection=AssetSelection.all() - AssetSelection.assets("ledger"),
    executor_def=in_process_executor,
    # A run that is retried reads its inputs anew, as every run does.
    tags={"dagster/max_runtime": str(MAX_RUNTIME), "dagster/retry_strategy": "ALL_STEPS"},
    description="一次考核的全过程：收件、核查、核定、计分、成绩单、发布。每晚运行，有更正或新报送时也自动运行。",
)
