"""The sheets of figures: for departments units by indicators, for one unit a row per figure and period.

Here belongs which figures share a sheet and what stands in its cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from evaluation.figures import Figure
from evaluation.numbers import COUNTED
from reports.form_asked import FREQUENCIES, Asked, Recipient, Unit, period_words
from reports.form_rules import STATUS, figure_rule, limits
from reports.form_sheet import HEADER_ROW, SIGNATURES, FormSheet, Head, ruled
from reports.workbook_sheet import fitting_width, lines_needed

NAME = "数据"
WIDEST = 150.0  # columns of characters that A4 landscape still prints readably
REFERENCE_WIDTH, VALUE_WIDTH, MONTH_WIDTH, NOTE_WIDTH = 9.5, 10.5, 8.5, 14.0
STATUS_RULE = ruled(STATUS, "正式数选“实际”，尚未定案的选“预计”（得分为暂定）。", source=("实际", "预计"))
SHEET_NOTES = (
    "注：1. 只填浅色格；“不适用”的不填。确为零的填 0，没有数据的留空。2. 目标、上年、上期是供对照的，不必改。",
    SIGNATURES,
)


@dataclass(frozen=True)
class Block:
    """One figure's columns in a matrix: what stands beside, then its periods."""

    figure: Figure
    references: tuple[str, ...]
    periods: tuple[str, ...]

    @property
    def widths(self) -> list[float]:
        width = MONTH_WIDTH if self.figure.frequency == "month" else VALUE_WIDTH
        return [REFERENCE_WIDTH] * len(self.references) + [width] * len(self.periods)


def write_figures(book: Any, formats: dict[str, Any], asked: Asked, recipient: Recipient, head: Head) -> None:
    """All sheets of figures; none where no figure is asked of the recipient."""
    figures = asked.figures(recipient)
    if recipient.unit_code is not None:
        if figures:
            _write_list(book, formats, asked, [(asked.units[recipient.unit_code], f) for f in figures], head, NAME)
        return
    scattered = _scattered(asked, figures)
    names = _Names()
    for frequency, blocks in _pages(asked, [figure for figure in figures if figure not in scattered]):
        _write_matrix(book, formats, asked, blocks, head, names.next(FREQUENCIES[frequency]))
    if scattered:
        rows = [(unit, f) for f in scattered for unit in asked.units.values() if asked.concerns(f, unit.code)]
        _write_list(book, formats, asked, rows, head, names.next("单项"), with_units=True)


class _Names:
    """Sheet names: 数据, 数据（季度）, 数据（季度2） …"""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def next(self, what: str) -> str:
        count = self._counts[what] = self._counts.get(what, 0) + 1
        told = f"{what}{count}" if count > 1 else what
        return f"{NAME}（{told}）" if told else NAME


def _scattered(asked: Asked, figures: list[Figure]) -> list[Figure]:
    """Figures of so few units that a matrix would be mostly empty."""
    concerned = [{code for code in asked.units if asked.concerns(figure, code)} for figure in figures]
    everybody = len(set().union(*concerned)) if concerned else 0
    return [figure for figure, units in zip(figures, concerned, strict=True) if len(units) * 4 < everybody]


def _pages(asked: Asked, figures: list[Figure]) -> Iterator[tuple[str, list[Block]]]:
    """Figures of one frequency and of units of one kind, as many as a sheet holds."""

    def alike(figure: Figure) -> tuple[int, list[str]]:
        kinds = {unit.kind for unit in asked.units.values() if asked.concerns(figure, unit.code)}
        return list(FREQUENCIES).index(figure.frequency), sorted(kinds)

    for (frequency, _), group in groupby(sorted(figures, key=alike), key=alike):
        page: list[Block] = []
        for figure in group:
            block = _block(asked, figure)
            if page and sum(sum(one.widths) for one in [*page, block]) > WIDEST - 36:
                yield list(FREQUENCIES)[frequency], page
                page = []
            page.append(block)
        yield list(FREQUENCIES)[frequency], page


def _block(asked: Asked, figure: Figure) -> Block:
    units = [code for code in asked.units if asked.is_asked(figure, code)]
    last = asked.last_period(figure)
    known = {
        "目标": any(asked.target(figure, code) for code in units),
        "力争": any(asked.target(figure, code, "stretch") for code in units),
        "上年": any(asked.last_year(figure, code) for code in units),
        f"上期\n（{period_words(last)[5:]}）" if last else "上期": bool(last),
    }
    return Block(figure, tuple(word for word, there in known.items() if there), tuple(asked.periods(figure)))


def _reference(asked: Asked, figure: Figure, unit_code: str, word: str) -> str:
    if word == "上年":
        return asked.last_year(figure, unit_code)
    if word.startswith("上期"):
        return asked.accepted(figure, unit_code, asked.last_period(figure))
    return asked.target(figure, unit_code, "stretch" if word == "力争" else "target")


