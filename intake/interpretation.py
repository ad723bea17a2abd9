"""What the rows of each kind of table say: one function per kind, over all files at once.

Here belongs the order in which a row is examined and what is kept of it. How a cell is read is in the
modules called; nothing is written anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evaluation.corrected import FIGURE, REASON_CLASSES, SUBJECT_NAMES
from intake.amounts import read_amounts
from intake.characters import code_text
from intake.choices import check_levels, check_marks, check_pieces, check_self_scores
from intake.coded import Coded, coded
from intake.due_periods import check_periods
from intake.headers import OF_CORRECTIONS
from intake.keys import (
    Catalogue,
    check_reported,
    check_units,
    note_merged,
    note_names,
    refuse_unreadable_keys,
    refuse_what_is_no_data,
    refuse_when_closed,
)
from intake.names import chosen_code
from intake.numbers import MOST_STORED_DIGITS
from intake.periods import read_day
from intake.raw import LONGEST_TEXT, NUMBER
from intake.raw_rows import RawRows
from intake.repeats import settle_repeats
from intake.suspicions import hold_suspect_fractions
from intake.verdicts import Verdicts, mask_of

_VERBATIM = ("unit_name", "indicator_name", "item_name", "filled_by", "note", "object_id", "level", "document")
_ODD = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\x{fffd}\p{Cf}\p{Zl}\p{Zp}]"
_SUBJECTS = {code_text(word): code for code, name in SUBJECT_NAMES.items() for word in (code, name)}
_STATUSES = {"": "actual", "实际": "actual", "actual": "actual", "预计": "forecast", "forecast": "forecast"}


@dataclass(frozen=True, eq=False)
class Interpreted:
    """`rows` has the columns that were understood, per row; text, "" where there is nothing."""

    rows: pd.DataFrame
    verdicts: Verdicts


@dataclass(frozen=True, eq=False)
class Senders:
    """Per file: its ledger entry, who sent it, which source that is, and when it was received."""

    seqs: Sequence[int]
    senders: Sequence[str]
    sources: Sequence[str]
    received: Sequence[str]


class _Rows:
    """What the interpreters of all kinds need: the rows' verdicts, and who sent them when."""

    def __init__(self, rows: RawRows, senders: Senders, catalogue: Catalogue) -> None:
        self.verdicts, self.catalogue = Verdicts(rows), catalogue
        self.seqs = Coded(rows.files, senders.seqs)
        per_file = (senders.senders, senders.sources, senders.received)
        self.senders, self.sources, self.received = (Coded(rows.files, column).map(str) for column in per_file)

    def texts(self, *columns: str) -> dict[str, pd.Series]:
        """Columns that are kept without spaces around them."""
        return {column: self.verdicts.texts(column).map(str.strip).texts() for column in columns}

    def units(self) -> Coded[str]:
        return check_units(self.verdicts, self.senders, self.sources, self.catalogue)

    def reported(self, column: str) -> Coded[str]:
        return check_reported(self.verdicts, column, self.sources, self.catalogue)

    def wanted(self, codes: Coded[str]) -> Coded[str]:
        """The units of measure in which figures are due."""
        return codes.map(lambda code: self.catalogue.units_of_measure.get(code, ""))


def interpret_rows(rows: RawRows, senders: Senders, catalogue: Catalogue) -> Interpreted:
    """What the rows of one kind say, and what is wrong with them."""
    if not len(rows):
        return Interpreted(rows.texts, Verdicts(rows))
    sent = _Rows(rows, senders, catalogue)
    if rows.kind.name not in OF_CORRECTIONS:
        refuse_when_closed(sent.verdicts, sent.seqs, catalogue)
    refuse_what_is_no_data(sent.verdicts)
    _refuse_long_texts(sent.verdicts)
    understood = _INTERPRETERS[rows.kind.name](sent)
    _note_odd_characters(sent.verdicts)
    return Interpreted(understood, sent.verdicts)


def _refuse_long_texts(verdicts: Verdicts) -> None:
    for column, texts in verdicts.rows.texts.items():
        long = mask_of(texts.str.len() > LONGEST_TEXT)
        if long.any():
            verdicts.add("TEXT_TOO_LONG", long, str(column), coded(texts.str.len().astype("str") + " 个字符"))


def _note_odd_characters(verdicts: Verdicts) -> None:
    """In texts that are kept as they are; those of keys and numbers are read or refused for them."""
    for column in set(_VERBATIM) & set(verdicts.rows.texts):
        texts = verdicts.rows.texts[column]
        if (texts != "").any():
            verdicts.add("ODD_CHARACTERS", mask_of(texts.str.contains(_ODD)), column)


