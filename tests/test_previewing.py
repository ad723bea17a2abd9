"""What a correction is said to change beforehand is what it changes; and saying so writes nothing."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from previewed import SMALL, asked
from running import run

from evaluation.shifts import official_shifts, total_shifts
from orchestration.cli import main
from orchestration.correcting import Asked, request_correction
from orchestration.previewing import preview_correction
from reports.csv_files import read_csv
from resources.home import Home
from resources.refused import Refused

MakeHome = Callable[[], Home]

# Each of them waits for whole runs of the job.
pytestmark = pytest.mark.timeout(600)


def published(home: Home, name: str, version: str = "latest") -> pd.DataFrame:
    return read_csv(home.published / SMALL / version / name)


def bytes_of(home: Home) -> dict[str, str]:
    """Digests of all files but the store's own journal, which comes and goes with every reader."""
    files = (path for path in home.path.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm")))
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def by_unit(frame: pd.DataFrame) -> list[dict[str, str]]:
    rows = frame.astype("object").where(frame.notna(), "").to_dict("records")
    return sorted(rows, key=lambda row: str(sorted(row.items())))


FIGURES = st.tuples(st.sampled_from("ABCD"), st.sampled_from(["grants", "spending"]))
VALUES = st.one_of(st.integers(0, 200).map(str), st.decimals(0, 50, places=3).map(str))
CORRECTIONS = st.one_of(
    st.builds(lambda key, value: asked(key[0], value, key[1]), FIGURES, VALUES),
    st.builds(
        lambda unit, value: asked(unit, value, "grants", subject="target"),
        st.sampled_from("ABCD"),
        st.integers(25, 99).map(str),
    ),
    st.builds(
        lambda unit, judge, value: asked(unit, value, "visits", subject="mark", object=judge),
        st.sampled_from("ABCD"),
        st.sampled_from("甲乙丙"),
        st.sampled_from(["0.1", "0.55", "1"]),
    ),
    st.builds(lambda unit: asked(unit, "h", subject="group"), st.sampled_from("ABC")),
    st.one_of(
        st.just(asked("A", "national", "prizes", subject="claim", object="P-1", field="level")),
        st.just(asked("B", "provincial", "prizes", subject="claim", object="P-2", field="level")),
        st.just(asked("A", "", "prizes", subject="claim", object="P-1", field="document")),
    ),
    st.builds(
        lambda unit, field, day: asked(unit, day.isoformat(), subject="post", object=f"p{unit.lower()}", field=field),
        st.sampled_from("ABC"),
        st.sampled_from(["from", "to"]),
        st.dates(date(2025, 1, 2), date(2025, 12, 30)),
    ),
)


@settings(
    max_examples=int(os.environ.get("KAOHE_PREVIEWS", "2")),
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(correction=CORRECTIONS)
def test_the_preview_is_what_then_happens(fresh_small: MakeHome, correction: Asked) -> None:
    home = fresh_small()
    kept = bytes_of(home)
    foreseen = preview_correction(home, correction)
    assert bytes_of(home) == kept
    request_correction(home, correction, "李四")
    assert run(SMALL).success
    before, after = (published(home, "ranking.csv", version) for version in ("v0001", "latest"))
    happened = total_shifts(before, after).replace("idle", "无投入")
    assert by_unit(foreseen.units[happened.columns]) == by_unit(happened)
    posts = official_shifts(*(published(home, "official_scores.csv", version) for version in ("v0001", "latest")))
    assert by_unit(foreseen.officials[posts.columns]) == by_unit(posts)


@pytest.mark.parametrize(
    ("correction", "unit", "words"),
    [
        (asked("A", "5", "grants"), "A", "本单位更正：授权量"),
        (asked("A", "500", "spending"), "B", "东乡更正后，与之比较的项目变动：研发投入"),
        (asked("A", "0", "spending"), "A", "本单位更正"),
    ],
)
def test_every_change_says_its_cause(fresh_small: MakeHome, correction: Asked, unit: str, words: str) -> None:
    units = preview_correction(fresh_small(), correction).units.set_index("unit_code")
    assert words in units.loc[unit, "cause"]


def test_a_veto_is_foreseen_by_its_name(fresh_small: MakeHome) -> None:
    units = preview_correction(fresh_small(), asked("A", "0", "spending")).units.set_index("unit_code")
    assert units.loc["A", "veto_after"] == "无投入"


def test_a_correction_of_what_a_unit_is_not_assessed_on_is_said_to_move_nothing(fresh_small: MakeHome) -> None:
    home = fresh_small()
    for code in ("grants", "place"):
        request_correction(home, asked("A", "no", code, subject="target", field="applicable"), "李四")
    wanted = asked("A", "5", "grants")
    assert "东乡不考核“授权量”" in preview_correction(home, wanted).notes[0]
    assert "东乡不考核“授权量”" in request_correction(home, wanted, None)[1]


def test_what_counts_already_is_not_counted_twice(fresh_small: MakeHome) -> None:
    home = fresh_small()
    request_correction(home, asked("A", "5", "grants"), "李四")
    assert preview_correction(home, asked("A", "5", "grants")).units.empty


def test_the_command_shows_a_table_or_json_and_writes_nothing(fresh_small: MakeHome) -> None:
    home = fresh_small()
    kept = bytes_of(home)
    arguments = ["correct", SMALL, "--unit", "A", "--indicator", "grants", "--value", "5", "--preview"]
    table = CliRunner().invoke(main, arguments)
    assert (table.exit_code, "东乡" in table.output) == (0, True), table.output
    found = json.loads(CliRunner().invoke(main, [*arguments, "--json"]).output)
    assert found["units"][0]["unit_code"] == "A"
    assert bytes_of(home) == kept


@pytest.mark.parametrize(
    ("correction", "words"),
    [
        (asked("X", "5", "grants"), "没有单位"),
        (asked("A", "5", "nothing"), "没有数据"),
        (asked("A", "5", "grants", subject="rule"), "没有“rule”这类更正"),
        (asked("A", "x", subject="group"), "没有分组"),
        (asked("A", "city", "prizes", subject="claim", object="P-1", field="level"), "没有级别"),
        (asked("A", "national", "prizes", subject="claim", object="P-9", field="level"), "P-1"),
        (asked("A", "national", "prizes", subject="claim", object="P-1"), "要写明 --field"),
        (asked("A", "2025-13-01", subject="post", object="pa", field="to"), "不是日期"),
        (asked("A", "2020-12-31", subject="post", object="pa", field="to"), "晚于任职至 2020-12-31"),
        (asked("A", "6", "prizes", subject="mark", object="甲"), "没有可更正评委打分的指标"),
        (asked("A", "20.0", "grants", subject="target"), "不必更正"),
        (asked("A", "100.1", "grants"), "“100.1”大于细则规定的上限 100"),
        (asked("D", "31", "grants"), "大于细则规定的上限 30"),
        (asked("A", "-1", "grants"), "小于细则规定的下限 0"),
    ],
)
def test_what_there_is_not_is_refused_in_words(fresh_small: MakeHome, correction: Asked, words: str) -> None:
    with pytest.raises(Refused, match=words):
        preview_correction(fresh_small(), correction)
