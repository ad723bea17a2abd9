"""A csv as a workbook that can be marked: the same rows and columns, every field the text that it was.

Here belongs why a csv comes back as a workbook: opened and saved as csv by a spreadsheet it would lose leading zeros
and long numbers, and it can hold neither a colour nor a comment.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

import xlsxwriter

from reports.marked_markup import Unmarkable
from reports.workbook import options
from reports.workbook_sheet import A4
from reports.workbook_widths import fitting_width

SHEET = "数据"
MOST_ROWS, MOST_FIELDS = 1_048_576, 2_000_000
LONGEST = 32_767
_FIRST_DAY = datetime(1980, 1, 1)


def workbook_of_csv(columns: Iterable[tuple[int, Sequence[int], Sequence[str]]]) -> bytes:
    """The workbook of columns: (column from 0, row numbers as in the csv, fields).

    Raises:
        Unmarkable: more rows or fields, or a longer field, than a workbook can give back.
    """
    stream = io.BytesIO()
    left = MOST_FIELDS
    with xlsxwriter.Workbook(stream, options()) as book:
        book.set_properties({"created": _FIRST_DAY})
        page, text = book.add_worksheet(SHEET), book.add_format({"num_format": "@"})
        page.set_paper(A4)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        for column, numbers, fields in columns:
            left -= len(fields)
            too_long = any(len(field.encode("utf-16-le")) > 2 * LONGEST for field in fields)
            if left < 0 or too_long or (numbers and numbers[-1] > MOST_ROWS):
                raise Unmarkable("a csv beyond what a workbook holds")
            page.set_column(column, column, fitting_width(fields[:1_000], 10, 40), text)
            for number, field in zip(numbers, fields, strict=True):
                page.write_string(number - 1, column, field, text)
    return stream.getvalue()
