"""A version's folder as a whole: every file that goes out, the manifest last.

Here belongs which files there are. Moving the folder into place and pointing to it does not.
"""

from __future__ import annotations

from pathlib import Path

from reports.csv_files import findings, indicator_scores, official_scores, ranking, write_csv
from reports.edition import Edition
from reports.manifest import write_manifest
from reports.pages import write_pages
from reports.workbook import write_workbook


def write_folder(folder: Path, edition: Edition, cause: str) -> None:
    """Write all reports into an empty folder: the same edition and cause make the same bytes."""
    tables = {
        "ranking": ranking(edition),
        "indicator_scores": indicator_scores(edition),
        "official_scores": official_scores(edition),
        "findings": findings(edition),
        "changes": edition.changes,
    }
    for name, frame in tables.items():
        write_csv(frame, folder / f"{name}.csv")
    write_workbook(edition, folder / "scorecards.xlsx")
    write_pages(folder, edition)
    write_manifest(folder, edition, cause)
