"""Several versions of one evaluation: told apart cause by cause, and made again byte for byte from the ledger."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from previewed import SMALL, asked, small_home, submit
from running import run

from orchestration.as_of import Moment, reproduce
from orchestration.cli import main
from orchestration.correcting import request_correction
from orchestration.differing import Difference, difference
from orchestration.filing import ledger_of
from reports.csv_files import read_csv
from resources.adoption import adopt
from resources.home import Home
from resources.publications import PUBLISHED
from resources.refused import Refused

LATE = "单位编码,考核期,指标编码,数值\nB,2025,grants,12\nD,2025,spending,90\n"

# Each of them waits for whole runs of the job.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """1: rules not adopted. 2: adopted, two corrections. 3: edited but not adopted, a late file. 4: adopted anew."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("KAOHE_SETTLE_SECONDS", "0")
        path = tmp_path_factory.mktemp("versions") / "home"
        monkeypatch.setenv("KAOHE_HOME", str(path))
        home = small_home(path, adopted=False)
        assert run(SMALL).success
        adopt(home, ledger_of(home), SMALL, "张三", "李四")
        request_correction(home, asked("A", "10", "grants"), "李四")
        request_correction(home, asked("C", "30", "grants", subject="target"), "李四")
        assert run(SMALL).success
        rulebook = home.evaluations / SMALL / "rulebook.yaml"
        text = rulebook.read_text(encoding="utf-8")
        rulebook.write_text(text.replace("better: 2, worse: 2", "better: 3, worse: 3"), encoding="utf-8")
        submit(home, "补报.csv", LATE)
        assert run(SMALL).success
        adopt(home, ledger_of(home), SMALL, "张三", "李四")
        request_correction(home, asked("B", "130", "spending"), "李四")
        assert run(SMALL).success
        return home


@pytest.fixture(autouse=True)
def _at_home(published: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAOHE_HOME", str(published.path))


def version_files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_any_version_is_made_again_byte_for_byte(published: Home, tmp_path: Path, number: int) -> None:
    entry = ledger_of(published).entries(SMALL, [PUBLISHED])[number - 1]
    reproduce(published, SMALL, Moment(entry.payload["ledger_seq"], entry), tmp_path / "out")
    assert version_files(tmp_path / "out") == version_files(published.published / SMALL / f"v{number:04}")


def test_as_of_writes_only_the_folder_asked_for(published: Home, tmp_path: Path) -> None:
    kept = version_files(published.path)
    day = list(ledger_of(published).each([PUBLISHED]))[-1].recorded_at[:10]
    arguments = ["evaluate", SMALL, "--as-of", day, "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, "即已发布的第4版" in result.output) == (0, True), result.output
    assert version_files(published.path) == kept
    assert version_files(tmp_path / "out") == version_files(published.published / SMALL / "v0004")
    assert CliRunner().invoke(main, arguments).exit_code == 2  # no longer empty
    told = json.loads(CliRunner().invoke(main, [*arguments[:-1], str(tmp_path / "again"), "--json"]).output)
    assert (told["evaluation"], told["as_of"], told["version"]) == (SMALL, day, 4)
    assert told["out"] == str(tmp_path / "again")


@pytest.mark.parametrize("day", ["2020-01-01", "昨天"])
def test_a_day_without_anything_is_refused(tmp_path: Path, day: str) -> None:
    result = CliRunner().invoke(main, ["evaluate", SMALL, "--as-of", day, "--out", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 3), (3, 4), (1, 4)])
def test_the_parts_add_up_to_the_whole(published: Home, one: int, other: int) -> None:
    found = difference(published, SMALL, one, other)
    assert len(found.units)
    for whole in found.units.fillna("").to_dict("records"):
        own = found.parts[found.parts["unit_code"] == whole["unit_code"]].fillna("").to_dict("records")
        change = sum((score(row, "after") - score(row, "before") for row in own), Decimal(0))
        assert change == score(whole, "after") - score(whole, "before")
        for name in ("rank", "grade", "award", "score"):
            assert own[0][f"{name}_before"] == whole[f"{name}_before"]
            assert own[-1][f"{name}_after"] == whole[f"{name}_after"]
    assert set(found.parts["unit_code"]) >= set(found.units["unit_code"])


def score(row: dict[str, str], when: str) -> Decimal:
    return Decimal(row[f"score_{when}"])


def causes(found: Difference) -> dict[str, str]:
    return dict(zip(found.units["unit_code"], found.units["cause"], strict=True))


def test_causes_come_in_order_rules_own_then_others(published: Home) -> None:
    told = causes(difference(published, SMALL, 3, 4))
    assert told["B"].startswith("考核办法重新下发（")
    assert told["B"].index("考核办法") < told["B"].index("；更正（台账第")
    assert told["A"].startswith("其他单位：更正（台账第")


def test_every_own_cause_is_named_with_its_entry_and_size(published: Home) -> None:
    told = causes(difference(published, SMALL, 1, 2))
    assert "东乡 授权量 2025：18→10，核对（-14.50分" in told["A"]
    assert "西乡 授权量 目标值：15→30，核对（-15.00分" in told["C"]
    assert "统计局报送《补报.csv》（台账第" in causes(difference(published, SMALL, 2, 3))["B"]


@pytest.mark.parametrize("number", [2, 3, 4])
def test_a_version_says_the_same_causes_itself(published: Home, number: int) -> None:
    rows = read_csv(published.published / SMALL / f"v{number:04}" / "changes.csv")
    told = causes(difference(published, SMALL, number - 1, number))
    assert len(rows)
    assert dict(zip(rows["unit_code"], rows["cause"], strict=True)).items() <= told.items()


def test_versions_that_there_are_not_are_refused(published: Home) -> None:
    for one, other in ((2, 2), (3, 1), (1, 9)):
        with pytest.raises(Refused):
            difference(published, SMALL, one, other)
    assert "第1版 → 第2版" in CliRunner().invoke(main, ["diff", SMALL, "1", "2"]).output
