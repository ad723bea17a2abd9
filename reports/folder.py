"""A version's folder as a whole: every file that goes out, the manifest last.

Here belongs which files there are. Moving the folder into place and pointing to it does not.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from evaluation.states import CLOSED
from reports.analyses import write_analyses
from reports.briefs import write_briefs
from reports.csv_files import findings, indicator_scores, official_scores, ranking, write_csv
from reports.edition import Edition
from reports.manifest import write_manifest
from reports.notice import write_notice
from reports.pages import for_the_public, write_pages
from reports.workbook import write_workbook
from reports.years import years


def write_folder(folder: Path, edition: Edition, cause: str) -> None:
    """Write all reports into an empty folder: the same edition and cause make the same bytes."""
    tables = {
        "ranking": ranking(edition),
        "indicator_scores": indicator_scores(edition),
        "official_scores": official_scores(edition),
        "findings": findings(edition),
        "changes": edition.changes,
        **({"years": years(edition)} if edition.cycles else {}),
    }
    for name, frame in tables.items():
        write_csv(frame, folder / f"{name}.csv")
    if edition.analyses is not None:
        write_analyses(folder, edition.analyses)
    write_workbook(edition, folder / "scorecards.xlsx")
    write_notice(edition, folder / "notice.docx")
    write_briefs(folder, edition)
    write_pages(folder, edition)
    if edition.state in CLOSED:
        _write_public(folder / "public", edition, tables["ranking"], tables["indicator_scores"])
    write_manifest(folder, edition, cause)


def _write_public(folder: Path, edition: Edition, totals: pd.DataFrame, items: pd.DataFrame) -> None:
    """What may be shown outside: no names of persons or files, no notes, no findings."""
    folder.mkdir()
    write_csv(totals, folder / "ranking.csv")
    write_csv(items.drop(columns=["reason", "source_file", "sheet", "cell"]), folder / "indicator_scores.csv")
    shown = for_the_public(edition)
    if shown.cycles:
        write_csv(years(shown), folder / "years.csv")
    write_notice(edition, folder / "notice.docx")
    write_pages(folder, edition, public=True)
