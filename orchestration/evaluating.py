"""`kaohe evaluate`: the nightly job, now, in this process; it shows in the Dagster UI like any other run."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pandas as pd
from rich.console import Console

from evaluation.open_findings import open_findings
from orchestration.filing import ledger_of
from orchestration.steps_shown import steps_shown
from resources.heartbeats import heartbeats
from resources.home import Home
from resources.kaohe import Work, work_on
from resources.publications import Publication, Publications
from resources.receipts import Receipts
from resources.refused import Refused

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Outcome:
    """What one evaluation's run came to. `publication` is the version that people see after it; `held_back`: the
    evaluation's state lets no version with the run's results out."""

    evaluation: str
    succeeded: bool
    failures: list[str]
    publication: Publication | None
    before: int
    held_back: bool
    findings: pd.DataFrame

    @property
    def published(self) -> bool:
        return self.succeeded and self.publication is not None

    @property
    def needs_somebody(self) -> bool:
        return len(open_findings(self.findings)) > 0


def evaluate(home: Home, names: list[str]) -> list[Outcome]:
    """Run the job for each evaluation, one after the other.

    Raises:
        NotSetUp, UnknownEvaluation, StoreCannotBeUsed: before anything is run.
        Refused: there is nothing to evaluate.
    """
    home.require_set_up()
    for name in names:
        home.require_evaluation(name)
    if not names:
        raise Refused("没有考核。先运行 kaohe init DIR。")
    ledger_of(home).head()  # a store that cannot be used is told of before Dagster asks for its own
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    os.environ["KAOHE_HOME"] = str(home.path)
    from dagster import DagsterInstance

    from orchestration.definitions import defs
    from resources.partitions import evaluations

    console = Console(stderr=True)
    with DagsterInstance.get() as instance:
        instance.add_dynamic_partitions(str(evaluations.name), names)
        job = defs.resolve_job_def("evaluate")
        outcomes = []
        for place, name in enumerate(names, 1):
            with steps_shown(f"〔{place}/{len(names)}〕{name}", len(job.nodes), console) as take:
                outcomes.append(_run(home, job, instance, name, take))
    return outcomes


def _run(home: Home, job: Any, instance: Any, name: str, take: Callable[[Any], None]) -> Outcome:
    from assets.scorecards import HELD_BACK

    before, run_id = _newest(home, name), str(uuid4())
    instance.add_event_listener(run_id, take)
    result = job.execute_in_process(
        instance=instance, partition_key=name, raise_on_error=False, run_config=QUIET, run_id=run_id
    )
    work = work_on(home, name)
    return Outcome(
        evaluation=name,
        succeeded=result.success,
        failures=[] if result.success else failures_of(result),
        publication=_newest(home, name),
        before=0 if before is None else before.version,
        held_back=any((one.run_id, one.outcome) == (run_id, HELD_BACK) for one in heartbeats(work.ledger)),
        findings=work.findings(),
    )


def _newest(home: Home, name: str) -> Publication | None:
    return Publications(home, ledger_of(home), name).newest()


def failures_of(result: Any) -> list[str]:
    """What does not hold, in Chinese; of any other step that failed the innermost message that is meant for people,
    else the innermost of all, for engineers."""
    from checks.gate import WHOLE

    checks = [e.check_name for e in result.get_asset_check_evaluations() if not e.passed and e.check_name in WHOLE]
    errors = [e for e in result.all_events if e.is_step_failure and "AssetCheckFailed" not in str(e.step_failure_data)]
    return [f"不成立：{WHOLE[name]}" for name in checks] + [_innermost(event) for event in errors]


def _innermost(event: Any) -> str:
    from orchestration.refusals import REFUSALS

    told = {refusal.__name__ for refusal in REFUSALS}
    error = event.step_failure_data.error
    while error is not None and error.cause and error.cls_name not in told:
        error = error.cause
    message = error.message.strip() if error else event.message
    if error and error.cls_name in told:  # the class before it is for engineers
        message = message.partition(": ")[2]
    return f"{event.step_key}: {message}"


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """What a script wants to know of an outcome."""
    publication = outcome.publication
    return {
        "evaluation": outcome.evaluation,
        "succeeded": outcome.succeeded,
        "failures": outcome.failures,
        "version": None if publication is None else publication.version,
        "new_version": publication is not None and publication.version != outcome.before,
        "held_back": outcome.held_back,
        "findings": outcome.findings["severity"].value_counts().to_dict(),
    }


def tell(home: Home, outcomes: list[Outcome]) -> None:
    """Print rankings, what needs somebody, and where the pages are."""
    console = Console()
    for outcome in outcomes:
        console.rule(outcome.evaluation)
        if outcome.published:
            _tell_published(home, outcome, console)
        else:
            console.print("没有发布。原因：", style="bold red")
            for line in outcome.failures:
                console.print(line, markup=False)
        _tell_findings(outcome, console)
        folder = Receipts(home, outcome.evaluation).folder
        console.print(f"各报送单位的回执：{folder}", markup=False, soft_wrap=True)
    console.rule("打开")
    console.print("界面：make ui 或 kaohe ui，然后在浏览器打开 http://127.0.0.1:3000 登录")


def _tell_published(home: Home, outcome: Outcome, console: Console) -> None:
    from assets.scorecards import HELD_BACK
    from orchestration.published_ranking import published_ranking
    from reports.terminal import print_ranking

    publication = outcome.publication
    if publication is None:
        return
    work: Work = work_on(home, outcome.evaluation)
    print_ranking(published_ranking(work, publication), console)
    place = Publications(home, work.ledger, work.evaluation).path(publication.version)
    same = "仍是" if outcome.held_back else "没有变化，仍是"
    fresh = "新版" if publication.version != outcome.before else same
    console.print(f"{fresh}第{publication.version}版，起因：{publication.cause}", markup=False)
    if outcome.held_back:
        console.print(f"{HELD_BACK}。新的结果见 {home.working / work.evaluation}", markup=False, soft_wrap=True)
    console.print(f"成绩单：{place / 'index.html'}", markup=False, soft_wrap=True)
    console.print(f"　　　　{place / 'scorecards.xlsx'}", markup=False, soft_wrap=True)


def _tell_findings(outcome: Outcome, console: Console) -> None:
    from reports.harmless import shortened

    open_ones = open_findings(outcome.findings).drop_duplicates("finding_id").astype("object").fillna("")
    if len(open_ones):
        console.print(f"有{len(open_ones)}个问题要人处理（全部见 findings.csv）：")
    for row in open_ones.head(10).to_dict("records"):
        place = " ".join(str(row[name]) for name in ("sender", "file", "sheet", "cell") if row[name])
        line = (
            f"· {row['message']}〔{place}〕{row['what_to_do']}" if place else f"· {row['message']}。{row['what_to_do']}"
        )
        console.print(shortened(line, 300), markup=False, soft_wrap=True)
