"""The one Definitions object: what the webserver, the daemon and the command line load."""

from dagster import AssetsDefinition, Definitions, in_process_executor, load_assets_from_modules

from assets import accepted_values, definition, intake, receipts, scorecards, scores
from checks import scores as score_checks
from checks import submissions as submission_checks
from orchestration.correction_jobs import preview_correction, request_correction
from orchestration.jobs import evaluation_job, failed_step
from orchestration.notice_job import notify_people
from orchestration.schedules import morning, nightly
from orchestration.sensors import due_evaluations
from resources.kaohe import KaoheResource

made = load_assets_from_modules([definition, intake, receipts, accepted_values, scores, scorecards])
checks = [
    submission_checks.definition_checks,
    submission_checks.received_files_checks,
    submission_checks.submitted_values_checks,
    submission_checks.findings_checks,
    score_checks.accepted_values_checks,
    score_checks.total_scores_checks,
    score_checks.publication_checks,
]
# Of the assets, not of the job: a single one that is asked for in the browser runs in a job of Dagster's own.
hooks = {failed_step}

defs = Definitions(
    assets=[accepted_values.ledger, *(one.with_hooks(hooks) for one in made if isinstance(one, AssetsDefinition))],
    asset_checks=[one.with_hooks(hooks) for one in checks],
    jobs=[evaluation_job, preview_correction, request_correction, notify_people],
    schedules=[nightly, morning],
    sensors=[due_evaluations],
    resources={"kaohe": KaoheResource()},
    executor=in_process_executor,
)
