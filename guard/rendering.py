"""Pages from templates: the frame with its navigation, and pages that say what went wrong. Text is always escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from guard.sections import Entry, Section
from guard.users import NOBODY, User
from resources.database import StoreCannotBeUsed

FOLDER = Path(__file__).parent
FAULTS = {
    400: ("请求有误", "浏览器发来的内容不完整。请返回上一页重新填写。"),
    401: ("请先登录", "登录已经结束，或者还没有登录。请登录后再试。"),
    403: ("没有权限", "这一页不对您的账号开放。需要看的，请与考核办公室联系。"),
    404: ("没有这一页", "地址不对，或者这一版已经不在。请从首页重新进入。"),
    405: ("不能这样打开", "这个地址只接受页面上的按钮。请从首页重新进入。"),
    408: ("等得太久", "内容传得太慢，没有收全，什么也没有收下。请检查网络后再送。"),
    413: ("文件太大", "超过了允许的大小，没有收下。请拆分或压缩后再送。"),
    429: ("试得太多", "口令试错的次数太多。请过一刻钟再试；忘记口令请与管理人员联系。"),
    503: ("数据库用不了", "现在连不上数据库，或者不能写，已记入日志。请过几分钟再试；一直这样的，请告诉管理人员。"),
    500: ("程序出错", "这是程序的毛病，已记入日志。请告诉管理人员刚才做了什么。"),
}


def environment(sections: Sequence[Section]) -> Environment:
    folders = [FOLDER / "templates", *(section.templates for section in sections if section.templates)]
    made = Environment(loader=FileSystemLoader(folders), autoescape=True, undefined=StrictUndefined)
    made.trim_blocks = made.lstrip_blocks = True
    made.filters["address"] = quote  # of a path of ours; Jinja escapes what is left
    return made


def render(
    request: Request,
    template: str,
    /,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    kept: str = "",
    **context: Any,
) -> HTMLResponse:
    """The `template` with `user` and the navigation for them, besides `context`.

    `kept`: a query that the navigation takes along, so that one stays with the evaluation that was chosen.
    """
    user: User = request.scope.get("user", NOBODY)
    entries: Sequence[Entry] = request.app.state.entries
    own = [entry for entry in entries if entry.is_for(user)]
    page = request.app.state.templates.get_template(template)
    text = page.render(user=user, entries=own, at=request.url.path, kept=kept, **context)
    return HTMLResponse(text, status, {"Cache-Control": "no-store", **(headers or {})})


async def fault_page(request: Request, fault: Exception) -> Response:
    """What an HTTPException or a fault means, in words that tell nothing of the machine."""
    unforeseen = 503 if isinstance(fault, StoreCannotBeUsed) else 500
    status = fault.status_code if isinstance(fault, HTTPException) else unforeseen
    title, what_to_do = FAULTS.get(status, FAULTS[400])
    headers = fault.headers if isinstance(fault, HTTPException) else None
    return render(request, "fault.html", status, headers, title=title, what_to_do=what_to_do, refused="")


async def refusal_page(request: Request, refusal: Exception) -> Response:
    """An expected refusal of the house: its message tells what to do."""
    return render(request, "fault.html", 409, title="没有办成", what_to_do="", refused=str(refusal))
