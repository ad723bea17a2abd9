"""The page on one appeal: everything that whoever decides it needs to see, on a page that can be printed.

Here belongs what stands on it and in which order. What is decided does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from reports.catalogue import catalogue, translated
from reports.edition import Edition
from reports.listings import with_names
from reports.pages import rendered
from reports.rows import records
from reports.shifts import officials_shown, units_shown
from reports.standings import standings

OUTCOMES = {"accepted": "采用", "refused": "退回", "held": "待判断", "duplicate": "重复", "blank": "空白"}


def appeal_page(
    edition: Edition,
    appeal: Any,
    outcome: str,
    told: Mapping[str, Any],
    history: pd.DataFrame,
    evidence: Sequence[str],
    effect: Any = None,
) -> str:
    """`appeal` has the fields of an appeal; `told` explains the score (`sentence, formula, clause, sources`);
    `history` are the submitted values of the item's figures for the unit, `evidence` names of its files; `effect`
    says what the decision changes (`change`, `units`, `officials`, `notes`), or would change while it is open."""
    names = catalogue(edition)
    ranked = standings(edition, names)
    own = ranked[ranked["unit_code"] == appeal.unit_code].iloc[0]
    pool = ranked[(ranked["kind"] == own["kind"]) & (ranked["pool"] == own["pool"])][["unit_code", "unit_name"]]
    scores = edition.indicator_scores
    peers = pool.merge(scores[scores["indicator_code"] == appeal.indicator_code], on="unit_code")
    corrections = edition.corrections[edition.corrections["unit_code"] == appeal.unit_code]
    corrections = corrections[corrections["indicator_code"].isin(history["indicator_code"])]
    history = history.assign(
        sender_name=translated(history["sender"], names.sender), received_on=history["received_at"].str[:10]
    )
    sources = [{**one, "source": names.sender(one["source"])} for one in told["sources"]]
    return rendered(
        "appeal.html",
        edition,
        appeal=appeal,
        outcome=outcome,
        unit_name=own["unit_name"],
        item_name=told["indicator"],
        told={**told, "sources": sources},
        peers=records(peers),
        history=records(history),
        corrections=records(with_names(corrections, names)),
        evidence=evidence,
        outcomes=OUTCOMES,
        effect=effect,
        moved=[] if effect is None else [table(units_shown(effect.units)), table(officials_shown(effect.officials))],
    )


def table(rows: pd.DataFrame) -> dict[str, Any]:
    """Headers and rows of texts, as the template lays them out."""
    return {"headers": list(rows.columns), "rows": rows.to_numpy().tolist()}
