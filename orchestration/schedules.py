"""The schedules: scores at night, notices in the morning. What is due in between is the sensor's part."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from dagster import (
    DefaultScheduleStatus,
    RunRequest,
    ScheduleDefinition,
    ScheduleEvaluationContext,
    SkipReason,
    schedule,
)

from orchestration.jobs import evaluation_job
from orchestration.notice_job import notify_people
from resources.home import home_from_environment
from resources.partitions import evaluations


@schedule(
    job=evaluation_job,
    cron_schedule="0 2 * * *",
    execution_timezone="Asia/Shanghai",
    default_status=DefaultScheduleStatus.RUNNING,
    description="每晚两点（北京时间）把所有考核各算一遍；结果没有变化就不出新版。",
)
def nightly(context: ScheduleEvaluationContext) -> Iterator[RunRequest | SkipReason]:
    # After days without a daemon Dagster makes up for the nights it missed; one night is enough for all of them.
    if datetime.now(UTC) - context.scheduled_execution_time >= timedelta(days=1):
        yield SkipReason("这一夜已经过去，由最近一夜补上。")
        return
    names = home_from_environment().evaluation_names()
    known = set(context.instance.get_dynamic_partitions(str(evaluations.name)))
    for evaluation in names:
        if evaluation in known:
            run_key = f"{evaluation}:{context.scheduled_execution_time.isoformat()}"
            yield RunRequest(run_key=run_key, partition_key=evaluation)


morning = ScheduleDefinition(
    name="morning",
    job=notify_people,
    cron_schedule="0 8 * * *",
    execution_timezone="Asia/Shanghai",
    default_status=DefaultScheduleStatus.RUNNING,
    description="每天早上八点（北京时间）把提醒、催报、问题和新版通知放进 outbox，有地址的送出；说过的不再说。",
)
