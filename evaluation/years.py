"""Years side by side: totals, ranks, item rates and figures of this cycle and those before it, as tidy rows.

Here belongs what is laid beside what, and the mark that says how far it may be compared. Published scores are taken as
they are: nothing is scored anew, and scores of several units are never added.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from evaluation.comparability import Comparable, UnitClass
from evaluation.definition import Definition
from evaluation.lineages import Ancestor, figure_lines, item_lines, unit_lines
from evaluation.year_items import ItemYears, classes_by_unit
from evaluation.year_numbers import middle, percentile
from evaluation.year_streaks import streaks

COLUMNS = [
    *("cycle", "evaluation", "kind", "group", "unit_code", "unit_then", "unit_name"),
    *("indicator_code", "indicator_then", "indicator_name", "measure", "value", "unit_of_measure"),
    *("comparable", "remark"),
]
OF_UNITS = ["total_score", "base_score", "rank", "ranked", "percentile", "grade"]
SCORES = ["total_score", "base_score"]
CONTENTS, MOVED = "考核内容有变：", "其后换了分组"


@dataclass(frozen=True, eq=False)
class Results:
    """One cycle's definition and published results, columns as of `ranking.csv` and `indicator_scores.csv`, all text.

    `items` is None where items are not compared.
    """

    definition: Definition
    totals: pd.DataFrame
    items: pd.DataFrame | None = None

    @property
    def cycle(self) -> int:
        return self.definition.rulebook.cycle.year

    @cached_property
    def units(self) -> pd.DataFrame:
        """The totals with `ranked`, how many units are ranked together, and `percentile`: 100 is first, 0 last."""
        rows = self.totals.reset_index(drop=True)
        within = self.definition.rulebook.ranking.within
        pool = rows["kind"] + "/" + (rows["group"].fillna("") if within == "group" else "")
        ranked = rows["rank"].notna().groupby(pool).transform("sum").astype("int64")
        return rows.assign(pool=pool, ranked=ranked.astype("str"), percentile=percentile(rows["rank"], ranked))

    def classes(self, kind: str, group: str) -> set[UnitClass]:
        """Those of the units of a group, or of all of a kind."""
        units = self.definition.units
        meant = units[units["kind"].eq(kind) & (units["group"].eq(group) | (not group))]
        return {self._classes[unit] for unit in meant["unit_code"].tolist()}

    @cached_property
    def _classes(self) -> dict[str, UnitClass]:
        return classes_by_unit(self.definition)


@dataclass(frozen=True, eq=False)
class Years:
    """This cycle first, then those before it, each naming the next as its `previous`."""

    cycles: Sequence[Results]

    @cached_property
    def lines(self) -> list[list[Ancestor]]:
        return unit_lines([one.definition for one in self.cycles])

    @cached_property
    def items(self) -> list[ItemYears]:
        """By cycle, how its items stand to this one's."""
        definitions = [one.definition for one in self.cycles]
        pasts, names = item_lines(definitions), figure_lines(definitions)
        added = frozenset(pasts[0].keys() - pasts[1].keys()) if len(pasts) > 1 else frozenset()
        return [
            ItemYears(definitions[0], definition, past, figures, frozenset() if at else added)
            for at, (definition, past, figures) in enumerate(zip(definitions, pasts, names, strict=True))
        ]

    def rows(self) -> pd.DataFrame:
        """COLUMNS, all text: oldest cycle first, its units' totals, their items, then medians of groups and kinds.

        `unit_code` and `indicator_code` are this cycle's, empty where nothing continues the unit or item; `…_then` and
        names are of the row's own cycle.
        """
        parts = [part for at in reversed(range(len(self.cycles))) for part in self._of_cycle(at)]
        found = pd.concat([part for part in parts if len(part)], ignore_index=True)
        texts = found.reindex(columns=COLUMNS).astype("str")
        return texts.mask(texts.eq(""))

    def _of_cycle(self, at: int) -> list[pd.DataFrame]:
        one = self.cycles[at]
        line = self.lines[at]
        lines = pd.DataFrame(
            {
                "unit_code": pd.Series([each.unit for each in line], dtype="str"),
                "unit_then": pd.Series([each.then for each in line], dtype="str"),
                "comparable": [int(each.comparable) for each in line],
                "why": pd.Series([each.why for each in line], dtype="str"),
            }
        )
        units = lines.merge(one.units.rename(columns={"unit_code": "unit_then"}), on="unit_then")
        units = units.merge(self._now, on="unit_code", how="left")
        parts = [self._totals(at, units), *([] if at else [streaks(self.cycles, self.lines)]), self._medians(at)]
        if one.items is not None:
            parts[1:1] = [self.items[at].of_units(units, one.items)]
            parts.append(self.items[at].medians(one.units, one.items))
        named = {"cycle": str(one.cycle), "evaluation": one.definition.rulebook.evaluation}
        return [part.assign(**named) for part in parts]

    @cached_property
    def _now(self) -> pd.DataFrame:
        """Pool and group of this cycle's units."""
        found = self.cycles[0].units[["unit_code", "pool", "group"]]
        return found.rename(columns={"pool": "pool_now", "group": "group_now"})

    def _totals(self, at: int, units: pd.DataFrame) -> pd.DataFrame:
        """A row per unit and measure of OF_UNITS that has a value."""
        moved = units["pool"].ne(units["pool_now"]) & units["unit_code"].ne("")
        changed = self._changes(at, units)
        pieces = []
        for measure in OF_UNITS:
            rows = units.assign(measure=measure, value=units[measure])
            if at and measure in SCORES:
                rows = _marked(rows, changed.ne(""), Comparable.CHANGED, CONTENTS + changed)
            elif at and measure in ("rank", "percentile", "ranked"):
                rows = _marked(rows, moved, Comparable.NO, MOVED)
            pieces.append(rows[rows["value"].notna()])
        found = pd.concat(pieces).sort_index(kind="stable")
        return _told(found)

    def _medians(self, at: int) -> pd.DataFrame:
        """The middle total and base score of those ranked, by group and by kind."""
        units = self.cycles[at].units
        ranked = units[units["rank"].notna()]
        rows = []
        for score in SCORES:
            columns = (ranked["kind"].tolist(), ranked["group"].fillna("").tolist(), ranked[score].tolist())
            for (kind, group), value in middle(*columns).items():
                changed = self.changes_of(at, kind, group) if at else ""
                mark = Comparable.CHANGED if changed else Comparable.YES
                told = {"comparable": mark.code, "remark": CONTENTS + changed if changed else ""}
                rows.append({"kind": kind, "group": group, "measure": f"median_{score}", "value": value, **told})
        return pd.DataFrame(rows)

    def changes_of(self, at: int, kind: str, group: str = "") -> str:
        """What differs between that cycle's items and this one's for a group, or a kind of units, counted in words."""
        scopes = [self.cycles[one].classes(kind, group) for one in (0, at)]
        return self.items[at].changes((UnitClass("", group), UnitClass("", group)), (scopes[0], scopes[1]))

    def _changes(self, at: int, units: pd.DataFrame) -> pd.Series:
        """The same for each unit, as it was assessed then and is now; empty for units that are no more."""
        items = self.items[at]
        if not at:
            return pd.Series("", index=units.index, dtype="str")
        codes = units["unit_code"].tolist()
        pairs = [items.classes(now, then) for now, then in zip(codes, units["unit_then"].tolist(), strict=True)]
        known = {pair: items.changes(pair) for pair in set(pairs)}
        told = [known[pair] if unit else "" for unit, pair in zip(codes, pairs, strict=True)]
        return pd.Series(told, index=units.index, dtype="str")


def _marked(rows: pd.DataFrame, where: pd.Series, mark: Comparable, why: str | pd.Series) -> pd.DataFrame:
    """The rows with at least that mark, and why, where it applies."""
    worse = rows["comparable"].where(~where | (rows["comparable"] >= mark), mark)
    joined = rows["why"].where(rows["why"] == "", rows["why"] + "；")
    return rows.assign(comparable=worse, why=rows["why"].where(~where, joined + why))


def _told(rows: pd.DataFrame) -> pd.DataFrame:
    codes = {int(mark): mark.code for mark in Comparable}
    return rows.assign(comparable=rows["comparable"].map(codes), remark=rows["why"])
