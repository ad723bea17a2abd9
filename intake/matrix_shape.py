"""The matrix shape: where the headings of a sheet stand, which columns are keys, which hold values.

Here belongs the finding of a shape, from stored cells alone. What a heading says is `headings.py`; rows are made in
`matrix.py`.
"""

from bisect import bisect_left
from dataclasses import dataclass

from intake.characters import code_text
from intake.headers import HEADER_ROWS, KINDS, TableKind, column_name
from intake.headings import Heading, is_indicator_key, is_unit_key
from intake.raw import RawFinding, RawSheet, UnreadableFileError

FIGURES, MARKS, SELF_SCORES = (
    next(kind for kind in KINDS if kind.name == name) for name in ("figures", "marks", "self_scores")
)
UNIT_KEYS, INDICATOR_KEYS = ("unit_code", "unit_name"), ("indicator_code", "indicator_name")
_LABELS = {*INDICATOR_KEYS, "period", "status", "unit_of_measure"}
_KEYS = (*UNIT_KEYS, *INDICATOR_KEYS, "period", "status", "unit_of_measure", "filled_by", "note")
_FOREIGN = {"item_code", "object_id", "judge", "mark", "old_value", "new_value"}
_WIDEST = 1_000
_MOST_COVERED = 100_000


@dataclass(frozen=True, eq=False)
class MatrixHeader:
    """`keys` are columns by name, `values` the headings of columns that hold values; data begin at `start`.

    `references` hold values only where the definition has an indicator that is called so. `unread` hold none.
    """

    sheet: RawSheet
    position: int
    start: int
    kind: TableKind
    keys: dict[str, int]
    values: dict[int, Heading]
    references: dict[int, Heading]
    unread: dict[int, Heading]

    def names_units(self) -> bool:
        return any(name in self.keys for name in UNIT_KEYS)

    def names_indicators(self) -> bool:
        return any(name in self.keys for name in INDICATOR_KEYS)


def matrix_header(sheet: RawSheet, position: int, texts: dict[int, str]) -> MatrixHeader | None:
    """The shape of a matrix whose keys are named in that row; None where the row heads no matrix."""
    keys = _keys(texts)
    names = set(filter(None, map(column_name, texts.values())))
    has_unit, has_indicator = (any(key in keys for key in group) for group in (UNIT_KEYS, INDICATOR_KEYS))
    if not (has_unit or has_indicator) or names & _FOREIGN:
        return None
    if has_unit and names & {"value", "self_score"}:
        return None
    start = _first_data(sheet, position, keys)
    named = {index for index, text in texts.items() if column_name(text) in _KEYS} | set(keys.values())
    headings = _headings(sheet, position, start, named)
    kind = _kind(sheet, names)
    values = _value_columns(kind, headings, has_unit, has_indicator)
    references = {} if has_indicator or kind is not FIGURES else _references(headings)
    if not (values or references):
        return None
    unread = {at: one for at, one in headings.items() if at not in (*values, *references)}
    return MatrixHeader(sheet, position, start, kind, keys, {at: headings[at] for at in values}, references, unread)


def _keys(texts: dict[int, str]) -> dict[str, int]:
    """Key columns by name, the first of each; 单位 beside indicators is their unit of measure."""
    keys: dict[str, int] = {}
    has_indicator = any(map(is_indicator_key, texts.values()))
    for index, text in texts.items():
        name = column_name(text)
        if not name and is_indicator_key(text):
            name = "indicator_name"
        elif not name and is_unit_key(text):
            name = "unit_of_measure" if has_indicator and code_text(text) == "单位" else "unit_name"
        if name in _KEYS:
            keys.setdefault(name, index)
    return keys


def _kind(sheet: RawSheet, names: set[str]) -> TableKind:
    if "self_score" in names:
        return SELF_SCORES
    return MARKS if sheet.name.strip().startswith(MARKS.sheet) else FIGURES


