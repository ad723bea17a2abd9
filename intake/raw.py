"""What a file holds before anybody asks what it means: text, the kind of each cell, and where it stood.

Here belong the shapes that pass between the readers and the interpretation. Nothing here knows a
rulebook, and everything can be pickled, because files may be read in a process of their own.
"""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from evaluation.forms import Stamp

# What a cell is, where it is not plain text.
NUMBER = "n"
BOOLEAN = "b"
DATE = "d"
ERROR = "e"
NO_VALUE = "f"  # a formula whose result is not stored
MERGED = "m"  # covered by a merged cell, whose text it takes over
TEXT = ""

LONGEST_TEXT = 32_767


class RawFinding(NamedTuple):
    """A fault or a note; `detail` fills the place for particulars in the message of its cause."""

    code: str
    sheet: str = ""
    cell: str = ""
    raw: str = ""
    detail: str = ""


class UnreadableFileError(Exception):
    """The whole file cannot be used; the findings say why."""

    def __init__(self, *findings: RawFinding) -> None:
        super().__init__(*findings)
        self.findings = findings


class RawColumn(NamedTuple):
    """The stored cells of one column: positions among the sheet's rows (ascending), texts, kinds."""

    positions: list[int]
    texts: list[str]
    kinds: list[str]


class ManyTexts(Sequence[str]):
    """The texts of a column that is too long for a list."""

    @abstractmethod
    def distinct(self) -> list[str]:
        """Each text once."""


class Merge(NamedTuple):
    """A merged range; rows as numbered in the sheet, columns from 0, ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class Body(Protocol):
    """The rows below the header of a csv that is too big for lists."""

    def __len__(self) -> int: ...
    def table(self, kind: str, columns: dict[str, int]) -> "RawTable":
        """The rows that have something in one of the columns, given by name."""


@dataclass(slots=True)
class RawSheet:
    """One sheet by its stored cells. `numbers` are row numbers as a person sees them, blank rows left out.

    Where there is a `body`, they are those of the first rows, then one for the first text of each column.
    """

    name: str
    numbers: list[int] = field(default_factory=list)
    columns: dict[int, RawColumn] = field(default_factory=dict)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)  # by (position, column)
    merges: list[Merge] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: list[int] = field(default_factory=list)
    body: Body | None = None

    def first_rows(self, count: int) -> Iterator[tuple[int, dict[int, str]]]:
        """(position, {column: text}) of the first rows."""
        rows: list[dict[int, str]] = [{} for _ in self.numbers[:count]]
        for index, column in self.columns.items():
            for position, text in zip(column.positions[:count], column.texts[:count], strict=True):
                if position < len(rows):
                    rows[position][index] = text
        return enumerate({index: row[index] for index in sorted(row)} for row in rows)


@dataclass(frozen=True, slots=True)
class RawTable:
    """Rows under a header. `kind` is figures, claims, marks, self_scores or corrections.

    `texts`, `kinds` and `formulas` are by column name, aligned with `rows` (row numbers as a person sees
    them); kinds and formulas only where a column has any. `letters` are the columns' letters, or the name of
    the one cell that speaks for all rows. `by_heading`: one column of a matrix, whose keys may be names, or the
    sender where there is no unit; `blanks` are cells that were to be filled in and were not, of which no row is made.
    `is_reference`: what its heading says is read only where an indicator is called so.
    """

    kind: str
    sheet: str
    rows: Sequence[int]
    letters: dict[str, str]
    texts: Mapping[str, Sequence[str]]
    kinds: dict[str, list[str]]
    formulas: dict[str, list[str]]
    by_heading: bool = False
    blanks: int = 0
    is_reference: bool = False


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file as read. `outcome` is read, quarantined, evidence or duplicate; only a read one has tables.

    `stamp` is what a fill-in workbook says about itself.
    """

    outcome: str
    tables: tuple[RawTable, ...] = ()
    findings: tuple[RawFinding, ...] = ()
    stamp: Stamp | None = None

    @property
    def cells(self) -> int:
        """The cells read: one a row, that of the column that counts."""
        return sum(len(table.rows) + table.blanks for table in self.tables)

    @property
    def blanks(self) -> int:
        return sum(table.blanks for table in self.tables)


def column_letters(index: int) -> str:
    """
    >>> column_letters(0), column_letters(25), column_letters(26), column_letters(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(column: int, row: int) -> str:
    return f"{column_letters(column)}{row}"
