"""Departments sign off the figures they answer for: for exactly these figures, and before results go on notice."""

from __future__ import annotations

import json
from collections.abc import Callable

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from previewed import SMALL, asked, submit
from running import run

from evaluation.answering import as_signed, changed_since
from orchestration.cli import main
from orchestration.correcting import request_correction
from orchestration.filing import ledger_of
from orchestration.status import status_of
from orchestration.verifying import verify
from resources.archive import Archive
from resources.home import Home

MakeHome = Callable[[], Home]
KEYS = ["unit_code", "indicator_code", "period"]


def kaohe(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def signed(*more: str, department: str = "stats", by: str = "周统计", document: str = "统核〔2026〕1号") -> Result:
    return kaohe("sign", SMALL, department, "--document", document, "--by", by, *more)


def moved(state: str) -> Result:
    return kaohe("state", SMALL, state, "--document", "考〔2026〕2号", "--by", "张三", "--approved-by", "李四")


def standing_of(home: Home) -> dict[str, object]:
    (one,) = status_of(home, SMALL)["sign_offs"]
    return dict(one)


def tasks_of(home: Home) -> list[str]:
    return [task["text"] for task in status_of(home, SMALL)["tasks"] if task["what"] == "核定数据"]


def test_a_department_sees_and_signs_its_figures_once(fresh_small: MakeHome) -> None:
    home = fresh_small()
    ledger, head = ledger_of(home), ledger_of(home).head()
    assert standing_of(home)["state"] == "waiting"
    assert tasks_of(home) == ["统计局负责的8项数据还没有核定"]
    assert "kaohe sign small-2025" in kaohe("status", SMALL).output
    shown = kaohe("sign", SMALL, "stats", "--preview")
    assert shown.exit_code == 0, shown.output
    assert "统计局负责的8项数据（未核定）" in shown.output
    rows = json.loads(kaohe("sign", SMALL, "stats", "--preview", "--json").output)["rows"]
    assert rows[0] == {
        **dict(zip(KEYS, ("A", "grants", "2025"), strict=True)),
        "accepted_value": "18",
        "owed_by": "stats",
    }
    assert ledger.head() == head
    first = json.loads(signed("--json").output)
    assert json.loads(signed("--json").output)["seq"] == first["seq"] == ledger.head()[0]
    assert Archive(home.archive).has(first["sha256"])
    assert (standing_of(home)["state"], tasks_of(home)) == ("signed", [])
    assert (verify(home).faults, verify(home).notes) == ([], [])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"department": "nobody"}, "可用：stats"),
        ({"by": " "}, "都要写明"),
        ({"document": ""}, "都要写明"),
        ({"by": "赵一"}, "是东乡的人"),
        ({"by": "南乡"}, "是南乡的人"),
    ],
)
def test_nobody_else_signs(fresh_small: MakeHome, wrong: dict[str, str], words: str) -> None:
    home = fresh_small()
    head = ledger_of(home).head()
    result = signed(**wrong)
    assert (result.exit_code, words in result.output) == (2, True), result.output
    assert ledger_of(home).head() == head


def test_figures_that_are_not_scored_yet_are_not_signed(fresh_small: MakeHome) -> None:
    home = fresh_small()
    submit(home, "补报.csv", "单位编码,考核期,指标编码,数值\nA,2025,grants,19\n")
    assert "没有计分" in signed().output


def test_a_figure_that_changes_lapses_the_sign_off_and_holds_up_the_notice(fresh_small: MakeHome) -> None:
    home = fresh_small()
    signed()
    request_correction(home, asked("A", "21", "grants"), "李四")
    assert run(SMALL).success
    assert standing_of(home)["state"] == "lapsed"
    (task,) = tasks_of(home)
    assert "须重新核定：东乡授权量2025：18→21" in task
    result = moved("审定")
    assert (result.exit_code, "核定（台账第" in result.output) == (1, True)
    assert run(SMALL).success
    result = moved("公示")
    assert (result.exit_code, "须重新核定" in result.output) == (2, True)
    assert signed().exit_code == 0
    assert moved("公示").exit_code == 0


FIGURES = st.dictionaries(
    st.tuples(st.sampled_from("AB"), st.sampled_from(["x", "y"]), st.sampled_from(["2025Q1", "2025Q2"])),
    st.one_of(st.none(), st.sampled_from(["0", "1", "1.5", "-2"])),
    max_size=6,
)


def rows_of(figures: dict[tuple[str, str, str], str | None]) -> pd.DataFrame:
    rows = [(*key, value) for key, value in figures.items()]
    return pd.DataFrame(rows, columns=[*KEYS, "accepted_value"]).astype("str")


@given(before=FIGURES, after=FIGURES)
def test_what_is_told_to_have_changed_is_all_that_differs(
    before: dict[tuple[str, str, str], str | None], after: dict[tuple[str, str, str], str | None]
) -> None:
    changed = changed_since(as_signed(rows_of(before)), rows_of(after))
    told = {(row.unit_code, row.indicator_code, row.period) for row in changed.itertuples(index=False)}
    assert told == {key for key in {*before, *after} if before.get(key) != after.get(key)}
    assert as_signed(rows_of(before)) == as_signed(rows_of(dict(reversed(before.items()))))
