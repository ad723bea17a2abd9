"""Stamps: what a fill-in workbook says about itself, and whether it may be read at all.

Here belongs the comparison with sender, evaluation, period and definition; the words are in `causes.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from evaluation.forms import STAMP_SHEET, Stamp
from intake.raw import RawFile, RawFinding, RawSheet

if TYPE_CHECKING:  # files are read in a process that loads no definition
    from evaluation.definition import Definition

_DIGEST_SHOWN = 12


def stamp_of(sheets: Sequence[RawSheet]) -> Stamp | None:
    """The stamp of the workbook; None where it has none. What a stamp does not say is empty and fits nobody."""
    sheet = next((sheet for sheet in sheets if sheet.name == STAMP_SHEET), None)
    if sheet is None:
        return None
    said = {row.get(0, ""): row.get(1, "").strip() for _, row in sheet.first_rows(len(Stamp._fields) + 1)}
    return Stamp(**{name: said.get(name, "") for name in Stamp._fields})


def refuse_foreign_stamp(file: RawFile, sender: str, in_force: str, definition: Definition) -> RawFile:
    """The file, quarantined where its stamp names somebody or something else.

    `in_force` is the digest of the definition in force when the file was received: a form that was right then
    stays right after an amendment.
    """
    if file.stamp is None or file.outcome != "read":
        return file
    fault = next(_faults(file.stamp, sender, in_force, definition), None)
    return file if fault is None else RawFile("quarantined", findings=(fault,), stamp=file.stamp)


def _faults(stamp: Stamp, sender: str, in_force: str, definition: Definition) -> Iterator[RawFinding]:
    rulebook = definition.rulebook
    wanted = Stamp(rulebook.evaluation, sender, str(rulebook.cycle.year), in_force)
    codes = ("STAMP_EVALUATION", "STAMP_SENDER", "STAMP_PERIOD", "STAMP_DEFINITION")
    for code, said, expected in zip(codes, stamp, wanted, strict=True):
        if said != expected:
            shown = _DIGEST_SHOWN if code == "STAMP_DEFINITION" else None
            detail = _whose(said, sender, definition) if code == "STAMP_SENDER" else expected[:shown]
            yield RawFinding(code, raw=said[:shown], detail=detail)


def _whose(said: str, sender: str, definition: Definition) -> str:
    """Both senders, with names as far as they are known here."""
    names = definition.sender_names
    theirs, ours = (f"“{names[code]}（{code}）”" if code in names else f"“{code}”" for code in (said, sender))
    return f"{theirs}的，不是发给{ours}"
