"""A home with many evaluations, for `load.py` and `night.py`: the examples, and small ones again under other codes."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
EXAMPLES = CHECKOUT / "examples"
SMALL = ("yuxi-2017", "selection-2008", "acceptance-2008", "wuhe-2015", "pilot-county-2014", "maker-spaces-2017")
COUNTY = ("qingshan-2024", "qingshan-2025")


def make(folder: Path, copies: int) -> list[str]:
    """Set `folder` up with the county's two cycles and so many copies of small examples; returns the codes made."""
    from orchestration.setting_up import set_up
    from resources.home import Home

    list(set_up(folder, list(COUNTY)))
    home = Home(folder)
    return [*COUNTY, *(_copied(home, SMALL[number % len(SMALL)], number) for number in range(copies))]


def _copied(home: object, example: str, number: int) -> str:
    from orchestration.filing import ledger_of
    from resources.adoption import adopt
    from resources.home import DEFINITION_FILES, Home
    from resources.inbox import Inbox, make_inbox

    assert isinstance(home, Home)
    stem, _, year = example.rpartition("-")
    code = f"{stem}-{number:02}-{year}"
    source, folder = EXAMPLES / example, home.evaluations / code
    folder.mkdir()
    for name in DEFINITION_FILES:
        if (source / name).is_file():
            shutil.copyfile(source / name, folder / name)
    rulebook = folder / "rulebook.yaml"
    text = rulebook.read_text(encoding="utf-8")
    rulebook.write_text(re.sub(r"(?m)^evaluation: .*$", f"evaluation: {code}", text), encoding="utf-8")
    ledger = ledger_of(home)
    make_inbox(home, code)
    adopt(home, ledger, code, "示例经办", "示例批准")
    with (source / "submissions.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            file = source / "inbox" / row["sender"] / (row.get("kept_as") or row["file"])
            Inbox(home, code).submit(ledger, row["sender"], file, row["received"] or None, row["by"], row["file"])
    return code