def _write_matrix(
    book: Any, formats: dict[str, Any], asked: Asked, blocks: Sequence[Block], head: Head, name: str
) -> None:
    units = [u for u in asked.units.values() if any(asked.concerns(block.figure, u.code) for block in blocks)]
    widths = [8.0, fitting_width([unit.name for unit in units], 12, 24)]
    widths += [width for block in blocks for width in block.widths] + [NOTE_WIDTH]
    sheet = FormSheet(book, name, head, widths, header_rows=4, formats=formats)
    _matrix_header(sheet, blocks)
    for row, unit in enumerate(units, start=sheet.first_row):
        sheet.text(row, 0, unit.code, "centre")
        sheet.text(row, 1, unit.name)
        place = 2
        for block in blocks:
            for word in block.references:
                sheet.number(row, place, _reference(asked, block.figure, unit.code, word))
                place += 1
            for _ in block.periods:
                _value_cell(sheet, row, place, asked, block.figure, unit)
                place += 1
        sheet.blank(row, place, "blank_text")
        sheet.height(row, lines_needed(unit.name, widths[1] - 1))
    sheet.close(sheet.first_row + len(units), SHEET_NOTES)


def _matrix_header(sheet: FormSheet, blocks: Sequence[Block]) -> None:
    names, periods, statuses, codes = range(HEADER_ROW, HEADER_ROW + 4)
    sheet.merge((names, 0), (periods, 0), "单位编码", "header")
    sheet.merge((names, 1), (periods, 1), "单位名称", "header")
    sheet.merge((statuses, 0), (statuses, 1), "类型", "header")
    sheet.merge((codes, 0), (codes, 1), "指标编码", "code")
    place, lines = 2, 1
    for block in blocks:
        last = place + len(block.widths) - 1
        title = titled(block.figure)
        sheet.merge((names, place), (names, last), title, "header")
        lines = max(lines, lines_needed(title, sum(block.widths) - 1))
        for word in block.references:
            sheet.text(periods, place, word, "header")
            sheet.text(statuses, place, "", "absent")
            sheet.text(codes, place, "", "code")
            place += 1
        for period in block.periods:
            sheet.text(periods, place, period_words(period), "header")
            sheet.blank(statuses, place, "blank_choice", STATUS_RULE, "实际")
            sheet.text(codes, place, block.figure.code, "code")
            place += 1
    sheet.merge((names, place), (periods, place), "备注", "header")
    sheet.text(statuses, place, "", "absent")
    sheet.text(codes, place, "", "code")
    sheet.height(names, lines)
    sheet.height(periods, 2)
    sheet.height(codes, 2, 8)


def titled(figure: Figure) -> str:
    """A figure's name with its unit of measure."""
    return f"{figure.name}（{figure.unit_of_measure}）" if figure.unit_of_measure else figure.name


def _value_cell(sheet: FormSheet, row: int, place: int, asked: Asked, figure: Figure, unit: Unit) -> None:
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


REFERENCES = ("目标", "力争", "上年", "上期")


def _write_list(
    book: Any,
    formats: dict[str, Any],
    asked: Asked,
    rows: Sequence[tuple[Unit, Figure]],
    head: Head,
    name: str,
    *,
    with_units: bool = False,
) -> None:
    """A row per unit, figure and period; `with_units` where there are several units."""
    beside = [word for word in REFERENCES if any(_reference(asked, figure, unit.code, word) for unit, figure in rows)]
    columns = [("单位编码", 8.0), ("单位名称", 16.0)] if with_units else []
    columns += [("指标编码", 12.0), ("指标名称", 28.0), ("计量单位", 9.0), ("考核期", 14.0)]
    columns += [(word, REFERENCE_WIDTH) for word in beside]
    columns += [("填报值", 12.0), ("类型", 8.0), ("备注", 18.0)]
    keys = 4 if with_units else 2
    sheet = FormSheet(book, name, head, [width for _, width in columns], keys=keys, formats=formats)
    for place, (word, _) in enumerate(columns):
        sheet.text(HEADER_ROW, place, word, "header")
    sheet.height(HEADER_ROW, 2)
    row = sheet.first_row
    for unit, figure in rows:
        for period in asked.periods(figure):
            if with_units:
                sheet.text(row, 0, unit.code, "centre")
                sheet.text(row, 1, unit.name)
            _list_row(sheet, row, keys - 2, asked, unit, figure, period, beside)
            row += 1
    sheet.close(row, SHEET_NOTES)


def _list_row(
    sheet: FormSheet,
    row: int,
    start: int,
    asked: Asked,
    unit: Unit,
    figure: Figure,
    period: str,
    beside: Sequence[str],
) -> None:
    sheet.text(row, start, figure.code, "code")
    sheet.text(row, start + 1, figure.name)
    sheet.text(row, start + 2, figure.unit_of_measure or "", "centre")
    sheet.text(row, start + 3, period_words(period), "centre")
    is_asked = asked.is_asked(figure, unit.code)
    for place, word in enumerate(beside, start=start + 4):
        sheet.number(row, place, _reference(asked, figure, unit.code, word) if is_asked else "")
    place = start + 4 + len(beside)
    _value_cell(sheet, row, place, asked, figure, unit)
    if is_asked:
        sheet.blank(row, place + 1, "blank_choice", STATUS_RULE, "实际")
        sheet.blank(row, place + 2, "blank_text")
    else:
        sheet.absent(row, place + 1)
        sheet.absent(row, place + 2)
    sheet.height(row, max(lines_needed(figure.name, 25), lines_needed(figure.code, 17)))
