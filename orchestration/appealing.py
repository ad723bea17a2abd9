"""`kaohe appeal`: take appeals in, decide them, and correct what they upheld.

The page that lays out what is disputed is made in `appeal_pages.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets.named import unit_named
from orchestration.appeal_pages import write_page
from orchestration.correcting import Wanted, wanted
from orchestration.deciding import require_other
from orchestration.explaining import explanation
from orchestration.filing import ledger_of, require_received_on
from orchestration.previewing import Preview, preview_of
from resources.appeals import OUTCOMES, Appeal, AppealRefused, Ruling, appeals, decide_appeal, file_appeal
from resources.clock import now
from resources.home import Home
from resources.kaohe import work_on
from resources.refused import Refused
from resources.states import notice_began, standing

UPHELD = ("upheld", "partly")


@dataclass(frozen=True)
class Verdict:
    """What a decider says: one of OUTCOMES with a reason, and for an upheld appeal the value that corrects `figure`
    (default: the item's own) of `period` (default: the only one)."""

    outcome: str
    reason: str
    by: str
    value: str | None = None
    figure: str | None = None
    period: str | None = None


def take_in(home: Home, evaluation: str, asked: dict[str, str], *, once: bool = False) -> tuple[Appeal, Path]:
    """File an appeal by its payload (`resources.appeals.file_appeal`, also `once`); returns it and its page.

    Raises:
        AppealRefused: results are not on notice, or it came in before the notice period or after.
        Refused: a unit or indicator that there is not, a day that is none or to come, or a blank.
    """
    home.definition_files(evaluation)
    asked = {name: text.strip() for name, text in asked.items()}
    asked["unit_code"] = unit_named(work_on(home, evaluation).definition.unit_names, asked["unit_code"])
    explanation(home, evaluation, asked["unit_code"], asked["indicator_code"])
    if not (asked["grounds"] and asked["filed_by"] and asked["received_by"]):
        raise Refused("申诉理由（--grounds）、提出人（--filed-by）和经办人（--by）都要写明。")
    ledger = ledger_of(home)
    stands = standing(ledger, evaluation)
    received_on = asked["received_on"] or now()[:10]
    require_received_on(received_on)
    if not stands.on_notice:
        raise AppealRefused(f"现在是“{stands.state}”，公示期间才受理申诉；数据有误的，请申请更正。")
    if stands.notice_until and received_on > stands.notice_until:
        raise AppealRefused(f"公示期已于{stands.notice_until}止，{received_on}收到的不再受理。")
    if received_on < (began := notice_began(ledger, evaluation)):
        raise AppealRefused(f"公示从{began}开始，{received_on}收到的不是公示期间的申诉，请核对收到日期（--received）。")
    appeal = file_appeal(ledger, evaluation, {**asked, "received_on": received_on}, once=once)
    return appeal, write_page(home, evaluation, appeal)


def foreseen(home: Home, evaluation: str, number: int, verdict: Verdict) -> Preview | None:
    """What the decision would change for everybody; None where it corrects nothing. Writes nothing.

    Raises:
        AppealRefused, Refused: there is no such appeal, or the value cannot be.
    """
    appeal = appeal_of(home, evaluation, number)
    want = _correction(home, evaluation, appeal, verdict)
    return None if want is None else preview_of(want)


def decide(home: Home, evaluation: str, number: int, verdict: Verdict) -> Appeal:
    """Decide an appeal; where it is upheld, `value` corrects the figure.

    Raises:
        AppealRefused, TwoNamesNeeded, DecidesOwnCause, Refused, ValueHasChanged: nothing is written.
    """
    appeal = appeal_of(home, evaluation, number)
    if not verdict.reason.strip() or not verdict.by.strip():
        raise Refused("裁定理由（--reason）和裁定人（--by）都要写明。")
    require_other(work_on(home, evaluation).definition, [appeal.unit_code], verdict.by)
    want = _correction(home, evaluation, appeal, verdict)
    ruling = Ruling(verdict.outcome, verdict.reason.strip(), verdict.by.strip(), None if want is None else want.payload)
    in_force = None if want is None else want.correcting.in_force
    decided = decide_appeal(ledger_of(home), evaluation, number, ruling, in_force)
    write_page(home, evaluation, decided)
    return decided


def show(home: Home, evaluation: str, number: int, verdict: Verdict | None = None) -> Path:
    """Write the page of one appeal anew, with what `verdict` would change for everybody where one is thought of.

    Raises:
        AppealRefused, Refused: as in `foreseen`.
    """
    effect = None if verdict is None else foreseen(home, evaluation, number, verdict)
    return write_page(home, evaluation, appeal_of(home, evaluation, number), effect)


def listed(home: Home, evaluation: str) -> list[dict[str, Any]]:
    """All appeals with their receipt number and outcome in words."""
    home.definition_files(evaluation)
    found = appeals(ledger_of(home), evaluation).values()
    return [{**vars(one), "receipt": one.receipt, "outcome": OUTCOMES.get(one.outcome, "待裁定")} for one in found]


def appeal_of(home: Home, evaluation: str, number: int) -> Appeal:
    """Raises: AppealRefused: there is none of that number."""
    home.definition_files(evaluation)
    found = appeals(ledger_of(home), evaluation)
    if number not in found:
        raise AppealRefused(f"没有第{number}号申诉。现有：{'、'.join(map(str, found)) or '（无）'}。")
    return found[number]


def _correction(home: Home, evaluation: str, appeal: Appeal, verdict: Verdict) -> Wanted | None:
    if verdict.value is None:
        return None
    if verdict.outcome not in UPHELD:
        raise AppealRefused("只有支持或部分支持的申诉才更正数值。")
    asked = {
        "evaluation": evaluation,
        "unit": appeal.unit_code,
        "indicator": verdict.figure or appeal.indicator_code,
        "period": verdict.period,
        "old_value": None,
        "value": verdict.value,
        "reason": verdict.reason.strip(),
        "reason_class": "申诉",
        "document": f"{appeal.receipt}（台账第{appeal.seq}号）",
        "by": appeal.received_by,
    }
    return wanted(home, asked)
