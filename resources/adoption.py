"""Which definition is in force: the adopted one. Reading what it means is evaluation.definition's part."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from evaluation.definition import Definition, digest_of, read_definition
from resources.accounts import same_person
from resources.archive import Archive
from resources.home import Home
from resources.ledger import Entry, Ledger

ADOPTED = "definition_adopted"


class TwoNamesNeeded(Exception):
    """Whoever asks for something may not be the one who approves it."""

    def __init__(self, name: str) -> None:
        same = f"经办人与批准人不能是同一人（都是“{name}”）。请由另一人批准。"
        super().__init__(same if name else "经办人和批准人的姓名都要写明。")


@dataclass(frozen=True)
class DefinitionInForce:
    """The definition that a run uses, by digests in the archive, and how it stands to the evaluation's folder."""

    files: dict[str, str]
    digest: str
    adopted: bool
    edited: bool  # the folder holds something else than what was adopted


def require_two_names(by: str, approved_by: str) -> None:
    """Raises: TwoNamesNeeded: one of them is blank, or both can be one person's."""
    if same_person(by, "") or same_person(approved_by, ""):
        raise TwoNamesNeeded("")
    if same_person(by, approved_by):
        raise TwoNamesNeeded(by.strip())


def adopt(home: Home, ledger: Ledger, evaluation: str, by: str, approved_by: str) -> Entry:
    """Archive the definition as it lies in the folder now and put it in force.

    Raises:
        InvalidRulebook: it cannot be read or names what does not exist.
        TwoNamesNeeded: one person for both parts.
    """
    require_two_names(by, approved_by)
    files = home.definition_files(evaluation)
    digest = read_definition(files, evaluation).digest
    newest = _newest(ledger, evaluation, None)
    if newest is not None and newest.payload["digest"] == digest:
        return newest
    payload = {"digest": digest, "files": _archived(home, files), "by": by, "approved_by": approved_by}
    return ledger.append(evaluation, ADOPTED, payload)


def definition_in_force(home: Home, ledger: Ledger, evaluation: str, up_to: int | None) -> DefinitionInForce:
    """What was adopted last up to that ledger entry; before the first adoption, what lies in the folder."""
    files = home.definition_files(evaluation)
    lying = digest_of(files)
    newest = _newest(ledger, evaluation, up_to)
    if newest is None:
        return DefinitionInForce(_archived(home, files), lying, adopted=False, edited=False)
    adopted: str = newest.payload["digest"]
    return DefinitionInForce(newest.payload["files"], adopted, adopted=True, edited=lying != adopted)


def digests_in_force(ledger: Ledger, evaluation: str, seqs: list[int], before_any: str) -> list[str]:
    """For each ledger entry the digest adopted last before it; `before_any` where nothing was adopted yet."""
    adopted = [(entry.seq, entry.payload["digest"]) for entry in ledger.entries(evaluation, [ADOPTED])]
    starts = [seq for seq, _ in adopted]
    return [adopted[at - 1][1] if (at := bisect_left(starts, seq)) else before_any for seq in seqs]


@lru_cache(maxsize=128)
def archived_definition(
    archive: Archive, files: tuple[tuple[str, str], ...], evaluation: str | None = None
) -> Definition:
    """The definition whose files have these digests; read once a process, because every step asks for it. It is that
    of `evaluation` (None: of whichever it says).

    Raises:
        InvalidRulebook: it cannot be read or names what does not exist.
    """
    return read_definition({name: archive.get(digest) for name, digest in files}, evaluation)


def adopted_definition(home: Home, ledger: Ledger, evaluation: str) -> Definition:
    """The definition in force now, as its files have it.

    Raises:
        UnknownEvaluation, InvalidRulebook: as their names say.
    """
    in_force = definition_in_force(home, ledger, evaluation, None)
    return archived_definition(Archive(home.archive), tuple(in_force.files.items()))


def _archived(home: Home, files: dict[str, bytes]) -> dict[str, str]:
    archive = Archive(home.archive)
    return {name: archive.put(data) for name, data in files.items()}


def _newest(ledger: Ledger, evaluation: str, up_to: int | None) -> Entry | None:
    entries = ledger.entries(evaluation, [ADOPTED], up_to)
    return entries[-1] if entries else None
