"""Fill-in workbooks made and filled in as a clerk would, for the tests of forms.

Here belongs the way into the blanks, found by what is printed in the sheet and not by the reader under test.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pandas as pd
from openpyxl.utils import get_column_letter

from evaluation.acceptance import KEY
from evaluation.definition import Definition, read_definition
from reports.form import write_form
from reports.form_asked import Asked, Recipient

EXAMPLES = Path(__file__).parents[1] / "examples"
NOTHING = pd.DataFrame(columns=[*KEY, "accepted_value"], dtype="str")


class Blank(NamedTuple):
    """A blank for a figure: whose, which, for what period as printed, and where."""

    unit_code: str
    indicator_code: str
    period: str
    sheet: str
    cell: str


def example(name: str) -> Definition:
    folder = EXAMPLES / name
    files = ("rulebook.yaml", "units.csv", "officials.csv", "targets.csv")
    return read_definition({one: (folder / one).read_bytes() for one in files if (folder / one).is_file()})


def asked_of(definition: Definition, previous: pd.DataFrame = NOTHING, current: pd.DataFrame = NOTHING) -> Asked:
    return Asked(definition, previous, current)


def recipient(asked: Asked, code: str) -> Recipient:
    return next(one for one in asked.recipients() if one.code == code)


def form(folder: Path, asked: Asked, code: str) -> Any:
    """The recipient's workbook, opened."""
    path = folder / f"{code}.xlsx"
    write_form(path, asked, recipient(asked, code))
    return openpyxl.load_workbook(path)


def saved(book: Any) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def figure_sheets(book: Any) -> Iterator[Any]:
    return (sheet for sheet in book if sheet.title.startswith("数据"))


def blanks(book: Any) -> Iterator[Blank]:
    """Every blank for a figure."""
    for sheet in figure_sheets(book):
        header = [cell.value for cell in sheet[3]]
        yield from _of_list(sheet, header) if "填报值" in header else _of_matrix(sheet)


def _of_list(sheet: Any, header: list[Any]) -> Iterator[Blank]:
    at = {word: place for place, word in enumerate(header)}
    own = str(sheet["A2"].value).partition("〔")[2].rstrip("〕")
    for row in sheet.iter_rows(min_row=4):
        value = row[at["填报值"]]
        if not value.protection.locked and value.value is None:
            unit = row[at["单位编码"]].value if "单位编码" in at else own
            period = row[at["考核期"]].value
            yield Blank(unit, row[at["指标编码"]].value, period, sheet.title, value.coordinate)


def _of_matrix(sheet: Any) -> Iterator[Blank]:
    for column in range(3, sheet.max_column):
        code, period = sheet.cell(6, column).value, sheet.cell(4, column).value
        for row in range(7, sheet.max_row + 1):
            cell = sheet.cell(row, column)
            if code and not cell.protection.locked:
                yield Blank(sheet.cell(row, 1).value, code, period, sheet.title, f"{get_column_letter(column)}{row}")


def fill(book: Any, value: Callable[[Blank], Any]) -> dict[tuple[str, str, str], Blank]:
    """Puts a value into every blank for a figure (None leaves it blank); the blanks filled, by key."""
    filled = {}
    for blank in list(blanks(book)):
        given = value(blank)
        if given is not None:
            book[blank.sheet][blank.cell] = given
            filled[blank.unit_code, blank.indicator_code, written(blank.period)] = blank
    return filled


def written(period: str) -> str:
    """
    >>> written("2025年第3季度"), written("2025年9月"), written("2025年")
    ('2025Q3', '2025-09', '2025')
    """
    year, _, rest = period.replace("\n", "").partition("年")
    if "季" in rest:
        return f"{year}Q{rest.strip('第季度')}"
    return f"{year}-{int(rest.strip('月')):02d}" if rest else year


def choices(book: Any, sheet: Any, header: str) -> list[str]:
    """What the drop-down below a header offers."""
    column = next(cell.column_letter for cell in sheet[3] if cell.value == header)
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list" and any(str(part).startswith(column) for part in rule.sqref.ranges):
            name, _, area = rule.formula1.partition("!")
            return [cell.value for row in book[name.strip("'")][area.replace("$", "")] for cell in row]
    raise LookupError(header)


def append(sheet: Any, row: int, **values: Any) -> None:
    """Fills in one row by header."""
    at = {cell.value: cell.column for cell in sheet[3]}
    for header, value in values.items():
        sheet.cell(row, at[header], value)


DAY = date(2025, 9, 30)
