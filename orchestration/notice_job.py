"""The job of every morning: notices of all evaluations, the heartbeat's page, and Dagster's old runs forgotten."""

from dagster import Failure, MetadataValue, OpExecutionContext, in_process_executor, job, op

from orchestration.heartbeat import beats, write_page
from orchestration.notifying import notify
from orchestration.sweeping import forget_old
from resources.home import home_from_environment


@op(description="每个考核：写通知、送通知；输出里看写了几份、送了几份、哪些没有地址。")
def notified_people(context: OpExecutionContext) -> None:
    """One evaluation's trouble stops no other; the run fails in the end, so that somebody looks."""
    home = home_from_environment()
    faults: dict[str, str] = {}
    for evaluation in home.evaluation_names():
        try:
            told = notify(home, evaluation).told()
        except Exception as fault:
            context.log.exception(f"notices of {evaluation} could not be written or sent")
            told = [str(fault)]
            faults[evaluation] = str(fault)
        context.add_output_metadata({evaluation: MetadataValue.text("\n".join(told))})
    page, forgotten = write_page(home, beats(home)), forget_old(context.instance)
    context.add_output_metadata({"运行情况": MetadataValue.path(page), "删去的旧运行": forgotten})
    if faults:
        told = [f"“{evaluation}”：{fault}" for evaluation, fault in faults.items()]
        raise Failure(f"{len(told)}个考核的通知没有写成或没有送出，其余的已办。{'　'.join(told)}")


@job(
    executor_def=in_process_executor, tags={"dagster/max_runtime": "1800"}, description="通知：提醒、催报、问题、新版。"
)
def notify_people() -> None:
    notified_people()
