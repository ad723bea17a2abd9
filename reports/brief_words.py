"""Texts of the leader's briefs, each cut to what leaves room on the one page.

Here belong the limits and small wordings that both briefs share.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from reports.harmless import visible

# Characters. With every text as long as that a brief still is one page, which a test converts and counts.
TITLE, UNIT, NAME, SHORT, WORD, REASON, STEP, GAIN = 46, 30, 24, 16, 8, 60, 62, 72
LOSSES = 3
NUMERALS = "一二三四五六七八九"


def cut(text: str, length: int) -> str:
    """
    >>> cut("规模以上工业企业", 5), cut("专利", 5)
    ('规模以上…', '专利')
    """
    seen = " ".join(visible(text).split())
    return seen if len(seen) <= length else f"{seen[: length - 1]}…"


def signed(difference: Decimal) -> str:
    """
    >>> signed(Decimal("1.20")), signed(Decimal("-0.50")), signed(Decimal("0.00"))
    ('提高1.20分', '降低0.50分', '持平')
    """
    if not difference:
        return "持平"
    return f"{'提高' if difference > 0 else '降低'}{abs(difference)}分"


def mean(scores: Iterable[Decimal], decimals: int) -> Decimal:
    """Half up, as every published score."""
    known = list(scores)
    return (sum(known, Decimal(0)) / len(known)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def share(part: Decimal, whole: Decimal) -> str:
    """
    >>> share(Decimal("2.5"), Decimal("7.5"))
    '33.3%'
    """
    return f"{(part / whole * 100).quantize(Decimal('0.1'), ROUND_HALF_UP):f}%"
