"""The sheets of figures: for departments units by indicators, for one unit a row per figure and period.

Here belongs which figures share a sheet and what stands in its cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from evaluation.figures import Figure
from reports.form_asked import FREQUENCIES, Asked, Recipient, period_words
from reports.form_cells import REFERENCE_WIDTH, SHEET_NOTES, STATUS_RULE, reference, titled, value_cell
from reports.form_list import write_list
from reports.form_sheet import HEADER_ROW, FormSheet, Head
from reports.workbook_widths import fitting_width, lines_needed

NAME = "数据"
WIDEST = 150.0  # columns of characters that A4 landscape still prints readably
VALUE_WIDTH, MONTH_WIDTH, NOTE_WIDTH = 10.5, 8.5, 14.0


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
            write_list(book, formats, asked, [(asked.units[recipient.unit_code], f) for f in figures], head, NAME)
        return
    scattered = _scattered(asked, figures)
    names = _Names()
    for frequency, blocks in _pages(asked, [figure for figure in figures if figure not in scattered]):
        _write_matrix(book, formats, asked, blocks, head, names.next(FREQUENCIES[frequency]))
    if scattered:
        rows = [(unit, f) for f in scattered for unit in asked.units.values() if asked.concerns(f, unit.code)]
        write_list(book, formats, asked, rows, head, names.next("单项"), with_units=True)


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
            last = asked.last_period(block.figure)
            for word in block.references:
                sheet.number(row, place, reference(asked, block.figure, unit.code, word, last))
                place += 1
            for _ in block.periods:
                value_cell(sheet, row, place, asked, block.figure, unit)
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