def _figures(sent: _Rows) -> pd.DataFrame:
    verdicts, keys = sent.verdicts, ("unit_code", "indicator_code", "period")
    refuse_unreadable_keys(verdicts, keys)
    units, codes = sent.units(), sent.reported("indicator_code")
    by_heading = verdicts.rows.by_heading
    periods = check_periods(verdicts, codes, sent.received, sent.catalogue, may_be_empty=by_heading)
    statuses = _statuses(verdicts)
    wanted = sent.wanted(codes)
    amounts = read_amounts(verdicts, "value", wanted)
    hold_suspect_fractions(verdicts, units, codes, wanted, amounts, sent.catalogue)
    found = pd.DataFrame({"submitted_value": amounts.values, "status": statuses.texts()})
    settle_repeats(verdicts, [units, codes, periods], found)
    note_names(verdicts, units, sent.catalogue)
    note_merged(verdicts, keys)
    texts = verdicts.rows.texts
    return found.assign(
        unit_code=units.texts(),
        indicator_code=codes.texts(),
        period=periods.texts(),
        raw=texts["value"],
        unit_of_measure=wanted.texts(),
        filled_by=texts["filled_by"],
        note=texts["note"],
    )


def _statuses(verdicts: Verdicts) -> Coded[str]:
    raw = verdicts.texts("status").map(lambda text: text.strip().lower())
    verdicts.add("STATUS", raw.where(lambda text: text not in _STATUSES), "status")
    return raw.map(lambda text: _STATUSES.get(text, ""))


def _claims(sent: _Rows) -> pd.DataFrame:
    verdicts, keys = sent.verdicts, ("unit_code", "item_code")
    texts = verdicts.rows.texts
    refuse_unreadable_keys(verdicts, (*keys, "object_id"))
    units, codes = sent.units(), sent.reported("item_code")
    found = pd.DataFrame({"unit_code": units.texts(), "item_code": codes.texts()})
    found["object_id"] = check_pieces(verdicts, codes, sent.catalogue).texts()
    found["level"] = check_levels(verdicts, codes, sent.catalogue).texts()
    substance = ["object_id", "level", "quantity", "date", "document"]
    verdicts.add("MISSING", mask_of((texts[substance] == "").all(axis=1)), "object_id")
    verdicts.add("OBJECT", mask_of(found["object_id"] == "") & verdicts.accepted, "object_id")
    _refuse_cut_numbers(verdicts)
    found["quantity"] = read_amounts(verdicts, "quantity", codes.map(lambda _: ""), may_be_empty=True).values
    found["date"] = _days(verdicts)
    found = found.assign(**sent.texts("document", "page"), note=texts["note"])
    settle_repeats(verdicts, [coded(found[column]) for column in found], found[[]], may_conflict=False)
    note_names(verdicts, units, sent.catalogue)
    note_merged(verdicts, keys)
    return found


def _refuse_cut_numbers(verdicts: Verdicts) -> None:
    """Numbers of certificates that a spreadsheet took for quantities, of which it keeps fifteen digits."""
    texts, kinds = verdicts.rows.texts["object_id"], verdicts.rows.kinds["object_id"]
    cut = mask_of((kinds == NUMBER) & (texts.str.len() > MOST_STORED_DIGITS))
    verdicts.add("DIGITS", cut, "object_id", f"按数存储，第 {MOST_STORED_DIGITS} 位以后的数字已经丢失")


def _days(verdicts: Verdicts) -> pd.Series:
    raw = verdicts.texts("date")
    verdicts.add("CLAIM_DATE", raw.where(lambda text: bool(text.strip()) and not read_day(text)), "date")
    return raw.map(read_day).texts()


def _marks(sent: _Rows) -> pd.DataFrame:
    verdicts, keys = sent.verdicts, ("unit_code", "indicator_code", "judge")
    refuse_unreadable_keys(verdicts, keys)
    units, codes = sent.units(), sent.reported("indicator_code")
    judges = verdicts.texts("judge").map(code_text)
    marks = read_amounts(verdicts, "mark", codes.map(lambda _: "")).values
    verdicts.add("JUDGE", judges.where(lambda judge: not judge) & verdicts.accepted, "judge")
    found = pd.DataFrame({"unit_code": units.texts(), "indicator_code": codes.texts(), "mark": marks})
    check_marks(verdicts, found, sent.catalogue)
    settle_repeats(verdicts, [units, codes, judges], found[["mark"]])
    note_names(verdicts, units, sent.catalogue)
    note_merged(verdicts, keys)
    return found.assign(judge=judges.texts(), note=verdicts.rows.texts["note"])


