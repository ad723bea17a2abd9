"""Columns whose heading is a word for what is not read, such as 完成率: read where an indicator is called so.

Files are read without the definition, which alone tells; here belongs what becomes of those columns once it is at hand.
"""

from collections.abc import Collection
from dataclasses import replace

from intake.headings import is_beside
from intake.keys import Catalogue
from intake.matrix import noted
from intake.names import SEVERAL, meant
from intake.raw import RawFile, RawFinding, RawTable


def settle_references(file: RawFile, sender: str, catalogue: Catalogue) -> RawFile:
    """The file without the columns that mean no figure of its sender, which are told of.

    Quarantined where nothing is left.
    """
    if not any(table.is_reference for table in file.tables):
        return file
    reported = catalogue.figures_of(sender)
    dropped = [table for table in file.tables if table.is_reference and not _means(table, reported, catalogue)]
    if not dropped:
        return file
    kept = tuple(table for table in file.tables if not any(table is one for one in dropped))
    if not any(table.rows for table in kept):
        return RawFile("quarantined", findings=(_nothing_left(kept, dropped),), stamp=file.stamp)
    return replace(file, tables=kept, findings=(*file.findings, *_told(dropped)))


def _means(table: RawTable, reported: Collection[str], catalogue: Catalogue) -> bool:
    code = meant(_heading(table), reported, catalogue.names)
    return code in reported or code.startswith(SEVERAL)


def _heading(table: RawTable) -> str:
    return table.texts["indicator_code"][0]


def _nothing_left(kept: tuple[RawTable, ...], dropped: list[RawTable]) -> RawFinding:
    if kept:
        return RawFinding("NO_ROWS", kept[0].sheet)
    words = "、".join(_heading(table) for table in dropped)
    first = dropped[0]
    return RawFinding("HEADER", first.sheet, first.letters["indicator_code"], detail=f"没有一列是应报的指标（{words}）")


def _told(dropped: list[RawTable]) -> list[RawFinding]:
    """One note a sheet; columns as forms have them beside their blanks need none."""
    words: dict[str, dict[str, str]] = {}
    for table in dropped:
        if not is_beside(_heading(table)):
            words.setdefault(table.sheet, {})[table.letters["indicator_code"]] = _heading(table)
    return [noted("EXTRA_COLUMN", sheet, columns) for sheet, columns in words.items()]
