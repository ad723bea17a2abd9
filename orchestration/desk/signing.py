"""Departments sign off their figures: what they answer for as it stands now, and the act itself."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from orchestration.desk.effects import table
from orchestration.desk.shared import Desk, in_browser, page
from orchestration.signing import figures_shown, sign_figures, sign_offs
from reports.harmless import visible
from resources.kaohe import work_on
from resources.roles import DEPARTMENT, EXAMINING

STATES = {"signed": "已核定", "lapsed": "核定后有变动", "waiting": "还没有核定"}


@page(DEPARTMENT, *EXAMINING)
def sign(desk: Desk) -> Response:
    """A department signs for itself; who examines enters what came on paper, with the name that stands there."""
    form, work = desk.form, work_on(desk.home, desk.evaluation)
    found = {one.department.code: one for one in sign_offs(work) if one.department.code in desk.senders}
    code = form["department"] or (next(iter(found)) if len(found) == 1 else "")
    if code and code not in found:
        raise HTTPException(403)
    if form.sent and _filled(desk, code):
        by = form["by"] if desk.user.examines else desk.user.name
        done = form.done(lambda: sign_figures(desk.home, desk.evaluation, code, form["document"], by))
        if done is not None:
            return desk.to("sign", department=code, done=done[0].seq)
    chosen = found.get(code)
    told = {one.department.code: one.department.name for one in found.values()}
    return desk.page(
        "sign.html",
        departments=told,
        states={one.department.code: STATES[one.state] for one in found.values()},
        department=code,
        state="" if chosen is None else STATES[chosen.state],
        about="" if chosen is None or chosen.state == "signed" else in_browser(visible(chosen.told(work.definition))),
        figures=None if chosen is None else table(figures_shown(work.definition, chosen.figures)),
    )


def _filled(desk: Desk, code: str) -> bool:
    if not code:
        desk.form.faults["department"] = "请选择部门。"
    wanted = {"document": "请写明盖章的核定表或函件，名称及文号。"}
    if desk.user.examines:
        wanted["by"] = "请写明部门核定人的姓名。"
    return desk.form.require(**wanted)
