"""The csv files of a version: their columns, their order, their bytes, and the digest of the results.

Here belongs what machines read. What people read (names instead of codes, marks, layout) does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from reports.catalogue import catalogue
from reports.edition import Edition, made_once
from reports.harmless import large, without_formulas
from reports.sources import with_sources

RANKING = [
    "unit_code",
    "unit_name",
    "kind",
    "group",
    "base_score",
    "bonus",
    "penalty",
    "total_score",
    "provisional",
    "veto",
    "grade",
    "award",
    "rank",
]
RESULTS = [
    "unit_code",
    "section_code",
    "indicator_code",
    "points",
    "accepted_value",
    "target_value",
    "measure",
    "indicator_score",
    "deduction",
    "state",
    "provisional",
    "target_state",
]
INDICATOR_SCORES = [*RESULTS, "reason", "source_file", "sheet", "cell"]
OFFICIAL_SCORES = ["official_code", "unit_code", "role", "name", "from", "to", "days", "score", "state"]
FINDINGS = ["sender", "file", "sheet", "cell", "code", "severity", "raw", "message", "what_to_do"]
BATCH_ROWS = 200_000


@made_once
def ranking(edition: Edition) -> pd.DataFrame:
    """One row per unit, by kind, group and rank; unranked units last, in the administrative order."""
    definition = edition.definition
    rows = edition.total_scores.rename(columns={"unit_group": "group"})[RANKING]
    order = pd.DataFrame(
        {
            "kind": _position(rows["kind"], ["township", "department"]),
            "group": _position(rows["group"], [group.code for group in definition.rulebook.groups or ()]),
            "rank": rows["rank"].fillna(len(rows) + 1).astype("int64"),
            "unit": _position(rows["unit_code"], definition.units["unit_code"].drop_duplicates().tolist()),
        }
    )
    return _ordered(rows, order)


@made_once
def indicator_scores(edition: Edition) -> pd.DataFrame:
    """One row per unit and item, in the administrative and the rulebook's order, each with its cell."""
    items = catalogue(edition).items
    placed = with_sources(_in_order(edition, items), edition.accepted_values, items)
    if not edition.detailed:
        placed["reason"] = None
    return placed[INDICATOR_SCORES]


def _in_order(edition: Edition, items: pd.DataFrame) -> pd.DataFrame:
    rows = edition.indicator_scores
    order = pd.DataFrame(
        {
            "unit": _position(rows["unit_code"], edition.definition.units["unit_code"].drop_duplicates().tolist()),
            "section": _position(rows["section_code"], items["section_code"].drop_duplicates().tolist()),
            "item": _position(rows["indicator_code"], items["indicator_code"].drop_duplicates().tolist()),
        }
    )
    return _ordered(rows, order)


def official_scores(edition: Edition) -> pd.DataFrame:
    """One row per official and post, as officials.csv has them."""
    return edition.official_scores[OFFICIAL_SCORES]


def findings(edition: Edition) -> pd.DataFrame:
    """One row per fault or note, gravest first, then as they were found."""
    rows = edition.findings
    order = pd.DataFrame({"severity": _position(rows["severity"], ["error", "warning", "note"])})
    return _ordered(rows, order)[FINDINGS]


def _position(codes: pd.Series, order: list[str]) -> pd.Series:
    """Place of each code in `order`; unknown codes come last."""
    at, distinct = pd.factorize(codes)
    places = {code: place for place, code in enumerate(order)}
    known = np.array([*(places.get(code, len(places)) for code in distinct), len(places)], dtype="int64")
    return pd.Series(known[at], index=codes.index)


def _ordered(rows: pd.DataFrame, order: pd.DataFrame) -> pd.DataFrame:
    """By the columns of `order`, whole numbers from 0; rows of many units mostly stand so already."""
    key = np.zeros(len(order), dtype="int64")
    for name in order.columns:
        column = order[name].to_numpy()
        key = key * (int(column.max(initial=0)) + 1) + column
    in_order = rows if (key[1:] >= key[:-1]).all() else rows.iloc[np.argsort(key, kind="stable")]
    return in_order.reset_index(drop=True)


def csv_bytes(frame: pd.DataFrame) -> Iterator[bytes]:
    """The frame as UTF-8 with BOM, RFC 4180, `\\r\\n`, in batches; formulas made harmless."""
    yield b"\xef\xbb\xbf" + ",".join(frame.columns).encode() + b"\r\n"
    for start in range(0, len(frame), BATCH_ROWS):
        batch = frame.iloc[start : start + BATCH_ROWS]
        fields = [_fields(batch[column]) for column in frame.columns]
        lines = pc.binary_join_element_wise(*fields, large(","))
        whole = pa.LargeListArray.from_arrays([0, len(lines)], lines)
        yield pc.binary_join(whole, large("\r\n"))[0].as_buffer().to_pybytes() + b"\r\n"


def _fields(column: pd.Series) -> pa.LargeStringArray:
    known = pa.Array.from_pandas(column)
    if pa.types.is_floating(known.type) and known.null_count < len(known):
        raise TypeError(f"column {column.name!r} holds floats; published numbers are decimal text")
    if isinstance(known, pa.ChunkedArray):
        known = known.combine_chunks()
    # Codes, points and reasons repeat by the thousand: each distinct text is looked at once.
    distinct = pc.fill_null(known.cast(pa.large_string()), "").dictionary_encode()
    return _field(distinct.dictionary).take(distinct.indices)


def _field(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    safe = without_formulas(texts)
    doubled = pc.replace_substring(safe, '"', '""')
    quoted = pc.binary_join_element_wise(large('"'), doubled, large('"'), large(""))
    return pc.if_else(pc.match_substring_regex(safe, '[",\r\n]'), quoted, safe)


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write one published csv."""
    with path.open("wb") as out:
        out.writelines(csv_bytes(frame))


def read_csv(path: Path) -> pd.DataFrame:
    """A published csv as text; empty fields are NA and nothing else is ("NA" is a text)."""
    return pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8-sig")


@made_once
def results_digest(edition: Edition) -> str:
    """SHA-256 over what was scored: neither version nor date, nor wording, nor which file a value came in."""
    return _digest(ranking(edition), _in_order(edition, catalogue(edition).items)[RESULTS], official_scores(edition))


def published_results_digest(folder: Path) -> str:
    """`results_digest` of the edition that a published folder was written from, by its csv files."""
    tables = {name: read_csv(folder / f"{name}.csv") for name in ("ranking", "indicator_scores", "official_scores")}
    return _digest(tables["ranking"], tables["indicator_scores"][RESULTS], tables["official_scores"])


def _digest(*frames: pd.DataFrame) -> str:
    digest = hashlib.sha256()
    for frame in frames:
        for part in csv_bytes(frame):
            digest.update(part)
    return digest.hexdigest()
