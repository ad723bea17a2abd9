"""Ask for a correction: choose the cell, see what stands there, say what it should be, look at what would change."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import quote

import pandas as pd
from starlette.exceptions import HTTPException
from starlette.responses import Response

from assets.cells import cell_asked
from assets.in_force import Correcting
from evaluation.corrected import FIGURE, REASON_CLASSES
from evaluation.definition import Definition
from guard.users import EVERYBODY
from orchestration.correcting import Asked, request_correction
from orchestration.desk.choices import Choice, choices, may_ask, of_item
from orchestration.desk.effects import Effect, effect_shown
from orchestration.desk.shared import Desk, Form, in_browser, page
from orchestration.previewing import preview_correction
from orchestration.refusals import REFUSALS
from reports.corrections import cell_told, change_told
from reports.harmless import visible
from resources.accounts import same_person
from resources.correction_requests import ValueHasChanged
from resources.corrections import corrections as all_corrections
from resources.corrections import senders

PREVIEW, SEND = "preview", "send"
FORM = "更正表.xlsx"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DECIDED_SHOWN = 20


@page(*EVERYBODY)
def listed(desk: Desk) -> Response:
    """Requests that wait, then those decided last; a township's own only."""
    own = [told(desk.definition, row) for row in seen(desk)]
    return desk.page(
        "corrections.html",
        waiting=[one for one in own if not one["decided"]],
        decided=[one for one in own if one["decided"]][: -DECIDED_SHOWN - 1 : -1],
    )


@page(*EVERYBODY)
def form(desk: Desk) -> Response:
    """A blank sheet of corrections."""
    from reports.form_corrections import write_correction_form

    content = BytesIO()
    write_correction_form(content, desk.definition)
    named = f"attachment; filename*=UTF-8''{quote(FORM)}"
    return Response(content.getvalue(), media_type=WORKBOOK, headers={"Content-Disposition": named})


def seen(desk: Desk) -> list[dict[str, Any]]:
    """The requests that the user may see: what the user may ask for, and what came with the user's own sheets."""
    rows = all_corrections(desk.ledger, desk.evaluation).astype("object").to_dict("records")
    sent = senders(desk.ledger, desk.evaluation)
    return [row for row in rows if sent.get(row["seq"]) in desk.user.codes or may_ask(desk.definition, desk.user, row)]


def told(definition: Definition, row: dict[str, Any]) -> dict[str, Any]:
    """A correction in the words of a list."""
    texts = {name: "" if pd.isna(one) else visible(str(one)) for name, one in row.items()}
    approved, rejected = isinstance(row["approved_by"], str), isinstance(row["rejected_by"], str)
    withdrawn = rejected and same_person(row["rejected_by"], row["requested_by"])
    decided = {"approved": approved, "rejected": rejected, "decided": approved or rejected, "withdrawn": withdrawn}
    words = {"cell": visible(cell_told(definition, row)), "change": visible(change_told(definition, row))}
    return texts | decided | words | {"seq": row["seq"]}


@page(*EVERYBODY)
def new(desk: Desk) -> Response:
    """First the cell (unit, what, period), then the rest of the form; sent only after the preview was shown."""
    form, definition = desk.form, desk.definition
    units = desk.units if desk.user.role != "department" else definition.unit_names
    unit = form["unit"] or (next(iter(units)) if len(units) == 1 else "")
    correcting = Correcting(desk.home, desk.ledger, desk.evaluation)
    offered = {one.value: one for one in choices(definition, correcting, desk.user, unit)}
    shown = _shown_choices(definition, offered, form)
    chosen = offered.get(form["what"]) or (next(iter(shown.values())) if len(shown) == 1 else None)
    asked = _asked(desk, chosen, unit) if unit and chosen else None
    if (unit and unit not in units) or (form.sent and form["what"] and chosen is None):
        raise HTTPException(403)
    if form["what"] and chosen is None:  # another unit was chosen in the first step
        form.faults["what"] = "所选的单位没有这一项，请重新选择。"
    in_force = _in_force(desk, asked) if asked else None
    effect = None
    if form.sent and asked and chosen and in_force is not None and _filled(form, chosen):
        if form["do"] == SEND:
            sent = form.done(lambda: request_correction(desk.home, asked, None, once=True), "value")
            if sent is not None:
                return desk.to("correction", seq=sent[0][0].seq)
        else:
            effect = _previewed(desk, asked)
        in_force = _in_force(desk, asked) or in_force
    return desk.page(
        "correction_new.html",
        units=units,
        unit=unit,
        groups=_grouped(shown),
        chosen=chosen,
        period=_period(form, chosen),
        cell=None if in_force is None else in_force[0],
        old_value=None if in_force is None else in_force[1],
        effect=effect,
        reason_classes=REASON_CLASSES,
    )


