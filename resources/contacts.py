"""Where people are reached: `contacts.csv` (`code,address`) of a home, and sending through Apprise.

An address is a mail address, which goes through the server that `KAOHE_MAIL` names (an Apprise URL, such as
`mailtos://user:password@smtp.example.org?from=kaohe@example.org`), or any URL that Apprise knows. `code` is a sender's
code, or `examiner`; several lines for one code are several addresses. `qingshan/T01` is T01 of the jurisdiction
`qingshan` alone, where several use the same codes.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from pathlib import Path
from urllib.parse import quote

from resources.jurisdictions import is_within

HEADER = ["code", "address"]


class InvalidContacts(Exception):
    """A line of contacts.csv that names no recipient or no address."""


def read_contacts(path: Path) -> dict[str, list[str]]:
    """Addresses by code; none where the file is absent.

    Raises:
        InvalidContacts: names the line and what is wrong with it.
    """
    contacts: dict[str, list[str]] = defaultdict(list)
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as rows:
            for number, row in enumerate(csv.reader(rows), 1):
                cells = [cell.strip() for cell in row]
                if cells == HEADER or not any(cells):
                    continue
                if len(cells) != len(HEADER) or not all(cells):
                    raise InvalidContacts(f"{path} 第{number}行应写“代码,地址”，现在是“{','.join(row)}”。")
                contacts[cells[0]].append(_url(cells[1], path, number))
    return dict(contacts)


def urls_of(contacts: dict[str, list[str]], evaluation: str, code: str) -> list[str] | None:
    """Where `code` is reached on that evaluation's matters: at its jurisdiction's own addresses, else at its own."""
    named = [(line.rpartition("/"), urls) for line, urls in contacts.items() if "/" in line]
    own = [url for (place, _, of), urls in named if of == code and is_within(evaluation, [place]) for url in urls]
    return own or contacts.get(code)


def _url(address: str, path: Path, number: int) -> str:
    if "://" in address:
        return address
    server = os.environ.get("KAOHE_MAIL", "")
    if "@" not in address or not server:
        why = "没有设置 KAOHE_MAIL（发信服务器）" if "@" in address else "既不是邮箱，也不是 Apprise 地址"
        raise InvalidContacts(f"{path} 第{number}行的“{address}”：{why}。")
    return f"{server}{'&' if '?' in server else '?'}to={quote(address)}&format=text"


def sent_to(urls: list[str], subject: str, text: str) -> bool:
    """Send to all of these; False where one of them did not take it."""
    from apprise import Apprise, NotifyFormat  # takes most of a second

    sender = Apprise()
    known = [sender.add(url) for url in urls]  # those that are known are told all the same
    return bool(sender.notify(title=subject, body=text, body_format=NotifyFormat.TEXT)) and all(known)
