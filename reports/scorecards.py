"""The scorecard of each unit as people read it, item by item, with marks for what is not a number.

Here belongs what the sheet of items and the unit pages say alike. Layout does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from evaluation.unverified import unverified_items
from reports.catalogue import Catalogue, translated
from reports.csv_files import indicator_scores
from reports.edition import Edition, made_once
from reports.sources import with_evidence, with_places, with_sources
from reports.words import FLAGS, MISSING, NOT_APPLICABLE, PENDING

HUNDREDTH = Decimal("0.01")


@made_once
def scorecards(edition: Edition, names: Catalogue) -> pd.DataFrame:
    """`indicator_scores` with names, `stretch_value`, `completion` (%), `self_score`, `sender`, `evidence`,
    `flag_names`, `unverified`.

    Text columns hold marks, never NA: a dash for what was owed, a slash for what does not apply.
    """
    rows = indicator_scores(edition).drop(columns=["source_file", "sheet", "cell"])
    if not edition.detailed:  # reasons that the csv leaves out; here they were made for the units shown
        told = edition.indicator_scores[["unit_code", "indicator_code", "reason"]]
        rows = rows.drop(columns="reason").merge(told, on=["unit_code", "indicator_code"], how="left")
    rows = with_evidence(with_sources(rows, edition.accepted_values, names.items), edition)
    rows = rows.merge(edition.self_scores, on=["unit_code", "indicator_code"], how="left")
    rows = rows.merge(
        names.items.drop(columns=["figure", "data_year"]), on=["section_code", "indicator_code"], how="left"
    )
    rows = rows.merge(_stretch(edition), on=["unit_code", "indicator_code"], how="left")
    completion = rows["measure"].where(rows["measured_as"] == "completion").where(rows["state"] == "scored")
    flags = rows["flags"].fillna("")
    return rows.assign(
        completion=translated(completion, percent),
        accepted_value=_marked(rows["accepted_value"], rows["state"], {"missing": MISSING, "pending": PENDING}),
        target_value=_marked(rows["target_value"], rows["state"]),
        indicator_score=_marked(rows["indicator_score"], rows["state"]),
        deduction=_marked(rows["deduction"], rows["state"]),
        section_name=rows["section_name"].fillna(rows["section_code"]),
        indicator_name=rows["indicator_name"].fillna(rows["indicator_code"]),
        self_score=rows["self_score"].fillna(""),
        sender=translated(rows["source"], names.sender),
        flag_names=translated(flags, _flag_names),
        unverified=pd.MultiIndex.from_frame(rows[["unit_code", "indicator_code"]]).isin(
            unverified_items(edition.definition.rulebook, edition.accepted_values)
        ),
    )


def figures(edition: Edition, names: Catalogue, values: pd.DataFrame | None = None) -> pd.DataFrame:
    """Every accepted value (or every one of `values`) with the names of figure, department and flags, and the place
    it was read at."""
    rows = with_places(edition.accepted_values if values is None else values)
    order = {code: place for place, code in enumerate(names.figures)}
    return rows.assign(
        order=rows["indicator_code"].map(order).fillna(len(order)),
        figure_name=rows["indicator_code"].map(names.figures).fillna(rows["indicator_code"]),
        accepted_value=rows["accepted_value"].fillna(MISSING),
        sender=translated(rows["source"], names.sender),
        flag_names=translated(rows["flags"], _flag_names),
    ).sort_values(["order", "period"], kind="stable")


def percent(measure: str) -> str:
    """A completion as it is read aloud, half up.

    >>> percent("1.005")
    '100.50%'
    """
    return f"{(Decimal(measure) * 100).quantize(HUNDREDTH, ROUND_HALF_UP):f}%"


def _marked(texts: pd.Series, state: pd.Series, marks: Mapping[str, str] | None = None) -> pd.Series:
    """Fill what is not known with the mark of why it is not."""
    return texts.fillna(state.map({"not_applicable": NOT_APPLICABLE} | dict(marks or {})).fillna(""))


def _flag_names(flags: str) -> str:
    return "、".join(FLAGS.get(flag, flag) for flag in flags.split(";"))


def _stretch(edition: Edition) -> pd.DataFrame:
    targets = edition.definition.targets[["unit_code", "indicator_code", "stretch"]]
    return targets.rename(columns={"stretch": "stretch_value"}).drop_duplicates(["unit_code", "indicator_code"])
