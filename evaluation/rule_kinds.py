"""The rules of a rulebook as written: one model per `kind`, and the bounds that several of them share.

Here belongs which keys a rule has and their defaults. What points a rule makes is computed elsewhere.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag, model_validator

from evaluation.fields import Amounts, Code, Flag, Model, Operands, PlainOperands, Text, Whole
from evaluation.numbers import FULL_POINTS, NO_POINTS, Operand

BOUNDS = ("at_least", "above", "at_most", "below")


class Bounds(Model):
    """Conditions on one number; all that are stated hold together."""

    at_least: Operands | None = None
    above: Operands | None = None
    at_most: Operands | None = None
    below: Operands | None = None

    def stated(self) -> Iterator[tuple[str, Operand | dict[str, Operand]]]:
        """(key, limit or limits by code) of every condition that is written."""
        for key in BOUNDS:
            limit = getattr(self, key)
            if limit is not None:
                yield key, limit


class SomeBounds(Bounds):
    """Bounds of which at least one is written."""

    @model_validator(mode="after")
    def _one_is_stated(self) -> "SomeBounds":
        if not any(self.stated()):
            raise ValueError(f"至少写 {'、'.join(BOUNDS)} 之一")
        return self


class Cliff(SomeBounds):
    points: Amounts = NO_POINTS


class When(SomeBounds):
    """`of`: a figure's or item's code, `previous`, or a column of units.csv."""

    of: Text


class Proportional(Model):
    kind: Literal["proportional"]


class Threshold(Bounds):
    kind: Literal["threshold"]
    otherwise: Amounts = NO_POINTS

    @model_validator(mode="after")
    def _exactly_one_is_stated(self) -> "Threshold":
        if len(list(self.stated())) != 1:
            raise ValueError(f"{'、'.join(BOUNDS)} 必须且只能写一个")
        return self


class Band(Bounds):
    points: Amounts


class Bands(Model):
    kind: Literal["bands"]
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]


class PerItem(Model):
    kind: Literal["per_item"]
    each: Amounts


class Steps(Model):
    kind: Literal["steps"]
    origin: Operands = Operand(value=Fraction(0))
    step: PlainOperands = Operand(value=Fraction(1))
    start: Amounts = FULL_POINTS
    better: Amounts = NO_POINTS
    worse: Amounts = NO_POINTS
    whole: Flag = True


class Interpolate(Model):
    kind: Literal["interpolate"]
    through: Annotated[tuple[tuple[Operands, Amounts], ...], Field(min_length=1)]


class Levels(Model):
    """Over claims: the points of the highest level of each matter, and `each` per matter."""

    kind: Literal["levels"]
    levels: dict[Code, Amounts] = Field(default_factory=dict)
    start: Amounts = NO_POINTS
    each: Amounts = NO_POINTS
    document_required: Flag = True
    same_document: Literal["report", "zero_all"] = "report"


class Piece(Model):
    code: Code
    name: Text | None = None
    points: Amounts


class Checklist(Model):
    """Over claims: `object_id` is the piece."""

    kind: Literal["checklist"]
    pieces: Annotated[tuple[Piece, ...], Field(min_length=1)]
    mode: Literal["sum", "all_or_nothing"] = "sum"


class Judged(Model):
    """Over judges' marks."""

    kind: Literal["judged"]
    trim: Whole = 0
    scale: Literal["share", "points"] = "share"


class RuleKinds:
    """Rules whose numbers come from somewhere else than a figure."""

    CLAIMS: ClassVar = frozenset({"levels", "checklist"})
    MARKS: ClassVar = frozenset({"judged"})


def _tag(value: Any) -> str | None:
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return f"<{kind}>"


Rule: TypeAlias = Annotated[
    Annotated[Proportional, Tag("<proportional>")]
    | Annotated[Threshold, Tag("<threshold>")]
    | Annotated[Bands, Tag("<bands>")]
    | Annotated[PerItem, Tag("<per_item>")]
    | Annotated[Steps, Tag("<steps>")]
    | Annotated[Interpolate, Tag("<interpolate>")]
    | Annotated[Levels, Tag("<levels>")]
    | Annotated[Checklist, Tag("<checklist>")]
    | Annotated[Judged, Tag("<judged>")],
    Discriminator(_tag),
]
