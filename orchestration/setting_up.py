"""`kaohe init`: a home folder with evaluations to start from. Twice is once; nothing of the user's is replaced."""

from __future__ import annotations

import csv
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from evaluation.definition import digest_of
from resources.adoption import ADOPTED, adopt
from resources.home import CHECKOUT, DEFINITION_FILES, Home
from resources.inbox import RECEIVED, Inbox, make_inbox
from resources.ledger import Ledger
from resources.refused import Refused
from resources.store import Store

EXAMPLES = CHECKOUT / "examples"
DEFAULT_EXAMPLE = "yuxi-2017"
EXAMPLE_BY, EXAMPLE_APPROVED_BY = "示例经办", "示例批准"


def example_names() -> list[str]:
    """The evaluations that the project brings, earlier cycles first."""
    return sorted((path.parent.name for path in EXAMPLES.glob("*/rulebook.yaml")), key=_by_cycle)


def set_up(folder: Path, examples: list[str]) -> Iterator[str]:
    """Make `folder` a home with these examples; yields a line about each thing done.

    Raises:
        Refused: there is no example of that name.
    """
    for name in examples:
        if name not in example_names():
            raise Refused(f"没有示例“{name}”。可用的示例：{'、'.join(example_names())}。")
    home = Home(folder)
    make_folders(home)
    ledger = Ledger(Store(home.store_url))
    for name in examples:
        yield from _copy_example(home, ledger, name)


def make_folders(home: Home) -> None:
    """The folders and settings that every home has; what is there stays."""
    for folder in (home.evaluations, home.inbox, home.archive, home.published, home.dagster):
        folder.mkdir(parents=True, exist_ok=True)
    if not home.holidays.exists():
        shutil.copyfile(CHECKOUT / "deploy" / "holidays.csv", home.holidays)
    settings = home.dagster / "dagster.yaml"
    if not settings.exists():
        settings.write_text(dagster_settings(home), encoding="utf-8")


def dagster_settings(home: Home) -> str:
    """Dagster's settings as the environment says: its record beside the store, workers where there is a broker.

    Raises:
        Refused: workers on several machines, which share no SQLite file.
    """
    shared, workers = home.store_url.startswith("postgresql"), bool(os.environ.get("KAOHE_BROKER"))
    if workers and not shared:
        raise Refused("KAOHE_BROKER 让几台机器一起计算，数据库要用 PostgreSQL：请先设置 KAOHE_STORE。")
    parts = ["dagster.yaml"] + ["postgresql/dagster.yaml"] * shared + ["celery/dagster.yaml"] * workers
    return "".join((CHECKOUT / "deploy" / part).read_text(encoding="utf-8") for part in parts)


def _copy_example(home: Home, ledger: Ledger, name: str) -> Iterator[str]:
    source, folder = EXAMPLES / name, home.evaluations / name
    if not folder.exists():
        folder.mkdir()
        for file in DEFINITION_FILES:
            if (source / file).is_file():
                shutil.copyfile(source / file, folder / file)
        yield f"放入示例考核“{name}”：{folder}"
    make_inbox(home, name)
    untouched = _digest(folder) == _digest(source)
    if untouched and not ledger.newest_of(name, [ADOPTED]):
        adopt(home, ledger, name, EXAMPLE_BY, EXAMPLE_APPROVED_BY)
    if untouched:  # its forms are stamped by this definition
        yield from _submit_example(home, ledger, name)


def _submit_example(home: Home, ledger: Ledger, name: str) -> Iterator[str]:
    """Submit what was never submitted; what the user has sent since stays in force.

    A file that is listed again under its name is a resubmission; `kept_as` says where the one before it lies.
    """
    entries = ledger.entries(name, [RECEIVED])
    sent = Counter((entry.payload["sender"], entry.payload["name"]) for entry in entries)
    with (EXAMPLES / name / "submissions.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            file = (row["sender"], row["file"])
            sent[file] -= 1
            if sent[file] < 0:
                source = EXAMPLES / name / "inbox" / row["sender"] / (row.get("kept_as") or row["file"])
                Inbox(home, name).submit(ledger, row["sender"], source, row["received"] or None, row["by"], row["file"])
                yield f"  收到 {row['sender']} 的 {row['file']}"


def _digest(folder: Path) -> str:
    return digest_of({name: (folder / name).read_bytes() for name in DEFINITION_FILES if (folder / name).is_file()})


def _by_cycle(name: str) -> tuple[str, str]:
    year = name.rpartition("-")[2]
    return (year, name)
