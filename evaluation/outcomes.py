"""What follows from the totals, as written: vetoes, grades, awards, officials; ranking, scoring, calendar.

Here belong the keys outside the sections and their defaults; what they do is computed elsewhere.
"""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import ConfigDict, Field

from evaluation.fields import AnyCode, Code, Day, Flag, Model, Numbers, Text, Whole, Wholes
from evaluation.items import Named
from evaluation.rule_kinds import When

Role: TypeAlias = Code
# The expectation that parts add up; `sum_total` is a number or the code of a figure.
SUM = "expect_multicolumn_sum_to_equal"


class Reference(Model):
    document: Text
    issued: Day | None = None


class Amendment(Model):
    document: Text
    issued: Day | None = None
    summary: Text | None = None


class Cycle(Model):
    year: Whole
    starts: Day
    ends: Day


class Scoring(Model):
    decimals: Annotated[Whole, Field(le=6)] = 2
    round_at: Literal["item", "section", "total"] = "item"


class Ranking(Model):
    on: Literal["published", "exact"] = "published"
    ties: Literal["competition", "dense"] = "competition"
    within: Literal["group", "kind"] = "group"
    tie_breakers: tuple[Text, ...] = ()
    also: tuple[Literal["change"], ...] = ()
    vetoed: Literal["unranked", "ranked"] = "unranked"


class Department(Named):
    """`signs_off`: results go on public notice only when it has signed off the figures it answers for."""

    unit: AnyCode | None = None
    signs_off: bool = False


class Group(Named):
    kind: Literal["township", "department"]


class Veto(Named):
    """By claim, or by figure where `when` is written."""

    reference: Text | None = None
    when: When | None = None
    effects: Annotated[tuple[Literal["fail", "demote", "no_award"], ...], Field(min_length=1)]
    applies_to: tuple[AnyCode, ...] | None = None
    sources: tuple[Code, ...] = ("self",)


class Grade(Model):
    """All stated conditions together; a grade without any fits everybody."""

    grade: Text
    reference: Text | None = None
    at_least: Numbers | None = None
    above: Numbers | None = None
    rank_at_most: Wholes | None = None
    quota: Numbers | None = None
    quota_rounding: Literal["down", "up", "half_up"] = "down"
    ties_in: Flag = False


class Award(Model):
    award: Text
    reference: Text | None = None
    places: Wholes
    grade_at_least: Text | None = None
    at_least: Numbers | None = None
    rank_at_most: Wholes | None = None
    refill: Flag = True
    ties_in: Flag = False


class Officials(Model):
    roles: tuple[Role, ...] = ()
    minimum_days: Whole = 0
    several_posts: Literal["by_days", "by_share", "last_post"] = "by_days"


class Publicity(Model):
    working_days: Whole


class Calendar(Model):
    submissions_due: Day | None = None
    publicity: Publicity | None = None


class Notice(Model):
    """What the notice of results says besides them: who issues it, to whom, and where objections go."""

    issuer: Text | None = None
    addressees: Text | None = None
    telephone: Text | None = None
    address: Text | None = None


class Expectation(Model):
    """One statement in the vocabulary of Great Expectations; `arguments` are its other keys, as written."""

    model_config = ConfigDict(extra="allow")

    expect: Annotated[Text, Field(pattern=r"^expect_[a-z_0-9]+$")]
    severity: Literal["error", "warning", "note"] = "warning"
    note: Text | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        return dict(self.__pydantic_extra__ or {})
