"""The project's definitions with the nightly schedule once a minute and without the sensor, for `night.py`."""

from dagster import DefaultScheduleStatus, Definitions, ScheduleEvaluationContext, in_process_executor, schedule

from orchestration import definitions  # not its `defs` by name: a module has one Definitions
from orchestration.jobs import evaluation_job
from orchestration.schedules import nightly
from resources.kaohe import KaoheResource


@schedule(
    job=evaluation_job,
    cron_schedule="* * * * *",
    execution_timezone="Asia/Shanghai",
    default_status=DefaultScheduleStatus.RUNNING,
)
def every_minute(context: ScheduleEvaluationContext) -> object:
    return nightly(context)


defs = Definitions(
    assets=definitions.defs.assets,
    asset_checks=definitions.defs.asset_checks,
    jobs=[evaluation_job],
    schedules=[every_minute],
    resources={"kaohe": KaoheResource()},
    executor=in_process_executor,
)
