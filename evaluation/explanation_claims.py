"""Rules over claims and marks told: which matters and pieces counted and with how many points, whose marks.

Here belong `levels`, `checklist` and `judged`. Reading claims is in `explanation_figures.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from evaluation.explanation_figures import Claim, claims_by_unit, named
from evaluation.explanation_terms import Term, number, shown_number, sum_of
from evaluation.explanation_told import Told
from evaluation.explanation_view import Cell, View
from evaluation.explanation_words import Words


@dataclass(frozen=True)
class _Sorted:
    """Matters by what counts: `best` per matter its claim of the highest level, `lower` those that gave way."""

    best: list[Claim]
    lower: list[Claim]
    undocumented: list[Claim]


def _sorted(cell: Cell, words: Words) -> _Sorted:
    rule = cell.method.rule
    claims = [named(claim, words) for claim in claims_by_unit(cell.view)[cell.at]]
    counted = [one for one in claims if one.document is not None or not rule.document_required]
    worth = {level: cell.amount(points) for level, points in rule.levels.items()}
    order = {level: at for at, level in enumerate(sorted(worth, key=lambda name: (-abs(worth[name]), -worth[name])))}
    best: dict[int, Claim] = {}
    for claim in sorted(counted, key=lambda one: order.get(one.level or "", len(order))):
        best.setdefault(claim.matter, claim)
    shown = [best[matter] for matter in dict.fromkeys(claim.matter for claim in counted)]
    lower = [one for one in counted if one.level != best[one.matter].level and one.level in order]
    return _Sorted(shown, lower, [one for one in claims if one not in counted])


def levels_told(cell: Cell, words: Words) -> Told:
    """start + the points of the highest level of each matter + each per matter."""
    rule = cell.method.rule
    found = _sorted(cell, words)
    said = [words("nothing_claimed")] if not found.best else []
    start, each = cell.amount(rule.start), cell.amount(rule.each)
    said += [words("starts_from", points=words.exact_points(start))] if start else []
    terms: list[Term] = []
    for level in dict.fromkeys(claim.level for claim in found.best):
        matters = [claim for claim in found.best if claim.level == level]
        said.append(_level_said(cell, level, matters, words))
        points = cell.amount(rule.levels[level]) if level in rule.levels else Fraction(0)
        terms += [_times(points, len(matters))] if points else []
    if each and found.best:
        said.append(words("each_matter", points=words.exact_points(each), count=len(found.best)))
        terms.append(_times(each, len(found.best)))
    said += _left_out_said(found, words)
    if rule.same_document == "zero_all" and _shares_a_document(cell):
        return Told((*said, words("same_document")), number(0))
    return Told(tuple(said), _added(start, terms))


def _added(start: Fraction, terms: Sequence[Term]) -> Term:
    """Losses are taken away rather than added."""
    total = number(start) if start or not terms else None
    for term in terms:
        if total is None:
            total = term
        elif term.value < 0:
            total = total - _positive(term)
        else:
            total = total + term
    return number(0) if total is None else total


def _positive(term: Term) -> Term:
    if not term.sign:
        return number(-term.value)
    points, count = term.sides
    return number(-points.value) * count


def _times(points: Fraction, count: int) -> Term:
    return number(points) if count == 1 else number(points) * number(count)


def _level_said(cell: Cell, level: str | None, matters: Sequence[Claim], words: Words) -> str:
    named = words.listed(claim.name for claim in matters)
    rule = cell.method.rule
    if level in rule.levels:
        points = cell.amount(rule.levels[level])
        key = "level_losses" if points < 0 else "level_matters"
        return words(key, level=words.level(str(level)), points=words.exact_points(abs(points)), named=named)
    if not rule.levels:
        return words("matters", count=len(matters), named=named)
    return words("unlisted_level", level=words.level(level) if level else words("no_level"), named=named)


def _left_out_said(found: _Sorted, words: Words) -> list[str]:
    said = []
    if found.lower:
        names = words.listed(dict.fromkeys(_with_level(claim, words) for claim in found.lower))
        said.append(words("highest_only", named=names))
    if found.undocumented:
        names = words.listed(dict.fromkeys(claim.name for claim in found.undocumented))
        said.append(words("undocumented", named=names))
    return said


def _with_level(claim: Claim, words: Words) -> str:
    return words("with_note", text=claim.name, note=words.level(str(claim.level)))


def _shares_a_document(cell: Cell) -> bool:
    view = cell.view
    return bool(
        view.once(
            "shares",
            lambda: view.inputs.claims_of(view.node).units_sharing_a_document(),
        )[cell.unit]
    )


def checklist_told(cell: Cell, words: Words) -> Told:
    """The pieces that are there with their points, and those that are not."""
    rule = cell.method.rule
    view = cell.view
    claims = view.inputs.claims_of(view.node)
    claimed = view.once(("pieces", id(rule)), lambda: {piece.code: claims.having(piece.code) for piece in rule.pieces})
    there = [piece for piece in rule.pieces if claimed[piece.code][cell.unit]]
    lacking = [piece for piece in rule.pieces if not claimed[piece.code][cell.unit]]
    said = []
    if there:
        named = [
            words("piece", name=piece.name or piece.code, points=words.exact_points(cell.amount(piece.points)))
            for piece in there
        ]
        said.append(words("pieces_there", named=words.listed(named)))
    if lacking:
        said.append(words("pieces_lacking", named=words.listed(piece.name or piece.code for piece in lacking)))
    if lacking and rule.mode == "all_or_nothing":
        return Told((*said, words("all_or_nothing")), number(0))
    return Told(tuple(said), sum_of([number(cell.amount(piece.points)) for piece in there]))


def judged_told(cell: Cell, words: Words) -> Told:
    """Whose marks count, which were dropped, and their mean."""
    rule = cell.method.rule
    marks = sorted(_marks(cell.view, cell.unit), key=lambda pair: pair[1])
    kept = marks[rule.trim : len(marks) - rule.trim]
    said = [words("judges", count=len(marks))]
    if rule.trim:
        highest, lowest = marks[len(marks) - rule.trim :], marks[: rule.trim]
        said.append(words("trimmed", highest=_marks_said(highest, words), lowest=_marks_said(lowest, words)))
    said.append(words("marks", marks=_marks_said(kept, words)))
    total = sum_of([number(mark) for _, mark in kept])
    mean = total if len(kept) == 1 else total / number(len(kept))
    if rule.scale == "points":
        return Told(tuple(said), mean, words("mean"))
    return Told(tuple(said), mean * number(cell.view.points[cell.at]), words("mean"))


def _marks_said(marks: Sequence[tuple[str, Fraction]], words: Words) -> str:
    return words.listed(f"{judge} {shown_number(mark)}".strip() for judge, mark in marks)


def _marks(view: View, unit: int) -> list[tuple[str, Fraction]]:
    return view.once("marks", lambda: _read_marks(view)).get(str(view.inputs.units.units["unit_code"].iat[unit]), [])


def _read_marks(view: View) -> dict[str, list[tuple[str, Fraction]]]:
    frame = view.record.given.marks
    found: dict[str, list[tuple[str, Fraction]]] = {}
    if frame is None:
        return found
    asked = view.inputs.units.units["unit_code"].iloc[view.units]
    own = frame[frame["indicator_code"].isin(view.node.filed_under) & frame["unit_code"].isin(asked)]
    own = own[own["mark"].notna()]
    judges = own["judge"] if "judge" in own else pd.Series("", index=own.index)
    for unit, judge, mark in zip(own["unit_code"], judges.fillna(""), own["mark"], strict=True):
        found.setdefault(str(unit), []).append((str(judge), Fraction(mark)))
    return found
