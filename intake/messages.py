"""Findings in words: the texts of causes filled in, for all findings at once.

Here belongs how what was read is shown inside a sentence. The sentences are in `causes.py`.
"""

import unicodedata
from string import Formatter

import pandas as pd

from intake.causes import CAUSES
from intake.coded import coded

_SHOWN_CHARACTERS = 60


_SHOWN_PARTICULARS = 1_000


def shown(text: str, most: int = _SHOWN_CHARACTERS) -> str:
    """The text as it may stand in a sentence: short, and without characters that hide or turn others.

    >>> shown("1\u202e2\\n3")
    '1□2□3'
    """
    short = text if len(text) <= most else text[:most] + "…"
    if short.isprintable():
        return short
    return "".join("□" if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in short)


def with_messages(findings: pd.DataFrame) -> pd.DataFrame:
    """The findings (`code, raw, detail`) with `severity`, `message` and `what_to_do`."""
    codes = coded(findings["code"])
    raw = coded(findings["raw"]).map(shown).texts().set_axis(findings.index)
    detail = coded(findings["detail"]).map(lambda text: shown(text, _SHOWN_PARTICULARS)).texts()
    detail = detail.set_axis(findings.index)
    message = pd.Series("", index=findings.index, dtype="str")
    for code in findings["code"].unique():
        where = findings["code"] == code
        message[where] = _filled(CAUSES[code].message, {"raw": raw[where], "detail": detail[where]})
    return findings.assign(
        severity=codes.map(lambda code: CAUSES[code].severity).texts().set_axis(findings.index),
        message=message,
        what_to_do=codes.map(lambda code: CAUSES[code].what_to_do).texts().set_axis(findings.index),
    )


def _filled(template: str, fields: dict[str, pd.Series]) -> pd.Series:
    text = pd.Series("", index=fields["raw"].index, dtype="str")
    for literal, name, _, _ in Formatter().parse(template):
        text = text + literal
        if name:
            text = text + fields[name]
    return text
