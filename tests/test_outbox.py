"""The outbox: kept first, sent once, by real mail and a real webhook."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from resources.contacts import InvalidContacts, read_contacts, sent_to
from resources.outbox import Notice, Outbox, recipient_of

REMINDER = Notice(
    "T01", "【催报】有2项到期未报", "1. “授权量”2025年\n2. <script>alert(1)</script>", ("overdue:2026:0", "f1")
)


def refused(subject: str, text: str) -> bool:
    return False


def accepted(subject: str, text: str) -> bool:
    return True


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox")


class Mailbox:
    """An SMTP server's handler that keeps what comes."""

    def __init__(self) -> None:
        self.letters: list[Envelope] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802
        self.letters.append(envelope)
        return "250 OK"


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    monkeypatch.setenv("KAOHE_MAIL", f"mailto://127.0.0.1:{port}?from=kaohe@county.example")
    yield box
    server.stop()


@pytest.fixture
def webhook() -> Iterator[tuple[str, list[Any]]]:
    """The URL of an HTTP receiver, and what it was sent."""
    came: list[Any] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"json://127.0.0.1:{server.server_port}/", came
    server.shutdown()


def listed(path: Path, *lines: str) -> dict[str, list[str]]:
    path.write_text("\n".join(["code,address", *lines]), encoding="utf-8")
    return read_contacts(path)


def test_a_notice_is_kept_as_text_that_people_can_read(outbox: Outbox) -> None:
    path = outbox.put(REMINDER, "2026-02-01")
    assert path.parent.name == "new"
    assert path.read_text("utf-8").startswith(REMINDER.subject + "\n\n1. “授权量”2025年\n")
    assert outbox.told() == {("T01", "overdue:2026:0"), ("T01", "f1")}


def test_the_same_notice_twice_is_one_file_wherever_it_lies(outbox: Outbox) -> None:
    path = outbox.put(REMINDER, "2026-02-01")
    assert outbox.deliver(path, accepted)
    again = outbox.put(REMINDER, "2026-02-01")
    assert again.parent.name == "sent"
    assert outbox.waiting() == []


@pytest.mark.parametrize("recipient", ["T01", "", "S_T-1", "examiner_office"])
def test_a_recipient_is_read_back(outbox: Outbox, recipient: str) -> None:
    path = outbox.put(Notice(recipient, "题", "文", ("k",)), "2026-02-01")
    assert recipient_of(path) == recipient


def test_what_is_refused_waits_for_the_next_time(outbox: Outbox) -> None:
    path = outbox.put(REMINDER, "2026-02-01")
    assert not outbox.deliver(path, refused)
    assert outbox.waiting() == [path]


def test_what_a_crash_interrupts_is_not_sent_again_and_is_told(outbox: Outbox) -> None:
    path = outbox.put(REMINDER, "2026-02-01")
    with pytest.raises(ZeroDivisionError):
        outbox.deliver(path, lambda *_: 1 / 0)  # type: ignore[arg-type, return-value]
    assert outbox.waiting() == []
    assert [stuck.name for stuck in outbox.stuck()] == [path.name]
    assert ("T01", "f1") in outbox.told()


def test_two_senders_send_it_once(outbox: Outbox) -> None:
    path = outbox.put(REMINDER, "2026-02-01")
    sent = []

    def send(subject: str, text: str) -> bool:
        sent.append(subject)
        return True

    with ThreadPoolExecutor(8) as pool:
        went = list(pool.map(lambda _: outbox.deliver(path, send), range(8)))
    assert went.count(True) == 1
    assert sent == [REMINDER.subject]


def test_mail_arrives_with_subject_and_text(outbox: Outbox, mailbox: Mailbox, tmp_path: Path) -> None:
    urls = listed(tmp_path / "contacts.csv", "T01,clerk@town.example", "T01,head+a@town.example")["T01"]
    path = outbox.put(REMINDER, "2026-02-01")
    assert outbox.deliver(path, lambda subject, text: sent_to(urls, subject, text))
    assert sorted(to for letter in mailbox.letters for to in letter.rcpt_tos) == [
        "clerk@town.example",
        "head+a@town.example",
    ]
    letter = message_from_bytes(mailbox.letters[0].content or b"", policy=policy.default)  # type: ignore[arg-type]
    assert letter["Subject"] == REMINDER.subject
    body = letter.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip().splitlines() == REMINDER.text.splitlines()


def test_a_webhook_gets_the_same(webhook: tuple[str, list[Any]]) -> None:
    url, came = webhook
    assert sent_to([url], REMINDER.subject, REMINDER.text)
    assert [(one["title"], one["message"]) for one in came] == [(REMINDER.subject, REMINDER.text)]


def test_a_receiver_that_does_not_answer_is_told(tmp_path: Path) -> None:
    assert not sent_to(["json://127.0.0.1:9/"], "题", "文")


def test_an_address_that_nothing_understands_is_told_and_the_others_get_it(webhook: tuple[str, list[Any]]) -> None:
    url, came = webhook
    assert not sent_to(["nothing-like-it://x", url], "题", "文")
    assert len(came) == 1


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("T01", "第2行应写"),
        ("T01,电话123", "既不是邮箱"),
        ("T01,a@b.example", "没有设置 KAOHE_MAIL"),
        (",a@b", "第2行"),
    ],
)
def test_a_line_of_the_contacts_that_reaches_nobody_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, words: str
) -> None:
    monkeypatch.delenv("KAOHE_MAIL", raising=False)
    with pytest.raises(InvalidContacts, match=words):
        listed(tmp_path / "contacts.csv", line)
