"""What submitted values are compared with, as columns to be joined: names, limits, last year's values, due days."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pandas as pd

from evaluation.acceptance import KEY
from evaluation.definition import Definition
from evaluation.numbers import COUNTED
from evaluation.rulebook import Rulebook


def sender_names(definition: Definition) -> dict[str, str]:
    """Names of departments and units by code."""
    units = definition.units
    named = {department.code: department.name for department in definition.rulebook.departments}
    return named | dict(zip(units["unit_code"], units["name"], strict=True))


def due_day(rulebook: Rulebook) -> str:
    """The day until which submissions are in time; without one everything is."""
    due = rulebook.calendar.submissions_due
    return "9999-12-31" if due is None else due.isoformat()


def item_names(definition: Definition) -> pd.DataFrame:
    """unit_code × indicator_code with unit_name, group, indicator_name and unit (of measure)."""
    figures = pd.DataFrame(
        [(f.code, f.name, f.unit_of_measure or "") for f in definition.rulebook.figures()],
        columns=["indicator_code", "indicator_name", "unit"],
    )
    units = definition.units[["unit_code", "name", "group"]].rename(columns={"name": "unit_name"})
    return units.merge(figures, how="cross")


def value_limits(definition: Definition) -> pd.DataFrame:
    """`item_names` with minimum, maximum, growth_warning and counted."""
    frame = item_names(definition)
    figures = {figure.code: figure for figure in definition.rulebook.figures()}
    keys = list(zip(frame["unit_code"], frame["group"], frame["indicator_code"], strict=True))
    limited = {code for code, figure in figures.items() if figure.definer.range is not None}
    for column, side in (("minimum", "minimum"), ("maximum", "maximum")):
        limits = [getattr(figures[i], side)(u, g) if i in limited else None for u, g, i in keys]
        frame[column] = pd.Series([_as_float(limit) for limit in limits], index=frame.index, dtype="float64")
        frame[f"{column}_text"] = [_decimal(limit) for limit in limits]
    growth = {code: _as_float(figure.growth_warning) for code, figure in figures.items()}
    frame["growth_warning"] = frame["indicator_code"].map(growth).astype("float64")
    frame["counted"] = frame["unit"].isin(COUNTED)
    return frame.drop(columns="group")


def last_year_values(previous: pd.DataFrame) -> pd.DataFrame:
    """`last_year` as a number and as text by unit and figure, of its last period."""
    numbers = pd.to_numeric(previous["accepted_value"]).rename("last_year")
    texts = previous["accepted_value"].rename("last_year_text")
    frame = pd.concat([previous[KEY], numbers, texts], axis=1).sort_values("period")
    return frame.drop_duplicates(["unit_code", "indicator_code"], keep="last").drop(columns="period")


def _decimal(number: Fraction | None) -> str:
    """The number as people write it; empty where there is none."""
    return "" if number is None else f"{Decimal(number.numerator) / number.denominator:f}"


def _as_float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)


def last_day(period: str) -> str:
    """The last day of a period, good enough to compare with ISO dates: 2025 → 2025-12-31."""
    if "Q" in period:
        year, quarter = period.split("Q")
        return f"{year}-{int(quarter) * 3:02}-31"
    return f"{period}-31" if "-" in period else f"{period}-12-31"
