"""How much room text takes in a cell: widths in columns of a digit, heights in lines, names of sheets.

Here belongs what a spreadsheet does not work out by itself when a file is opened.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import ceil
from typing import Any

NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'+|'+$")
LONGEST_SHEET_NAME = 31  # UTF-16 units
WIDER = 0.2  # by how much digits of another font may be wider than those of 宋体


@lru_cache(maxsize=20_000)
def display_width(text: str) -> int:
    """Columns a text takes: two for a Chinese character, one for a Latin one."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)


def lines_needed(text: str, width: float) -> int:
    """Lines a text takes when wrapped at `width` columns, even in the wider letters of a font put in for 宋体."""
    if len(text) * 2 <= width and "\n" not in text:
        return 1
    room = max(1, int(width))
    return sum(max(1, ceil(_widest(line) / room)) for line in text.split("\n"))


def _widest(line: str) -> float:
    width = display_width(line)
    narrow = 2 * len(line) - width
    return width + WIDER * narrow


def fitting_width(texts: Iterable[str], least: float, most: float) -> float:
    """A column width at which the longest of the texts shows whole, within limits."""
    longest = max((display_width(text) for text in set(texts)), default=0)
    return min(max(longest + 2.0, least), most)


def sheet_names(wanted: Mapping[Any, str]) -> dict[Any, str]:
    """Names of sheets by key: as wanted, without what is not allowed there, cut to what fits, each another.

    >>> sheet_names({"T01": "T01 东铸镇", "T02": "T02 [江/南]街道"})
    {'T01': 'T01 东铸镇', 'T02': 'T02 江南街道'}
    """
    names: dict[Any, str] = {}
    taken: set[str] = set()
    for number, (key, name) in enumerate(wanted.items(), start=1):
        fitting = _cut(NOT_IN_SHEET_NAMES.sub("", name))
        if fitting.casefold() in taken:
            fitting = _cut(f"{number} {fitting}")
        names[key] = fitting
        taken.add(fitting.casefold())
    return names


def _cut(name: str) -> str:
    while len(name.encode("utf-16-le")) // 2 > LONGEST_SHEET_NAME:
        name = name[:-1]
    return name.rstrip(" '")
