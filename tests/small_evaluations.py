"""Small evaluations for tests of scoring: a definition out of a few lines, and frames out of tuples."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from evaluation.definition import Definition, read_definition
from evaluation.scoring import Scores, score

HEAD = """
evaluation: small-2025
cycle: {year: 2025, starts: 2025-01-01, ends: 2025-12-31}
"""
GROUPS = "groups: [{code: g, kind: township}, {code: h, kind: township}]\n"
Rows = Sequence[tuple[Any, ...]]


def definition(
    rulebook: str, units: str = "A B", targets: str = "", officials: str = "", columns: str = ""
) -> Definition:
    """`units`: codes, or lines of units.csv after the four first columns' names; `columns`: further ones."""
    if "," not in units:
        units = "\n".join(f"{code},{code},township,g" for code in units.split())
    files = {
        "rulebook.yaml": rulebook if "groups:" in rulebook else GROUPS + rulebook,
        "units.csv": f"unit_code,name,kind,group{columns}\n{units}\n",
        "targets.csv": f"unit_code,indicator_code,target,stretch,applicable\n{targets}\n",
        "officials.csv": f"official_code,unit_code,role,name,from,to,share\n{officials}\n",
    }
    if "evaluation:" not in rulebook:
        files["rulebook.yaml"] = HEAD + files["rulebook.yaml"]
    return read_definition({name: text.encode() for name, text in files.items()})


def items(*lines: str, settings: str = "") -> str:
    """A rulebook of one section `s` with the items, each in flow style."""
    listed = "".join(f"      - {line}\n" for line in lines)
    return f"{settings}\nsections:\n  - code: s\n    indicators:\n{listed}"


def frame(rows: Rows, *names: str) -> pd.DataFrame:
    """Texts in columns; rows shorter than the names are filled with NA."""
    padded = [(*row, *(None,) * (len(names) - len(row))) for row in rows]
    return pd.DataFrame(padded, columns=list(names), dtype="str")


def figures(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """(unit, figure, value[, period[, provisional]])"""
    full = [(unit, code, rest[0] if rest else None, *rest[1:]) for unit, code, *rest in rows]
    made = pd.DataFrame(
        [(u, c, v, p[0] if p else "2025", bool(p[1]) if len(p) > 1 else False) for u, c, v, *p in full],
        columns=["unit_code", "indicator_code", "accepted_value", "period", "provisional"],
    )
    texts = ["unit_code", "indicator_code", "accepted_value", "period"]
    return made.astype(dict.fromkeys(texts, "str"))


def claims(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """(unit, item, object, level, quantity, document)"""
    return frame(rows, "unit_code", "item_code", "object_id", "level", "quantity", "document")


def item_score(scores: Scores, unit: str, item: str) -> str | None:
    """The published score of one item, None where it is empty."""
    rows = scores.indicator_scores
    found = rows[(rows["unit_code"] == unit) & (rows["indicator_code"] == item)]["indicator_score"]
    return None if found.isna().item() else str(found.item())


def cell(table: pd.DataFrame, column: str, **where: str) -> Any:
    """One cell of the row that is meant; None where it is empty."""
    for name, value in where.items():
        table = table[table[name] == value]
    found = table[column]
    return None if found.isna().item() else found.item()


def column(table: pd.DataFrame, name: str) -> list[Any]:
    return [None if pd.isna(value) else value for value in table[name]]


def scored(rulebook: str, accepted: pd.DataFrame | None = None, **given: Any) -> Scores:
    """The scores of a rulebook; `units`, `targets`, `officials`, `columns` go to the definition."""
    parts = {name: given.pop(name) for name in ("units", "targets", "officials", "columns") if name in given}
    return score(definition(rulebook, **parts), figures() if accepted is None else accepted, **given)
