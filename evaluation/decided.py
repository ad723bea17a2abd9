"""What examiners decided, put on what was submitted: held values used or refused, claims accepted or refused.

Here belongs the meaning of a decision; that it was taken, by whom and why, stands in the ledger.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.identity import claim_ids
from evaluation.key_numbers import KEY
from evaluation.reporting import SELF, claim_sources
from evaluation.rulebook import Rulebook

HELD = ["sender", *KEY, "raw"]
# What becomes of a claim: counts by its source alone, yields to a more trusted one, waits for an examiner, was decided.
COUNTS, YIELDS, WAITS, ACCEPTED, REFUSED = "counts", "yields", "waits", "accepted", "refused"
MATTER = ["unit_code", "item_code", "object_id"]
DECISIONS = ["decision", "decided_by", "decided_because"]


def values_decided(values: pd.DataFrame, resolutions: pd.DataFrame) -> pd.DataFrame:
    """Submitted values, of which those held are `accepted` or `refused` where an examiner has said so.

    `resolutions` have HELD and `decision` (`use` or `refuse`; blank for other findings). A held row without a
    number in it stays held.
    """
    said = resolutions[resolutions["decision"].isin(["use", "refuse"])].drop_duplicates(HELD, keep="last")
    held = values["outcome"] == "held"
    if said.empty or not held.any():
        return values
    found = said.set_index(HELD)["decision"].reindex(pd.MultiIndex.from_frame(values[HELD].fillna("")))
    decision = found.set_axis(values.index).where(held)
    outcomes = values["outcome"].mask(decision.eq("refuse"), "refused")
    return values.assign(outcome=outcomes.mask(decision.eq("use") & values["submitted_value"].notna(), "accepted"))


def claims_decided(rulebook: Rulebook, claims: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """Submitted claims with `claim_id` and DECISIONS; `decisions` have `claim_id` and DECISIONS, the last counts.

    Where nothing was decided, a department's claim counts at once and a unit's own waits. Of departments that
    report the same matter the one that `sources` name first is believed, whatever became of its claim.
    """
    named = claims.drop(columns=[name for name in DECISIONS if name in claims]).assign(claim_id=claim_ids(claims))
    last = decisions.drop_duplicates("claim_id", keep="last")[["claim_id", *DECISIONS]]
    whole = named.merge(last.astype("str"), on="claim_id", how="left")
    own, yields = whole["source"] == SELF, _is_outranked(rulebook, whole)
    silent = pd.Series(np.select([own, yields], [WAITS, YIELDS], COUNTS), index=whole.index, dtype="str")
    return whole.assign(decision=whole["decision"].where(whole["decision"].notna(), silent))


def _is_outranked(rulebook: Rulebook, claims: pd.DataFrame) -> pd.Series[bool]:
    """Departments' claims whose matter a more trusted department reports too; a claim without object is its own."""
    trust = {
        (item, source): place
        for item, sources in claim_sources(rulebook).items()
        for place, source in enumerate(one for one in sources if one != SELF)
    }
    said = claims[(claims["outcome"] == "accepted") & (claims["source"] != SELF) & claims["object_id"].notna()]
    places = pd.Series(trust, dtype="float64").reindex(pd.MultiIndex.from_frame(said[["item_code", "source"]]))
    said = said[MATTER].assign(place=places.to_numpy())
    best = said.groupby(MATTER)["place"].transform("min")
    return (said["place"] > best).reindex(claims.index, fill_value=False)


def claims_that_count(claims: pd.DataFrame) -> pd.DataFrame:
    """Claims that could be read and that count by their source or by an examiner's decision."""
    return claims[(claims["outcome"] == "accepted") & claims["decision"].isin([COUNTS, ACCEPTED])]
