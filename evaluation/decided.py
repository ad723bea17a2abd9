"""What examiners decided, put on what was submitted: held values used or refused, claims accepted or refused.

Here belongs the meaning of a decision; that it was taken, by whom and why, stands in the ledger.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.identity import claim_ids
from evaluation.key_numbers import KEY
from evaluation.refiled import MATTER, files_that_count, places_of_sources, with_matters
from evaluation.reporting import SELF, claim_sources
from evaluation.rulebook import Rulebook

HELD = ["sender", *KEY, "raw"]
# What becomes of a claim: counts by its source alone, yields to a more trusted one, is replaced by what its sender
# filed in another file, waits for an examiner, was decided.
COUNTS, YIELDS, REPLACED, WAITS = "counts", "yields", "replaced", "waits"
ACCEPTED, REFUSED = "accepted", "refused"
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
    """Submitted claims with `claim_id` and DECISIONS, as `decisions` (`seq`, `claim_id`, DECISIONS) say last.

    Where nothing was decided, a department's claim counts at once and a unit's own waits. Of departments that
    report the same matter the one that `sources` name first is believed, whatever became of its claim. Of what one
    sender filed of a matter, one file counts (`files_that_count`).
    """
    named = claims.drop(columns=[name for name in DECISIONS if name in claims]).assign(claim_id=claim_ids(claims))
    last = decisions.drop_duplicates("claim_id", keep="last").set_index("claim_id")
    said = last[DECISIONS].reindex(named["claim_id"]).set_axis(named.index).astype("str")
    accepted_seq = last["seq"].where(last["decision"] == ACCEPTED).reindex(named["claim_id"]).set_axis(named.index)
    replaced = files_that_count(rulebook, named, accepted_seq.astype("float64")) != named["seq"]
    own, yields = named["source"] == SELF, _is_outranked(rulebook, named)
    silent = pd.Series(np.select([own, yields], [WAITS, YIELDS], COUNTS), index=named.index, dtype="str")
    decision = said["decision"].where(said["decision"].notna(), silent)
    return named.assign(**said).assign(decision=decision.mask(replaced & (decision != REFUSED), REPLACED))


def _is_outranked(rulebook: Rulebook, claims: pd.DataFrame) -> pd.Series[bool]:
    """Departments' claims whose matter a more trusted department reports too; a claim without object is its own."""
    said = claims[(claims["outcome"] == "accepted") & (claims["source"] != SELF) & claims["object_id"].notna()]
    places = places_of_sources(claim_sources(rulebook), said["item_code"], said["source"])
    said = with_matters(said)[MATTER].assign(place=places)
    best = said.groupby(MATTER)["place"].transform("min")
    return (said["place"] > best).reindex(claims.index, fill_value=False)


def claims_that_count(claims: pd.DataFrame) -> pd.DataFrame:
    """Claims that could be read and that count by their source or by an examiner's decision."""
    return claims[(claims["outcome"] == "accepted") & claims["decision"].isin([COUNTS, ACCEPTED])]
