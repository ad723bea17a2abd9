"""Double claims: one patent, certificate, project, document or file claimed in two places.

A place is an evaluation, a unit and an item; inside one place the same object is one matter and no double claim.
"""

from __future__ import annotations

import unicodedata

import pandas as pd

from evaluation.claims import EXEMPTION
from evaluation.reporting import claim_readers, pieces_of
from evaluation.rulebook import Rulebook

PLACE = ["evaluation", "unit_code", "item_code"]
# Shorter numbers are running numbers within a list, not names of things.
SHORTEST = 4
COLUMNS = ["row_id", "what", "shared", "others", "places", "common", "identity"]
# What one office lists for so many places in one file is a label or a notice to all of them.
MANY = 3
# So many other places are named.
NAMED = 5


def written_alike(text: str) -> str:
    """Letters and digits alone, half-width and small: what stays however a number is typed.

    >>> written_alike("ＺＬ 2025-1 0123456.7") == written_alike("zl２０２５１０１２３４５６７")
    True
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if unicodedata.category(character)[0] in "LN")


def double_claims(
    rulebook: Rulebook, claims: pd.DataFrame, previous: pd.DataFrame, evidence: pd.DataFrame
) -> pd.DataFrame:
    """One row per claim of this evaluation and thing that is claimed elsewhere too, with COLUMNS.

    `claims` are submitted claims that can be read, `previous` last year's that counted, `evidence` files (`sender`,
    `name`, `sha256`). `what` is `object`, `document` or `file`, `shared` the text as claimed; `others` are the first
    rows of the other places as positions in claims + previous, `places` how many places those are. `common`: it is
    rather a label that one office lists for many in one file. `identity` is the same for all who share the thing.
    """
    both = pd.concat(
        [claims.assign(evaluation=rulebook.evaluation), previous.assign(evaluation=rulebook.previous or "")],
        ignore_index=True,
    )
    both = both.assign(at=range(len(both)), current=[True] * len(claims) + [False] * len(previous))
    found = pd.concat([_shared(both, *thing) for thing in _things(rulebook, both, evidence)], ignore_index=True)
    # A notice that one office lists for many is nobody's claim to the same thing; an object code is odd even so.
    found = found[~found["common"] | (found["what"] == "object")]
    # The same object with the same document in the same places is told once, as the object.
    first = found.assign(places=[",".join(map(str, others)) for others in found["others"]])
    return found[~first.duplicated(["row_id", "places"])].reset_index(drop=True)


def _things(
    rulebook: Rulebook, both: pd.DataFrame, evidence: pd.DataFrame
) -> list[tuple[str, pd.Series[str], pd.Series]]:
    """For objects, documents and files: what is compared (NA: nothing), and how it was written."""
    lists = checklist_items(rulebook)
    open_to_all = both["item_code"].isin(lists)
    documents = ~open_to_all & (both["level"].fillna("") != EXEMPTION)
    objects = _alike(both["object_id"]).where(~open_to_all)
    files = _files_named(both, evidence).where(documents)
    return [
        ("object", objects.where(objects.str.len() >= SHORTEST), both["object_id"]),
        ("file", files, both["document"]),
        ("document", _alike(both["document"]).where(documents), both["document"]),
    ]


def checklist_items(rulebook: Rulebook) -> set[str]:
    """Items whose claims name pieces of a list that is the same for everybody."""
    return {code for code, places in claim_readers(rulebook).items() if pieces_of(places)}


def _alike(texts: pd.Series) -> pd.Series:
    known = {text: written_alike(text) for text in texts.dropna().unique()}
    alike = texts.map(known)
    return alike.where(alike.notna() & (alike != ""))


def _files_named(claims: pd.DataFrame, evidence: pd.DataFrame) -> pd.Series:
    """SHA-256 of the evidence that a claim's document names, by its sender: with or without the ending."""
    by_name: dict[tuple[str, str], str] = {}
    for sender, name, digest in zip(evidence["sender"], evidence["name"], evidence["sha256"], strict=True):
        file = name.rsplit("/", 1)[-1]
        by_name[sender, written_alike(file.rsplit(".", 1)[0])] = digest
        by_name[sender, written_alike(file)] = digest
    names = [
        None if pd.isna(document) else by_name.get((sender, written_alike(document)))
        for sender, document in zip(claims["sender"], claims["document"], strict=True)
    ]
    return pd.Series(names, index=claims.index, dtype="object")


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
