"""What is scored, as written: items (indicators, parts, bonus and penalty items), sections and blocks.

Here belong the keys of an item, their defaults and what a part takes over from its item. Which figures
are to be reported follows from them and stands in `figures.py`.
"""

from fractions import Fraction
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from evaluation.fields import (
    Amounts,
    AmountsOrNone,
    AnyCode,
    Code,
    Flag,
    Model,
    Number,
    Numbers,
    NumbersOrNone,
    PlainOperands,
    Text,
    Weight,
    Whole,
)
from evaluation.rule_kinds import Cliff, Rule, RuleKinds, When

Measure: TypeAlias = Literal[
    "value",
    "completion",
    "growth",
    "change",
    "deviation",
    "shortfall",
    "rank",
    "days_late",
    "count",
    "quantity",
]
CLAIM_MEASURES = frozenset({"count", "quantity"})
# What `continues` says of an item, or of a unit, that has no counterpart last year.
NOTHING_BEFORE = "none"
CompareWithin: TypeAlias = Literal["group", "kind", "all"]

# What a part that does not say otherwise takes over from its item.
INHERITED = ("missing", "not_applicable", "compare_within")
# The same, where it also reads its item's figure: it names neither sources nor a figure.
INHERITED_WITH_FIGURE = (
    "direction",
    "unit_of_measure",
    "per",
    "frequency",
    "accumulate",
    "periods",
    "data_year",
    "exemptions",
)


class Named(Model):
    """What has a code, and a name that is its code where none is written."""

    code: Code
    name: Text = ""

    @model_validator(mode="before")
    @classmethod
    def _name_is_code(cls, written: Any) -> Any:
        if isinstance(written, dict) and "name" not in written and "code" in written:
            return {**written, "name": written["code"]}
        return written


class Range(Model):
    min: PlainOperands | None = None
    max: PlainOperands | None = None


class FixedPoints(Model):
    points: Amounts


def _by_word(value: Any) -> str:
    return "<points>" if isinstance(value, dict | FixedPoints) else "<word>"


Missing: TypeAlias = Annotated[
    Annotated[Literal["zero", "pending", "previous", "rescale"], Tag("<word>")]
    | Annotated[FixedPoints, Tag("<points>")],
    Discriminator(_by_word),
]
NotApplicable: TypeAlias = Annotated[
    Annotated[Literal["rescale", "skip", "full"], Tag("<word>")] | Annotated[FixedPoints, Tag("<points>")],
    Discriminator(_by_word),
]


class Case(Model):
    """One case of `cases`; without `when` it always fits."""

    when: When | None = None
    measure: Measure = "value"
    rule: Rule


class Item(Named):
    """An indicator, a part, or a bonus or penalty item.

    `sources` of a part is None where it has no figure of its own; elsewhere it is `("self",)` by default.
    `points` is None where parts make the item's points; `max_points` None means the points themselves.
    `continues` None: last year's item of the same code; what follows from it stands in `continuity.py`.
    """

    reference: Text | None = None
    text: Text | None = None
    unit_of_measure: Text | None = None
    direction: Literal["higher_is_better", "lower_is_better"] = "higher_is_better"
    points: Amounts | None = None
    max_points: AmountsOrNone | None = None
    min_points: Amounts | None = None
    applies_to: tuple[AnyCode, ...] | None = None
    sources: tuple[Code, ...] | None = None
    tolerance: Number | None = None
    frequency: Literal["year", "quarter", "month"] = "year"
    accumulate: Literal["latest", "sum", "mean", "max"] = "latest"
    periods: Literal["combine_then_score", "score_then_mean"] = "combine_then_score"
    data_year: Whole | None = None
    figure: Code | None = None
    range: Range | None = None
    growth_warning: Number | None = None
    total_of: Code | None = None
    per: Text | None = None
    compare_within: CompareWithin = "group"
    measure: Measure = "value"
    rule: Rule | None = None
    cliff: Cliff | None = None
    cases: Annotated[tuple[Case, ...], Field(min_length=1)] | None = None
    parts: Annotated[tuple["Item", ...], Field(min_length=1)] | None = None
    missing: Missing = "zero"
    not_applicable: NotApplicable = "rescale"
    rescale_within: Literal["parent", "section", "total"] | None = None
    responsible: tuple[Code, ...] | None = None
    exemptions: Flag = False
    continues: Code | None = None
    not_comparable: Text | None = None
    additive: Flag = False

    @model_validator(mode="after")
    def _one_way_to_points(self) -> "Item":
        ways = [key for key in ("rule", "cases", "parts") if getattr(self, key) is not None]
        if len(ways) != 1:
            raise ValueError(f"rule、cases、parts 必须且只能写一个，现有: {'、'.join(ways) or '无'}")
        return self

    def methods(self) -> list[tuple[str, Rule]]:
        """(measure, rule) of every way in which the item itself may be scored; none where it has parts."""
        if self.cases is not None:
            return [(case.measure, case.rule) for case in self.cases]
        return [] if self.rule is None else [(self.measure, self.rule)]

    def reads_figure(self) -> bool:
        return any(_source_of(*method) == "figure" for method in self.methods())

    def scored_by_period(self) -> bool:
        return self.periods == "score_then_mean" and self.frequency != "year"

    def reads_claims(self) -> bool:
        return self.exemptions or any(_source_of(*method) == "claims" for method in self.methods())

    def reads_marks(self) -> bool:
        return any(_source_of(*method) == "marks" for method in self.methods())


def _source_of(measure: str, rule: Rule) -> Literal["figure", "claims", "marks"]:
    if rule.kind in RuleKinds.MARKS:
        return "marks"
    return "claims" if rule.kind in RuleKinds.CLAIMS or measure in CLAIM_MEASURES else "figure"


def _settled(item: Item) -> Item:
    """The item with its default source and with what its parts take over written into them."""
    sources = ("self",) if item.sources is None else item.sources
    return item.model_copy(update={"sources": sources, "parts": _settled_parts(item, sources)})


def _settled_parts(item: Item, around: tuple[Code, ...]) -> tuple[Item, ...] | None:
    """`around`: the sources of the nearest item around the parts that has any."""
    if item.parts is None:
        return None
    settled = []
    for part in item.parts:
        sources = around if part.sources is None else part.sources
        own_figure = part.sources is not None or part.figure is not None
        keys = INHERITED if own_figure else INHERITED + INHERITED_WITH_FIGURE
        taken = {key: getattr(item, key) for key in keys if key not in part.model_fields_set}
        whole = part.model_copy(update={**taken, **({"sources": sources} if own_figure else {})})
        # A copy counts what it was given as stated, which is right: deeper parts look only at their own keys.
        settled.append(whole.model_copy(update={"parts": _settled_parts(whole, sources)}))
    return tuple(settled)


def settle(items: tuple[Item, ...]) -> tuple[Item, ...]:
    return tuple(map(_settled, items))


class Section(Named):
    """`points` None: the sum of its items. `weight` is a number or a column of units.csv."""

    reference: Text | None = None
    points: Numbers | None = None
    max_points: AmountsOrNone | None = None
    weight: Weight = Fraction(1)
    applies_to: tuple[AnyCode, ...] | None = None
    rescale_within: Literal["section", "total"] | None = None
    indicators: tuple[Item, ...]

    _settle = field_validator("indicators")(settle)


class Block(Model):
    """Bonuses or penalties."""

    max_points: NumbersOrNone | None = None
    items: tuple[Item, ...] = ()

    _settle = field_validator("items")(settle)
