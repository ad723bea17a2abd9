"""The sheet 填表说明 of a workbook to fill in: sentences for whoever fills it in, then a table of what is asked.

Here belongs its layout. What it says does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from evaluation.forms import INSTRUCTIONS
from reports.form_sheet import HEADER_ROW, FormSheet, Head
from reports.workbook_widths import lines_needed

NUMBER_WIDTH = 6.0


def write_instructions(
    book: Any,
    formats: dict[str, Any],
    head: Head,
    general: Sequence[str],
    columns: Sequence[tuple[str, float]],
    rows: Iterable[Sequence[str]],
) -> None:
    """`columns`: headings and widths of the table, in the first and last of which texts stand at the left."""
    widths = [NUMBER_WIDTH, *(width for _, width in columns)]
    sheet = FormSheet(book, INSTRUCTIONS, head, widths, header_rows=len(general) + 1, formats=formats)
    for row, text in enumerate(general, start=HEADER_ROW):
        sheet.merge((row, 0), (row, len(columns)), text, "note")
        sheet.height(row, lines_needed(text, sum(widths) * 1.1), 13)
    row = HEADER_ROW + len(general)
    for place, word in enumerate(("序号", *(word for word, _ in columns))):
        sheet.text(row, place, word, "header")
    for number, texts in enumerate(rows, start=1):
        row += 1
        sheet.text(row, 0, str(number), "centre")
        for place, text in enumerate(texts, start=1):
            sheet.text(row, place, text, "text" if place in (1, len(columns)) else "centre")
        needed = zip(texts, widths[1:], strict=True)
        sheet.height(row, max(lines_needed(text, (width - 2) / 1.2) for text, width in needed))
    sheet.close(row + 1)
