"""`kaohe submit`: files handed over by a person, archived and recorded at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from assets.in_force import definition_of
from evaluation.definition import Definition
from resources.clock import now
from resources.home import Home
from resources.inbox import Inbox, make_inbox
from resources.ledger import Entry, Ledger
from resources.receipts import Receipts
from resources.refused import Refused
from resources.store import Store


def ledger_of(home: Home) -> Ledger:
    """The ledger of the home's store."""
    return Ledger(Store(home.store_url))


def senders_of(definition: Definition) -> list[str]:
    """Codes of everybody who may file: departments, then units."""
    return [d.code for d in definition.rulebook.departments] + list(definition.units["unit_code"])


def submit_files(
    home: Home, evaluation: str, sender: str, files: list[Path], received: str | None, by: str
) -> Iterator[str]:
    """Put files into the sender's folder; yields a line about each.

    Raises:
        Refused: the sender is no department and no unit of the evaluation, or `received` no day, or one to come.
    """
    for file, entry in submitted(home, evaluation, sender, files, received, by):
        yield submission_told(sender, file.name, entry)
    yield f"运行 kaohe evaluate {evaluation} 之后，回执在 {Receipts(home, evaluation).of_sender(sender)}"


def submission_told(sender: str, name: str, entry: Entry | None) -> str:
    """What became of a file handed over."""
    if entry is None:
        return f"{name} 与 {sender} 已送交的文件内容相同，没有新的送交。"
    return f"已收到 {name}，台账第{entry.seq}号，SHA-256 {entry.payload['sha256'][:12]}…"


def submitted(
    home: Home, evaluation: str, sender: str, files: list[Path], received: str | None, by: str, folder: str = ""
) -> Iterator[tuple[Path, Entry | None]]:
    """Each file with its entry, None where the sender has sent the same before. `folder`: EVIDENCE, or none.

    Raises:
        Refused: as `submit_files`.
    """
    ledger = ledger_of(home)
    definition = definition_of(home, ledger, evaluation)
    senders = senders_of(definition)
    if sender not in senders:
        raise Refused(f"“{sender}”不是“{evaluation}”的部门代码或单位编码。可用：{'、'.join(senders)}。")
    if received is not None:
        require_received_on(received, definition.rulebook.cycle.starts)
    if not Inbox(home, evaluation).present:
        make_inbox(home, evaluation)
    for file in files:
        name = f"{folder}/{file.name}" if folder else file.name
        yield file, Inbox(home, evaluation).submit(ledger, sender, file, received, by, name)


def require_received_on(text: str, earliest: date = date.min) -> None:
    """Raises: Refused: the text is no day written YYYY-MM-DD, one to come, or one before the `earliest`."""
    try:
        written = date.fromisoformat(text).isoformat()
    except ValueError:
        written = ""
    if text != written:
        raise Refused(f"收到日期“{text}”不是日期，应写成 2026-01-15（--received）。")
    if text > (today := now()[:10]):
        raise Refused(f"收到日期“{text}”在今天（{today}）以后，请写实际收到的日期（--received）。")
    if text < earliest.isoformat():
        raise Refused(f"收到日期“{text}”在考核年度开始（{earliest}）以前，请写实际收到的日期（--received）。")
