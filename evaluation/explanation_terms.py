"""Arithmetic written out: numbers and operations that can be read on paper and computed again.

Here belongs how a term is written and what its written numbers come to. What is computed, and the words
around it, stand elsewhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluation.rounding import MOST_DECIMALS, decimal_text, exact_decimals, fixed_text, half_up

# Shares are written in %, so that the same places of the number are seen.
PERCENT_DECIMALS = MOST_DECIMALS - 2
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
    return Term(Fraction(value), percent=percent)


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
    scale = 100 if term.percent else 1
    shown = term.value * scale
    if is_cut(shown, term.percent):
        if exactly and exact_decimals(term.value) is None:
            return Written(f"{term.value.numerator}÷{term.value.denominator}", term.value, PRODUCT)
        shown = shown if exactly else _cut(shown, term.percent)
    level = NUMBER if shown >= 0 else SUM
    return Written(decimal_text(shown) + ("%" if term.percent else ""), shown / scale, level)


def is_cut(value: Fraction, percent: bool = False) -> bool:
    """Whether the number has more decimals than are shown."""
    places = exact_decimals(value)
    return places is None or places > (PERCENT_DECIMALS if percent else MOST_DECIMALS)


def _cut(value: Fraction, percent: bool) -> Fraction:
    places = PERCENT_DECIMALS if percent else MOST_DECIMALS
    return Fraction(half_up(value, places), 10**places)


def shown_number(value: Fraction, percent: bool = False) -> str:
    """A number as it is told, with ≈ where it had to be cut.

    >>> shown_number(Fraction(1, 3)), shown_number(Fraction(1, 4), percent=True)
    ('≈0.333333', '25%')
    """
    term = number(value, percent)
    return ("≈" if is_cut(value * 100 if percent else value, percent) else "") + written(term).text


def equation(term: Term, percent: bool = False) -> str:
    """The term with what it comes to; only that where the term is a number.

    >>> equation(number(7) / number(3)), equation(number(18) / number(20), percent=True)
    ('7÷3≈2.333333', '18÷20=90%')
    """
    result = shown_number(term.value, percent)
    if not term.sign:
        return result
    return f"{_faithful(term, percent)}{result if result.startswith('≈') else f'={result}'}"


def _faithful(term: Term, percent: bool) -> str:
    """With cut numbers only where they come to the same result, as far as it is shown."""
    short = written(term)
    scale = 100 if percent else 1
    result = term.value * scale
    if not is_cut(result, percent):
        same = short.value == term.value
    else:
        same = short.value is not None and _cut(short.value * scale, percent) == _cut(result, percent)
    return short.text if same else written(term, exactly=True).text


def points_text(value: Fraction, decimals: int) -> str:
    """Points with the published decimals, half up."""
    return fixed_text(half_up(value, decimals), decimals)
