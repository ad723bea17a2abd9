"""`manifest.json`: which version this is, what it was made from, and the digest of every file beside it.

Here belongs what lets anybody verify a published folder. Moving it into place does not.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from importlib.metadata import version
from pathlib import Path

from reports.csv_files import results_digest
from reports.edition import Edition

MANIFEST = "manifest.json"
PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"


def write_manifest(folder: Path, edition: Edition, cause: str) -> Path:
    """List every file in `folder` with its SHA-256; written last. `cause`: why there is a new version."""
    path = folder / MANIFEST
    path.write_text(_manifest(folder, edition, cause), encoding="utf-8", newline="\n")
    return path


def holds_whole(folder: Path, edition: Edition, cause: str) -> bool:
    """Whether all that was written of this edition for this cause lies in the folder, unaltered."""
    path = folder / MANIFEST
    return path.is_file() and path.read_bytes() == _manifest(folder, edition, cause).encode()


def _manifest(folder: Path, edition: Edition, cause: str) -> str:
    manifest = {
        "evaluation": edition.definition.rulebook.evaluation,
        "version": edition.version,
        "state": edition.state,
        "as_of": edition.as_of,
        "adopted": edition.adopted,
        "definition_digest": edition.definition_digest,
        "inputs_digest": edition.inputs_digest,
        "results_digest": results_digest(edition),
        "ledger_seq": edition.ledger_seq,
        "ledger_head": edition.ledger_head,
        "program_version": program_version(),
        "cause": cause,
        **({"cycles": [cycle.recorded() for cycle in edition.cycles]} if edition.cycles else {}),
        "files": file_digests(folder),
    }
    return json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"


def file_digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below `folder` by its path with `/`, the manifest itself left out."""
    files = (path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: _digest(named[name]) for name in sorted(named) if name != MANIFEST}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def program_version() -> str:
    """Version of this program: the checkout's own where it runs from one, else the installed one."""
    if PYPROJECT.is_file():
        return str(tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["version"])
    return version("kaohe")
