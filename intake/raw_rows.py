"""The tables of all files as one frame for each kind of table, so that what follows is done once for all.

Here belongs only the joining. Every cell keeps its kind, its formula and its way back to file and place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from intake.coded import Mask, repeated, spread
from intake.dense import Texts
from intake.headers import TableKind
from intake.raw import RawFile

_MANY = 10_000
_TEXT = pa.large_string()


@dataclass(frozen=True, eq=False)
class RawRows:
    """All rows of one kind, in ledger order of their files.

    `files` are positions among the files read, `tables` among the tables of the kind, `row_numbers` the rows as a
    person sees them, `texts` and `kinds` frames with every column of the kind ("" where there is nothing); `by_heading`
    tells which rows are of a matrix.
    """

    kind: TableKind
    files: npt.NDArray[np.int64]
    tables: npt.NDArray[np.int64]
    row_numbers: npt.NDArray[np.int64]
    texts: pd.DataFrame
    kinds: pd.DataFrame
    formulas: pd.Series  # of the column that counts
    table_sheets: pd.Series  # per table
    by_heading: Mask
    table_letters: pd.DataFrame  # per table, of every column; "" where the table has no such column

    def __len__(self) -> int:
        return len(self.files)

    def sheets(self, where: Mask | None = None) -> pd.Series:
        return spread(self.table_sheets, self.tables if where is None else self.tables[where])

    def cells(self, column: str, where: Mask | None = None) -> pd.Series:
        """The cells' names, `C7`; where a table lacks the column, those of the column that counts."""
        letters = self.table_letters[column]
        known = letters.where(letters != "", self.table_letters[self.kind.value])
        tables, numbers = (
            (self.tables, self.row_numbers) if where is None else (self.tables[where], self.row_numbers[where])
        )
        rows = pd.Series(pd.array(pa.array(numbers).cast(_TEXT), dtype="str"))
        # The letters of a heading are the whole name of its cell.
        whole = known.str[-1:].str.isdigit().to_numpy(bool)
        return spread(known, tables) + (rows.mask(whole[tables], "") if whole.any() else rows)


def join_rows(files: Sequence[RawFile], kind: TableKind) -> RawRows:
    """The rows of that kind in all files."""
    found = [
        (position, table) for position, file in enumerate(files) for table in file.tables if table.kind == kind.name
    ]
    tables = [table for _, table in found]
    sizes = [len(table.rows) for table in tables]
    columns = (*kind.required, *kind.optional)
    return RawRows(
        kind=kind,
        files=np.repeat(np.array([position for position, _ in found], dtype=np.int64), sizes),
        tables=np.repeat(np.arange(len(tables)), sizes),
        row_numbers=np.concatenate([np.zeros(0, np.int64), *(_numbers(table.rows) for table in tables)]),
        texts=pd.DataFrame({name: _column([table.texts.get(name) for table in tables], sizes) for name in columns}),
        kinds=pd.DataFrame({name: _column([table.kinds.get(name) for table in tables], sizes) for name in columns}),
        formulas=_column([table.formulas.get(kind.value) for table in tables], sizes),
        table_sheets=pd.Series([table.sheet for table in tables], dtype="str"),
        by_heading=np.repeat(np.array([table.by_heading for table in tables], dtype=bool), sizes),
        table_letters=pd.DataFrame(
            {name: [table.letters.get(name, "") for table in tables] for name in columns}, dtype="str"
        ),
    )


def _numbers(rows: Sequence[int]) -> npt.NDArray[np.int64]:
    """A range in one step; numpy would ask it for each number."""
    if isinstance(rows, range):
        return np.arange(rows.start, rows.stop, rows.step, dtype=np.int64)
    return np.asarray(rows, np.int64)


def _column(pieces: Sequence[Sequence[str] | None], sizes: Sequence[int]) -> pd.Series:
    """The pieces below each other; None is a piece without any text."""
    chunks: list[Any] = []
    listed: list[str] = []
    for piece, size in zip(pieces, sizes, strict=True):
        if isinstance(piece, Texts) or (piece is None and size > _MANY):
            chunks += [pa.array(listed, _TEXT)]
            listed = []
            chunks += _empty(size) if piece is None else piece.column.cast(_TEXT).chunks
        else:
            listed.extend([""] * size if piece is None else piece)
    chunks.append(pa.array(listed, _TEXT))
    return pd.Series(pd.array(pa.chunked_array(chunks, _TEXT), dtype="str"))


@lru_cache(maxsize=1)
def _empty(size: int) -> list[Any]:
    """So many empty texts, of which one copy serves all columns."""
    chunks: list[Any] = repeated("", size).chunks
    return chunks
