"""Double claims: one patent, certificate, project, document or file claimed in two places.

A place is an evaluation, a unit and an item; inside one place the same object is one matter and no double claim.
"""

from __future__ import annotations

import pandas as pd

from evaluation.claims import EXEMPTION
from evaluation.reporting import claim_readers, pieces_of
from evaluation.rulebook import Rulebook
from evaluation.texts import text_array, written_alike

PLACE = ["evaluation", "unit_code", "item_code"]
# Shorter ones may be running numbers within a list; those that are numbers alone certainly are.
SHORTEST = 4
COLUMNS = ["row_id", "what", "shared", "others", "places", "common", "identity"]
# What one office lists for so many places in one file is a label or a notice to all of them.
MANY = 3
# So many other places are named.
NAMED = 5


def double_claims(
    rulebook: Rulebook, claims: pd.DataFrame, previous: pd.DataFrame, evidence: pd.DataFrame
) -> pd.DataFrame:
    """One row per claim of this evaluation and thing that is claimed elsewhere too, with COLUMNS.

    `claims` are submitted claims that can be read, `previous` last year's that counted, `evidence` files (`sender`,
    `name`, `sha256`). `what` is `object`, `document` or `file`, `shared` the text as claimed; `others` are the first
    rows of the other places as positions in claims + previous, `places` how many places those are. `common`: it may be
    a running number, or a label that one office lists for many in one file. `identity` is the same for all who share
    the thing.
    """
    both = pd.concat(
        [claims.assign(evaluation=rulebook.evaluation), previous.assign(evaluation=rulebook.previous or "")],
        ignore_index=True,
    )
    both = both.assign(at=range(len(both)), current=[True] * len(claims) + [False] * len(previous))
    found = pd.concat([_shared(both, *thing) for thing in _things(rulebook, both, evidence)], ignore_index=True)
    # A notice that one office lists for many is nobody's claim to the same thing; an object code is odd even so.
    found = found[~found["common"] | (found["what"] == "object")].reset_index(drop=True)
    # The same object with the same document in the same places is told once, as the surer sign, then as the object.
    first = found.assign(places=[",".join(map(str, others)) for others in found["others"]])
    again = first.sort_values("common", kind="stable").duplicated(["row_id", "places"])
    return found[~again.reindex(found.index)].reset_index(drop=True)


def _things(
    rulebook: Rulebook, both: pd.DataFrame, evidence: pd.DataFrame
) -> list[tuple[str, pd.Series[str], pd.Series]]:
    """For objects, documents and files: what is compared (NA: nothing), and how it was written."""
    lists = checklist_items(rulebook)
    open_to_all = both["item_code"].isin(lists)
    documents = ~open_to_all & (both["level"].fillna("") != EXEMPTION)
    objects = _alike(both["object_id"]).where(~open_to_all)
    running = (objects.str.len() < SHORTEST) & objects.str.isdigit()
    files = _files_named(both, evidence).where(documents)
    return [
        ("object", objects.mask(running.fillna(False).astype(bool)), both["object_id"]),
        ("file", files, both["document"]),
        ("document", _alike(both["document"]).where(documents), both["document"]),
    ]


def checklist_items(rulebook: Rulebook) -> set[str]:
    """Items whose claims name pieces of a list that is the same for everybody."""
    return {code for code, places in claim_readers(rulebook).items() if pieces_of(places)}


def _alike(texts: pd.Series) -> pd.Series:
    alike = pd.Series(text_array(written_alike(texts)), index=texts.index)
    return alike.where(alike != "")


def _files_named(claims: pd.DataFrame, evidence: pd.DataFrame) -> pd.Series:
    """SHA-256 of the evidence that a claim's document names, by its sender: with or without the ending."""
    files = evidence["name"].astype("str").str.rsplit("/", n=1).str[-1]
    endings = evidence.assign(name=_alike(files)), evidence.assign(name=_alike(files.str.rsplit(".", n=1).str[0]))
    known = pd.concat(endings).dropna(subset="name").drop_duplicates(["sender", "name"], keep="last")
    digests = known.set_index(["sender", "name"])["sha256"].astype("object")
    asked = pd.MultiIndex.from_arrays([claims["sender"], _alike(claims["document"])])
    return digests.reindex(asked).set_axis(claims.index)


def _shared(both: pd.DataFrame, what: str, key: pd.Series, shared: pd.Series) -> pd.DataFrame:
    """Claims whose `key` occurs in more than one place."""
    files = both["evaluation"] + "," + both["sender"] + "," + both["file"].fillna("")
    rows = both.assign(key=key, shared=shared, file_key=files)[key.notna()]
    places = rows.drop_duplicates(["key", *PLACE])
    times = places["key"].value_counts()
    rows = rows[rows["key"].isin(times.index[times > 1])]
    if rows.empty:
        return pd.DataFrame(columns=COLUMNS).astype({"common": bool})
    names = (places["evaluation"] + "," + places["unit_code"] + "," + places["item_code"]).groupby(places["key"])
    identity = {key: f"{what},{key}," + ";".join(sorted(group)) for key, group in names}
    lists = rows.groupby("key").agg(files=("file_key", "nunique"), own=("source", lambda one: one.eq("self").any()))
    common = (lists["files"] == 1) & ~lists["own"].astype(bool) & (times.reindex(lists.index) >= MANY)
    common |= (what == "object") & (lists.index.str.len() < SHORTEST)
    positions = {key: list(group) for key, group in places.groupby("key")["at"]}
    own = rows[rows["current"]]
    others = [_elsewhere(both, positions[key], at) for key, at in zip(own["key"], own["at"], strict=True)]
    return own[["row_id"]].assign(
        what=what,
        shared=own["shared"],
        others=others,
        places=own["key"].map(times).astype("int64") - 1,
        common=own["key"].map(common).astype(bool),
        identity=own["key"].map(identity),
    )


def _elsewhere(both: pd.DataFrame, positions: list[int], at: int) -> list[int]:
    """The first of the positions that are another place than the claim's own."""
    here = tuple(both.loc[at, PLACE])
    return [one for one in positions[: NAMED + 1] if tuple(both.loc[one, PLACE]) != here][:NAMED]
