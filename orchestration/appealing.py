"""`kaohe appeal`: take appeals in, lay out what is disputed, decide them, and correct what they upheld."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from assets.editions import draft_of
from evaluation.states import NOTICE, REVIEWED
from orchestration.correcting import approve_correction, request_correction
from orchestration.explaining import explanation
from orchestration.filing import ledger_of
from orchestration.refusals import Refused
from reports.appeal_page import appeal_page
from resources.appeals import OUTCOMES, Appeal, AppealRefused, appeals, decide_appeal, file_appeal
from resources.archive import write_whole
from resources.clock import now
from resources.corrections import corrections
from resources.dropped import EVIDENCE
from resources.home import Home
from resources.kaohe import Work, work_on
from resources.publications import Publications
from resources.states import standing

UPHELD = ("upheld", "partly")


def take_in(home: Home, evaluation: str, asked: dict[str, str]) -> tuple[Appeal, Path]:
    """File an appeal with the fields of its payload (`resources.appeals.file_appeal`); returns it and its page.

    Raises:
        AppealRefused: results are not on notice, or the notice period was over on the day it came in.
        Refused: a unit or indicator that there is not, or a date that is none.
    """
    home.definition_files(evaluation)
    explanation(home, evaluation, asked["unit_code"], asked["indicator_code"])
    ledger = ledger_of(home)
    stands = standing(ledger, evaluation)
    received_on = asked["received_on"] or now()[:10]
    if stands.state not in (NOTICE, REVIEWED):
        raise AppealRefused(f"现在是“{stands.state}”，公示期间才受理申诉；公示前请直接申请更正。")
    if stands.notice_until and received_on > stands.notice_until:
        raise AppealRefused(f"公示期已于{stands.notice_until}止，{received_on}收到的不再受理。")
    try:
        appeal = file_appeal(ledger, evaluation, {**asked, "received_on": received_on})
    except ValueError:
        raise Refused(f"收到日期“{received_on}”不是日期，应写成 2026-01-15。") from None
    return appeal, write_page(home, evaluation, appeal)


def decide(
    home: Home, evaluation: str, number: int, outcome: str, reason: str, by: str, value: str | None, period: str | None
) -> tuple[Appeal, int | None]:
    """Decide an appeal; where it is upheld, `value` corrects the figure. Returns it and the correction's number.

    Raises:
        AppealRefused, TwoNamesNeeded, Refused, ValueHasChanged: as their names say.
    """
    ledger = ledger_of(home)
    appeal = _appeal(home, evaluation, number)
    if value is not None and outcome not in UPHELD:
        raise AppealRefused("只有支持或部分支持的申诉才更正数值。")
    seq = None
    if value is not None:
        seq = _waiting(home, evaluation, appeal) or _requested(home, evaluation, appeal, reason, value, period)
    decided = decide_appeal(ledger, evaluation, number, outcome, reason, by)
    if seq is not None:
        approve_correction(home, evaluation, seq, by)
    write_page(home, evaluation, decided)
    return decided, seq


def write_page(home: Home, evaluation: str, appeal: Appeal) -> Path:
    """The page on the appeal as things stand now; returns where it lies."""
    work = work_on(home, evaluation)
    (told,) = explanation(home, evaluation, appeal.unit_code, appeal.indicator_code)
    shown = Publications(home, work.ledger, evaluation).newest()
    edition = draft_of(work).edition
    edition = edition if shown is None else replace(edition, version=shown.version)
    files = work.read("received_files")
    own = files[(files["sender"] == appeal.unit_code) & files["name"].str.startswith(f"{EVIDENCE}/")]
    outcome = OUTCOMES.get(appeal.outcome, "")
    page = appeal_page(edition, appeal, outcome, told, _history(work, appeal), own["name"].tolist())
    place = home.appeals / evaluation / f"{appeal.number:03}.html"
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, page.encode())
    return place


def listed(home: Home, evaluation: str) -> list[dict[str, Any]]:
    """All appeals with their receipt number and outcome in words."""
    home.definition_files(evaluation)
    found = appeals(ledger_of(home), evaluation).values()
    return [{**vars(one), "receipt": one.receipt, "outcome": OUTCOMES.get(one.outcome, "待裁定")} for one in found]


def page_of(home: Home, evaluation: str, number: int) -> Path:
    """Write the page of one appeal anew. Raises: AppealRefused: there is none of that number."""
    return write_page(home, evaluation, _appeal(home, evaluation, number))


def _appeal(home: Home, evaluation: str, number: int) -> Appeal:
    home.definition_files(evaluation)
    found = appeals(ledger_of(home), evaluation)
    if number not in found:
        raise AppealRefused(f"没有第{number}号申诉。现有：{'、'.join(map(str, found)) or '（无）'}。")
    return found[number]


def _history(work: Work, appeal: Appeal) -> pd.DataFrame:
    rulebook, values = work.definition.rulebook, work.read("submitted_values")
    codes = [f.code for f in rulebook.figures() if any(p.chain[0].code == appeal.indicator_code for p in f.places)]
    own = values[(values["unit_code"] == appeal.unit_code) & values["indicator_code"].isin(codes)]
    return own.sort_values(["seq", "row_id"], kind="stable")


def _document(appeal: Appeal) -> str:
    return f"{appeal.receipt}（台账第{appeal.seq}号）"


def _waiting(home: Home, evaluation: str, appeal: Appeal) -> int | None:
    """A correction that an earlier, interrupted decision on this appeal has asked for."""
    asked = corrections(ledger_of(home), evaluation)
    own = asked.loc[asked["document"] == _document(appeal), "seq"]
    return None if own.empty else int(own.iloc[-1])


def _requested(home: Home, evaluation: str, appeal: Appeal, reason: str, value: str, period: str | None) -> int:
    asked = {
        "evaluation": evaluation,
        "unit": appeal.unit_code,
        "indicator": appeal.indicator_code,
        "period": period,
        "old_value": None,
        "value": value,
        "reason": reason,
        "reason_class": "申诉",
        "document": _document(appeal),
        "by": appeal.received_by,
    }
    entries, _ = request_correction(home, asked, None)
    return entries[0].seq
