"""What all pages at the desk share: who acts, on which evaluation, what was filled in, and how a refusal is told."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import re
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from assets.in_force import definition_of
from evaluation.definition import Definition
from evaluation.faults import InvalidRulebook
from evaluation.forms import labelled
from evaluation.states import ANNOUNCED
from guard.rendering import render
from guard.users import Endpoint, User, allowed
from orchestration.filing import senders_of
from orchestration.refusals import REFUSALS, told_of_disk
from reports.corrections import item_names
from resources.adoption import ADOPTED, archived_definition, definition_in_force
from resources.archive import Archive
from resources.home import Home
from resources.ledger import Ledger, acting_as
from resources.locks import is_free
from resources.refused import Refused
from resources.states import MOVED, standing
from resources.store import NotProducedYet

T = TypeVar("T")
LONGEST = 1000  # characters of a reason
# Pages are worked out by a few threads at once: more would not be faster, and keep who reads published ones waiting.
READING = ThreadPoolExecutor(4, "desk")
SCORING = "正在计分，这一页的内容还不全。算完后（一两分钟）请再打开。"
MOST_FIELDS, LONGEST_FIELD = 30, 20_000
_OPTION = re.compile(r"（--[a-z-]+）|--[a-z-]+ |（(kaohe|Dagster:|materialize) [^）]*）")
# Where a browser does what a command does.
_PAGES = {
    "status": "更正",
    "decide": "事项和问题",
    "resolve": "事项和问题",
    "state": "状态",
    "correct": "更正",
    "approve": "更正",
    "reject": "更正",
    "sign": "部门核定",
    "appeal": "申诉",
    "submit": "上报",
}
_BY = re.compile(rf"用 kaohe ({'|'.join(_PAGES)}) ([^ ，。]+ (?=查看))?|(：)kaohe (state|sign|correct) [^，。]*…")
_NUMBERS = re.compile(r"见 kaohe status [^，。（]+")
_EVALUATE = re.compile(r"(：|请先)运行 kaohe evaluate [^，。（]+(（每晚也会自动运行）)?")


@dataclass
class Form:
    """What was filled in or stands in the address. `faults`: what is wrong by field; under "" what is no field's."""

    texts: Mapping[str, str] = field(default_factory=dict)
    files: list[UploadFile] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    sent: bool = False

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "").strip()

    def with_defaults(self, **texts: str) -> Form:
        """The same with these texts in blanks that nobody has seen yet."""
        return Form({**texts, **{name: text for name, text in self.texts.items() if text}}, self.files, self.faults)

    def require(self, **told: str) -> bool:
        """Note a fault for each of these fields that is blank or too long; whether there is none."""
        for name, what_to_do in told.items():
            if not self[name]:
                self.faults[name] = what_to_do
            elif len(self[name]) > LONGEST:
                self.faults[name] = f"写得太长（{len(self[name])}字），请不要超过{LONGEST}字。"
        return not self.faults

    def done(self, do: Callable[[], T], of: str = "") -> T | None:
        """What `do` gives; None where it was refused, which becomes the fault of the field `of`."""
        try:
            return do()
        except REFUSALS as refused:
            self.faults[of] = in_browser(str(refused))
        return None


@dataclass(frozen=True)
class Desk:
    """One request at the desk: of which evaluation, and by whom. `evaluations`: codes and titles the user may see."""

    request: Request
    home: Home
    ledger: Ledger
    evaluation: str
    evaluations: dict[str, str]
    form: Form

    @property
    def user(self) -> User:
        user: User = self.request.user
        return user

    @cached_property
    def final(self) -> str:
        """Why nothing is decided any more; "" while people may."""
        stands = standing(self.ledger, self.evaluation)
        return f"考核已{stands.state}：数据有误的，只能申请更正。" if stands.final else ""

    @property
    def takes_appeals(self) -> bool:
        return standing(self.ledger, self.evaluation).on_notice

    @cached_property
    def definition(self) -> Definition:
        return definition_of(self.home, self.ledger, self.evaluation)

    @cached_property
    def senders(self) -> dict[str, str]:
        """Names by code of those for whom the user may act: all for who examines, else the user's own.

        A bureau that reports and is assessed stands there twice, told apart by code.
        """
        names = self.definition.sender_names
        times = Counter(names.values())
        told = {code: labelled(name, code) if times[name] > 1 else name for code, name in names.items()}
        return told if self.user.examines else {code: name for code, name in told.items() if code in self.user.codes}

    @cached_property
    def units(self) -> dict[str, str]:
        """Names by code of the assessed units that the user may act on."""
        names = self.definition.unit_names
        return {code: names[code] for code in self.senders if code in names}

    @cached_property
    def items(self) -> dict[str, str]:
        """Names by code of whatever is scored or vetoes."""
        return item_names(self.definition)

    def page(self, template: str, /, **shown: Any) -> Response:
        status = 409 if "" in self.form.faults else 422 if self.form.faults else 200
        kept = "?" + urlencode({"evaluation": self.evaluation}) if len(self.evaluations) > 1 else ""
        return render(self.request, f"desk/{template}", status, kept=kept, desk=self, form=self.form, **shown)

    def address(self, path: str, **asked: object) -> str:
        """A page of the desk, on the same evaluation."""
        return f"/desk/{path}?" + urlencode({"evaluation": self.evaluation, **asked})

    def to(self, path: str, **asked: object) -> Response:
        return RedirectResponse(self.address(path, **asked), 303)


