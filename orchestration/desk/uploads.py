"""Hand files over in the browser: taken in as `kaohe submit` does, answered with their receipts at once."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from guard.shelves import own_forms
from guard.users import EVERYBODY
from orchestration.desk.shared import Desk, in_browser, page
from orchestration.filing import submission_told, submitted
from orchestration.receiving import receipts_at_once
from orchestration.templates import write_templates
from reports.harmless import visible
from reports.receipt_rows import HINT, Row
from reports.receipts import Receipt, demand
from resources.dropped import EVIDENCE
from resources.inbox import RECEIVED, received_at
from resources.ledger import Entry
from resources.receipts import RECEIPT, Receipts, safe_name, workbook_name
from resources.roles import EXAMINING
from resources.states import standing

LARGEST, MOST_FILES = 100_000_000, 20
WRITING_FORMS = threading.Lock()
LISTED, ROWS_SHOWN = 50, 30
KINDS = {"": "报表（填报表、数据、事项、打分、更正）", EVIDENCE: "佐证材料"}
ENDINGS = {"": (".xlsx", ".csv"), EVIDENCE: (".pdf", ".jpg", ".jpeg", ".png")}


class Returned(NamedTuple):
    """What came back for a file. `receipt` and `workbook` are addresses, "" where there is none (yet)."""

    seq: int
    name: str
    at: str
    receipt: str
    workbook: str


class Answered(NamedTuple):
    """What the page says at once about a file that was handed over."""

    told: str
    short: str = ""
    long: str = ""
    rows: Sequence[Row] = ()
    hidden: int = 0
    back: Returned | None = None


@page(*EVERYBODY, files=MOST_FILES)
def upload(desk: Desk) -> Response:
    """The form, what was handed over before, and after a POST what became of it now."""
    form, senders = desk.form, desk.senders
    sender = form["sender"] or (next(iter(senders)) if len(senders) == 1 else "")
    if sender and sender not in senders:
        raise HTTPException(403 if sender else 404)
    answered = _taken_in(desk, sender) if form.sent and _fits(desk, sender) else []
    return desk.page(
        "upload.html",
        sender=sender,
        kinds=KINDS,
        answered=answered,
        before=_before(desk, sender) if sender else [],
        forms=_forms(desk, sender),
        closed=standing(desk.ledger, desk.evaluation).closed,
        most=LARGEST // 1_000_000,
    )


@page(*EXAMINING)
def forms(desk: Desk) -> Response:
    """Make the workbooks to fill in anew, for every sender."""
    with WRITING_FORMS:
        list(write_templates(desk.home, desk.evaluation))
    return desk.to("upload", sender=desk.form["sender"])


def _fits(desk: Desk, sender: str) -> bool:
    form = desk.form
    if not sender:
        form.faults["sender"] = "请选择是替哪个单位或部门报的。"
    if form["kind"] not in KINDS:
        form.faults["kind"] = "请选择是报表还是佐证材料。"
    if not form.files:
        form.faults["files"] = "请选择要上报的文件。"
    endings = ENDINGS.get(form["kind"], ())
    wrong = [one.filename or "" for one in form.files if not harmless(one.filename or "").lower().endswith(endings)]
    if wrong and endings:
        form.faults["files"] = (
            f"“{visible(harmless(wrong[0]))}”不能收：这里收 {'、'.join(endings)} 文件。旧的 .xls 请另存为 .xlsx。"
        )
    return not form.faults


def harmless(name: str) -> str:
    r"""The last part of what a browser calls the file, as a name that every file system takes; its ending stays.

    >>> harmless("C:\\报送\\..\\一季度.xlsx"), harmless("../../etc/passwd"), harmless("~$a.csv")
    ('一季度.xlsx', 'passwd', '__a.csv')
    """
    last = PurePosixPath(name.replace("\\", "/").replace("\0", "")).name
    stem, dot, ending = last.rpartition(".")
    return f"{safe_name(stem)}.{safe_name(ending)}" if dot and stem.strip(" .-") else safe_name(last)


def _taken_in(desk: Desk, sender: str) -> list[Answered]:
    form = desk.form
    with tempfile.TemporaryDirectory(prefix="kaohe-upload-") as folder:
        files = [_copied(one, Path(folder) / str(number)) for number, one in enumerate(form.files)]
        received = form["received"] if desk.user.examines else ""
        sent = form.done(
            lambda: list(
                submitted(desk.home, desk.evaluation, sender, files, received or None, desk.user.name, form["kind"])
            ),
            "received",
        )
    told = [(file.name, entry) for file, entry in sent or []]
    fresh = [entry for _, entry in told if entry is not None]
    receipts = (
        {one.seq: one for one in receipts_at_once(desk.home, desk.ledger, desk.evaluation, fresh)} if fresh else {}
    )
    return [
        _answered(desk, submission_told(desk.senders[sender], visible(name), entry), entry, receipts)
        for name, entry in told
    ]


def _copied(file: UploadFile, folder: Path) -> Path:
    """Two files of one name stay two."""
    folder.mkdir()
    path = folder / harmless(file.filename or "")
    with path.open("wb") as out:
        shutil.copyfileobj(file.file, out)
    return path


def _answered(desk: Desk, told: str, entry: Entry | None, receipts: dict[int, Receipt]) -> Answered:
    if entry is None:
        return Answered(told)
    receipt = receipts[entry.seq]
    asks = demand(receipt)
    rows = [
        row._replace(message=in_browser(row.message), what_to_do=in_browser(row.what_to_do))
        for row in receipt.rows
        if row.degree != HINT
    ]
    return Answered(told, asks.short, asks.long, rows[:ROWS_SHOWN], len(rows[ROWS_SHOWN:]), _returned(desk, entry))


def _before(desk: Desk, sender: str) -> list[Returned]:
    """What the sender has handed over, the newest first."""
    entries = desk.ledger.entries(desk.evaluation, [RECEIVED])
    own = [entry for entry in entries if entry.payload["sender"] == sender]
    return [_returned(desk, entry) for entry in own[: -LISTED - 1 : -1]]


def _returned(desk: Desk, entry: Entry) -> Returned:
    sender, name = entry.payload["sender"], entry.payload["name"]
    folder = Receipts(desk.home, desk.evaluation).of_file(sender, entry.seq, name)
    address = f"/receipts/{desk.evaluation}/{folder.parent.name}/{folder.name}"
    found = [
        f"{address}/{path.name}" if path.is_file() else "" for path in (folder / RECEIPT, folder / workbook_name(name))
    ]
    return Returned(entry.seq, visible(name), received_at(entry)[:16].replace("T", " ").removesuffix(" 00:00"), *found)


def _forms(desk: Desk, sender: str) -> list[tuple[str, str]]:
    """Address and name of each workbook to fill in that asks the sender."""
    asked = replace(desk.user, codes=(sender,))
    return [(f"/forms/{desk.evaluation}/{name}", name) for name in own_forms(desk.home, asked, desk.evaluation)]
