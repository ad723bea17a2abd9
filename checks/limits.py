"""What submitted values are compared with, as columns to be joined: names, clauses, limits, targets, groups."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

from evaluation.definition import Definition
from evaluation.figures import Figure
from evaluation.numbers import COUNTED
from evaluation.references import figure_codes

# Shares of a whole cannot exceed it; what grows, or is completed, can.
SHARES = ("占比", "比重", "比例", "覆盖率", "普及率", "合格率", "及格率", "入学率", "参保率")
NO_SHARES = ("增", "完成率", "速", "变化", "提高", "下降")
PAIR = ["unit_code", "indicator_code"]


def sender_names(definition: Definition) -> dict[str, str]:
    """Names of departments and units by code."""
    units = definition.units
    named = {department.code: department.name for department in definition.rulebook.departments}
    return named | dict(zip(units["unit_code"], units["name"], strict=True))


def item_names(definition: Definition) -> pd.DataFrame:
    """unit_code × indicator_code with unit_name, group, indicator_name, unit (of measure) and clause (in brackets)."""
    figures = pd.DataFrame(
        [(f.code, f.name, f.unit_of_measure or "", _clause(f)) for f in definition.rulebook.figures()],
        columns=["indicator_code", "indicator_name", "unit", "clause"],
    ).drop_duplicates("indicator_code")
    units = definition.units[["unit_code", "name", "group"]].rename(columns={"name": "unit_name"})
    return units.merge(figures, how="cross")


def _clause(figure: Figure) -> str:
    """The reference of the item that defines the figure, else of what stands around it."""
    place = next((place for place in figure.places if figure.definer in place.chain), figure.places[0])
    around = [item.reference for item in reversed(place.chain)]
    around += [place.section.reference] if place.section is not None else []
    found = next((reference for reference in around if reference), None)
    return f"〔{found}〕" if found else ""


def value_limits(definition: Definition) -> pd.DataFrame:
    """`item_names` with minimum, maximum (and their texts), growth_warning, counted, share, target, per_value."""
    frame, classes = item_names(definition), definition.plan.units
    figures = {figure.code: figure for figure in reversed(definition.rulebook.figures())}
    in_order = [figures[code] for code in dict.fromkeys(figure.code for figure in definition.rulebook.figures())]
    for column, side in (("minimum", "min"), ("maximum", "max")):
        limits = [_limits(definition, figure, side) for figure in in_order]
        # A figure a row, a class of units a column; the frame runs through the figures of one unit after the other.
        numbers = np.array([[_as_float(limit) for limit in own] for own in limits], "float64")
        numbers = numbers.reshape(len(in_order), len(classes.classes))
        frame[column] = numbers[:, classes.class_of].T.ravel()
        texts, known = pd.factorize(np.array([decimal_text(limit) for own in limits for limit in own], "object"))
        of_units = texts.reshape(numbers.shape)[:, classes.class_of].T.ravel()
        frame[f"{column}_text"] = pd.Series(known, dtype="str").take(of_units).reset_index(drop=True)
    growth = {code: _as_float(figure.growth_warning) for code, figure in figures.items()}
    frame["growth_warning"] = frame["indicator_code"].map(growth).astype("float64")
    frame["counted"] = frame["unit"].isin(COUNTED)
    frame["share"] = (frame["unit"] == "%") & frame["indicator_code"].map(
        {code: is_share(figure.name) for code, figure in figures.items()}
    )
    frame = frame.merge(_targets(definition), on=PAIR, how="left")
    return frame.merge(_divisors(definition, figures), on=PAIR, how="left")


def _limits(definition: Definition, figure: Figure, side: str) -> list[Fraction | None]:
    """The figure's limit for each class of units."""
    limit = Figure.minimum if side == "min" else Figure.maximum
    return [limit(figure, unit, group) for unit, group in definition.plan.units.classes]


def is_share(name: str) -> bool:
    """Whether a figure of that name is a share of a whole.

    >>> [is_share(name) for name in ("研发经费占比", "占比提高幅度", "技术合同成交额增速")]
    [True, False, False]
    """
    return any(word in name for word in SHARES) and not any(word in name for word in NO_SHARES)


def _targets(definition: Definition) -> pd.DataFrame:
    """`target` of figures that an item measures by how far it is reached, with its text."""
    codes = figure_codes(definition.rulebook)
    reached = {
        place.item.code: codes[place.item.code]
        for place in definition.rulebook.places()
        if place.item.code in codes
        and any(measure in ("completion", "shortfall") for measure, _ in place.item.methods())
    }
    rows = definition.targets[[*PAIR, "target"]].dropna()
    rows = rows[rows["indicator_code"].isin(list(reached)) & ~rows["target"].str.endswith("%")]
    rows = rows.assign(indicator_code=rows["indicator_code"].map(reached), target_text=rows["target"])
    return rows.assign(target=pd.to_numeric(rows["target"])).drop_duplicates(PAIR)


def _divisors(definition: Definition, figures: dict[str, Figure]) -> pd.DataFrame:
    """`per_value`: the column of units.csv by which an item that reads the figure divides it, for that unit."""
    return pd.concat([pd.DataFrame(columns=[*PAIR, "per_value"]), *_divided(definition, figures)]).astype(
        {"unit_code": "str", "indicator_code": "str", "per_value": "float64"}
    )


def _divided(definition: Definition, figures: dict[str, Figure]) -> Iterator[pd.DataFrame]:
    for code, figure in figures.items():
        column = next((place.item.per for place in figure.places if place.item.per), None)
        if column in definition.units:
            per_value = pd.to_numeric(definition.units[column])
            yield definition.units[["unit_code"]].assign(indicator_code=code, per_value=per_value)


def decimal_text(number: Fraction | None) -> str:
    """The number as people write it; empty where there is none."""
    return "" if number is None else f"{Decimal(number.numerator) / number.denominator:f}"


def _as_float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)
