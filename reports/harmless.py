"""Text from outside, made harmless where it comes out: formulas in csv, control characters anywhere.

Here belongs what every way out needs. Escaping for html is left to Jinja, string cells to the workbook.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

# A spreadsheet takes the full-width forms for formulas as well and skips blanks before them.
FORMULA = r"^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])"
NUMBER = r"^-?[0-9]+(?:\.[0-9]+)?$"
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)


def without_formulas(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    """Prefix with an apostrophe what a spreadsheet would run; plain negative numbers stay numbers."""
    runs = pc.and_(pc.match_substring_regex(texts, FORMULA), pc.invert(pc.match_substring_regex(texts, NUMBER)))
    return pc.if_else(runs, pc.binary_join_element_wise(large("'"), texts, large("")), texts)


def large(text: str) -> pa.LargeStringScalar:
    """A constant of the type that csv columns have: long texts of many rows outgrow the smaller one."""
    return pa.scalar(text, pa.large_string())


def visible(text: str) -> str:
    """Control and format characters spelled out, so that nobody reads a text turned around or half hidden.

    >>> visible("报表\u202excod.exe")
    '报表〔U+202E〕xcod.exe'
    """
    if text.isprintable():
        return text
    return UNSEEN.sub(lambda found: f"〔U+{ord(found.group()):04X}〕", text)


def shortened(text: str, length: int = 200) -> str:
    """Visible text, cut for a table; the whole of it stands in the csv."""
    seen = visible(text)
    return seen if len(seen) <= length else f"{seen[:length]}……（全文见 csv）"