def _shown_choices(definition: Definition, offered: dict[str, Choice], form: Form) -> dict[str, Choice]:
    """All, or those that the indicator named in the address reads: who comes from a unit's page chooses among these."""
    item = form["indicator"]
    if not item or form["what"]:
        return offered
    codes = of_item(definition, item)

    def is_read(one: Choice) -> bool:
        return one.code in codes if one.subject == FIGURE else one.subject in ("claim", "mark") and one.code == item

    return {value: one for value, one in offered.items() if is_read(one)} or offered


def _grouped(shown: dict[str, Choice]) -> dict[str, list[Choice]]:
    grouped: dict[str, list[Choice]] = {}
    for one in shown.values():
        grouped.setdefault(one.kind, []).append(one)
    return grouped


def _period(form: Form, chosen: Choice | None) -> str:
    """The period that is asked for; the only one where there is one, else none until somebody chooses."""
    if chosen is None or not chosen.periods:
        return ""
    return form["period"] if form["period"] in chosen.periods else chosen.periods[0] if len(chosen.periods) == 1 else ""


def _asked(desk: Desk, chosen: Choice, unit: str) -> Asked | None:
    """What the commands are handed; None while the period is not chosen yet."""
    form, period = desk.form, _period(desk.form, chosen)
    if chosen.periods and not period:
        return None
    said = {name: form[name] for name in ("value", "reason", "reason_class", "document")}
    seen = form.texts.get("old_value")
    return {
        **chosen.asked(unit, period),
        **said,
        "evaluation": desk.evaluation,
        "old_value": seen if form.sent else None,
        "by": desk.user.name,
    }


def _in_force(desk: Desk, asked: Asked) -> tuple[str, str] | None:
    """The cell in words and what stands in it; None, with a fault, where there is no such cell."""
    correcting = Correcting(desk.home, desk.ledger, desk.evaluation)

    def found() -> tuple[str, str]:
        cell = cell_asked(correcting, asked)
        if not may_ask(desk.definition, desk.user, cell):
            raise HTTPException(403)
        return cell_told(correcting.definition, cell), correcting.in_force(cell)

    return desk.form.done(found, "what")


def _filled(form: Form, chosen: Choice) -> bool:
    if form["reason_class"] not in REASON_CLASSES:
        form.faults["reason_class"] = "请选择理由类别。"
    if chosen.answers and form["value"] not in chosen.answers:
        form.faults["value"] = "请从列出的当中选。"
    value = {} if chosen.may_be_blank else {"value": f"请写明更正为什么。{chosen.hint}"}
    return form.require(**value, reason="请写明理由，如“漏计一笔”。", document="请写明依据的文件名称及文号。")


def _previewed(desk: Desk, asked: Asked) -> Effect | None:
    try:
        return effect_shown(desk, preview_correction(desk.home, asked))
    except ValueHasChanged as changed:
        desk.form.faults["value"] = f"{changed}"
    except REFUSALS as refused:
        desk.form.faults["value"] = in_browser(str(refused))
    return None
