"""Codes that are written as names: headings of a matrix, and what is chosen from a form's list (`砺石镇〔T01〕`).

Here belongs the one question which code a text means. In the tidy form names never key; in a matrix a name does where
it means exactly one.
"""

import re
from collections.abc import Collection, Mapping

from evaluation.reporting import SELF
from intake.characters import code_text
from intake.coded import Coded
from intake.headings import SEPARATOR

SEVERAL = "几个编码："
_CHOSEN = re.compile(r".*〔([A-Za-z0-9_-]+)〕", re.DOTALL)


def chosen_code(text: str) -> str:
    """The code in a text as lists of forms have it, else the text as a code.

    >>> chosen_code("砺石镇〔T01〕"), chosen_code(" Ｔ０１")
    ('T01', 'T01')
    """
    found = _CHOSEN.fullmatch(text.strip())
    return found[1] if found else code_text(text)


def meant(text: str, known: Collection[str], names: Mapping[str, Collection[str]]) -> str:
    """The known code that a heading means by code or name; SEVERAL with all of them where the name is not enough.

    >>> meant("青山镇", {"T01"}, {"青山镇": {"T01"}}), meant("平安镇", {"A", "B"}, {"平安镇": {"A", "B"}})
    ('T01', '几个编码：A、B')
    """
    parts = text.split(SEPARATOR)
    codes = {chosen_code(part) for part in parts} & set(known)
    if len(codes) == 1:
        return codes.pop()
    found = [set(names.get(code_text(part), ())) & set(known) for part in parts]
    sure = {code for one in found if len(one) == 1 for code in one}
    if len(sure) == 1:
        return sure.pop()
    several = codes or sure or {code for one in found for code in one}
    return SEVERAL + "、".join(sorted(several)) if several else chosen_code(text)


def unit_codes(
    raw: Coded[str],
    by_heading: Coded[bool],
    senders: Coded[str],
    sources: Coded[str],
    unit_names: Mapping[str, Collection[str]],
) -> Coded[str]:
    """The unit of each row. A sheet that has no column for it speaks of the sender, where that is a unit."""
    names: dict[str, set[str]] = {}
    for code, given in unit_names.items():
        for name in given:
            names.setdefault(name, set()).add(code)

    def unit(row: tuple[tuple[str, bool], tuple[str, str]]) -> str:
        (text, is_heading), (sender, source) = row
        if is_heading and source == SELF and not text.strip():
            return sender
        return meant(text, unit_names, names) if is_heading and text else "" if is_heading else chosen_code(text)

    return raw.beside(by_heading).beside(senders.beside(sources)).map(unit)


def item_codes(
    raw: Coded[str], by_heading: Coded[bool], known: Collection[str], names: Mapping[str, Collection[str]]
) -> Coded[str]:
    """The figure or item of each row."""

    def item(row: tuple[str, bool]) -> str:
        text, is_heading = row
        return meant(text, known, names) if is_heading and text else "" if is_heading else chosen_code(text)

    return raw.beside(by_heading).map(item)
