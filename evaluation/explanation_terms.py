"""Arithmetic written out: numbers and operations that can be read on paper and computed again.

Here belongs how a term is written and what its written numbers come to. What is computed, and the words
around it, stand elsewhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from evaluation.rounding import MOST_DECIMALS, decimal_text, exact_decimals, fixed_text, half_up

# Shares are written in %, so that the same places of the number are seen.
PERCENT_DECIMALS = MOST_DECIMALS - 2
# A result that cut numbers reach only in part is shown with fewer decimals, but not with fewer than these …
LEAST_DECIMALS = 2
# … and only where quotients instead of cut numbers would be longer by more characters than this.
MORE_IN_QUOTIENTS = 8
NUMBER, PRODUCT, SUM = 3, 2, 1
LEVELS = {"+": SUM, "-": SUM, "×": PRODUCT, "÷": PRODUCT}
OPERATIONS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "×": lambda a, b: a * b,
    "÷": lambda a, b: a / b,
}


@dataclass(frozen=True)
class Term:
    """A number (`sign` empty) or an operation on two terms; `percent`: written as a share of a hundred."""

    value: Fraction
    sign: str = ""
    sides: tuple["Term", ...] = ()
    percent: bool = False

    @cached_property
    def short(self) -> "Written":
        """As it is written with cut numbers."""
        return _written(self, exactly=False)

    def __add__(self, other: "Term") -> "Term":
        return _operation("+", self, other)

    def __sub__(self, other: "Term") -> "Term":
        return _operation("-", self, other)

    def __mul__(self, other: "Term") -> "Term":
        return _operation("×", self, other)

    def __truediv__(self, other: "Term") -> "Term":
        return _operation("÷", self, other)


@dataclass(frozen=True)
class Written:
    """The text of a term, and what its written numbers come to; None where a cut one makes it undefined."""

    text: str
    value: Fraction | None
    level: int


def _operation(sign: str, one: Term, other: Term) -> Term:
    return Term(OPERATIONS[sign](one.value, other.value), sign, (one, other))


def number(value: Fraction | int, percent: bool = False) -> Term:
    return Term(value if isinstance(value, Fraction) else Fraction(value), percent=percent)


def sum_of(terms: Sequence[Term]) -> Term:
    """The terms added in their order; 0 where there are none."""
    if not terms:
        return number(0)
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def written(term: Term, exactly: bool = False) -> Written:
    """`exactly`: numbers that would be cut are written out, as a quotient where they never end.

    >>> half = number(Fraction(1, 2)) * (number(7) - number(Fraction(1, 3)))
    >>> written(half).text, written(half, exactly=True).text
    ('0.5×(7-0.333333)', '0.5×(7-1÷3)')
    """
    return _written(term, exactly) if exactly else term.short


def _written(term: Term, exactly: bool) -> Written:
    if not term.sign:
        return _number(term, exactly)
    left, right = (written(side, exactly) for side in term.sides)
    level = LEVELS[term.sign]
    one = f"({left.text})" if left.level < level else left.text
    tight = level + 1 if term.sign in "-÷" else level
    other = f"({right.text})" if right.level < tight or right.text.startswith("-") else right.text
    return Written(f"{one}{term.sign}{other}", _value(term.sign, left.value, right.value), level)


def _value(sign: str, left: Fraction | None, right: Fraction | None) -> Fraction | None:
    if left is None or right is None or (sign == "÷" and right == 0):
        return None
    return OPERATIONS[sign](left, right)


def _number(term: Term, exactly: bool) -> Written:
    value = term.value
    if value.denominator == 1 and not term.percent:
        return Written(str(value.numerator), value, NUMBER if value.numerator >= 0 else SUM)
    if is_cut(value):
        if exactly and exact_decimals(value) is None:
            return Written(f"{value.numerator}÷{value.denominator}", value, PRODUCT)
        # Of a share in % as many places are shown as of the number itself.
        value = value if exactly else Fraction(half_up(value, MOST_DECIMALS), 10**MOST_DECIMALS)
    text = f"{decimal_text(value * 100)}%" if term.percent else decimal_text(value)
    return Written(text, value, NUMBER if value.numerator >= 0 else SUM)


def is_cut(value: Fraction, percent: bool = False) -> bool:
    """Whether the number has more decimals than are shown."""
    return bool(10 ** (PERCENT_DECIMALS if percent else MOST_DECIMALS) % value.denominator)


def shown_number(value: Fraction, percent: bool = False) -> str:
    """A number as it is told, with ≈ where it had to be cut.

    >>> shown_number(Fraction(1, 3)), shown_number(Fraction(1, 4), percent=True)
    ('≈0.333333', '25%')
    """
    term = number(value, percent)
    return ("≈" if is_cut(value * 100 if percent else value, percent) else "") + written(term).text


def equation(term: Term, percent: bool = False, shown: Callable[[str], str] = str) -> str:
    """The term with what it comes to; only that where the term is a number. `shown` adds a unit of measure.

    >>> equation(number(7) / number(3)), equation(number(18) / number(20), percent=True)
    ('7÷3≈2.333333', '18÷20=90%')
    """
    if not term.sign:
        return shown(shown_number(term.value, percent))
    most = PERCENT_DECIMALS if percent else MOST_DECIMALS
    cut = is_cut(term.value * (100 if percent else 1), percent)
    text, places = _left_side(term, percent, most, cut)
    sign = "≈" if cut or places < most else "="
    return f"{text}{sign}{shown(_rounded_text(term.value, places, percent))}"


def _left_side(term: Term, percent: bool, most: int, cut: bool) -> tuple[str, int]:
    """The text of a term and the decimals to which it comes to its value; `most`: exactly or to all that are shown.

    Cut numbers are written where they agree with the value, else quotients unless they are long.
    """
    short, whole = term.short, written(term, exactly=True)
    places = _agreement(short.value, term.value, percent, most)
    if short.value == term.value or (cut and places == most):
        return short.text, most
    if places is None or len(whole.text) <= len(short.text) + MORE_IN_QUOTIENTS:
        return whole.text, most
    return short.text, min(places, most - 1)


def _agreement(one: Fraction | None, other: Fraction, percent: bool, most: int) -> int | None:
    """To how many decimals two numbers agree; None: to fewer than LEAST_DECIMALS."""
    if one is None:
        return None
    shift = MOST_DECIMALS - PERCENT_DECIMALS if percent else 0
    for places in range(most, LEAST_DECIMALS - 1, -1):
        if half_up(one, places + shift) == half_up(other, places + shift):
            return places
    return None


def _rounded_text(value: Fraction, places: int, percent: bool) -> str:
    shown = value * 100 if percent else value
    return decimal_text(Fraction(half_up(shown, places), 10**places)) + ("%" if percent else "")


def points_text(value: Fraction, decimals: int) -> str:
    """Points with the published decimals, half up."""
    return fixed_text(half_up(value, decimals), decimals)
