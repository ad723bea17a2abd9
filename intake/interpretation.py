"""What the rows of each kind of table say: one function per kind, over all files at once.

Here belongs the order in which a row is examined and what is kept of it. How a cell is read is in the
modules called; nothing is written anywhere.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from intake.amounts import read_amounts
from intake.choices import check_levels, check_marks, check_pieces, check_self_scores
from intake.due_periods import check_periods
from intake.keys import (
    Catalogue,
    check_reported,
    check_units,
    note_merged,
    note_names,
    refuse_merged,
    refuse_what_is_no_data,
)
from intake.periods import read_day
from intake.raw import LONGEST_TEXT
from intake.raw_rows import RawRows
from intake.repeats import settle_repeats
from intake.verdicts import Verdicts, each_once, looked_up, mask_of

_STATUSES = {"": "actual", "实际": "actual", "actual": "actual", "预计": "forecast", "forecast": "forecast"}


@dataclass(frozen=True, eq=False)
class Interpreted:
    """`rows` has the columns that were understood, per row; text, "" where there is nothing."""

    rows: pd.DataFrame
    verdicts: Verdicts


@dataclass(frozen=True, eq=False)
class Senders:
    """Per file: who sent it, which source that is, and when it was received."""

    senders: pd.Series
    sources: pd.Series
    received: pd.Series

    def of(self, rows: RawRows) -> "Senders":
        """The same, per row."""
        return Senders(*(_taken(column, rows) for column in (self.senders, self.sources, self.received)))


def _taken(column: pd.Series, rows: RawRows) -> pd.Series:
    return column.iloc[rows.files].reset_index(drop=True)


def interpret_rows(rows: RawRows, senders: Senders, catalogue: Catalogue) -> Interpreted:
    """What the rows of one kind say, and what is wrong with them."""
    verdicts = Verdicts(rows)
    if not len(rows):
        return Interpreted(rows.texts, verdicts)
    refuse_what_is_no_data(verdicts)
    _refuse_long_texts(verdicts)
    return _INTERPRETERS[rows.kind.name](verdicts, senders.of(rows), catalogue)


def _refuse_long_texts(verdicts: Verdicts) -> None:
    for column, texts in verdicts.rows.texts.items():
        lengths = texts.str.len()
        long = mask_of(lengths > LONGEST_TEXT)
        verdicts.add("TEXT_TOO_LONG", long, str(column), lengths.astype("str") + " 个字符")


def _figures(verdicts: Verdicts, senders: Senders, catalogue: Catalogue) -> Interpreted:
    texts, keys = verdicts.rows.texts, ("unit_code", "indicator_code", "period")
    refuse_merged(verdicts, keys)
    found = pd.DataFrame({"unit_code": check_units(verdicts, senders.senders, senders.sources, catalogue)})
    found["indicator_code"] = check_reported(verdicts, "indicator_code", senders.sources, catalogue)
    found["period"] = check_periods(
        verdicts, found["indicator_code"], senders.received, catalogue, may_be_empty=verdicts.rows.by_heading
    )
    found["status"] = _statuses(verdicts)
    wanted = _units_wanted(found["indicator_code"], catalogue)
    found["submitted_value"] = read_amounts(verdicts, "value", wanted)
    settle_repeats(verdicts, found[[*keys]], found[["submitted_value", "status"]])
    note_names(verdicts, found["unit_code"], catalogue)
    note_merged(verdicts, keys)
    kept = texts[["filled_by", "note"]].assign(raw=texts["value"], unit_of_measure=wanted)
    return Interpreted(pd.concat([found, kept], axis=1), verdicts)


def _units_wanted(codes: pd.Series, catalogue: Catalogue) -> pd.Series:
    return looked_up(codes, catalogue.units_of_measure)


def _statuses(verdicts: Verdicts) -> pd.Series:
    raw = verdicts.rows.texts["status"].str.strip()
    verdicts.add("STATUS", mask_of(~raw.isin(list(_STATUSES))), "status")
    return looked_up(raw, _STATUSES)


def _claims(verdicts: Verdicts, senders: Senders, catalogue: Catalogue) -> Interpreted:
    texts, keys = verdicts.rows.texts, ("unit_code", "item_code")
    refuse_merged(verdicts, (*keys, "object_id"))
    found = pd.DataFrame({"unit_code": check_units(verdicts, senders.senders, senders.sources, catalogue)})
    found["item_code"] = check_reported(verdicts, "item_code", senders.sources, catalogue)
    found["object_id"] = check_pieces(verdicts, found["item_code"], catalogue)
    found["level"] = check_levels(verdicts, found["item_code"], catalogue)
    substance = ["object_id", "level", "quantity", "date", "document"]
    verdicts.add("MISSING", mask_of((texts[substance] == "").all(axis=1)), "object_id")
    verdicts.add("OBJECT", mask_of(found["object_id"] == "") & verdicts.accepted, "object_id")
    found["quantity"] = read_amounts(verdicts, "quantity", _nothing(found), may_be_empty=True)
    found["date"] = _days(verdicts)
    for column in ("document", "page", "note"):
        found[column] = texts[column].str.strip() if column != "note" else texts[column]
    settle_repeats(verdicts, found, found[[]], may_conflict=False)
    note_names(verdicts, found["unit_code"], catalogue)
    note_merged(verdicts, keys)
    return Interpreted(found, verdicts)


def _nothing(frame: pd.DataFrame) -> pd.Series:
    return pd.Series("", index=frame.index, dtype="str")


def _days(verdicts: Verdicts) -> pd.Series:
    raw = verdicts.rows.texts["date"]
    days = each_once(raw, read_day)
    verdicts.add("CLAIM_DATE", mask_of((raw.str.strip() != "") & (days == "")), "date")
    return days


def _marks(verdicts: Verdicts, senders: Senders, catalogue: Catalogue) -> Interpreted:
    texts, keys = verdicts.rows.texts, ("unit_code", "indicator_code", "judge")
    refuse_merged(verdicts, keys)
    found = pd.DataFrame({"unit_code": check_units(verdicts, senders.senders, senders.sources, catalogue)})
    found["indicator_code"] = check_reported(verdicts, "indicator_code", senders.sources, catalogue)
    found["judge"] = texts["judge"].str.strip()
    found["mark"] = read_amounts(verdicts, "mark", _nothing(found))
    verdicts.add("JUDGE", mask_of(found["judge"] == "") & verdicts.accepted, "judge")
    check_marks(verdicts, found, catalogue)
    settle_repeats(verdicts, found[[*keys]], found[["mark"]])
    note_names(verdicts, found["unit_code"], catalogue)
    note_merged(verdicts, keys)
    return Interpreted(found.assign(note=texts["note"]), verdicts)


def _self_scores(verdicts: Verdicts, senders: Senders, catalogue: Catalogue) -> Interpreted:
    texts, keys = verdicts.rows.texts, ("unit_code", "indicator_code")
    refuse_merged(verdicts, keys)
    found = pd.DataFrame({"unit_code": check_units(verdicts, senders.senders, senders.sources, catalogue)})
    found["indicator_code"] = check_reported(verdicts, "indicator_code", senders.sources, catalogue)
    found["self_score"] = read_amounts(verdicts, "self_score", _nothing(found))
    check_self_scores(verdicts, found, catalogue)
    settle_repeats(verdicts, found[[*keys]], found[["self_score"]])
    note_merged(verdicts, keys)
    return Interpreted(found.assign(note=texts["note"]), verdicts)


def _corrections(verdicts: Verdicts, senders: Senders, catalogue: Catalogue) -> Interpreted:
    texts, keys = verdicts.rows.texts, ("unit_code", "indicator_code", "period")
    refuse_merged(verdicts, keys)
    found = pd.DataFrame({"unit_code": check_units(verdicts, senders.senders, senders.sources, catalogue)})
    codes = check_reported(verdicts, "indicator_code", senders.sources, catalogue)
    anywhere = np.ones(len(codes), dtype=bool)
    periods = check_periods(verdicts, codes, senders.received, catalogue, may_be_empty=anywhere)
    wanted = _units_wanted(codes, catalogue)
    found = found.assign(indicator_code=codes, period=periods)
    found["new_value"] = read_amounts(verdicts, "new_value", wanted)
    found["old_value"] = read_amounts(verdicts, "old_value", wanted, may_be_empty=True)
    for column in ("reason", "reason_class", "document", "requested_by"):
        found[column] = texts[column].str.strip()
    verdicts.add("REASON", mask_of(found["reason"] == "") & verdicts.accepted, "reason")
    settle_repeats(verdicts, found[[*keys]], found[["old_value", "new_value"]])
    note_names(verdicts, found["unit_code"], catalogue)
    note_merged(verdicts, keys)
    return Interpreted(found, verdicts)


_INTERPRETERS = {
    "figures": _figures,
    "claims": _claims,
    "marks": _marks,
    "self_scores": _self_scores,
    "corrections": _corrections,
}