def _self_scores(sent: _Rows) -> pd.DataFrame:
    verdicts, keys = sent.verdicts, ("unit_code", "indicator_code")
    refuse_unreadable_keys(verdicts, keys)
    units, codes = sent.units(), sent.reported("indicator_code")
    found = pd.DataFrame({"unit_code": units.texts(), "indicator_code": codes.texts()})
    found["self_score"] = read_amounts(verdicts, "self_score", codes.map(lambda _: "")).values
    check_self_scores(verdicts, found, sent.catalogue)
    settle_repeats(verdicts, [units, codes], found[["self_score"]])
    note_merged(verdicts, keys)
    return found.assign(note=verdicts.rows.texts["note"])


def _corrections(sent: _Rows) -> pd.DataFrame:
    verdicts, keys = sent.verdicts, ("unit_code", "indicator_code", "period")
    refuse_unreadable_keys(verdicts, keys)
    units, codes = sent.units(), sent.reported("indicator_code")
    anywhere = np.ones(len(codes), dtype=bool)
    periods = check_periods(verdicts, codes, sent.received, sent.catalogue, may_be_empty=anywhere)
    wanted = sent.wanted(codes)
    found = pd.DataFrame({"unit_code": units.texts(), "indicator_code": codes.texts(), "period": periods.texts()})
    found["new_value"] = read_amounts(verdicts, "new_value", wanted).values
    found["old_value"] = read_amounts(verdicts, "old_value", wanted, may_be_empty=True).values
    found = _with_reasons(sent, found.assign(subject="", object="", field=""))
    settle_repeats(verdicts, [units, codes, periods], found[["old_value", "new_value"]])
    note_names(verdicts, units, sent.catalogue)
    note_merged(verdicts, keys)
    return found


def _cells(sent: _Rows) -> pd.DataFrame:
    """Corrections of targets, claims and whatever else may be corrected: as written, for what may stand in such a cell
    is known where it is looked up."""
    verdicts, keys = sent.verdicts, ("subject", "unit_code", "indicator_code", "period", "object", "field")
    refuse_unreadable_keys(verdicts, (*keys, "old_value", "new_value"))
    subjects = verdicts.texts("subject").map(lambda text: _SUBJECTS.get(code_text(text), ""))
    verdicts.add("SUBJECT", subjects.where(lambda subject: not subject), "subject")
    units, codes = sent.units(), verdicts.texts("indicator_code").map(lambda text: _named(text, sent.catalogue))
    named = {"subject": subjects.texts(), "unit_code": units.texts(), "indicator_code": codes.texts()}
    found = _with_reasons(sent, pd.DataFrame(named | sent.texts("period", "object", "field", "old_value", "new_value")))
    stated = sent.texts("unit_of_measure")["unit_of_measure"].where(found["subject"] == FIGURE, "")
    for value in ("old_value", "new_value"):
        found[value] += stated.where(found[value].str.contains(r"\d$"), "")
    settle_repeats(verdicts, [coded(found[key]) for key in keys], found[["old_value", "new_value"]])
    note_names(verdicts, units, sent.catalogue)
    note_merged(verdicts, keys)
    return found


def _named(text: str, catalogue: Catalogue) -> str:
    """The code of what has just that name or was chosen from a list, else what is written."""
    codes = catalogue.names.get(code_text(text), frozenset())
    return next(iter(codes)) if len(codes) == 1 else chosen_code(text) if "〔" in text else text.strip()


def _with_reasons(sent: _Rows, found: pd.DataFrame) -> pd.DataFrame:
    verdicts, found = sent.verdicts, found.assign(**sent.texts("reason", "reason_class", "document", "requested_by"))
    verdicts.add("REASON", mask_of(found["reason"] == "") & verdicts.accepted, "reason")
    unknown = ~found["reason_class"].isin(["", *REASON_CLASSES])
    verdicts.add("REASON_CLASS", mask_of(unknown) & verdicts.accepted, "reason_class")
    return found


_INTERPRETERS = {
    "figures": _figures,
    "claims": _claims,
    "marks": _marks,
    "self_scores": _self_scores,
    "cells": _cells,
    "corrections": _corrections,
}
