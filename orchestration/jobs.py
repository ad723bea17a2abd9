"""The one job: an evaluation from its inbox to its published version."""

from dagster import AssetSelection, define_asset_job, in_process_executor

# Seconds after which Dagster ends a run, whatever it does.
MAX_RUNTIME = 3600

evaluation_job = define_asset_job(
    "evaluate",
    selection=AssetSelection.all() - AssetSelection.assets("ledger"),
    executor_def=in_process_executor,
    # A run that is retried reads its inputs anew, as every run does.
    tags={"dagster/max_runtime": str(MAX_RUNTIME), "dagster/retry_strategy": "ALL_STEPS"},
    description="一次考核的全过程：收件、核查、核定、计分、成绩单、发布。每晚运行，有更正或新报送时也自动运行。",
)
