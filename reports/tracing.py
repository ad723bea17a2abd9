"""What each item of each unit was scored from: values, claims and marks, each with file, sheet and cell.

Here belongs finding them. How they are shown does not.
"""

from __future__ import annotations

import pandas as pd

from evaluation.figures import figure_code
from evaluation.items import Item
from evaluation.rulebook import Rulebook
from reports.catalogue import Catalogue, translated
from reports.edition import Edition
from reports.rows import Rows, records
from reports.scorecards import figures
from reports.words import DECISIONS

READERS = ["indicator_code", "item", "year"]
TRACED = [
    *("unit_code", "item", "kind", "what", "period", "value", "sender", "flags"),
    *("source_file", "sheet", "cell", "said"),
]
COMPARED_WITH_LAST_YEAR = {"growth", "change"}


def traces(edition: Edition, names: Catalogue) -> dict[tuple[str, str], Rows]:
    """Rows of TRACED by unit and item. `kind`: value, last_year, claim or mark; `said`: what was decided, and why."""
    rulebook = edition.definition.rulebook
    whole = pd.concat(
        [
            _values(figures(edition, names), readers(rulebook), "value"),
            _values(figures(edition, names, edition.previous_values), _readers_of_last_year(rulebook), "last_year"),
            _claims(edition, names),
            _marks(edition, names),
        ],
        ignore_index=True,
    )
    found: dict[tuple[str, str], Rows] = {}
    for row in records(whole):
        found.setdefault((row["unit_code"], row["item"]), []).append(row)
    return found


def readers(rulebook: Rulebook) -> pd.DataFrame:
    """READERS: figures with the items that read them, themselves or in a part, and of which year."""
    return _reading(rulebook, lambda item: True, 0)


def _readers_of_last_year(rulebook: Rulebook) -> pd.DataFrame:
    return _reading(rulebook, _looks_back, 1)


def _looks_back(item: Item) -> bool:
    """Whether the item's score is made of last year's value as well."""
    return (
        any(measure in COMPARED_WITH_LAST_YEAR for measure, _ in item.methods())
        or any(case.when is not None and case.when.of == "previous" for case in item.cases or ())
        or item.missing == "previous"
    )


def _reading(rulebook: Rulebook, asked: object, back: int) -> pd.DataFrame:
    assert callable(asked)
    rows = {
        (figure_code(place.chain), place.chain[0].code, str((place.item.data_year or rulebook.cycle.year) - back)): None
        for place in rulebook.places()
        if place.item.reads_figure() and asked(place.item)
    }
    return pd.DataFrame(list(rows), columns=READERS, dtype="str")


def _values(values: pd.DataFrame, reading: pd.DataFrame, kind: str) -> pd.DataFrame:
    rows = values.merge(reading, on="indicator_code")
    rows = rows[rows["period"].str[:4] == rows["year"]]
    return rows.assign(kind=kind, what=rows["figure_name"], value=rows["accepted_value"], said="")[TRACED]


def _claims(edition: Edition, names: Catalogue) -> pd.DataFrame:
    rows = edition.claims[edition.claims["outcome"] == "accepted"]
    outermost = {place.item.code: place.chain[0].code for place in edition.definition.rulebook.places()}
    rows = rows.assign(item=rows["item_code"].map(outermost)).dropna(subset="item")
    return _with_places(rows, names, "claim").assign(
        what=_joined(rows, ["object_id", "level", "document", "page"]), value=rows["quantity"], said=decided(rows)
    )[TRACED]


def _marks(edition: Edition, names: Catalogue) -> pd.DataFrame:
    rows = edition.marks
    outermost = {place.item.code: place.chain[0].code for place in edition.definition.rulebook.places()}
    rows = rows.assign(item=rows["indicator_code"].map(outermost)).dropna(subset="item")
    return _with_places(rows, names, "mark").assign(what=rows["judge"], value=rows["mark"], said="")[TRACED]


def decided(claims: pd.DataFrame) -> pd.Series:
    """What an examiner decided on each claim, by whom and why; empty where its source settles it."""
    words = claims["decision"].map(DECISIONS).fillna("")
    reasons = _joined(claims, ["decided_by", "decided_because"])
    return words.where(reasons == "", words + "：" + reasons)


def _with_places(rows: pd.DataFrame, names: Catalogue, kind: str) -> pd.DataFrame:
    return rows.assign(
        kind=kind, period="", flags="", sender=translated(rows["source"], names.sender), source_file=rows["file"]
    )


def _joined(rows: pd.DataFrame, columns: list[str]) -> pd.Series:
    texts = [rows[column].fillna("").astype("str") for column in columns]
    whole = texts[0].str.cat(texts[1:], sep=" ") if len(rows) else texts[0]
    return whole.str.split().str.join(" ") if len(rows) else whole
