"""Arithmetic as explanations write it, read again: expressions, and the equations of a sentence.

Here belongs reading and computing with fractions; it shares no code with what wrote them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

# An operator or bracket and a last digit, then = or ≈ and the number that it comes to.
EQUATION = re.compile(r"(?P<left>[-+×÷().%0-9]*[-+×÷()][-+×÷().%0-9]*(?<=[0-9%)]))(?P<sign>[=≈])(?P<right>-?[0-9.]+%?)")
LIMIT = re.compile(r"(?:，|, )(封顶|保底|at most|at least) (.+)")
_TOKEN = re.compile(r"[0-9]+(?:\.[0-9]+)?%?|[-+×÷()]")
LEAST_PLACES, MOST_PLACES = 2, 6


@dataclass(frozen=True)
class Equation:
    left: str
    sign: str
    right: str

    def holds(self, decimals: int) -> bool:
        """Exactly or, of `=`, to the published decimals; with ≈ to as many as are shown, at least two."""
        found, shown = compute(self.left), compute(self.right)
        if self.sign == "=":
            return found == shown or half_up(found, decimals) == shown
        percent = self.right.endswith("%")
        places = max(len(self.right.rstrip("%").partition(".")[2]), LEAST_PLACES) + 2 * percent
        return any(half_up(found, more) == shown for more in range(places, MOST_PLACES + 1))


def equations(sentence: str) -> list[Equation]:
    return [Equation(*found.group("left", "sign", "right")) for found in EQUATION.finditer(sentence)]


def wrong_equations(sentence: str, decimals: int) -> list[Equation]:
    return [one for one in equations(sentence) if not one.holds(decimals)]


def formula_value(formula: str) -> Fraction:
    """What a formula comes to, with the limit that binds it."""
    limit = LIMIT.search(formula)
    if limit is None:
        return compute(formula)
    value, bound = compute(formula[: limit.start()]), compute(limit[2])
    return min(value, bound) if limit[1] in ("封顶", "at most") else max(value, bound)


def compute(text: str) -> Fraction:
    """The value of an expression: + - × ÷, brackets, decimals and percentages."""
    tokens = _TOKEN.findall(text)
    assert "".join(tokens) == text, text
    reader = _Reader(tokens)
    value = reader.sum()
    assert not reader.left, text
    return value


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self.left = tokens

    def sum(self) -> Fraction:
        value = self.product()
        while self.left[:1] in (["+"], ["-"]):
            sign, other = self.left.pop(0), self.product()
            value = value + other if sign == "+" else value - other
        return value

    def product(self) -> Fraction:
        value = self.number()
        while self.left[:1] in (["×"], ["÷"]):
            sign, other = self.left.pop(0), self.number()
            value = value * other if sign == "×" else value / other
        return value

    def number(self) -> Fraction:
        token = self.left.pop(0)
        if token == "-":
            return -self.number()
        if token == "(":
            value = self.sum()
            assert self.left.pop(0) == ")"
            return value
        return Fraction(token[:-1]) / 100 if token.endswith("%") else Fraction(token)


def half_up(value: Fraction, decimals: int) -> Fraction:
    shifted = abs(value) * 10**decimals + Fraction(1, 2)
    rounded = Fraction(shifted.numerator // shifted.denominator, 10**decimals)
    return -rounded if value < 0 else rounded
