"""What changed in the ranking against the version before.

Here belong the columns of `changes.csv` and how a cause is worded. What changed is found in `evaluation.shifts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pandas as pd

from evaluation.shifts import Step, total_shifts
from reports.csv_files import ranking
from reports.edition import Edition

TOLD = ("score", "rank", "grade")
CHANGES = ["unit_code", *(f"{name}_{when}" for name in TOLD for when in ("before", "after")), "cause"]
OTHERS_NAMED = 3


def changes(before_ranking: pd.DataFrame | None, edition: Edition, cause: str | Mapping[str, str]) -> pd.DataFrame:
    """Units whose score, rank, veto, grade or award differs, in the order of the new ranking, units that left last.

    `before_ranking` is the ranking before, computed or read back from its csv; None for a first version. `cause`:
    one for all, or by unit.
    """
    if before_ranking is None:
        return pd.DataFrame({column: pd.Series(dtype="str") for column in CHANGES})
    found = total_shifts(before_ranking, ranking(edition))
    causes = found["unit_code"].map(cause) if isinstance(cause, Mapping) else cause
    return found.assign(cause=causes)[CHANGES]


def causes(parts: pd.DataFrame, steps: Sequence[Step]) -> dict[str, str]:
    """By unit, in words: what the rules changed, then its own facts, then those of others; parts with their size."""
    found: dict[str, str] = {}
    for unit, own in parts.groupby("unit_code", sort=False):
        told = [(steps[one["step"]], one["own"], effect(one)) for one in own.to_dict("records")]
        rules = [f"{step.told}（{size}）" for step, _, size in told if not step.units]
        mine = [f"{step.told}（{size}）" for step, is_own, size in told if step.units and is_own]
        others = [f"{step.told}（{size}）" for step, is_own, size in told if step.units and not is_own]
        more = [f"等{len(others)}项"] if len(others) > OTHERS_NAMED else []
        told_others = [f"其他单位：{'、'.join(others[:OTHERS_NAMED])}{''.join(more)}"] if others else []
        found[str(unit)] = "；".join([*rules, *mine, *told_others])
    return found


def effect(part: Mapping[str, object]) -> str:
    """The size of one part: +0.80分，名次3→2，等次良好→优秀.

    >>> effect({"score_before": "80.00", "score_after": "80.80", "rank_before": "3", "rank_after": "2"})
    '+0.80分，名次3→2'
    """
    told = []
    for name, word in (("score", "总分"), ("rank", "名次"), ("veto", "一票否决"), ("grade", "等次"), ("award", "奖项")):
        before, after = _known(part.get(f"{name}_before")), _known(part.get(f"{name}_after"))
        if before == after:
            continue
        if name == "score" and before and after:
            told.append(f"{Decimal(after) - Decimal(before):+f}分")
        else:
            told.append(f"{word}{before or '无'}→{after or '无'}")
    return "，".join(told) or "无变化"


def _known(value: object) -> str:
    return value if isinstance(value, str) else ""
