"""Last year's results corrected after this year's were scored: told as the cause, in previews, and by a rebuild."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from previewed import FIGURES, MARKS, RULEBOOK, SMALL, UNITS, asked, small_home
from running import run

from orchestration.as_of import Moment, reproduce
from orchestration.cli import main
from orchestration.correcting import request_correction
from orchestration.differing import difference
from orchestration.filing import ledger_of, submit_files
from orchestration.previewing import ELSEWHERE, preview_correction
from orchestration.rebuilding import rebuild
from orchestration.rulebook_preview import preview_rulebook
from orchestration.verifying import verify
from reports.csv_files import read_csv
from resources.adoption import adopt
from resources.home import Home
from resources.publications import PUBLISHED, Publication, Publications
from resources.refused import Refused

NEXT = "next-2026"

# Each of them waits for whole runs of the job.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def two_years(fresh_small: Callable[[], Home]) -> Home:
    """Both evaluated."""
    return with_next_year(fresh_small())


def with_next_year(home: Home) -> Home:
    """The year after the small evaluation, evaluated."""
    folder = home.evaluations / NEXT
    folder.mkdir()
    rules = RULEBOOK.replace("2025", "2026").replace("evaluation: small-2026", f"evaluation: {NEXT}\nprevious: {SMALL}")
    rules = rules.replace("measure: completion, rule: {kind: proportional}", "measure: growth, rule: {kind: rank}")
    rules = rules.replace("{kind: rank}", "{kind: steps, start: 10, step: 10%, better: 5, worse: 5}")
    rules = rules.replace(", signs_off: true", "")
    (folder / "rulebook.yaml").write_text(rules, encoding="utf-8")
    (folder / "units.csv").write_text(UNITS, encoding="utf-8")
    adopt(home, ledger_of(home), NEXT, "张三", "李四")
    for name, text in (("数据.csv", FIGURES.replace("2025", "2026")), ("打分.csv", MARKS)):
        filed = home.path / name
        filed.write_text(text, encoding="utf-8")
        list(submit_files(home, NEXT, "stats", [filed], None, ""))
        filed.unlink()
    assert run(NEXT).success
    return home


def corrected_last_year(home: Home) -> None:
    request_correction(home, asked("A", "10", "grants"), "李四")
    assert run(SMALL).success


def newest(home: Home) -> Publication:
    found = Publications(home, ledger_of(home), NEXT).newest()
    assert found is not None
    return found


def test_last_years_correction_is_told_as_the_cause_and_blames_nobody(two_years: Home) -> None:
    corrected_last_year(two_years)
    wanted = asked("B", "90", "spending", evaluation=NEXT)
    found = preview_correction(two_years, wanted)
    assert ELSEWHERE in found.notes
    assert "本单位更正" in found.units.set_index("unit_code").loc["B", "cause"]
    with pytest.raises(Refused, match="上年考核"):
        rebuild(two_years, NEXT)
    assert run(NEXT).success
    assert newest(two_years).cause == "上年结果有变"
    assert rebuild(two_years, NEXT) == []
    assert ELSEWHERE not in preview_correction(two_years, wanted).notes


@pytest.mark.parametrize("named", ["", "previous: unknown-2025\n"])
def test_a_draft_without_last_year_or_with_another_is_foreseen(two_years: Home, named: str) -> None:
    rules = two_years.evaluations / NEXT / "rulebook.yaml"
    rules.write_text(rules.read_text("utf-8").replace(f"previous: {SMALL}\n", named), encoding="utf-8")
    foreseen = preview_rulebook(two_years, NEXT, rules).units
    adopt(two_years, ledger_of(two_years), NEXT, "张三", "李四")
    assert run(NEXT).success
    changed = read_csv(two_years.published / NEXT / "latest" / "changes.csv")
    assert len(changed)
    columns = ["unit_code", "score_before", "score_after"]
    assert sorted(foreseen[columns].values.tolist()) == sorted(changed[columns].values.tolist())


def made_final() -> None:
    for state in ("审定", "公示", "定稿"):
        arguments = ["state", NEXT, state, "--document", "考〔2027〕1号", "--by", "张三", "--approved-by", "李四"]
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, result.output
        assert run(NEXT).success


def reproduced(home: Home, version: Publication, into: Path) -> bool:
    """Whether a version made again has the same bytes."""
    entry = next(e for e in ledger_of(home).entries(NEXT, [PUBLISHED]) if e.payload["version"] == version.version)
    reproduce(home, NEXT, Moment(version.ledger_seq, entry), into)
    published = Publications(home, ledger_of(home), NEXT).path(version.version)
    return (into / "manifest.json").read_bytes() == (published / "manifest.json").read_bytes()


def test_final_results_rest_on_last_years_as_they_were(two_years: Home, tmp_path: Path) -> None:
    made_final()
    final = newest(two_years)
    corrected_last_year(two_years)
    wanted = asked("B", "90", "spending", evaluation=NEXT)
    assert ELSEWHERE not in preview_correction(two_years, wanted).notes
    assert run(NEXT).success
    assert newest(two_years) == final
    foreseen = preview_correction(two_years, wanted).units
    request_correction(two_years, wanted, "李四")
    assert run(NEXT).success
    version = newest(two_years)
    assert (version.version, version.state) == (final.version + 1, "定稿")
    assert version.cause.startswith("更正第1号")
    assert "上年" not in version.cause
    folder = Publications(two_years, ledger_of(two_years), NEXT).path(version.version)
    changed = read_csv(folder / "changes.csv")
    columns = ["unit_code", "score_before", "score_after"]
    assert sorted(changed[columns].values.tolist()) == sorted(foreseen[columns].values.tolist())
    assert verify(two_years).faults == []
    assert reproduced(two_years, version, tmp_path / "again")


def test_final_results_without_last_years_stay_without_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAOHE_HOME", str(tmp_path / "home"))
    home = with_next_year(small_home(tmp_path / "home"))
    made_final()
    assert run(SMALL).success
    request_correction(home, asked("B", "90", "spending", evaluation=NEXT), "李四")
    assert run(NEXT).success
    version = newest(home)
    assert version.cause.startswith("更正第1号")
    assert "上年" not in version.cause
    folder = Publications(home, ledger_of(home), NEXT).path(version.version)
    assert not read_csv(folder / "changes.csv")["cause"].str.contains("上年").any()
    found = difference(home, NEXT, 1, version.version)
    assert not found.units["cause"].str.contains("上年").any()
    assert rebuild(home, NEXT) == []
    assert verify(home).faults == []
    assert reproduced(home, version, tmp_path / "again")
