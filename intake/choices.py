"""What is chosen among few or lies between limits: levels, pieces of a checklist, marks, self-scores.

Here belongs what an item allows. The forms offer the same choices and limits (`reports/form_rules.py`), but pasting
goes past them.
"""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import TypeAlias

import pandas as pd

from evaluation.explanation_words import LEVELS
from evaluation.reporting import levels_of, limits_of, marks_limits, pieces_of
from evaluation.rounding import decimal_text
from intake.characters import code_text
from intake.coded import Coded, coded
from intake.keys import Catalogue
from intake.names import chosen_code
from intake.verdicts import Verdicts, mask_of

_SEPARATOR = "\x1f"
Limits: TypeAlias = tuple[Fraction, Fraction | None]


def check_levels(verdicts: Verdicts, items: Coded[str], catalogue: Catalogue) -> Coded[str]:
    """The levels of claims as codes; an item that has levels takes no others."""
    by_item = {
        item: {code: LEVELS.get(code, (code,))[0] for code in levels_of(places)}
        for item, places in catalogue.claimed.items()
    }
    return _chosen(verdicts, "LEVEL", "level", items, by_item)


def check_pieces(verdicts: Verdicts, items: Coded[str], catalogue: Catalogue) -> Coded[str]:
    """The objects of claims; those of a checklist as codes of its pieces."""
    by_item = {item: pieces_of(places) for item, places in catalogue.claimed.items()}
    return _chosen(verdicts, "PIECE", "object_id", items, by_item)


def _chosen(
    verdicts: Verdicts, code: str, column: str, items: Coded[str], by_item: Mapping[str, Mapping[str, str]]
) -> Coded[str]:
    """The column's texts, turned into codes where the item knows codes, by code or by the name of just one."""
    pairs = items.beside(verdicts.texts(column).map(str.strip))
    found = pairs.map(lambda pair: _code(pair[1], by_item[pair[0]]) if pair[1] and by_item.get(pair[0]) else pair[1])
    listed = {item: "、".join(f"{name}（{code}）" for code, name in known.items()) for item, known in by_item.items()}
    unknown = pairs.where(lambda pair: bool(pair[1])) & found.where(lambda text: not text)
    verdicts.add(code, unknown, column, items.map(lambda item: listed.get(item, "")))
    return found


def _code(text: str, known: Mapping[str, str]) -> str:
    code = chosen_code(text)
    if code in known:
        return code
    named = [each for each, name in known.items() if code_text(name) == code]
    return named[0] if len(named) == 1 else ""


def check_marks(verdicts: Verdicts, found: pd.DataFrame, catalogue: Catalogue) -> None:
    """Marks that no judge can give."""

    def limits(item: str, unit: str) -> Limits:
        return marks_limits(catalogue.judged[item], unit, catalogue.groups[unit])

    _check_limits(verdicts, "MARK_RANGE", found, "mark", limits)


def check_self_scores(verdicts: Verdicts, found: pd.DataFrame, catalogue: Catalogue) -> None:
    """Scores that the item cannot have."""

    def limits(item: str, unit: str) -> Limits:
        return limits_of(catalogue.tops[item], unit, catalogue.groups[unit])

    _check_limits(verdicts, "SELF_SCORE_RANGE", found, "self_score", limits)


def _check_limits(
    verdicts: Verdicts, code: str, found: pd.DataFrame, column: str, limits: Callable[[str, str], Limits]
) -> None:
    usable = verdicts.accepted & mask_of(found[column] != "")
    distinct = found.loc[usable, ["unit_code", "indicator_code", column]].drop_duplicates()
    wrong = {}
    for unit, item, text in distinct.itertuples(index=False):
        least, most = limits(item, unit)
        if Fraction(text) < least or (most is not None and Fraction(text) > most):
            wrong[_joined((unit, item, text))] = _span(least, most)
    keys = found["unit_code"] + _SEPARATOR + found["indicator_code"] + _SEPARATOR + found[column]
    detail = coded(keys).map(lambda key: wrong.get(key, ""))
    verdicts.add(code, usable & detail.where(bool), column, detail)


def _joined(parts: Iterable[str]) -> str:
    return _SEPARATOR.join(parts)


def _span(least: Fraction, most: Fraction | None) -> str:
    return (
        f"不小于 {decimal_text(least)}" if most is None else f"应在 {decimal_text(least)} 至 {decimal_text(most)} 之间"
    )
