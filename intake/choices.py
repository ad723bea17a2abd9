"""What is chosen among few or lies between limits: levels, pieces of a checklist, marks, self-scores.

Here belongs what an item allows. The forms offer the same choices and limits (`reports/form_rules.py`), but pasting
goes past them.
"""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

import pandas as pd

from evaluation.explanation_words import LEVELS
from evaluation.reporting import levels_of, limits_of, mark_limits, pieces_of
from evaluation.rounding import decimal_text
from evaluation.rulebook import Place
from intake.characters import code_text
from intake.keys import Catalogue
from intake.names import chosen_code
from intake.verdicts import Verdicts, looked_up, mask_of

_SEPARATOR = "\x1f"


def check_levels(verdicts: Verdicts, items: pd.Series, catalogue: Catalogue) -> "pd.Series[str]":
    """The levels of claims as codes; an item that has levels takes no others."""
    by_item = {
        place.item.code: {code: LEVELS.get(code, (code,))[0] for code in levels_of(place.item)}
        for place in catalogue.places
    }
    return _chosen(verdicts, "LEVEL", "level", items, by_item)


def check_pieces(verdicts: Verdicts, items: pd.Series, catalogue: Catalogue) -> "pd.Series[str]":
    """The objects of claims; those of a checklist as codes of its pieces."""
    by_item = {place.item.code: pieces_of(place.item) for place in catalogue.places}
    return _chosen(verdicts, "PIECE", "object_id", items, by_item)


def _chosen(
    verdicts: Verdicts, code: str, column: str, items: pd.Series, by_item: Mapping[str, Mapping[str, str]]
) -> "pd.Series[str]":
    """The column's texts, turned into codes where the item knows codes, by code or by the name of just one."""
    raw = verdicts.rows.texts[column].str.strip()
    asked = mask_of((raw != "") & items.isin([item for item, codes in by_item.items() if codes]))
    pairs = (items + _SEPARATOR + raw).where(asked, "")
    codes = {pair: _code(pair, by_item) for pair in pairs.unique() if pair}
    found = looked_up(pairs, codes)
    listed = {item: "、".join(f"{name}（{code}）" for code, name in known.items()) for item, known in by_item.items()}
    verdicts.add(code, asked & mask_of(found == ""), column, looked_up(items, listed))
    return raw.where(~asked, found)


def _code(pair: str, by_item: Mapping[str, Mapping[str, str]]) -> str:
    item, _, text = pair.partition(_SEPARATOR)
    known, code = by_item[item], chosen_code(text)
    if code in known:
        return code
    named = [each for each, name in known.items() if code_text(name) == code]
    return named[0] if len(named) == 1 else ""


def check_marks(verdicts: Verdicts, found: pd.DataFrame, catalogue: Catalogue) -> None:
    """Marks that no judge can give."""
    _check_limits(verdicts, "MARK_RANGE", found, "mark", catalogue, mark_limits)


def check_self_scores(verdicts: Verdicts, found: pd.DataFrame, catalogue: Catalogue) -> None:
    """Scores that the item cannot have."""
    _check_limits(verdicts, "SELF_SCORE_RANGE", found, "self_score", catalogue, limits_of)


def _check_limits(
    verdicts: Verdicts,
    code: str,
    found: pd.DataFrame,
    column: str,
    catalogue: Catalogue,
    limits: Callable[[Place, str, str], tuple[Fraction, Fraction | None]],
) -> None:
    usable = verdicts.accepted & mask_of(found[column] != "")
    distinct = found.loc[usable, ["unit_code", "indicator_code", column]].drop_duplicates()
    places = {place.item.code: place for place in catalogue.places}
    wrong = {}
    for unit, item, text in distinct.itertuples(index=False):
        least, most = limits(places[item], unit, catalogue.groups[unit])
        if Fraction(text) < least or (most is not None and Fraction(text) > most):
            wrong[_joined((unit, item, text))] = _span(least, most)
    keys = found["unit_code"] + _SEPARATOR + found["indicator_code"] + _SEPARATOR + found[column]
    detail = looked_up(keys, wrong)
    verdicts.add(code, usable & mask_of(detail != ""), column, detail)


def _joined(parts: Iterable[str]) -> str:
    return _SEPARATOR.join(parts)


def _span(least: Fraction, most: Fraction | None) -> str:
    return (
        f"不小于 {decimal_text(least)}" if most is None else f"应在 {decimal_text(least)} 至 {decimal_text(most)} 之间"
    )
