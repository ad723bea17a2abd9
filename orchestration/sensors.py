"""The one sensor: evaluations whose inputs differ from what their newest run has read."""

from dagster import DefaultSensorStatus, RunRequest, SensorEvaluationContext, SensorResult, sensor

from orchestration.jobs import evaluation_job
from resources.heartbeats import heartbeats
from resources.home import home_from_environment
from resources.ledger import Ledger
from resources.locks import is_free
from resources.partitions import evaluations
from resources.runs import UNFINISHED, current_run, inputs_key
from resources.store import Store

# The daemon looks every five seconds, at times a little less: a sensor that wants as much misses every other look.
AT_EVERY_LOOK = 3


@sensor(
    job=evaluation_job,
    minimum_interval_seconds=AT_EVERY_LOOK,
    default_status=DefaultSensorStatus.RUNNING,
    description="看台账、考核办法和收件箱：批准了更正、下发了办法、收到了文件，就把有关的考核重新算一遍。新的考核文件夹自动成为分区。",
)
def due_evaluations(context: SensorEvaluationContext) -> SensorResult:
    home = home_from_environment()
    ledger = Ledger(Store(home.store_url))
    names = home.evaluation_names()
    known = set(context.instance.get_dynamic_partitions(str(evaluations.name)))
    last_good = {beat.evaluation: beat.last_good_at for beat in heartbeats(ledger)}
    requests = []
    for evaluation in names:
        run, key = current_run(ledger, evaluation), inputs_key(home, ledger, evaluation)
        if run is None or run.inputs_key.removeprefix(UNFINISHED) != key:
            fence = 0 if run is None else run.fence
            # Dagster remembers a run key for ever; the fence lets inputs that come back be read again.
            requests.append(RunRequest(run_key=f"{evaluation}:{key}:{fence}", partition_key=evaluation))
        elif run.inputs_key != key and is_free(home, evaluation):
            # It broke off and nobody is at it: once more since one came to its end, not for ever where all fail.
            good = last_good.get(evaluation, "")
            requests.append(RunRequest(run_key=f"{evaluation}:{key}:again:{good}", partition_key=evaluation))
    fresh = [name for name in names if name not in known]
    return SensorResult(
        run_requests=requests,
        dynamic_partitions_requests=[evaluations.build_add_request(fresh)] if fresh else [],
    )
