"""Writes what is made up in the examples qingshan-2024 and qingshan-2025: targets, inbox and submissions.csv.

Run by hand after a change of rulebook, units, figures or forms: `python -m examples.generate_qingshan [FOLDER]`.
Rulebook, units, officials and the papers in 佐证 are made by hand and only read here. The same inputs make the same
bytes.
"""

import shutil
import sys
from datetime import date
from pathlib import Path

import pandas as pd

from evaluation.acceptance import KEY
from evaluation.definition import FILES, Definition, read_definition
from examples.filed import EXAMPLES, accepted_values
from examples.qingshan_faults import PAPERS_RECEIVED
from examples.qingshan_figures import County
from examples.qingshan_files import Filing, csv_text
from examples.qingshan_filings import Filings
from examples.qingshan_tasks import TARGETS_HEADER, target_rows
from examples.qingshan_told import Told
from reports.form_asked import Asked

YEARS = (2024, 2025)
STATED_BY = "示例整理"
LISTED = ["sender", "file", "received", "by", "kept_as"]
PAPERS = "佐证"


def county_of(definition: Definition) -> County:
    units = definition.units
    size: dict[tuple[str, str], float] = {}
    for column in (name for name in units.columns if name in {"population_10k", "gdp_100m"}):
        numbers = units[column].astype("float64")
        share = numbers / numbers.groupby(units["group"]).transform("mean")
        size |= {(unit, column): float(one) for unit, one in zip(units["unit_code"], share, strict=True)}
    return County(dict(zip(units["unit_code"], units["group"], strict=True)), size)


def write_example(source: Path, folder: Path) -> None:
    """Write targets.csv, inbox and submissions.csv for the definition in `source` below `folder`."""
    given = {name: (source / name).read_bytes() for name in FILES if (source / name).is_file()}
    given.pop("targets.csv", None)
    bare = read_definition(given)
    county = county_of(bare)
    targets = csv_text(TARGETS_HEADER, target_rows(bare, county))
    told = Told(read_definition(given | {"targets.csv": targets}), county)
    filings = list(Filings(told, _asked(told, source)))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "targets.csv").write_bytes(targets)
    _clear(folder / "inbox")
    for filing in filings:
        path = folder / "inbox" / filing.sender / (filing.kept_as or filing.file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(filing.data)
    (folder / "submissions.csv").write_bytes(_listed([*filings, *_papers(source, told.year)]))


def _asked(told: Told, source: Path) -> Asked:
    """Forms as they were handed out before the year's end, with last year's values beside the blanks."""
    previous = told.definition.rulebook.previous
    known = accepted_values(source.parent / previous) if previous else pd.DataFrame(columns=[*KEY, "accepted_value"])
    return Asked(told.definition, known, told.known_before(f"{told.year}Q3"))


def _papers(source: Path, year: int) -> list[Filing]:
    """What lies in 佐证, made by hand."""
    found = sorted((source / "inbox").glob(f"*/{PAPERS}/*"))
    day = date.fromisoformat(PAPERS_RECEIVED.get(year, f"{year + 1}-01-09"))
    return [Filing(path.parts[-3], f"{PAPERS}/{path.name}", b"", day) for path in found]


def _listed(filings: list[Filing]) -> bytes:
    inside = sorted(filings, key=lambda one: one.received)
    rows = [[one.sender, one.file, one.received.isoformat(), STATED_BY, one.kept_as] for one in inside]
    columns = len(LISTED) if any(row[-1] for row in rows) else len(LISTED) - 1
    return csv_text(LISTED[:columns], [row[:columns] for row in rows])


def _clear(inbox: Path) -> None:
    """Remove all but the papers."""
    for path in sorted(inbox.rglob("*"), reverse=True):
        if PAPERS not in path.parts:
            shutil.rmtree(path) if path.is_dir() and not any(path.iterdir()) else path.is_file() and path.unlink()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES
    for year in YEARS:
        write_example(EXAMPLES / f"qingshan-{year}", target / f"qingshan-{year}")