Answer = Callable[[Desk], Response]


def page(*roles: str, files: int = 0) -> Callable[[Answer], Endpoint]:
    """An endpoint whose work is done in a thread, as the user's own act; a form may bring up to `files` files."""

    def decorated(answer: Answer) -> Endpoint:
        @allowed(*roles)
        @functools.wraps(answer)
        async def endpoint(request: Request) -> Response:
            if request.method != "POST":
                form = Form(dict(request.query_params))
                answered = functools.partial(copy_context().run, _answered, answer, request, form)
                return await asyncio.get_running_loop().run_in_executor(READING, answered)
            limits = {"max_files": files, "max_fields": MOST_FIELDS, "max_part_size": LONGEST_FIELD}
            async with request.form(**limits) as filled:
                return await run_in_threadpool(_answered, answer, request, _form(filled))

        return endpoint

    return decorated


def _form(filled: FormData) -> Form:
    items = filled.multi_items()
    files = [one for _, one in items if isinstance(one, UploadFile) and one.filename]
    return Form({name: one for name, one in items if isinstance(one, str)}, files, sent=True)


def _answered(answer: Answer, request: Request, form: Form) -> Response:
    with acting_as(request.user.name):
        try:
            desk = _desk(request, form)
            return _answer_or_refusal(answer, desk) if desk.evaluation else desk.page("none.html")
        except REFUSALS as refused:
            raise Refused(in_browser(str(refused))) from refused
        except OSError as fault:
            if told := told_of_disk(fault):
                raise Refused(told) from fault
            raise


def _answer_or_refusal(answer: Answer, desk: Desk) -> Response:
    """A refusal leaves the choice of another evaluation."""
    try:
        return answer(desk)
    except REFUSALS as refused:
        runs = isinstance(refused, NotProducedYet) and not is_free(desk.home, desk.evaluation)
        desk.form.faults[""] = SCORING if runs else in_browser(str(refused))
        return desk.page("refused.html")


def _desk(request: Request, form: Form) -> Desk:
    """Raises: HTTPException: 404, where the user is to see no such evaluation, or none at all."""
    home, ledger = request.app.state.home, Ledger(request.app.state.store)
    found = _evaluations(home, ledger, request.user)
    asked = form["evaluation"] or _first_open(ledger, list(found))
    if asked not in found and (asked or form.sent):
        raise HTTPException(404)
    return Desk(request, home, ledger, asked, found, form)


def _evaluations(home: Home, ledger: Ledger, user: User) -> dict[str, str]:
    """A correction changes neither titles nor senders; and there may be many evaluations: one query for all."""
    found, adopted = {}, {entry.evaluation: entry.payload["files"] for entry in ledger.each([ADOPTED])}
    for name in filter(user.sees, home.evaluation_names()):
        with contextlib.suppress(InvalidRulebook):
            files = adopted.get(name) or definition_in_force(home, ledger, name, None).files
            definition = archived_definition(Archive(home.archive), tuple(files.items()))
            if user.examines or set(user.codes) & set(senders_of(definition)):
                found[name] = definition.rulebook.title or name
    return found


def _first_open(ledger: Ledger, names: list[str]) -> str:
    """The newest by name that is not announced yet, else the newest; "" where there is none."""
    stands = {entry.evaluation: entry.payload["state"] for entry in ledger.each([MOVED])}
    still = [name for name in names if stands.get(name) != ANNOUNCED]
    return max(still or names, key=lambda name: (name.rpartition("-")[2], name), default="")


def in_browser(text: str) -> str:
    """What a command would say, to somebody who has no command line.

    >>> in_browser("更正为什么没有写（--value）。"), in_browser("没有计分，请先运行 kaohe evaluate a-2025，看过再办。")
    ('更正为什么没有写。', '没有计分，后台会自动计分，看过再办。')
    >>> in_browser("重新审定：kaohe state a-2025 审定 …"), in_browser("事项用 kaohe decide 核定。")
    ('重新审定：在“状态”一页', '事项在“事项和问题”一页核定。')
    >>> in_browser("编号见 kaohe status a-2025。"), in_browser("可用 kaohe status a-2025 查看待批更正。")
    ('编号见“事项和问题”一页。', '可在“更正”一页查看待批更正。')
    """
    text = _BY.sub(lambda found: f"{found[3] or ''}在“{_PAGES[found[1] or found[4]]}”一页", text)
    text = _NUMBERS.sub("见“事项和问题”一页", text)
    return _OPTION.sub("", _EVALUATE.sub(lambda found: f"{'，' * (found[1] == '：')}后台会自动计分", text))
