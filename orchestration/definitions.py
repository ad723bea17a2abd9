"""The one Definitions object: what the webserver, the daemon and the command line load."""

from dagster import Definitions, in_process_executor, load_assets_from_modules

from assets import accepted_values, definition, intake, receipts, scorecards, scores
from checks import scores as score_checks
from checks import submissions as submission_checks
from orchestration.correction_jobs import preview_correction, request_correction
from orchestration.jobs import evaluation_job
from orchestration.notice_job import notify_people
from orchestration.schedules import morning, nightly
from orchestration.sensors import due_evaluations
from resources.kaohe import KaoheResource

defs = Definitions(
    assets=[
        accepted_values.ledger,
        *load_assets_from_modules([definition, intake, receipts, accepted_values, scores, scorecards]),
    ],
    asset_checks=[
        submission_checks.definition_checks,
        submission_checks.received_files_checks,
        submission_checks.submitted_values_checks,
        submission_checks.findings_checks,
        score_checks.accepted_values_checks,
        score_checks.total_scores_checks,
        score_checks.publication_checks,
    ],
    jobs=[evaluation_job, preview_correction, request_correction, notify_people],
    schedules=[nightly, morning],
    sensors=[due_evaluations],
    resources={"kaohe": KaoheResource()},
    executor=in_process_executor,
)
