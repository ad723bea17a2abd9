"""`kaohe notify`: notices into the outbox, then out to those who have an address."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from resources.clock import now
from resources.home import Home

# A notice that could not go out for so long is news no more.
FRESH = timedelta(days=3)
EXAMINER = "examiner"


@dataclass
class Notified:
    """Files of the outbox: newly written, sent now, refused by the receiver, without an address, and stuck."""

    written: list[Path] = field(default_factory=list)
    sent: list[Path] = field(default_factory=list)
    refused: list[Path] = field(default_factory=list)
    without_address: list[Path] = field(default_factory=list)
    stuck: list[Path] = field(default_factory=list)

    def as_json(self) -> dict[str, list[str]]:
        return {name: [str(path) for path in paths] for name, paths in vars(self).items()}

    def told(self) -> list[str]:
        """Lines for the examiner."""
        lines = [f"新通知{len(self.written)}份，送出{len(self.sent)}份。"]
        if self.without_address:
            folder = self.without_address[0].parent
            lines.append(f"{len(self.without_address)}份没有地址，请转交：{folder}（地址写进 contacts.csv 就自动送）")
        lines += [f"没有送成，下次再送：{path}" for path in self.refused]
        lines += [f"送到一半中断，不知是否送达，不会再送：{path}" for path in self.stuck]
        return lines


def notify(home: Home, evaluation: str) -> Notified:
    """Write what is to be told today, then send what waits; told once, whatever happens in between.

    Raises:
        UnknownEvaluation, InvalidRulebook, InvalidContacts: as their names say; what was written stays.
    """
    from orchestration.filing import ledger_of
    from orchestration.notices import notices_of
    from resources.contacts import read_contacts, sent_to, urls_of
    from resources.outbox import Outbox, day_of, recipient_of
    from resources.publications import Publications

    outbox, today = Outbox(home.outbox / evaluation), now()[:10]
    done = Notified(stuck=outbox.stuck())
    newest = Publications(home, ledger_of(home), evaluation).newest()
    done.written = [outbox.put(notice, today) for notice in notices_of(home, evaluation, newest, outbox.told())]
    contacts = read_contacts(home.contacts)
    for path in outbox.waiting():
        urls = urls_of(contacts, evaluation, recipient_of(path) or EXAMINER)
        if urls is None:
            done.without_address.append(path)
        elif date.fromisoformat(day_of(path)) >= date.fromisoformat(today) - FRESH:
            went = outbox.deliver(path, lambda subject, text, urls=urls: sent_to(urls, subject, text))  # type: ignore[misc]
            (done.sent if went else done.refused).append(path)
    return done
