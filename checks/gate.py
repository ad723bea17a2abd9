"""The gate: what must hold before anything is published, whatever Dagster was asked to run."""

from __future__ import annotations

import pandas as pd

from checks import predicates
from checks.showing import table_value
from resources.kaohe import Work
from resources.refused import Refused

# What each blocking check states, in the words of people who see it fail.
WHOLE = {
    "definition_is_valid": "考核办法可以读取，没有指向不存在的单位、指标或来源。",
    "inbox_is_present": "收件箱在（以 .inbox 标记文件为准）。磁盘没有挂上就挂上；新的考核，kaohe adopt 时建好。",
    "every_cell_is_accounted_for": "每份文件：读到的单元格 = 采用 + 退回 + 待判断 + 重复 + 空白，一个不少。",
    "one_value_per_key": "每个单位、每项数据、每个考核期只有一个核定值。",
    "totals_add_up": "总分 = 基础分 + 加分 − 扣分（各自四舍五入，末位相差不超过进位）。",
    "every_unit_has_a_total": "每个被考核单位恰有一行总分。",
}


class NotFitToPublish(Refused):
    """A fault of the whole stands; nothing was moved."""


def whole_faults(work: Work) -> dict[str, pd.DataFrame]:
    """Offending rows by the name of the blocking check that shows them; empty frames where it holds."""
    found = work.findings()
    invalid = found[(found["producer"] == "definition") & (found["severity"] == "error")]
    if len(invalid):
        return {"definition_is_valid": invalid}
    totals = work.read("total_scores")
    return {
        "definition_is_valid": invalid,
        "inbox_is_present": absent_inbox(work),
        "every_cell_is_accounted_for": predicates.unaccounted_files(work.read("received_files")),
        "one_value_per_key": predicates.repeated_keys(work.read("accepted_values", columns=predicates.REPEATED)),
        "totals_add_up": predicates.totals_that_do_not_add_up(totals),
        "every_unit_has_a_total": predicates.units_without_total(work.definition.units, totals),
    }


def absent_inbox(work: Work) -> pd.DataFrame:
    """One row where the inbox was not there when the run read its inputs."""
    inbox = pd.DataFrame({"inbox": [str(work.home.inbox / work.evaluation)]})
    return inbox.iloc[:0] if work.run.inbox_present else inbox


def require_fit_to_publish(work: Work) -> None:
    """Raises: NotFitToPublish: names each fault of the whole with its first rows."""
    standing = {name: rows for name, rows in whole_faults(work).items() if len(rows)}
    if standing:
        told = "".join(f"不成立：{WHOLE[name]}不符的{len(rows)}行：{_first(rows)}。" for name, rows in standing.items())
        raise NotFitToPublish(f"“{work.evaluation}”没有发布。{told}")


def _first(rows: pd.DataFrame) -> str:
    """The first rows for people: what is empty is left out."""
    shown = table_value(rows, 5).records
    return "；".join(" ".join(f"{name} {text}" for name, text in row.data.items() if text) for row in shown)
