"""Sources against each other: which submissions count first, and where two sources are too far apart.

Here belongs the order of trust and the comparison; what is accepted in the end stands in `acceptance.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pandas as pd

from evaluation.definition import Definition
from evaluation.identity import finding_ids
from evaluation.key_numbers import KEY, marked
from evaluation.rulebook import Rulebook

# What its sender can do about a value that came late in the place of one in time.
ASK_TO_REPLACE = "要替换按期报送的数，请申请更正"
_RANKED_BY = ["indicator_code", "source", "received_at", "seq", "row_id"]
# Nearer to the tolerance than this share, floats do not tell the sides apart: fractions do.
_NEAR = 1e-9


def reported(
    definition: Definition, values: pd.DataFrame, usable: npt.NDArray[np.bool_], numbers: npt.NDArray[np.int64]
) -> pd.DataFrame:
    """`ranked` for very many: of usable values `number`, that of their key, `at`, where they stand, and the source.

    What counts first stands first among those of one key; the keys are in no order.
    """
    rows = values.loc[usable, _RANKED_BY].assign(number=numbers[usable], at=np.flatnonzero(usable))
    rows = _weighed(definition, rows)
    rows = rows if rows["number"].is_unique else _in_order(rows, ["number"])
    return rows[["number", "at", "source", "late", "unverified"]]


def ranked(definition: Definition, values: pd.DataFrame, key: Sequence[str] = KEY) -> pd.DataFrame:
    """The values of sources that the rulebook names, with `late` and `unverified`; what counts first within its key.

    Order: trust of the source, in time before late, the latest submission first.
    """
    return _in_order(_weighed(definition, values), key)


def _in_order(weighed: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    return weighed.sort_values([*key, "trust", "late", "newest", "newest_row"], kind="stable")


def _weighed(definition: Definition, values: pd.DataFrame) -> pd.DataFrame:
    """The values of sources that the rulebook names, with all by which they are put in order."""
    figures = definition.rulebook.figures()
    trust = {(f.code, source): place for f in figures for place, source in enumerate(f.sources)}
    first_source = {figure.code: figure.sources[0] for figure in figures if figure.sources}
    pairs = pd.MultiIndex.from_frame(values[["indicator_code", "source"]])
    known = pd.Series(trust, dtype="float64").reindex(pairs) if trust else pd.Series(index=pairs, dtype="float64")
    rows = values.assign(
        trust=known.to_numpy(),
        late=came_late(definition.rulebook, values["received_at"]),
        unverified=((values["source"] == "self") & (values["indicator_code"].map(first_source) != "self")).to_numpy(),
        newest=-values["seq"].astype("int64"),
        newest_row=-values["row_id"].astype("int64"),
    )
    return rows[rows["trust"].notna()]


def came_late(rulebook: Rulebook, received_at: pd.Series[str]) -> npt.NDArray[np.bool_]:
    """Whether each row came after the due date. The moments are few, and each is looked at once."""
    due = rulebook.calendar.submissions_due
    moments, distinct = pd.factorize(received_at)
    days = pd.Series(distinct, dtype="str").str[:10]
    return marked(days > ("9999" if due is None else due.isoformat()), moments)


def discrepancies(definition: Definition, values: pd.DataFrame) -> pd.DataFrame:
    """Keys for which two sources differ by more than the figure's tolerance, as a share of the larger.

    Returns KEY with `source, submitted_value` of the value that counts, `other_source, other_value` and the
    other's `row_id`; one row per source that differs. `identity` and `finding_id` name both values, so that a
    resolution holds for exactly these.
    """
    tolerances = {f.code: f.tolerance for f in definition.rulebook.figures() if f.tolerance is not None}
    watched = values[values["indicator_code"].isin(tolerances) & (values["outcome"] == "accepted")]
    by_source = ranked(definition, watched).drop_duplicates([*KEY, "source"])
    best = by_source.drop_duplicates(KEY)[[*KEY, "source", "submitted_value"]]
    others = by_source[by_source.duplicated(KEY)][[*KEY, "source", "submitted_value", "row_id"]]
    others = others.rename(columns={"source": "other_source", "submitted_value": "other_value"})
    pairs = best.merge(others, on=KEY)
    allowed = pairs["indicator_code"].map(tolerances)
    return _named(pairs[_apart(pairs["submitted_value"], pairs["other_value"], allowed)])


def _apart(ones: pd.Series, others: pd.Series, tolerances: pd.Series) -> npt.NDArray[np.bool_]:
    """Whether |one − other| > tolerance × the larger, exactly; fractions only where floats are too near to tell."""
    one, other = pd.to_numeric(ones).to_numpy("float64"), pd.to_numeric(others).to_numpy("float64")
    larger = np.maximum(np.abs(one), np.abs(other))
    over = np.abs(one - other) - tolerances.astype("float64").to_numpy() * larger
    apart = np.asarray(over > 0, dtype=bool)
    for at in np.flatnonzero(np.abs(over) <= _NEAR * np.maximum(larger, 1)):
        a, b = Fraction(ones.iat[at]), Fraction(others.iat[at])
        apart[at] = abs(a - b) > tolerances.iat[at] * max(abs(a), abs(b))
    return apart


def _named(pairs: pd.DataFrame) -> pd.DataFrame:
    sides = [pairs[name] for name in ("source", "submitted_value", "other_source", "other_value")]
    both = sides[0] + "=" + sides[1] + "," + sides[2] + "=" + sides[3]
    key = pairs["unit_code"] + "," + pairs["indicator_code"] + "," + pairs["period"]
    named = pairs.assign(identity=(key + "," + both).astype("str"), code="DISCREPANCY")
    return named.assign(finding_id=finding_ids(named)).drop(columns="code")


def outranked(values: pd.DataFrame, chosen: pd.DataFrame) -> pd.Series[bool]:
    """Rows that an examiner has set aside: another source was chosen for their key (`number` and `source`)."""
    wanted = values["number"].map(chosen.drop_duplicates("number", keep="last").set_index("number")["source"])
    return wanted.notna() & (values["source"] != wanted)
