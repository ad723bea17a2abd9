"""Appeals in the browser: a unit files one against an item of its own, somebody else than who took it in decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from evaluation.definition import Definition
from guard.users import EVERYBODY
from orchestration import appealing
from orchestration.appealing import UPHELD, Verdict
from orchestration.desk.choices import of_item
from orchestration.desk.corrections import SEND
from orchestration.desk.effects import Effect, effect_shown
from orchestration.desk.results import scored_items
from orchestration.desk.shared import Desk, page
from reports.harmless import visible
from resources.accounts import same_person
from resources.appeals import OUTCOMES, Appeal, appeals
from resources.states import standing


@page(*EVERYBODY)
def listed(desk: Desk) -> Response:
    own = [one for one in _appeals(desk).values() if one.unit_code in desk.units]
    stands = standing(desk.ledger, desk.evaluation)
    return desk.page(
        "appeals.html", appeals=[_told(desk, one) for one in own[::-1]], stands=stands, taken_in=desk.takes_appeals
    )


@page(*EVERYBODY)
def new(desk: Desk) -> Response:
    """A unit files its own; for paper, who examines takes it in and says who filed it, and when."""
    form, units = desk.form, desk.units
    unit = form["unit"] or (next(iter(units)) if len(units) == 1 else "")
    if unit and unit not in units:
        raise HTTPException(403)
    if form.sent and _filled(desk, unit):
        by = desk.user.name
        asked = {
            "unit_code": unit,
            "indicator_code": form["indicator"],
            "grounds": form["grounds"],
            "document": form["document"],
            "filed_by": form["filed_by"] if desk.user.examines else by,
            "received_by": by,
            "received_on": form["received_on"] if desk.user.examines else "",
        }
        made = form.done(lambda: appealing.take_in(desk.home, desk.evaluation, asked, once=True))
        if made is not None:
            return desk.to("appeals", filed=made[0].number)
    items = {place.item.code: place.item.name for place in desk.definition.rulebook.top_items()}
    scored = scored_items(desk, unit)
    items = {code: name for code, name in items.items() if code in scored} or items
    return desk.page(
        "appeal_new.html", units=units, unit=unit, items=items, taken_in=desk.takes_appeals, state=_state(desk)
    )


def _filled(desk: Desk, unit: str) -> bool:
    form = desk.form
    if not unit:
        form.faults["unit"] = "请选择单位。"
    wanted = {"indicator": "请选择对哪一项得分有异议。", "grounds": "请写明申诉理由。"}
    if desk.user.examines:
        wanted["filed_by"] = "请写明是谁提出的。"
    return form.require(**wanted)


@page(*EVERYBODY)
def decide(desk: Desk) -> Response:
    """One appeal; who examines sees what a ruling would change and then makes it."""
    form = desk.form
    number = int(form["number"]) if form["number"].isdecimal() and len(form["number"]) < 9 else 0
    appeal = _appeals(desk).get(number)
    if appeal is None:
        raise HTTPException(404)
    if appeal.unit_code not in desk.units or (form.sent and not desk.user.examines):
        raise HTTPException(403)
    effect: Effect | None = None
    codes = of_item(desk.definition, appeal.indicator_code)
    figures = {figure.code: figure.name for figure in desk.definition.rulebook.figures() if figure.code in codes}
    if form.sent and _ruled(desk, figures):
        verdict = _verdict(desk)
        if form["do"] != SEND:
            found = form.done(lambda: appealing.foreseen(desk.home, desk.evaluation, number, verdict), "value")
            effect = None if found is None else effect_shown(desk, found)
        elif form.done(lambda: appealing.decide(desk.home, desk.evaluation, number, verdict)) is not None:
            return desk.to("appeal", number=number)
    return desk.page(
        "appeal.html",
        one=_told(desk, appeal),
        figures=figures,
        outcomes=OUTCOMES,
        effect=effect,
        looked=form.sent and not form.faults,
        may_decide=desk.user.examines
        and not any(same_person(desk.user.name, one) for one in (appeal.received_by, appeal.filed_by)),
    )


def _ruled(desk: Desk, figures: Mapping[str, str]) -> bool:
    form = desk.form
    if form["outcome"] not in OUTCOMES:
        form.faults["outcome"] = "请选择裁定结果。"
    elif form["value"] and form["outcome"] not in UPHELD:
        form.faults["value"] = "只有支持或部分支持的申诉才更正数值；请清空这一栏，或改选结果。"
    if form["figure"] and form["figure"] not in figures:
        form.faults["figure"] = "请从列出的当中选。"
    return form.require(reason="请写明裁定理由。")


def _verdict(desk: Desk) -> Verdict:
    form = desk.form
    named = {name: form[name] or None for name in ("value", "figure", "period")}
    return Verdict(form["outcome"], form["reason"], desk.user.name, **named)


def _appeals(desk: Desk) -> dict[int, Appeal]:
    return appeals(desk.ledger, desk.evaluation)


def _state(desk: Desk) -> str:
    return standing(desk.ledger, desk.evaluation).state


def _told(desk: Desk, one: Appeal) -> dict[str, Any]:
    definition: Definition = desk.definition
    names = {place.item.code: place.item.name for place in definition.rulebook.top_items()}
    texts = {name: visible(text) if isinstance(text, str) else text for name, text in vars(one).items()}
    more = {"receipt": one.receipt, "outcome_told": OUTCOMES.get(one.outcome, "待裁定")}
    page_path = desk.home.appeals / desk.evaluation / f"{one.number:03}.html"
    address = f"/appeals/{desk.evaluation}/{one.number}" if page_path.is_file() else ""
    unit = desk.units.get(one.unit_code, one.unit_code)
    return texts | more | {"unit_name": unit, "item_name": names.get(one.indicator_code, ""), "page": address}
