"""The tables of all files as one frame for each kind of table, so that what follows is done once for all.

Here belongs only the joining. Every cell keeps its kind, its formula and its way back to file and place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
import pandas as pd

from intake.headers import TableKind
from intake.raw import RawFile, RawTable


@dataclass(frozen=True, eq=False)
class RawRows:
    """All rows of one kind, in ledger order of their files.

    `files` are positions among the files read, `row_numbers` the rows as a person sees them, `texts` and
    `kinds` frames with every column of the kind ("" where there is nothing), `by_heading` those of a matrix.
    """

    kind: TableKind
    files: npt.NDArray[np.int64]
    sheets: pd.Series
    row_numbers: npt.NDArray[np.int64]
    texts: pd.DataFrame
    kinds: pd.DataFrame
    formulas: pd.Series  # of the column that counts
    letters: pd.DataFrame  # per row, of every column; "" where the table has no such column
    by_heading: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.files)

    def cells(self, column: str) -> pd.Series:
        """The cells' names, `C7`; where a table lacks the column, those of the column that counts."""
        letters = self.letters[column]
        known = letters.where(letters != "", self.letters[self.kind.value])
        whole = known.str[-1:].str.isdigit()
        return known + pd.Series(self.row_numbers, dtype="str").where(~whole, "")


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
        sheets=_repeated([table.sheet for table in tables], sizes),
        row_numbers=np.fromiter(chain.from_iterable(table.rows for table in tables), dtype=np.int64),
        texts=pd.DataFrame({name: _column(tables, name, "texts") for name in columns}),
        kinds=pd.DataFrame({name: _column(tables, name, "kinds") for name in columns}),
        formulas=_column(tables, kind.value, "formulas"),
        letters=pd.DataFrame(
            {name: _repeated([table.letters.get(name, "") for table in tables], sizes) for name in columns}
        ),
        by_heading=np.repeat(np.array([table.by_heading for table in tables], dtype=bool), sizes),
    )


def _repeated(values: Iterable[str], sizes: list[int]) -> pd.Series:
    return pd.Series(list(values), dtype="str").repeat(sizes).reset_index(drop=True)


def _column(tables: list[RawTable], name: str, part: str) -> pd.Series:
    pieces = (getattr(table, part).get(name) or [""] * len(table.rows) for table in tables)
    return pd.Series(list(chain.from_iterable(pieces)), dtype="str")
