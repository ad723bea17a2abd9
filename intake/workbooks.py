"""The parts that a workbook's sheets lean on: their list, shared texts, and number formats.

Here belongs what is read once per workbook. Cells are read in `sheets.py`; what a cell means is decided
later. Element names are taken without their namespace, which differs between the two kinds of OOXML.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from xml.etree import ElementTree as ET

from intake import raw
from intake.packages import Package
from intake.raw import RawFinding, UnreadableFileError
from intake.stored import date_text, number_text, percent_text

PLAIN, PERCENT, DATE = "plain", "percent", "date"

_PERCENT_IDS = {9, 10}
_DATE_IDS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_LONGEST_FORMAT = 255
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class SheetPart(NamedTuple):
    name: str
    hidden: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class Workbook:
    """`formats` are PLAIN, PERCENT or DATE by the number of a cell's style."""

    sheets: tuple[SheetPart, ...]
    texts: list[str]
    formats: list[str]
    starts_1904: bool

    def shared(self, stored: str) -> str:
        """The shared text that a cell refers to. Raises UnreadableFileError."""
        index = stored.strip()
        if not index.isdecimal() or len(index) > 9 or int(index) >= len(self.texts):
            raise corrupt("单元格引用了不存在的文字。")
        return self.texts[int(index)]

    def number(self, stored: str, style: str) -> tuple[str, str]:
        """Text and kind of a stored number under the format of its cell."""
        text = number_text(stored)
        if text is None:
            return stored, raw.NUMBER
        known = style.isdecimal() and len(style) < 7 and int(style) < len(self.formats)
        shown = self.formats[int(style)] if known else PLAIN
        if shown == PERCENT:
            return percent_text(text), raw.NUMBER
        if shown == DATE:
            return date_text(text, self.starts_1904) or text, raw.DATE
        return text, raw.NUMBER


def corrupt(detail: str = "") -> UnreadableFileError:
    return UnreadableFileError(RawFinding("FILE_CORRUPT", detail=detail))


@lru_cache(maxsize=64)
def local(tag: str) -> str:
    return tag.rpartition("}")[2]


def parse(data: bytes) -> ET.Element:
    """The tree of a small part; the pre-check has made sure that it has no DOCTYPE."""
    try:
        return ET.fromstring(data)
    except (ET.ParseError, ValueError, LookupError) as error:
        raise corrupt("内部结构不完整。") from error


def read_workbook(package: Package) -> Workbook:
    """Raises UnreadableFileError."""
    root = parse(package.parts["xl/workbook.xml"])
    targets = _targets(package)
    sheets = []
    for sheet in _all(root, "sheet"):
        part = targets.get(_attribute(sheet, "id"), "")
        if part:
            # A part shown by many names would be read as often.
            del targets[_attribute(sheet, "id")]
            hidden = sheet.get("state", "visible") != "visible"
            sheets.append(SheetPart(sheet.get("name", ""), hidden, _part(package, part)))
    return Workbook(tuple(sheets), _shared_texts(package), _formats(package), _starts_1904(root))


def _all(root: ET.Element, name: str) -> Iterator[ET.Element]:
    return (element for element in root.iter() if local(element.tag) == name)


def _attribute(element: ET.Element, name: str) -> str:
    """An attribute with a namespace."""
    return next((value for key, value in element.attrib.items() if key.endswith(f"}}{name}")), "")


def _part(package: Package, name: str) -> bytes:
    if not package.parts.get(name):
        raise corrupt(f"缺少部件 {name}。")
    return package.parts[name]


def _targets(package: Package) -> dict[str, str]:
    """Part names of the workbook's worksheets by relationship; chart sheets and links are left out."""
    root = parse(_part(package, "xl/_rels/workbook.xml.rels"))
    targets = {}
    for relation in _all(root, "Relationship"):
        if relation.get("Type", "").endswith("/worksheet") and relation.get("TargetMode") != "External":
            path = posixpath.normpath(posixpath.join("/xl", relation.get("Target", "")))
            targets[relation.get("Id", "")] = path.lstrip("/").lower()
    if len(set(targets.values())) < len(targets):
        raise corrupt("几张工作表共用一个部件。")
    return targets


def _starts_1904(root: ET.Element) -> bool:
    return any(properties.get("date1904") in ("1", "true") for properties in _all(root, "workbookPr"))


def _shared_texts(package: Package) -> list[str]:
    part = package.parts.get("xl/sharedstrings.xml")
    return [rich_text(item) for item in parse(part)] if part else []


def rich_text(item: ET.Element) -> str:
    """The text of a string item: its own or that of its runs, without phonetic guides."""
    pieces = []
    for child in item:
        name = local(child.tag)
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            pieces.extend(run.text or "" for run in child if local(run.tag) == "t")
    return unescape("".join(pieces))


def unescape(text: str) -> str:
    """
    >>> unescape("a_x000D_b")
    'a\\rb'
    """
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _formats(package: Package) -> list[str]:
    part = package.parts.get("xl/styles.xml")
    if not part:
        return []
    root = parse(part)
    own = {_id_of(fmt): fmt.get("formatCode", "") for fmt in _all(root, "numFmt")}
    return [
        format_kind(_id_of(style), own.get(_id_of(style), "")) for styles in _all(root, "cellXfs") for style in styles
    ]


def _id_of(element: ET.Element) -> int:
    number = element.get("numFmtId", "0")
    return int(number) if number.isdecimal() and len(number) < 9 else 0


def format_kind(number: int, code: str) -> str:
    """
    >>> format_kind(10, ""), format_kind(176, '0.00"%"'), format_kind(177, 'yyyy"年"m"月"')
    ('percent', 'plain', 'date')
    """
    if not code:
        return PERCENT if number in _PERCENT_IDS else DATE if number in _DATE_IDS else PLAIN
    shown = _NOT_SHOWN.sub("", code[:_LONGEST_FORMAT]).lower()
    if shown.startswith(("general", "g/")):
        return PLAIN
    if "%" in shown:
        return PERCENT
    return DATE if any(letter in shown for letter in "ymdhs") else PLAIN
