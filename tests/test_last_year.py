"""Last year's results corrected after this year's were scored: told as the cause, in previews, and by a rebuild."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from previewed import FIGURES, RULEBOOK, SMALL, UNITS, asked
from running import run

from orchestration.correcting import request_correction
from orchestration.filing import ledger_of, submit_files
from orchestration.previewing import ELSEWHERE, preview_correction
from orchestration.rebuilding import rebuild
from orchestration.refusals import Refused
from resources.adoption import adopt
from resources.home import Home
from resources.publications import Publications

NEXT = "next-2026"

# Each of them waits for whole runs of the job.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def two_years(fresh_small: Callable[[], Home]) -> Home:
    """Both evaluated; then last year's is corrected and scored again."""
    home = fresh_small()
    folder = home.evaluations / NEXT
    folder.mkdir()
    rules = RULEBOOK.replace("2025", "2026").replace("evaluation: small-2026", f"evaluation: {NEXT}\nprevious: {SMALL}")
    rules = rules.replace("measure: completion, rule: {kind: proportional}", "measure: growth, rule: {kind: rank}")
    rules = rules.replace("{kind: rank}", "{kind: steps, start: 10, step: 10%, better: 5, worse: 5}")
    (folder / "rulebook.yaml").write_text(rules, encoding="utf-8")
    (folder / "units.csv").write_text(UNITS, encoding="utf-8")
    adopt(home, ledger_of(home), NEXT, "张三", "李四")
    filed = home.path / "数据.csv"
    filed.write_text(FIGURES.replace("2025", "2026"), encoding="utf-8")
    list(submit_files(home, NEXT, "stats", [filed], None, ""))
    filed.unlink()
    assert run(NEXT).success
    request_correction(home, asked("A", "10", "grants"), "李四")
    assert run(SMALL).success
    return home


def test_last_years_correction_is_told_as_the_cause_and_blames_nobody(two_years: Home) -> None:
    wanted = asked("B", "90", "spending", evaluation=NEXT)
    found = preview_correction(two_years, wanted)
    assert ELSEWHERE in found.notes
    assert "A" not in set(found.units["unit_code"])
    with pytest.raises(Refused, match="上年考核"):
        rebuild(two_years, NEXT)
    assert run(NEXT).success
    newest = Publications(two_years, ledger_of(two_years), NEXT).newest()
    assert newest is not None
    assert newest.cause == "上年结果有变"
    assert rebuild(two_years, NEXT) == []
    assert ELSEWHERE not in preview_correction(two_years, wanted).notes
