"""What is told of one item or part of one unit: the facts, the arithmetic, and what came of it.

Here belongs how these become a clause; where facts and arithmetic come from is not here.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

from evaluation.explanation_terms import Term, equation, number, written
from evaluation.explanation_words import Words
from evaluation.rounding import half_up


@dataclass(frozen=True)
class Told:
    """`said`: clauses before the arithmetic; `how`: the word before it; `term` None: nothing is scored.

    `bound`: the limit that bound (`capped` or `raised`) and its points; `parts`: what parts or periods scored.
    """

    said: tuple[str, ...]
    term: Term | None
    how: str = ""
    bound: tuple[str, Fraction] | None = None
    parts: tuple[str, ...] = ()

    @property
    def value(self) -> Fraction:
        """The points, 0 where nothing is scored."""
        if self.bound is not None:
            return self.bound[1]
        return Fraction(0) if self.term is None else self.term.value

    def within(self, lowest: Fraction | None, highest: Fraction | None) -> "Told":
        """Within the limits, of which the upper one comes last; None: no limit."""
        told = self
        if lowest is not None and told.value < lowest:
            told = replace(told, bound=("raised", lowest))
        if highest is not None and told.value > highest:
            told = replace(told, bound=("capped", highest))
        return told


def formula(told: Told, words: Words) -> str:
    """The arithmetic with what binds it; it comes to the published score."""
    assert told.term is not None
    text = _arithmetic(told.term, words.decimals)
    if told.bound is None:
        return text
    key, limit = told.bound
    return words(f"formula_{key}", formula=text, limit=_arithmetic(number(limit), words.decimals))


def _arithmetic(term: Term, decimals: int) -> str:
    """With cut numbers where they come to the same published points."""
    short = written(term)
    if short.value is None:
        return written(term, exactly=True).text
    same = half_up(short.value, decimals) == half_up(term.value, decimals)
    return short.text if same else written(term, exactly=True).text


def score_clause(told: Told, words: Words, key: str = "gets") -> str:
    """The arithmetic and the published points: `按比例得 18÷20×10=9.00 分`; `key` says what becomes of them."""
    assert told.term is not None
    points = words.points(told.value)
    if told.bound is not None:
        first = words(key, how=told.how, points=words.scored(equation(told.term)))
        limit = words(told.bound[0], points=words.exact_points(told.bound[1]))
        return words.sentence([first, limit, words("counted", points=points)])
    if told.term.sign:
        return words(key, how=told.how, points=f"{_arithmetic(told.term, words.decimals)}={points}")
    if half_up(told.value, words.decimals) == told.value * 10**words.decimals:
        return words(key, how=told.how, points=points)
    exact = words(key, how=told.how, points=words.exact_points(told.value))
    return words.sentence([exact, words("rounded", points=points)])


def part_clause(told: Told, words: Words) -> str:
    """The same for a part, whose points are not rounded."""
    assert told.term is not None
    first = words("gets", how=told.how, points=words.scored(equation(told.term)))
    if told.bound is None:
        return first
    return words.sentence([first, words(told.bound[0], points=words.exact_points(told.bound[1]))])


def told_part(name: str, told: Told, words: Words, clause: str | None = None) -> str:
    """A part or period with its name: what it scored and why, by which clause; its own parts in brackets."""
    own = words.sentence([*told.said, *([part_clause(told, words)] if told.term is not None else [])])
    own = words("with_clause", sentence=own, clause=clause) if clause else own
    if told.parts:
        return words("nested", name=name, parts=words.sentences([*told.parts, own]))
    return words("named", name=name, told=own)
