"""青山县的文件: how made-up files are written, byte for byte the same each time."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import xlsxwriter


@dataclass(frozen=True)
class Filing:
    """One file of one sender, and the day on which it came in."""

    sender: str
    file: str
    header: list[str]
    rows: list[list[str]]
    received: date


def number_text(value: float, places: int) -> str:
    return f"{round(value, places):.{places}f}"


def csv_text(header: list[str], rows: Iterable[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def write_filing(folder: Path, filing: Filing) -> None:
    """Write the file into its sender's folder, as csv or as a workbook."""
    path = folder / filing.sender / filing.file
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".xlsx":
        write_workbook(path, path.stem, filing)
    else:
        path.write_bytes(b"\xef\xbb\xbf" + csv_text(filing.header, filing.rows))


def write_workbook(path: Path, title: str, filing: Filing) -> None:
    """The sheet 数据 with a title above its header, numbers as numbers."""
    number = filing.header.index("数值")
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": datetime(filing.received.year, 1, 1)})
        sheet = book.add_worksheet("数据")
        sheet.write_string(0, 0, title)
        for at, cells in enumerate([filing.header, *filing.rows], 1):
            for column, text in enumerate(cells):
                if column == number and text[:1].isdigit():
                    sheet.write_number(at, column, float(text))
                elif text:
                    sheet.write_string(at, column, text)
