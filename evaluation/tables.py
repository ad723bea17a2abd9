"""The csv files of a definition as frames of text, with the line on which each row stands.

Here belongs the form: encoding, header, cells of a row. What the cells say is checked in `table_checks.py`.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from evaluation.faults import Fault

LARGEST_FILE = 100_000_000
MANY_BYTES = 1_000_000
BLOCK = 1 << 24


@dataclass(frozen=True)
class TableForm:
    """`further`: whether columns of other names, holding numbers, may follow."""

    file: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    further: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        return self.required + self.optional


UNITS = TableForm(
    "units.csv",
    ("unit_code", "name", "kind", "group"),
    ("aliases", "valid_from", "valid_to", "continues"),
    further=True,
)
OFFICIALS = TableForm("officials.csv", ("official_code", "unit_code", "role", "name", "from"), ("to", "share"))
TARGETS = TableForm("targets.csv", ("unit_code", "indicator_code"), ("target", "stretch", "applicable", "note"))


@dataclass(frozen=True, eq=False)
class Table:
    """`frame`: all text, empty is NA, in file order; `lines`: the line of each of its rows."""

    file: str
    frame: pd.DataFrame
    lines: npt.NDArray[np.int64]


def empty_table(form: TableForm) -> Table:
    return Table(form.file, _frame([], list(form.columns)), np.empty(0, dtype=np.int64))


def read_table(content: bytes, form: TableForm) -> tuple[Table, list[Fault]]:
    """The table (empty where its header is at fault), and the faults of its form. With or without BOM."""
    text, faults = _text(content, form)
    if not faults and len(content) > MANY_BYTES and (plain := _plain_table(text, form)) is not None:
        return plain, []
    rows, broken = _rows(text, form)
    if faults or broken or not rows:
        return empty_table(form), [*faults, *broken] or [Fault(form.file, None, "", "文件是空的", _header_remedy(form))]
    header = [name.strip() for name in rows[0]]
    if wrong := _header_faults(header, form):
        return empty_table(form), wrong
    widths = np.fromiter(map(len, rows), dtype=np.int64)
    lines = _lines(rows)
    ragged = np.flatnonzero((widths != len(header)) & (widths > 0))
    faults = [
        Fault(
            form.file,
            int(lines[row]),
            "",
            f"这一行有 {widths[row]} 格，表头有 {len(header)} 格",
            "补齐或删去多余的逗号",
        )
        for row in ragged
    ]
    whole = np.flatnonzero(widths == len(header))[1:]
    return _table(_frame([rows[row] for row in whole], header), header, lines[whole], form), faults


def _table(frame: pd.DataFrame, header: list[str], lines: npt.NDArray[np.int64], form: TableForm) -> Table:
    """The rows on which something is written, with all columns of the form."""
    written = frame.notna().any(axis=1).to_numpy()
    frame = frame[written].reset_index(drop=True)
    absent = [column for column in form.optional if column not in header]
    frame = frame.assign(**{column: pd.Series(pd.NA, frame.index, dtype="str") for column in absent})
    further = [column for column in header if column not in form.columns]
    return Table(form.file, frame[[*form.columns, *further]], lines[written])


def _plain_table(text: str, form: TableForm) -> Table | None:
    """A big file whose rows are lines of as many cells, none in quotes; None where anything is otherwise.

    The reader of rows takes fifteen times as long and a Python text for each cell.
    """
    first, _, body = text.partition("\n")
    if '"' in body or first.count('"') % 2 or text.count("\r") != text.count("\r\n"):
        return None
    if not first.strip("\r") or body[:1] in ("", "\n", "\r") or "\n\n" in body or "\n\r" in body:
        return None
    head, broken = _rows(first.removesuffix("\r"), form)
    if broken or _header_faults(header := [name.strip() for name in head[0]], form):
        return None
    parsing = pyarrow.csv.ParseOptions(quote_char=False, ignore_empty_lines=False)
    columns = [str(at) for at in range(len(header))]
    converting = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(columns, pa.large_string()), strings_can_be_null=False
    )
    reading = pyarrow.csv.ReadOptions(column_names=columns, block_size=BLOCK)
    try:
        cells = pyarrow.csv.read_csv(pa.py_buffer(body.encode()), reading, parsing, converting)
    except pa.ArrowInvalid:
        return None
    longest = max(pc.max(pc.binary_length(column)).as_py() or 0 for column in cells.columns)
    if longest >= csv.field_size_limit():
        return None
    frame = _stripped(pd.DataFrame({name: pd.array(cells.column(at), dtype="str") for at, name in enumerate(header)}))
    return _table(frame, header, np.arange(2, len(frame) + 2), form)


def _frame(rows: Sequence[Sequence[str]], columns: list[str]) -> pd.DataFrame:
    return _stripped(pd.DataFrame(rows, columns=columns, dtype="str"))


def _stripped(frame: pd.DataFrame) -> pd.DataFrame:
    stripped: pd.DataFrame = frame.apply(lambda column: column.str.strip())
    return stripped.mask(stripped == "")


def _text(content: bytes, form: TableForm) -> tuple[str, list[Fault]]:
    if len(content) > LARGEST_FILE:
        return "", [Fault(form.file, None, "", f"文件有 {len(content)} 字节，过大", "删减")]
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return "", [Fault(form.file, line, "", "不是 UTF-8 编码", "另存为“CSV UTF-8”(不是 GBK)")]


def _rows(text: str, form: TableForm) -> tuple[list[list[str]], list[Fault]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return list(reader), []
    except csv.Error as error:
        return [], [Fault(form.file, reader.line_num, "", f"CSV 写法有误({error})", "检查这一行的引号")]


def _lines(rows: list[list[str]]) -> npt.NDArray[np.int64]:
    """The first line of each row: a cell may hold line breaks."""
    breaks = np.fromiter((sum(cell.count("\n") for cell in row) for row in rows), dtype=np.int64)
    lines: npt.NDArray[np.int64] = np.arange(1, len(rows) + 1) + np.cumsum(breaks) - breaks
    return lines


def _header_remedy(form: TableForm) -> str:
    return f"第一行写 {','.join(form.columns)}" + ("，其后可加数值列" if form.further else "")


def _header_faults(header: list[str], form: TableForm) -> list[Fault]:
    missing = [column for column in form.required if column not in header]
    repeated = sorted({column for column in header if header.count(column) > 1})
    others = [column for column in header if column not in form.columns]
    unknown = [column for column in others if not form.further or not _is_column_name(column)]
    told = [("缺少列 ", missing), ("列名重复 ", repeated), ("不认识的列 ", unknown)]
    remedy = _header_remedy(form)
    return [Fault(form.file, 1, "", words + "、".join(columns), remedy) for words, columns in told if columns]


def _is_column_name(column: str) -> bool:
    return column.isascii() and column.isidentifier() and column == column.lower()
