"""Claims for bonuses, penalties and vetoes as people read them: what was claimed, what it is worth, what became of it.

Here belongs what the list of claims says. Layout does not, nor which claims count (`evaluation`).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from evaluation.decided import ACCEPTED, COUNTS, REFUSED, REPLACED, WAITS, YIELDS
from evaluation.explanation_words import LEVELS
from evaluation.items import Item
from evaluation.numbers import for_unit
from evaluation.refiled import with_matters
from evaluation.rounding import decimal_text
from evaluation.rule_kinds import Levels, PerItem
from reports.catalogue import EXTRA_SECTIONS, Catalogue
from reports.edition import Edition
from reports.rows import records
from reports.words import DECISIONS, EFFECTS

VETO = "否决"
BY_FIGURE = "（按数据认定）"
HIGHEST_ONLY = "同一事项只计最高级别，不另计"
NO_DOCUMENT = "没有文件依据，不计"
RETURNED = "退回，见问题清单"


class Matter(NamedTuple):
    """A row of the list. `about`: unit and outermost item; `score`: what all its matters make after limits."""

    about: tuple[str, str]
    kind: str
    unit_name: str
    item_name: str
    object_id: str
    level: str
    quantity: str
    document: str
    date: str
    clause: str
    worth: str
    score: str
    fate: str


def matters(edition: Edition, names: Catalogue) -> list[Matter]:
    """By unit in the administrative order, then as the rulebook has the items; what figures made is a row, too."""
    reader = _Reader(edition, names)
    found = [*reader.of_claims(), *reader.of_figures()]
    units = {code: place for place, code in enumerate(edition.definition.units["unit_code"])}
    items = {code: place for place, code in enumerate([*reader.items, *names.vetoes])}
    return sorted(found, key=lambda one: (units.get(one.about[0], len(units)), items[one.about[1]]))


class _Reader:
    """Looks up what the rows of one edition have in common."""

    def __init__(self, edition: Edition, names: Catalogue) -> None:
        rulebook = edition.definition.rulebook
        self.edition, self.names = edition, names
        self.items = {place.item.code: place for place in rulebook.places() if place.section is None}
        units = edition.definition.units.drop_duplicates("unit_code", keep="last")
        self.groups = dict(zip(units["unit_code"], units["group"].fillna(""), strict=True))
        scored = edition.indicator_scores[edition.indicator_scores["indicator_code"].isin(list(self.items))]
        scored = scored[scored["indicator_score"].notna()]
        keys = zip(scored["unit_code"], scored["indicator_code"], strict=True)
        self.scores: dict[tuple[str, str], str] = dict(zip(keys, scored["indicator_score"], strict=True))
        claims = edition.claims[edition.claims["item_code"].isin([*self.items, *names.vetoes])]
        self.claims = records(with_matters(claims))
        self.best = self._best()

    def of_claims(self) -> Iterator[Matter]:
        for claim in self.claims:
            code = claim["item_code"]
            level = claim["level"]
            yield self._matter(
                claim["unit_code"],
                code,
                object_id=claim["object_id"],
                level=LEVELS.get(level, (level,))[0],
                quantity=claim["quantity"],
                document=" ".join(filter(None, [claim["document"], f"第{claim['page']}页" if claim["page"] else ""])),
                date=claim["date"],
                worth="" if code in self.names.vetoes else _text(self._worth(claim)),
                fate=self._fate(claim),
            )

    def of_figures(self) -> Iterator[Matter]:
        """Points that no claim made, and vetoes by a figure."""
        claimed = {(claim["unit_code"], self._outermost(claim["item_code"])) for claim in self.claims}
        for (unit, code), score in self.scores.items():
            if (unit, code) not in claimed and Decimal(score) != 0:
                yield self._matter(unit, code, document=BY_FIGURE, fate="采纳")
        totals = self.edition.total_scores
        vetoed = totals[totals["veto"].fillna("") != ""]
        for unit, codes in zip(vetoed["unit_code"], vetoed["veto"], strict=True):
            for code in codes.split(";"):
                if code in self.names.vetoes and (unit, code) not in claimed:
                    yield self._matter(unit, code, document=BY_FIGURE, fate="采纳")

    def _matter(self, unit: str, code: str, **said: str) -> Matter:
        common = {"object_id": "", "level": "", "quantity": "", "date": "", "worth": ""} | said
        name = self.names.units.get(unit, unit)
        veto = self.names.vetoes.get(code)
        if veto is not None:
            effects = "、".join(EFFECTS.get(effect, effect) for effect in veto.effects)
            counts = said["fate"].startswith("采纳")
            score = effects if counts else ""
            return Matter((unit, code), VETO, name, veto.name, clause=veto.reference or "", score=score, **common)
        place, outermost = self.items[code], self._outermost(code)
        return Matter(
            about=(unit, outermost),
            kind=EXTRA_SECTIONS[place.section_code],
            unit_name=name,
            item_name=place.item.name,
            clause=place.item.reference or place.chain[0].reference or "",
            score=self.scores.get((unit, outermost), ""),
            **common,
        )

    def _outermost(self, code: str) -> str:
        return self.items[code].chain[0].code if code in self.items else code

    def _worth(self, claim: dict[Any, Any]) -> Fraction | None:
        """What the rule states for one such matter, before limits; None where it states nothing of the kind."""
        if claim["item_code"] not in self.items:
            return None
        item = self.items[claim["item_code"]].item
        rule, unit = item.rule, claim["unit_code"]
        stated = rule.levels.get(claim["level"]) if isinstance(rule, Levels) else None
        stated = rule.each if isinstance(rule, PerItem) else stated
        amount = for_unit(stated, unit, self.groups.get(unit, ""))
        return None if amount is None else amount.of(self._points(item, unit))

    def _points(self, item: Item, unit: str) -> Fraction:
        given = for_unit(item.points, unit, self.groups.get(unit, ""))
        return Fraction(0) if given is None else given.of(Fraction(0))

    def _best(self) -> dict[tuple[str, str, str], Fraction]:
        """The largest worth of each matter among its claims that count."""
        best: dict[tuple[str, str, str], Fraction] = {}
        for claim in self.claims:
            worth = self._worth(claim)
            if worth is not None and _counts(claim) and not self._lacks_document(claim):
                key = _key(claim)
                best[key] = max(best.get(key, worth), worth, key=abs)
        return best

    def _lacks_document(self, claim: dict[Any, Any]) -> bool:
        if claim["document"]:
            return False
        if claim["item_code"] in self.names.vetoes:
            return True
        rule = self.items[claim["item_code"]].item.rule
        return isinstance(rule, Levels) and rule.document_required

    def _fate(self, claim: dict[Any, Any]) -> str:
        because = "，".join(filter(None, [claim["decided_by"], claim["decided_because"]]))
        if claim["outcome"] != "accepted":
            return RETURNED
        if claim["decision"] == WAITS:
            return f"待核定（{claim['claim_id']}），未计分"
        if claim["decision"] in (YIELDS, REPLACED):
            return DECISIONS[claim["decision"]]
        if claim["decision"] == REFUSED:
            return f"不采纳：{because}"
        if self._lacks_document(claim):
            return NO_DOCUMENT
        worth, best = self._worth(claim), self.best.get(_key(claim))
        if worth is not None and best is not None and worth != best:
            return HIGHEST_ONLY
        return f"采纳：{because}" if claim["decision"] == ACCEPTED else f"采纳（{self.names.sender(claim['source'])}）"


def _counts(claim: dict[Any, Any]) -> bool:
    return claim["outcome"] == "accepted" and claim["decision"] in (COUNTS, ACCEPTED)


def _key(claim: dict[Any, Any]) -> tuple[str, str, str]:
    return claim["unit_code"], claim["item_code"], claim["matter"]


def _text(worth: Fraction | None) -> str:
    return "" if worth is None else decimal_text(worth)
