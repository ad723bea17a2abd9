"""One cycle's items beside this cycle's: rates of the points, figures, and how far each may be compared.

Here belong the rows of items. What makes two items comparable stands in `comparability.py`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import pandas as pd

from evaluation.comparability import Comparable, Compared, UnitClass, compared
from evaluation.continuity import additive_figures
from evaluation.definition import Definition
from evaluation.figures import figure_code
from evaluation.items import CLAIM_MEASURES
from evaluation.lineages import ItemPast
from evaluation.rulebook import Place
from evaluation.unit_classes import unit_classes
from evaluation.year_numbers import middle, rates

ADDED, DROPPED, SUMMED, UNREPORTED = "新增", "其后取消", "合并前各单位之和", "缺报"
NOT_SECTIONS = ("bonus", "penalty")
KEPT = ["unit_code", "unit_then", "unit_name", "kind", "group", "comparable", "why"]
SAME = Compared(Comparable.YES, Comparable.YES)
Pair = tuple[UnitClass, UnitClass]


@dataclass(frozen=True, eq=False)
class ItemYears:
    """`past`: by this cycle's item its past in `then`; `figures`: by its figure what it was called then; `added`: items
    that the cycle before `then` had none of."""

    now: Definition
    then: Definition
    past: Mapping[str, ItemPast]
    figures: Mapping[str, str]
    added: frozenset[str] = frozenset()
    _known: dict[tuple[str, Pair], Compared] = field(default_factory=dict)

    @cached_property
    def codes(self) -> dict[str, str]:
        """This cycle's code by the one of then."""
        return {past.then: code for code, past in self.past.items()}

    @cached_property
    def places(self) -> dict[str, Place]:
        """Items of then that stand in sections."""
        return _in_sections(self.then)

    def compared(self, then: str, classes: Pair) -> Compared:
        """How the item of that code of then stands to this cycle's."""
        if self.now is self.then:
            return SAME
        key = (then, classes)
        if key not in self._known:
            self._known[key] = self._compared(then, classes)
        return self._known[key]

    def _compared(self, then: str, classes: Pair) -> Compared:
        code = self.codes.get(then)
        if code is None:
            return Compared(Comparable.NO, Comparable.NO, why=DROPPED)
        if self.past[code].why:
            return Compared(Comparable.NO, Comparable.NO, why=f"不可比：{self.past[code].why}")
        years = (self.now.rulebook, self.then.rulebook)
        return compared(self.now.rulebook.place(code), self.then.rulebook.place(then), years, classes, self.figures)

    def changes(self, classes: Pair, scopes: tuple[Iterable[UnitClass], Iterable[UnitClass]] | None = None) -> str:
        """What differs for units of these classes, counted in words; empty where nothing does.

        `scopes`: whose items are meant, where that is more than one class of each cycle.
        """
        now, then = scopes or ((classes[0],), (classes[1],))
        here = [code for code, place in _in_sections(self.now).items() if _applies(self.now, place, now)]
        there = [code for code, place in self.places.items() if _applies(self.then, place, then)]
        before = {past.then for code in here if (past := self.past.get(code)) is not None}
        counts = Counter(self._told(code, classes) if code in before else "取消" for code in there)
        fresh = sum(code not in self.past or self.past[code].then not in there for code in here)
        words = [("新增", fresh), *((word, counts[word]) for word in ("取消", "口径有变", "不可比"))]
        return "、".join(f"{word}{count}项" for word, count in words if count)

    def _told(self, then: str, classes: Pair) -> str:
        score = self.compared(then, classes).score
        return "" if score is Comparable.YES else "口径有变" if score is Comparable.CHANGED else "不可比"

    def of_units(self, units: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
        """Rows of `score_rate` and `figure`; `units`: lines with their unit of then (KEPT), `items`: its scores."""
        rows = self._with_codes(items).merge(units[KEPT], on="unit_then")
        codes = (rows[name].tolist() for name in ("unit_code", "unit_then", "indicator_then"))
        found = [self.compared(code, self.classes(now, then)) for now, then, code in zip(*codes, strict=True)]
        fresh = rows["indicator_code"].isin(self.added)
        scores = self._marked(rows, [(one.score, one.score_remark) for one in found], fresh)
        unreported = scores["state"].eq("missing") & scores["score_rate"].notna()
        scores["remark"] = _joined(scores["remark"], unreported, UNREPORTED)
        figures = self._marked(rows, [(one.figure, one.why) for one in found], fresh)
        sums = self._sums(rows[[one.figure is Comparable.YES for one in found]])
        figures = pd.concat([figures.assign(value=figures["figure"], measure="figure"), sums], ignore_index=True)
        both = pd.concat([scores.assign(value=scores["score_rate"], measure="score_rate"), figures], ignore_index=True)
        percent = both["measure"].eq("score_rate")
        both["unit_of_measure"] = both["unit_of_measure"].where(~percent, "%")
        return both[both["value"].notna()]

    def medians(self, units: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
        """The middle rate and figure of the ranked units, by item and group, and by item and kind."""
        ranked = units.loc[units["rank"].notna(), ["unit_code", "kind", "group"]]
        rows = self._with_codes(items).merge(ranked.rename(columns={"unit_code": "unit_then"}), on="unit_then")
        rows = rows.assign(group=rows["group"].fillna(""))
        columns = ["indicator_then", "kind", "group", "score_rate", "figure"]
        held: dict[str, dict[str, list[tuple[str, str, str]]]] = {}
        for then, kind, group, *numbers in rows[columns].itertuples(index=False, name=None):
            for measure, number in zip(columns[3:], numbers, strict=True):
                if isinstance(number, str):
                    held.setdefault(then, {}).setdefault(measure, []).append((kind, group, number))
        return pd.DataFrame([row for then in held for row in self._middles(then, held[then])])

    def _middles(self, then: str, held: Mapping[str, list[tuple[str, str, str]]]) -> Iterator[dict[str, str]]:
        """A row per measure, group and kind of one item of then; `held`: (kind, group, number) by measure."""
        item, code = self.places[then].item, self.codes.get(then, "")
        base = {"indicator_code": code, "indicator_then": then, "indicator_name": item.name}
        for measure, numbers in held.items():
            scores = measure == "score_rate"
            for (kind, group), value in middle(*zip(*numbers, strict=True), exact=not scores).items():
                one = self.compared(then, (UnitClass("", group), UnitClass("", group)))
                mark, why = (one.score, one.score_remark) if scores else (one.figure, one.why)
                told = {"comparable": mark.code, "remark": ADDED if code in self.added else why}
                unit = "%" if scores else item.unit_of_measure or ""
                what = {"kind": kind, "group": group, "measure": f"median_{measure}", "value": value}
                yield {**base, **what, "unit_of_measure": unit, **told}

    def classes(self, now: str, then: str) -> Pair:
        """The classes of two units; a unit that is no more is compared as its group was."""
        return self._classes_now.get(now, UnitClass()), self._classes_then.get(then, UnitClass())

    @cached_property
    def _classes_now(self) -> dict[str, UnitClass]:
        return classes_by_unit(self.now)

    @cached_property
    def _classes_then(self) -> dict[str, UnitClass]:
        return classes_by_unit(self.then)

    def _with_codes(self, items: pd.DataFrame) -> pd.DataFrame:
        """Items of sections with both codes, name, unit of measure, rate and figure."""
        rows = items[~items["section_code"].isin(NOT_SECTIONS)]
        rows = rows.rename(columns={"unit_code": "unit_then", "indicator_code": "indicator_then"})
        then = rows["indicator_then"]
        counted = {code for code, place in self.places.items() if place.item.measure in CLAIM_MEASURES}
        decided = rows["state"].isin(["scored", "missing"])
        return rows.assign(
            indicator_code=then.map(self.codes).fillna(""),
            indicator_name=then.map({code: place.item.name for code, place in self.places.items()}),
            unit_of_measure=then.map({code: place.item.unit_of_measure or "" for code, place in self.places.items()}),
            score_rate=rates(rows["indicator_score"].where(decided), rows["points"]),
            figure=rows["accepted_value"].where(~then.isin(counted), rows["measure"]),
        ).drop(columns="measure")

    def _marked(self, rows: pd.DataFrame, marks: list[tuple[Comparable, str]], fresh: pd.Series) -> pd.DataFrame:
        """`comparable` and `remark` of unit and item together: the worse mark, both reasons."""
        worst = [max(unit, mark) for unit, (mark, _) in zip(rows["comparable"].tolist(), marks, strict=True)]
        whys = [
            "；".join(filter(None, (unit, why))) for unit, (_, why) in zip(rows["why"].tolist(), marks, strict=True)
        ]
        remarks = pd.Series(whys, index=rows.index, dtype="str")
        codes = [Comparable(mark).code for mark in worst]
        return rows.assign(comparable=codes, remark=_joined(remarks, fresh, ADDED))

    def _sums(self, rows: pd.DataFrame) -> pd.DataFrame:
        """What units had together before they were merged: of figures that may be added, where all have one."""
        lines = rows[["unit_code", "unit_then"]].drop_duplicates()
        once = lines["unit_then"].map(lines["unit_then"].value_counts()).eq(1) & lines["unit_code"].ne("")
        whole = once.groupby(lines["unit_code"]).transform("all")
        several = lines[whole].groupby("unit_code")["unit_then"].nunique()
        sizes = several[several > 1]
        figures = additive_figures(self.now.rulebook)
        added = [code for code, place in _in_sections(self.now).items() if figure_code(place.chain) in figures]
        fit = rows[rows["unit_code"].isin(sizes.index) & rows["indicator_code"].isin(added) & rows["figure"].notna()]
        found = [
            {**one.iloc[0].to_dict(), "value": f"{sum(map(Decimal, one['figure']), Decimal(0)):f}", "measure": "figure"}
            | {"unit_then": ";".join(one["unit_then"]), "unit_name": "、".join(one["unit_name"])}
            | {"comparable": Comparable.YES.code, "remark": SUMMED}
            for (unit, _), one in fit.groupby(["unit_code", "indicator_code"], sort=False)
            if len(one) == sizes[unit]
        ]
        return pd.DataFrame(found)


def _joined(remarks: pd.Series, where: pd.Series, word: str) -> pd.Series:
    """The remarks with one more word where it applies."""
    return remarks.where(~where, (remarks + "；").where(remarks.ne(""), "") + word)


def _in_sections(definition: Definition) -> dict[str, Place]:
    places = definition.rulebook.top_items()
    return {place.item.code: place for place in places if place.section is not None}


def classes_by_unit(definition: Definition) -> dict[str, UnitClass]:
    """The class of each unit by its code."""
    classes = unit_classes(definition.rulebook, definition.units)
    codes = definition.units["unit_code"].tolist()
    return {code: UnitClass(*classes.classes[at]) for code, at in zip(codes, classes.class_of, strict=True)}


def _applies(definition: Definition, place: Place, classes: Iterable[UnitClass]) -> bool:
    return any(definition.rulebook.applies(place, one.unit_code, one.group) for one in classes)
