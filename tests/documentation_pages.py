"""The rulebook's two pages taken apart: fences, tables of keys, headings, links.

Here belongs reading Markdown as it is written in `docs/`; what must be true of it is said by the tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
_FENCE = re.compile(r"^```(\S*) ?(.*)\n((?:.*\n)*?)```$", re.MULTILINE)
_KEYS = re.compile(r"<!-- keys: (\w+) -->\n\n((?:\|.*\n)+)")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_ANCHOR = re.compile(r'<a id="([^"]+)"></a>')
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Fence:
    language: str
    mark: str
    text: str


@dataclass(frozen=True)
class Row:
    cells: tuple[str, ...]

    @property
    def codes(self) -> list[tuple[str, ...]]:
        """What stands in backticks, cell by cell."""
        return [tuple(_CODE.findall(cell)) for cell in self.cells]


@dataclass(frozen=True)
class Page:
    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def prose(self) -> str:
        """The page without its fences."""
        return _FENCE.sub("", self.text)

    @cached_property
    def fences(self) -> list[Fence]:
        return [Fence(language, mark, text.rstrip("\n")) for language, mark, text in _FENCE.findall(self.text)]

    @cached_property
    def key_tables(self) -> dict[str, list[Row]]:
        """Rows of each table of keys by the name of the model that it describes."""
        return {name: rows_of(table) for name, table in _KEYS.findall(self.prose)}

    @cached_property
    def anchors(self) -> list[str]:
        return _ANCHOR.findall(self.prose)

    @cached_property
    def links(self) -> list[str]:
        return _LINK.findall(self.prose)

    @cached_property
    def outline(self) -> list[str]:
        """Anchors, levels of headings, tables of keys and marks of fences, in order."""
        parts = re.compile(r'^(#+) |^<a id="([^"]+)"|^<!-- keys: (\w+)|^```(\S+ \S+)$', re.MULTILINE)
        return ["".join(groups) for groups in parts.findall(self.text)]

    def table_after(self, anchor: str) -> list[Row]:
        """The first table after an anchor."""
        _, _, after = self.prose.partition(f'<a id="{anchor}"></a>')
        found = re.search(r"(?:^\|.*\n)+", after, re.MULTILINE)
        assert found, f"{self.path.name} 的 {anchor} 之后没有表"
        return rows_of(found[0])


def rows_of(table: str) -> list[Row]:
    """The rows below the head."""
    lines = table.strip().split("\n")[2:]
    return [Row(tuple(cell.strip() for cell in line.strip().strip("|").split(" | "))) for line in lines]


CHINESE = Page(DOCS / "rulebook.md")
ENGLISH = Page(DOCS / "rulebook.en.md")