def _value_columns(kind: TableKind, headings: dict[int, Heading], has_unit: bool, has_indicator: bool) -> list[int]:
    """Columns that hold values: those with a code where codes are given, else by what their headings say."""
    if kind is SELF_SCORES:
        return [at for at, heading in headings.items() if "自评分" in heading.subjects]
    coded = [at for at, heading in headings.items() if heading.code]
    if coded:
        return coded
    read = {at: heading for at, heading in headings.items() if not heading.is_reference}
    named = [at for at, heading in read.items() if heading.subjects]
    if kind is MARKS or not has_indicator:
        return named if has_unit else []
    plain = [at for at, heading in read.items() if not heading.subjects]
    if has_unit:
        return [at for at in plain if read[at].period]
    return [at for at in plain if read[at].period or read[at].has_value_word] or named


def _references(headings: dict[int, Heading]) -> dict[int, Heading]:
    """Columns whose whole name is a word for what is not read, taken for the name of an indicator."""
    if any(heading.code for heading in headings.values()):
        return {}
    return {at: one.as_subject() for at, one in headings.items() if one.is_reference and not one.subjects}


def _first_data(sheet: RawSheet, position: int, keys: dict[str, int]) -> int:
    """The first row below whose keys say something else than what the row is."""
    columns = [keys[name] for name in (*UNIT_KEYS, *INDICATOR_KEYS) if name in keys]
    last = min(position + HEADER_ROWS, len(sheet.numbers))
    for at in range(position + 1, last):
        texts = [text for text in (_text(sheet, at, column) for column in columns) if text.strip()]
        if texts and not all(column_name(text) in _LABELS for text in texts):
            return at
    return position + 1


def _headings(sheet: RawSheet, position: int, start: int, keys: set[int]) -> dict[int, Heading]:
    """By column, of every column that has a text above the data and is none of `keys`."""
    above = _has_merged_headings(sheet, position - 1, keys) if position else False
    rows = range(position - 1 if above else position, start)
    first_key = min(keys)
    found: dict[int, Heading] = {}
    for at, texts in zip(rows, _block(sheet, rows), strict=True):
        label = column_name(texts.get(first_key, "")) if at > position else ""
        for index in sorted(texts):
            if index not in keys:
                found.setdefault(index, Heading()).add(texts[index], label, sheet.numbers[at])
    return dict(sorted(found.items()))


def _has_merged_headings(sheet: RawSheet, position: int, keys: set[int]) -> bool:
    """Whether the row above groups columns of values; a title or a line about the sheet does not."""
    number = sheet.numbers[position]
    if any(_text(sheet, position, column).strip() for column in keys):
        return False
    last = min(keys)
    merges = (merge for merge in sheet.merges if merge.first_row == merge.last_row == number)
    return any(last < merge.first_column < merge.last_column for merge in merges)


def _block(sheet: RawSheet, rows: range) -> list[dict[int, str]]:
    """Texts by column of each row; cells covered by a merge have its text."""
    places = {sheet.numbers[at]: place for place, at in enumerate(rows)}
    block: list[dict[int, str]] = [
        {column: text for column in sheet.columns if (text := _text(sheet, at, column).strip())} for at in rows
    ]
    covered = 0
    for merge in sheet.merges:
        place = places.get(merge.first_row)
        text = "" if place is None else block[place].get(merge.first_column, "")
        if place is None or not text:
            continue
        last = min(merge.last_column, _WIDEST)
        covered += last - merge.first_column
        if covered > _MOST_COVERED:
            raise UnreadableFileError(RawFinding("FILE_CORRUPT", detail="合并单元格互相重叠。"))
        for column in range(merge.first_column + 1, last + 1):
            block[place].setdefault(column, text)
    return block


def _text(sheet: RawSheet, position: int, column: int) -> str:
    cells = sheet.columns.get(column)
    if cells is None:
        return ""
    at = bisect_left(cells.positions, position)
    return cells.texts[at] if at < len(cells.positions) and cells.positions[at] == position else ""
