"""Papers converted to PDF by LibreOffice, as an office would print them, and read back page by page."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

NEEDED = "Tests of printed papers need {}: as root run deploy/install-test-packages.sh, or install what it lists."


def printed(folder: Path, papers: Sequence[Path]) -> dict[str, list[str]]:
    """Text of each page by the paper's name; all are converted in one go, with a profile of their own."""
    soffice, pdftotext = _program("soffice"), _program("pdftotext")
    profile = (folder / "profile").as_uri()
    command = [
        soffice,
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
    ]
    done = subprocess.run([*command, *map(str, papers)], capture_output=True, text=True, timeout=240, check=False)
    pages = {}
    for paper in papers:
        pdf = folder / f"{paper.stem}.pdf"
        assert pdf.is_file(), f"{paper.name} was not converted: {done.stdout}{done.stderr}"
        text = subprocess.run([pdftotext, "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
        pages[paper.name] = text.removesuffix("\f").split("\f")
    return pages


def _program(name: str) -> str:
    found = shutil.which(name)
    assert found is not None, NEEDED.format(name)
    return found
