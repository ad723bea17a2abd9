"""`kaohe verify`: chain, archive, published folders and working tables, recomputed from their bytes.

Here belong what is compared and how it is told. The chain itself stands in `resources/chain.py`, tables in
`verifying_tables.py`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from checks.scores import altered_files
from orchestration.filing import ledger_of
from orchestration.verifying_tables import table_faults
from reports.csv_files import published_results_digest
from resources import guards
from resources.adoption import ADOPTED
from resources.archive import Archive, DamagedArchive
from resources.chain import first_broken_link, parting
from resources.decisions import SIGNED
from resources.home import Home
from resources.inbox import RECEIVED
from resources.ledger import Entry, Ledger
from resources.publications import MANIFEST, PUBLISHED, Publication, Publications, manifest_digest
from resources.refused import Refused
from resources.runs import Run, all_runs

HEAD = re.compile("([0-9]+:)?[0-9a-f]{64}")
_AGAIN = "可用 kaohe rebuild {} 照台账重列各版。"
_GUARDED_ANEW = "其余核验无误的，先 kaohe backup，再 kaohe restore 到空的工作文件夹，装置随之重建。"


@dataclass
class Verified:
    """What is not as it was recorded, and what is worth knowing besides, as lines for people."""

    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def verify(home: Home, since: str | None = None) -> Verified:
    """Recompute everything; `since` is a head printed earlier (hash or seq:hash), which today's chain has to contain.

    Raises:
        Refused: `since` is no head.
    """
    since = None if since is None else unicodedata.normalize("NFKC", since).strip().lower()
    if since is not None and not HEAD.fullmatch(since):
        raise Refused(f"“{since}”不是台账哈希。请照抄页面或工作簿上印的 64 位哈希，或写成 号:哈希。")
    ledger, found = ledger_of(home), Verified()
    with ledger.store.reading() as connection:
        missing = guards.missing(connection)
        found.faults += [f"台账的防改装置 {name} 不在：有人动过数据库。{_GUARDED_ANEW}" for name in missing]
        broken = first_broken_link(connection)
        if broken is not None:
            told = f"台账第{broken.seq}号断开：{broken.reason}。此后各号都不可信，请从备份恢复后再核验。"
            return Verified([*found.faults, told])
        parted = None if since is None else parting(connection, since)
        if parted is not None:
            place = f"从第{parted.seq}号起" if parted.seq else ""
            found.faults.append(f"今天的台账{place}与 {since} 那时的不是同一本：{parted.reason}。")
        found.faults += table_faults(connection)
    verify_archive(home, ledger, found)
    found.faults += _publication_faults(home, ledger)
    found.notes += _unrecorded_versions(home, ledger)
    return found


def verify_archive(home: Home, ledger: Ledger, found: Verified) -> None:
    """Add what of the archive is absent, changed or may be written to, and how many files nothing names."""
    archive, named = Archive(home.archive), dict(_named(ledger))
    kept = list(archive.digests())
    for digest in sorted({*named, *kept}):
        try:
            archive.get(digest)
        except DamagedArchive as damage:
            place = f"台账第{named[digest]}号所指的" if named.get(digest) else ""
            found.faults.append(f"{place}存档有误：{damage}")
        else:
            if not archive.is_read_only(digest):
                found.faults.append(f"存档 {digest} 不是只读的：有人动过。")
    unnamed = len(set(kept) - set(named))
    if unnamed:
        found.notes.append(f"存档中有{unnamed}份文件台账没有提到（没有下发的办法，或中断的收件），可以留着。")


def _named(ledger: Ledger) -> Iterator[tuple[str, int]]:
    """Digests of files that the ledger or a run names; 0 for what only a run does."""
    for run in all_runs(ledger):
        yield from ((digest, 0) for digest in _definition_of(run))
    for entry in ledger.each([RECEIVED, ADOPTED, SIGNED]):
        digests = entry.payload["files"].values() if entry.kind == ADOPTED else [entry.payload["sha256"]]
        yield from ((digest, entry.seq) for digest in digests)


def _definition_of(run: Run) -> list[str]:
    """Digests of the files that a run read; none where its row was changed, which the tables' digests tell."""
    try:
        files = json.loads(run.definition_files)
    except ValueError:
        return []
    return list(files.values()) if isinstance(files, dict) else []


def _publication_faults(home: Home, ledger: Ledger) -> Iterator[str]:
    entries = {(entry.evaluation, entry.payload["version"]): entry for entry in ledger.each([PUBLISHED])}
    evaluations = {evaluation for evaluation, _ in entries} | {path.name for path in home.published.glob("[!.]*")}
    for evaluation in sorted(evaluations):
        publications = Publications(home, ledger, evaluation)
        recorded = {version.version: version for version in publications.all()}
        own = {version: entry for (name, version), entry in entries.items() if name == evaluation}
        for version in sorted({*recorded, *own}):
            for told in _version_faults(publications, own.get(version), recorded.get(version)):
                yield f"{evaluation} 第{version}版{told}"
        latest = publications.folder / "latest"
        if own and latest.resolve() != publications.path(max(own)).resolve():
            yield f"{evaluation} 的 latest 没有指向最新的第{max(own)}版：{latest}"


def _version_faults(publications: Publications, entry: Entry | None, row: Publication | None) -> Iterator[str]:
    if entry is None or row is None:
        where = "只在数据库中有记录，台账里没有" if entry is None else "只在台账里有记录，数据库中没有"
        yield f"{where}。{_AGAIN.format(publications.evaluation)}"
        return
    folder, payload = publications.path(row.version), dict(entry.payload)
    manifest = payload.pop("manifest")
    payload.pop("made_from", None)
    if vars(row) != payload | {"evaluation": entry.evaluation}:
        yield f"在数据库中的记录与台账第{entry.seq}号不符。{_AGAIN.format(publications.evaluation)}"
    if not (folder / MANIFEST).is_file() or manifest_digest(folder) != manifest:
        yield f"的 {MANIFEST} 与台账第{entry.seq}号不符：{folder}"
        return
    altered = altered_files(folder)
    yield from (f"的 {name} 与清单不符：{folder}" for name in altered)
    if not altered and published_results_digest(folder) != payload["results_digest"]:
        yield f"的结果与台账第{entry.seq}号所记的摘要不符：{folder}"


def _unrecorded_versions(home: Home, ledger: Ledger) -> Iterator[str]:
    recorded = {(entry.evaluation, entry.payload["version"]) for entry in ledger.each([PUBLISHED])}
    paths = {Publications(home, ledger, evaluation).path(version) for evaluation, version in recorded}
    for folder in sorted(home.published.glob("*/v[0-9]*")):
        if folder not in paths:
            yield f"{folder} 没有记入台账（中断的发布），不是发布的版本；下次发布时会替换。"
