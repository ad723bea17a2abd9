"""Rows of text turned into what the templates loop over: a unit's sections, what findings come to.

Here belongs shaping for pages. What the words are, how they are computed and the html itself do not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

from reports.language import Say, chinese
from reports.rows import Rows
from reports.words import SEVERITIES

ROWS_SHOWN = 500
TENTH = Decimal("0.1")


def sections(items: Rows) -> list[dict[str, Any]]:
    """A unit's items by section, in their order."""
    by_section = groupby(items, key=lambda one: (one["section_code"], one["section_name"]))
    return [{"code": code, "name": name, "rows": list(rows)} for (code, name), rows in by_section]


def unverified(items: Rows) -> dict[str, str] | None:
    """Points that rest on figures only the unit vouches for, and their share; None where there are none."""
    scores = [_score(one["indicator_score"]) for one in items]
    resting = sum((score for score, one in zip(scores, items, strict=True) if one["unverified"]), Decimal(0))
    if not resting:
        return None
    share = (resting / sum(scores, Decimal(0)) * 100).quantize(TENTH, ROUND_HALF_UP)
    return {"points": f"{resting:f}", "share": f"{share:f}%"}


def _score(text: str) -> Decimal:
    """Points earned; marks and what was taken away earn nothing."""
    return Decimal(text) if text.replace(".", "").isdecimal() else Decimal(0)


def by_source(findings: Rows) -> Rows:
    """Together what one sender sent in one file, its `source`; otherwise in their order."""
    told = [" · ".join(text for text in (one["sender_name"], one["file"]) if text) or "—" for one in findings]
    order = {source: at for at, source in enumerate(dict.fromkeys(told))}
    rows = [{**one, "source": source} for one, source in zip(findings, told, strict=True)]
    return sorted(rows, key=lambda one: order[one["source"]])


def finding_caption(severities: Iterable[str], say: Say = chinese) -> str:
    """How many of each severity, and where the rest stands if not all are shown."""
    counts = Counter(severities)
    said = say("，").join(say("{word} {n} 条", word=say(w), n=counts[c]) for c, w in SEVERITIES.items() if counts[c])
    whole = say("共 {n} 条：{said}", n=counts.total(), said=said)
    if counts.total() <= ROWS_SHOWN:
        return whole
    return whole + say("；此处列出前 {n} 条，其余见 findings.csv", n=ROWS_SHOWN)
