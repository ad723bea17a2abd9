"""Cells of one worksheet given another style, and its drawing of comments announced; nothing else is touched.

Here belongs a sheet's part. Comments and their drawing are parts of their own (`marked_comments.py`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from typing import NamedTuple

from reports.marked_markup import Edit, local, spliced, tag_end, walk, with_attribute
from reports.marked_package import OFFICE

Place = tuple[int, int]  # row as numbered in the sheet, column from 0

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_MERGE = re.compile(rb"""mergeCell\s[^>]{0,200}?ref="([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})""")
# What may stand behind the announcement of a drawing of comments.
_BEHIND = (
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)
_SECTION, _IN_SECTION, _CELL = 2, 3, 4  # depths


def place_of(reference: str) -> Place | None:
    """
    >>> place_of("D5"), place_of("XFD1"), place_of("$A$1")
    ((5, 3), (1, 16383), None)
    """
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column - 1


def reference_of(place: Place) -> str:
    """
    >>> reference_of((5, 3)), reference_of((1, 16383))
    ('D5', 'XFD1')
    """
    letters, index = "", place[1] + 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{place[0]}"


def shown_at(part: bytes, places: Iterable[Place]) -> dict[Place, Place]:
    """Where each cell is seen: a covered cell of a merged range at the range's first."""
    shown = {place: place for place in places}
    ordered = sorted(shown)
    for first, last in _MERGE.findall(part):
        start, end = place_of(first.decode()), place_of(last.decode())
        if start and end:
            for place in ordered[bisect_left(ordered, start) : bisect_right(ordered, end)]:
                if start[1] <= place[1] <= end[1]:
                    shown[place] = start
    return shown


class _Slot(NamedTuple):
    """Bytes to be replaced for one cell: its start tag, or nothing where it is still to be made."""

    start: int
    end: int
    style: int


class Sheet:
    """A worksheet's part, looked through for the cells at `places`."""

    def __init__(self, part: bytes, places: Iterable[Place]) -> None:
        self._part = part
        self._wanted: dict[int, list[int]] = {}
        for row, column in sorted(set(places)):
            self._wanted.setdefault(row, []).append(column)
        self._slots: dict[Place, _Slot] = {}
        self._column_styles: list[tuple[int, int, int]] = []
        self._depth, self._row, self._column, self._row_style = 0, 0, -1, 0
        self._left: list[int] = []
        self._prefix, self._announce_at = "", 0
        self.drawing = ""  # relationship of the drawing of comments that is there already
        walk(part, self._opened, self._closed)

    def edits(self, red: Callable[[int], int], drawing: str) -> list[Edit]:
        """The cells in red, and the drawing of that relationship announced if it is a new one."""
        found = [self._edit(place, slot, red(slot.style)) for place, slot in self._slots.items()]
        if drawing and not self.drawing:
            element = f'<{self._prefix}legacyDrawing xmlns:r="{OFFICE}" r:id="{drawing}"/>'
            found.append((self._announce_at, self._announce_at, element.encode()))
        return found

    def marked(self, red: Callable[[int], int], drawing: str) -> bytes:
        return spliced(self._part, self.edits(red, drawing))

    def _edit(self, place: Place, slot: _Slot, style: int) -> Edit:
        if slot.start == slot.end:
            return slot.start, slot.end, f'<{self._prefix}c r="{reference_of(place)}" s="{style}"/>'.encode()
        return slot.start, slot.end, with_attribute(self._part[slot.start : slot.end], "s", str(style))

    def _opened(self, tag: str, attributes: dict[str, str], offset: int) -> None:
        self._depth += 1
        name = local(tag)
        if self._depth == 1:
            self._prefix = tag[: -len(name)]
        elif self._depth == _SECTION and name == "legacyDrawing":
            self.drawing = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        elif self._depth == _IN_SECTION and name == "col":
            first, last = _number(attributes.get("min")), _number(attributes.get("max"))
            self._column_styles.append((first - 1, last - 1, _number(attributes.get("style"))))
        elif self._depth == _IN_SECTION and name == "row":
            self._row = _number(attributes.get("r")) or self._row + 1
            self._column, self._left = -1, list(self._wanted.get(self._row, ()))
            self._row_style = _number(attributes.get("s")) if attributes.get("customFormat") in ("1", "true") else 0
        elif self._depth == _CELL and name == "c":
            self._cell(attributes, offset)

    def _cell(self, attributes: dict[str, str], offset: int) -> None:
        stated = place_of(attributes.get("r", ""))
        self._column = stated[1] if stated else self._column + 1
        self._make_until(self._column, offset)
        if self._left and self._left[0] == self._column:
            place = self._row, self._left.pop(0)
            self._slots[place] = _Slot(offset, tag_end(self._part, offset), _number(attributes.get("s")))

    def _closed(self, tag: str, offset: int) -> None:
        name = local(tag)
        if self._depth == _IN_SECTION and name == "row" and self._part.startswith(b"</", offset):
            self._make_until(None, offset)
        elif self._depth == _SECTION and name not in _BEHIND:
            is_end_tag = self._part.startswith(f"</{tag}".encode(), offset)
            behind = tag_end(self._part, offset) if is_end_tag else offset
            if name != "AlternateContent" or not self._announce_at:
                self._announce_at = behind
        self._depth -= 1

    def _make_until(self, column: int | None, offset: int) -> None:
        """Wanted cells that the row does not store are made before `offset`, in the style of row or column."""
        while self._left and (column is None or self._left[0] < column):
            place = self._row, self._left.pop(0)
            self._slots[place] = _Slot(offset, offset, self._row_style or self._style_of_column(place[1]))

    def _style_of_column(self, column: int) -> int:
        return next((style for first, last, style in self._column_styles if first <= column <= last), 0)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else 0
