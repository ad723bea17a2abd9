"""`kaohe verify`: the ledger's chain, every archived file that it names, every published folder, recomputed."""

from __future__ import annotations

from collections.abc import Iterator

from checks.scores import altered_files
from orchestration.filing import ledger_of
from resources.adoption import ADOPTED
from resources.archive import Archive, DamagedArchive
from resources.chain import first_broken_link
from resources.home import Home
from resources.inbox import RECEIVED
from resources.ledger import Entry, Ledger
from resources.publications import PUBLISHED, Publications


def faults(home: Home) -> Iterator[str]:
    """A line for each thing that is not what it was when it was recorded; none where all is well."""
    ledger = ledger_of(home)
    with ledger.store.reading() as connection:
        broken = first_broken_link(connection)
    if broken is not None:
        yield f"台账第{broken.seq}号断开：{broken.reason}。此后各号都不可信，请从备份恢复后再核验。"
        return
    archive = Archive(home.archive)
    for entry in ledger.each([RECEIVED, ADOPTED, PUBLISHED]):
        yield from _archive_faults(archive, entry)
        yield from _publication_faults(home, ledger, entry)


def _archive_faults(archive: Archive, entry: Entry) -> Iterator[str]:
    digests = [entry.payload["sha256"]] if entry.kind == RECEIVED else []
    digests += entry.payload["files"].values() if entry.kind == ADOPTED else []
    for digest in digests:
        try:
            archive.get(digest)
        except DamagedArchive as damage:
            yield f"台账第{entry.seq}号所指的存档有误：{damage}"


def _publication_faults(home: Home, ledger: Ledger, entry: Entry) -> Iterator[str]:
    if entry.kind == PUBLISHED:
        folder = Publications(home, ledger, entry.evaluation).path(entry.payload["version"])
        altered = altered_files(folder) if folder.is_dir() else ["整个文件夹"]
        for name in altered:
            yield f"{entry.evaluation} 第{entry.payload['version']}版的 {name} 与清单不符：{folder}"
