"""The cells that a matrix and a list of figures have alike: the blank with its rule, and what stands beside it.

Here belongs what one figure of one unit looks like. Sheets are laid out in `form_figures` and `form_list`.
"""

from __future__ import annotations

from evaluation.figures import Figure
from evaluation.numbers import COUNTED
from reports.form_asked import Asked, Unit
from reports.form_rules import STATUS, figure_rule, limits
from reports.form_sheet import SIGNATURES, FormSheet, ruled

REFERENCE_WIDTH = 9.5
STATUS_RULE = ruled(STATUS, "正式数选“实际”，尚未定案的选“预计”（得分为暂定）。", source=("实际", "预计"))
SHEET_NOTES = (
    "注：1. 只填浅色格；“不适用”的不填。确为零的填 0，没有数据的留空。2. 目标、上年、上期是供对照的，不必改。",
    SIGNATURES,
)


def reference(asked: Asked, figure: Figure, unit_code: str, word: str, before: str) -> str:
    """What stands beside a blank under 目标, 力争, 上年 or 上期, which is the period `before`; empty where unknown."""
    if word == "上年":
        return asked.last_year(figure, unit_code)
    if word.startswith("上期"):
        return asked.accepted(figure, unit_code, before)
    return asked.target(figure, unit_code, "stretch" if word == "力争" else "target")


def titled(figure: Figure) -> str:
    """A figure's name with its unit of measure."""
    return f"{figure.name}（{figure.unit_of_measure}）" if figure.unit_of_measure else figure.name


def value_cell(sheet: FormSheet, row: int, place: int, asked: Asked, figure: Figure, unit: Unit) -> None:
    """The blank with the figure's rule, or the mark that it is not asked of the unit."""
    if not asked.is_asked(figure, unit.code):
        sheet.absent(row, place)
        return
    least, most = figure.minimum(unit.code, unit.group), figure.maximum(unit.code, unit.group)
    rule = figure_rule(figure.unit_of_measure in COUNTED, least, most)
    sheet.blank(row, place, "blank", ruled(rule, _prompt(figure), **limits(least, most)))


def _prompt(figure: Figure) -> str:
    unit = f"计量单位：{figure.unit_of_measure}。" if figure.unit_of_measure else ""
    cumulative = figure.frequency != "year" and figure.accumulate == "latest"
    how = "填年初以来的累计数。" if cumulative else "填本期当期数。" if figure.frequency != "year" else ""
    return f"{figure.name}。{unit}{how}确为零填 0，没有数据留空。"
