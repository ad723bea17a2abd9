"""Which files of the home somebody may read, and where they lie. Nothing beside these four shelves is reached.

Examiners and operators read everything that is published, received and asked. Townships and departments read their own
page and brief, receipts, forms and appeals; of others what stands in `public/`, which a version has from 公示 on.
Whoever is for some counties only reads no more than that of all others' evaluations either.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path, PurePosixPath

from starlette.exceptions import HTTPException

from guard.users import User
from resources.appeals import appeals
from resources.home import FORMS, Home
from resources.ledger import Ledger
from resources.receipts import Receipts

PUBLIC = "public"
VERSION = re.compile(r"v[0-9]{4,}|latest")
OWN = re.compile(r"units/(?P<page>[^/]+?)(\.en)?\.html|briefs/(?P<brief>[^/]+)\.docx")


def published(home: Home, user: User, evaluation: str, version: str, path: str) -> Path:
    """A file of a published version. Raises: HTTPException: 403 or 404."""
    own = OWN.fullmatch(path)
    is_own = own is not None and (own["page"] or own["brief"]) in user.codes_in(evaluation)
    if not (user.examines_in(evaluation) or is_own or path.startswith(f"{PUBLIC}/")):
        raise HTTPException(403)
    if not VERSION.fullmatch(version):
        raise HTTPException(404)
    return _below(_below(home.published, evaluation) / version, path, file=True)


def receipt(home: Home, user: User, evaluation: str, sender: str, path: str) -> Path:
    """What came back to a sender; `sender` is the folder's name. Raises: HTTPException: 403 or 404."""
    if not user.examines_in(evaluation) and sender not in {
        Receipts(home, evaluation).of_sender(code).name for code in user.codes_in(evaluation)
    }:
        raise HTTPException(403)
    return _below(_below(_below(home.receipts, evaluation), sender), path, file=True)


def form(home: Home, user: User, evaluation: str, name: str) -> Path:
    """A workbook to fill in. Raises: HTTPException: 403 or 404."""
    if not user.examines_in(evaluation) and name not in own_forms(home, user, evaluation):
        raise HTTPException(403)
    return _below(_below(home.templates, evaluation), name, file=True)


def appeal(home: Home, ledger: Ledger, user: User, evaluation: str, number: int) -> Path:
    """The page on an appeal. Raises: HTTPException: 403 or 404."""
    found = appeals(ledger, evaluation).get(number)
    if not user.examines_in(evaluation) and (found is None or found.unit_code not in user.codes_in(evaluation)):
        raise HTTPException(403)
    return _below(_below(home.appeals, evaluation), f"{number:03}.html", file=True)


def own_forms(home: Home, user: User, evaluation: str) -> list[str]:
    """Names of the workbooks that ask the user's units and departments."""
    listed = home.templates / evaluation / FORMS
    if not listed.is_file():
        return []
    with listed.open(encoding="utf-8", newline="") as rows:
        return [row["file"] for row in csv.DictReader(rows) if row["code"] in user.codes_in(evaluation)]


def own_receipts(home: Home, user: User, evaluation: str) -> list[tuple[str, str]]:
    """Sender's folder and path of each file that came back, newest first."""
    folders = [Receipts(home, evaluation).of_sender(code) for code in user.codes_in(evaluation)]
    return [(folder.name, path) for folder in folders for path in files_below(folder)]


def files_below(folder: Path) -> list[str]:
    """Paths of the files that people read, the newest folder first."""
    found = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    return sorted((path for path in found if not _hidden(path)), reverse=True)


def _hidden(path: str) -> bool:
    """Whether a part is what a program keeps for itself, or leads elsewhere."""
    return any(part.startswith((".", "/")) for part in PurePosixPath(path).parts)


def _below(folder: Path, path: str, *, file: bool = False) -> Path:
    """What lies there; neither a path nor a symlink leads out of the folder. Raises: HTTPException: 404."""
    found = folder / path
    try:
        real = found.resolve(strict=True)
    except (OSError, ValueError):
        raise HTTPException(404) from None
    inside = real.is_relative_to(folder.resolve()) and not _hidden(path) and path
    if not inside or not (real.is_file() if file else real.is_dir()):
        raise HTTPException(404)
    return found
