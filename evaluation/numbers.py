"""Number texts of a definition, read exactly.

Here belongs what a number *text* means: plain numbers, points (a share of the item's points when written
with %), and what a rule compares its measure with. No YAML, no units, no rounding.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

WORDS = ("target", "stretch", "previous", "mean", "min", "max", "best", "worst")

# More digits than any figure of an office has; without a limit one line of text is hours of arithmetic.
LONGEST_NUMBER = 40

_NUMBER = re.compile(r"[+-]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:%|/[1-9][0-9]*)?")
_EXAMPLES = "应为数字，如 12、-0.5、95%、10/7"
_UNWANTED = "不用千位分隔、全角字符、指数和多余的前导零"
_PERCENT_UNITS = frozenset({"%", "％"})
# What is counted one by one, so that a figure of it is a whole number.
COUNTED = ("件", "项", "家", "个", "次", "处", "所", "人", "人次", "名", "场", "户")

T = TypeVar("T")


@dataclass(frozen=True)
class Amount:
    """Points: `5` are five points, `5%` is that share of the item's points."""

    value: Fraction
    share: bool = False

    def of(self, points: Fraction) -> Fraction:
        """
        >>> Amount(Fraction(1, 20), share=True).of(Fraction(40))
        Fraction(2, 1)
        """
        return self.value * points if self.share else self.value


@dataclass(frozen=True)
class Operand:
    """What a measure is compared with: one of `WORDS`, or a number that remembers a % sign."""

    word: str | None = None
    value: Fraction = Fraction(0)
    percent: bool = False

    def number(self, in_percent: bool) -> Fraction:
        """The number; `in_percent` where it is compared with figures whose unit of measure is %.

        >>> Operand(value=Fraction(95, 100), percent=True).number(in_percent=True)
        Fraction(95, 1)
        >>> Operand(value=Fraction(95)).number(in_percent=True)
        Fraction(95, 1)
        >>> Operand(value=Fraction(95, 100), percent=True).number(in_percent=False)
        Fraction(19, 20)
        """
        return self.value * 100 if self.percent and in_percent else self.value


FULL_POINTS = Amount(Fraction(1), share=True)
NO_POINTS = Amount(Fraction(0))


def is_percent(unit_of_measure: str | None) -> bool:
    return unit_of_measure in _PERCENT_UNITS


def read_number(text: str) -> Fraction:
    """The exact number: `12`, `-0.5`, `95%`, `10/7`. Raises ValueError, whose text says what to write.

    >>> read_number("1.005"), read_number("95%"), read_number("10/7")
    (Fraction(201, 200), Fraction(19, 20), Fraction(10, 7))
    """
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"数字过长；至多 {LONGEST_NUMBER} 个字符")
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{_EXAMPLES}；{_UNWANTED}")
    if text.endswith("%"):
        return Fraction(text[:-1]) / 100
    return Fraction(text)


def read_amount(text: str) -> Amount:
    return Amount(read_number(text), share=text.endswith("%"))


def read_operand(text: str) -> Operand:
    if text in WORDS:
        return Operand(word=text)
    try:
        return Operand(value=read_number(text), percent=text.endswith("%"))
    except ValueError as error:
        raise ValueError(f"{error}，或写 {'、'.join(WORDS)} 之一") from None


def for_unit(given: T | Mapping[str, T] | None, unit_code: str, group: str) -> T | None:
    """What is given for one unit: a unit's key goes before its group's; None where neither is named."""
    if isinstance(given, Mapping):
        return given.get(unit_code, given.get(group))
    return given
