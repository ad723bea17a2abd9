"""Examples as they were filed: which files came in which order, and what is read from them.

For the generator, which needs last year's values, and for tests.
"""

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from evaluation.acceptance import KEY, accept
from evaluation.definition import FILES, Definition, read_definition
from intake.reading import Reading, read_files

EXAMPLES = Path(__file__).resolve().parent


class Filed(NamedTuple):
    """A file as `submissions.csv` lists it; `path` is where it lies."""

    sender: str
    file: str
    received: str
    path: Path


def filed(folder: Path) -> Iterator[Filed]:
    """The files of an example in the order in which they came in."""
    with (folder / "submissions.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            path = folder / "inbox" / row["sender"] / (row.get("kept_as") or row["file"])
            yield Filed(row["sender"], row["file"], row["received"], path)


def example_definition(folder: Path) -> Definition:
    return read_definition({name: (folder / name).read_bytes() for name in FILES if (folder / name).is_file()})


def read_example(folder: Path, previous: pd.DataFrame | None = None) -> Reading:
    """What intake makes of an example's files, numbered from 1; `previous` are last year's accepted values."""
    contents, rows = {}, []
    for seq, (sender, file, received, path) in enumerate(filed(folder), 1):
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        contents[digest] = data
        rows.append((seq, digest, sender, file, f"{received}T00:00:00+08:00"))
    files = pd.DataFrame(rows, columns=["seq", "sha256", "sender", "name", "received_at"])
    return read_files(files, contents.__getitem__, example_definition(folder), previous=previous)


def accepted_values(folder: Path) -> pd.DataFrame:
    """KEY and `accepted_value` of an example, without regard to ranges."""
    none = pd.DataFrame(columns=["approval_seq", "seq", "unit_code", "indicator_code", "period", "new_value"])
    accepted = accept(example_definition(folder), read_example(folder).submitted_values, set(), none)
    return accepted[[*KEY, "accepted_value"]]
