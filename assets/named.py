"""What people type for a unit, and how they are told what there is.

Here belongs the one reading of a unit's code or name in commands, in forms and in sheets of corrections.
"""

from __future__ import annotations

from collections.abc import Mapping

from intake.characters import code_text
from reports.harmless import shortened
from resources.refused import Refused

SHOWN = 40  # letters of what was written, and names of what there is


def unit_named(names: Mapping[str, str], text: str | None) -> str:
    """The code of the unit of that code, or of that name where it is no other's, however wide it is written.

    `names`: names by code.

    Raises:
        Refused: there is none.
    """
    if text is not None and text in names:
        return text
    meant = code_text(text or "")
    by_code = [code for code in names if code_text(code) == meant]
    found = by_code or [code for code, name in names.items() if code_text(name) == meant]
    if len(found) != 1:
        raise Refused(f"没有单位“{said(text)}”。可写单位编码或名称：{listed(names)}。")
    return found[0]


def listed(names: Mapping[str, str]) -> str:
    """Codes with their names: the first of many, and how many there are."""
    told = [code if name == code else f"{code}（{name}）" for code, name in names.items()]
    return "、".join(told[:SHOWN]) + (f"等{len(told)}个" if len(told) > SHOWN else "") or "（无）"


def said(text: str | None, option: str = "") -> str:
    """What was written, or that nothing was."""
    return shortened(text, SHOWN) if text else f"（未写 {option}）" if option else "（未写）"
