"""What submitted values are compared with: limits, targets, divisors, groups; and the names of what is compared."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from evaluation.columns import floats
from evaluation.definition import Definition
from evaluation.figures import Figure
from evaluation.numbers import COUNTED
from evaluation.references import figure_codes
from evaluation.texts import positions

# Shares of a whole cannot exceed it; what grows, or is completed, can.
SHARES = ("占比", "比重", "比例", "覆盖率", "普及率", "合格率", "及格率", "入学率", "参保率")
NO_SHARES = ("增", "完成率", "速", "变化", "提高", "下降")
SIDES = {"minimum": Figure.minimum, "maximum": Figure.maximum}
_Positions = npt.NDArray[np.int64]


def named(definition: Definition, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with unit_name, indicator_name, unit (of measure) and clause (in brackets), as messages tell them."""
    figures, codes = figures_by_code(definition), rows["indicator_code"]
    told = {
        "indicator_name": {code: figure.name for code, figure in figures.items()},
        "unit": {code: figure.unit_of_measure or "" for code, figure in figures.items()},
        "clause": {code: _clause(figure) for code, figure in figures.items()},
    }
    names = {name: codes.map(texts).fillna("").astype("str") for name, texts in told.items()}
    return rows.assign(unit_name=rows["unit_code"].map(definition.unit_names).astype("str"), **names)


def figures_by_code(definition: Definition) -> dict[str, Figure]:
    """The figures in the rulebook's order; of several definitions of one code the first."""
    figures: dict[str, Figure] = {}
    for figure in definition.rulebook.figures():
        figures.setdefault(figure.code, figure)
    return figures


def _clause(figure: Figure) -> str:
    """The reference of the item that defines the figure, else of what stands around it."""
    place = next((place for place in figure.places if figure.definer in place.chain), figure.places[0])
    around = [item.reference for item in reversed(place.chain)]
    around += [place.section.reference] if place.section is not None else []
    found = next((reference for reference in around if reference), None)
    return f"〔{found}〕" if found else ""


class Limits:
    """Limits of the figures of a definition, beside whatever values there are: found by position, joined to none."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._units = definition.plan.units
        self._figures = figures_by_code(definition)
        # A figure a row, a class of units a column.
        self._limits = {name: self._by_class(name) for name in SIDES}

    def beside(self, values: pd.DataFrame) -> pd.DataFrame:
        """The values with minimum, maximum, growth_warning, counted, share, percent, target, per_value, group_number;
        they are values of units and figures that the definition has."""
        units, figures = self._places(values)
        given = list(self._figures.values())
        counted, percent = ([figure.unit_of_measure in kinds for figure in given] for kinds in (COUNTED, ("%",)))
        share = [in_percent and is_share(figure.name) for figure, in_percent in zip(given, percent, strict=True)]
        growth = np.array([_as_float(figure.growth_warning) for figure in given], "float64")
        classes = self._units.class_of[units]
        sides = {
            name: self._table(limits, _as_float, "float64")[figures, classes] for name, limits in self._limits.items()
        }
        return values.assign(
            **sides,
            growth_warning=growth[figures],
            counted=np.array(counted, "bool")[figures],
            percent=np.array(percent, "bool")[figures],
            share=np.array(share, "bool")[figures],
            target=np.append(floats(self._targets["target"]), np.nan)[self._target_of(units, figures)],
            per_value=self._divisors[self._divisor_of[figures], units],
            group_number=self._units.group_of[units],
        )

    def told(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of `beside` as messages tell them: names, minimum_text, maximum_text, target_text as people write."""
        units, figures = self._places(rows)
        classes = self._units.class_of[units]
        texts = {
            f"{name}_text": self._table(limits, decimal_text, "object")[figures, classes]
            for name, limits in self._limits.items()
        }
        target = self._targets["target"].array.take(self._target_of(units, figures), allow_fill=True)
        return named(self._definition, rows.assign(target_text=target, **texts))

    def _places(self, rows: pd.DataFrame) -> tuple[_Positions, _Positions]:
        """The positions of units and of figures."""
        return positions(rows["unit_code"], self._units.codes), positions(rows["indicator_code"], [*self._figures])

    def _by_class(self, name: str) -> list[list[Fraction | None]]:
        return [[SIDES[name](figure, *one) for one in self._units.classes] for figure in self._figures.values()]

    def _table(self, limits: list[list[Fraction | None]], make: Callable[[Fraction | None], Any], kind: str) -> Any:
        made = np.array([[make(limit) for limit in own] for own in limits], kind)
        return made.reshape(len(limits), len(self._units.classes))

    @cached_property
    def _targets(self) -> pd.DataFrame:
        """Targets of figures that an item measures by how far they are reached, with the key of each."""
        codes = figure_codes(self._definition.rulebook)
        reached = {
            place.item.code: codes[place.item.code]
            for place in self._definition.rulebook.places()
            if place.item.code in codes
            and any(measure in ("completion", "shortfall") for measure, _ in place.item.methods())
        }
        rows = self._definition.targets[["unit_code", "indicator_code", "target"]].dropna()
        rows = rows[rows["indicator_code"].isin(list(reached)) & ~rows["target"].str.endswith("%")]
        units, figures = self._places(rows.assign(indicator_code=rows["indicator_code"].map(reached).astype("str")))
        return pd.DataFrame({"target": rows["target"], "key": self._key(units, figures)}).drop_duplicates("key")

    def _target_of(self, units: _Positions, figures: _Positions) -> _Positions:
        """Where in `_targets`, -1 where there is none."""
        return np.asarray(pd.Index(self._targets["key"]).get_indexer(self._key(units, figures)))

    def _key(self, units: _Positions, figures: _Positions) -> _Positions:
        return units * len(self._figures) + figures

    @cached_property
    def _divisors(self) -> npt.NDArray[np.float64]:
        """The columns of units.csv by which items divide, a row each; NaN in the last."""
        columns = [floats(self._definition.units[name]) for name in self._divided_by]
        return np.array([*columns, np.full(len(self._units), np.nan)])

    @cached_property
    def _divisor_of(self) -> _Positions:
        """Which of `_divisors` belongs to each figure."""
        per = [next((p.item.per for p in figure.places if p.item.per), None) for figure in self._figures.values()]
        return np.array([self._divided_by.index(one) if one in self._divided_by else -1 for one in per], "int64")

    @cached_property
    def _divided_by(self) -> list[str]:
        columns = dict.fromkeys(place.item.per for place in self._definition.rulebook.places())
        return [name for name in columns if name is not None and name in self._definition.units]


def is_share(name: str) -> bool:
    """Whether a figure of that name is a share of a whole.

    >>> [is_share(name) for name in ("研发经费占比", "占比提高幅度", "技术合同成交额增速")]
    [True, False, False]
    """
    return any(word in name for word in SHARES) and not any(word in name for word in NO_SHARES)


def decimal_text(number: Fraction | None) -> str:
    """The number as people write it; empty where there is none."""
    return "" if number is None else f"{Decimal(number.numerator) / number.denominator:f}"


def _as_float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)
