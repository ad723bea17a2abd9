"""Who and what a row speaks of: unit, figure or item, and whether the sender may report it.

Here belongs what the definition says about codes, in the shape in which rows are checked against it, and
the checks themselves. Periods are `due_periods.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from evaluation.definition import Definition
from evaluation.obligations import periods_due
from evaluation.reporting import SELF, Places, claim_readers, claim_sources, mark_readers, mark_sources
from evaluation.rulebook import Place, Rulebook
from intake.characters import code_text
from intake.coded import Coded, Mask
from intake.headings import is_remark, is_total
from intake.names import SEVERAL, item_codes, unit_codes
from intake.raw import ERROR, MERGED, NO_VALUE
from intake.verdicts import Verdicts, mask_of


@dataclass(frozen=True)
class Catalogue:
    """What may be reported. `sources` are by kind of table and code; the others by code.

    `names` are those of figures and items: their codes by name. `claimed` and `judged` are who reads claims and marks,
    `tops` the items. `groups` are those of the units.
    Since the ledger entry `closed_seq` nothing is taken but corrections (None: not yet closed); `past_percentages`
    is what was accepted last year above 1, by unit and figure.
    """

    unit_names: dict[str, frozenset[str]]
    departments: dict[str, str]
    sources: dict[str, dict[str, tuple[str, ...]]]
    units_of_measure: dict[str, str]
    frequencies: dict[str, str]
    periods: dict[str, tuple[str, ...]]
    names: dict[str, frozenset[str]]
    claimed: Places
    judged: Places
    tops: dict[str, Place]
    groups: dict[str, str]
    closed_seq: int | None = None
    past_percentages: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def source_of(self, sender: str) -> str | None:
        """The source that a folder stands for: a department's code, `self` for a unit, None for neither."""
        if sender in self.departments:
            return sender
        return SELF if sender in self.unit_names else None

    def figures_of(self, sender: str) -> set[str]:
        """The codes of the figures that a sender reports."""
        source = self.source_of(sender)
        return {code for code, sources in self.sources["figures"].items() if source in sources}


def catalogue_of(
    definition: Definition, closed_seq: int | None = None, previous: pd.DataFrame | None = None
) -> Catalogue:
    """`previous` are last year's accepted values: unit_code, indicator_code, period, accepted_value."""
    rulebook = definition.rulebook
    figures = rulebook.figures()
    figure_sources = {figure.code: figure.sources for figure in figures}
    return Catalogue(
        unit_names=_unit_names(definition.units),
        departments={department.code: department.name for department in rulebook.departments},
        sources={
            "figures": figure_sources,
            "corrections": figure_sources,
            "claims": claim_sources(rulebook),
            "marks": mark_sources(rulebook),
            "self_scores": {place.item.code: (SELF,) for place in rulebook.top_items()},
        },
        units_of_measure={figure.code: figure.unit_of_measure or "" for figure in figures},
        frequencies={figure.code: figure.frequency for figure in figures},
        periods=_periods(rulebook),
        names=_names(rulebook),
        claimed=claim_readers(rulebook),
        judged=mark_readers(rulebook),
        tops={place.item.code: place for place in rulebook.top_items()},
        groups=definition.unit_groups,
        closed_seq=closed_seq,
        past_percentages={} if previous is None else _above_one(previous),
    )


def _periods(rulebook: Rulebook) -> dict[str, tuple[str, ...]]:
    """A figure that is asked for several years has the periods of all."""
    periods: dict[str, tuple[str, ...]] = {}
    for figure in rulebook.figures():
        periods[figure.code] = (*periods.get(figure.code, ()), *periods_due(rulebook, figure))
    return periods


def _names(rulebook: Rulebook) -> dict[str, frozenset[str]]:
    named = [(figure.name, figure.code) for figure in rulebook.figures()]
    named += [(place.item.name, place.item.code) for place in rulebook.places()]
    named += [(veto.name, veto.code) for veto in rulebook.vetoes]
    names: dict[str, set[str]] = {}
    for name, code in named:
        names.setdefault(code_text(name), set()).add(code)
    return {name: frozenset(codes) for name, codes in names.items()}


def _above_one(previous: pd.DataFrame) -> dict[tuple[str, str], str]:
    """The values above 1, of each unit and figure that of the last period."""
    latest = previous.dropna(subset="accepted_value").sort_values("period")
    latest = latest.drop_duplicates(["unit_code", "indicator_code"], keep="last")
    above = latest[pd.to_numeric(latest["accepted_value"]) > 1]
    keys = zip(above["unit_code"], above["indicator_code"], strict=True)
    return dict(zip(keys, above["accepted_value"], strict=True))


def _unit_names(units: pd.DataFrame) -> dict[str, frozenset[str]]:
    """The names of each unit, its former ones too."""
    aliases = units["aliases"].fillna("") if "aliases" in units else pd.Series("", index=units.index)
    return {
        code: frozenset(code_text(word) for word in (name, *former.split(";")) if word)
        for code, name, former in zip(units["unit_code"], units["name"].fillna(""), aliases, strict=True)
    }


def refuse_when_closed(verdicts: Verdicts, seqs: Coded[int], catalogue: Catalogue) -> None:
    """Whatever was received after the evaluation went into public notice; `seqs` are ledger entries."""
    closed = catalogue.closed_seq
    if closed is not None:
        verdicts.close("PERIOD_CLOSED", seqs.where(lambda seq: seq > closed), verdicts.rows.kind.value)


def refuse_what_is_no_data(verdicts: Verdicts) -> None:
    """Totals, remarks and signatures below or between the rows."""
    filled = np.zeros(len(verdicts.rows), dtype=np.int8)
    for column in verdicts.rows.kind.required:
        filled += mask_of(verdicts.rows.texts[column] != "")
    total = verdicts.texts("unit_code").where(_is_no_row)
    unnamed = ~verdicts.texts("unit_code").where(bool)
    verdicts.close("NOT_DATA", verdicts.texts("unit_name").where(_is_no_row) & unnamed, "unit_name")
    verdicts.close("NOT_DATA", total | (filled <= 1), "unit_code")
    if verdicts.rows.by_heading.any() and "indicator_code" in verdicts.rows.texts:
        verdicts.close("NOT_DATA", verdicts.texts("indicator_code").where(is_total) & unnamed, "indicator_code")


def _is_no_row(text: str) -> bool:
    return is_total(text) or is_remark(text)


def _merged(verdicts: Verdicts, column: str) -> Mask:
    return mask_of(verdicts.rows.kinds[column] == MERGED)


def refuse_unreadable_keys(verdicts: Verdicts, columns: tuple[str, ...]) -> None:
    """Keys that a merged cell covers without lending them its text, and formulas that came to nothing."""
    for column in columns:
        if not mask_of(verdicts.rows.kinds[column] != "").any():
            continue
        raw = verdicts.texts(column)
        verdicts.close("MERGED", _merged(verdicts, column) & ~raw.where(bool), column)
        for code, kind in (("FORMULA_NO_VALUE", NO_VALUE), ("EXCEL_ERROR", ERROR)):
            verdicts.close(code, mask_of(verdicts.rows.kinds[column] == kind), column, raw)


def note_merged(verdicts: Verdicts, columns: tuple[str, ...]) -> None:
    for column in columns:
        verdicts.add("MERGED_KEY", _merged(verdicts, column), column)


def check_units(verdicts: Verdicts, senders: Coded[str], sources: Coded[str], catalogue: Catalogue) -> Coded[str]:
    """The unit codes of the rows; faults are found on the way."""
    known = catalogue.unit_names
    codes = unit_codes(verdicts.texts("unit_code"), verdicts.by_heading, senders, sources, known)
    hints = codes.map(lambda code: "" if code in known else _hint(code, known))
    verdicts.add("UNKNOWN_UNIT", codes.where(lambda code: code not in known), "unit_code", hints)
    own = codes.beside(senders).where(lambda pair: pair[0] == pair[1] or pair[0] not in known)
    verdicts.add("NOT_YOUR_UNIT", sources.where(lambda source: source == SELF) & ~own, "unit_code")
    return codes


def check_reported(verdicts: Verdicts, column: str, sources: Coded[str], catalogue: Catalogue) -> Coded[str]:
    """The codes of what the rows report; what is not asked for, or not of this sender, is refused."""
    known = catalogue.sources[verdicts.rows.kind.name]
    codes = item_codes(verdicts.texts(column), verdicts.by_heading, known, catalogue.names)
    hints = codes.map(lambda code: "" if code in known else _hint(code, known))
    verdicts.add("UNKNOWN_INDICATOR", codes.where(lambda code: code not in known), column, hints)
    foreign = codes.beside(sources).where(lambda pair: pair[0] in known and pair[1] not in known[pair[0]])
    names = codes.map(lambda code: _source_names(known.get(code, ()), catalogue))
    verdicts.add("NOT_YOUR_INDICATOR", foreign, column, names)
    return codes


def _source_names(sources: tuple[str, ...], catalogue: Catalogue) -> str:
    return "、".join("被考核单位" if code == SELF else catalogue.departments.get(code, code) for code in sources)


def note_names(verdicts: Verdicts, codes: Coded[str], catalogue: Catalogue) -> None:
    known = catalogue.unit_names

    def differs(pair: tuple[str, str]) -> bool:
        code, name = pair
        return bool(name.strip()) and code in known and code_text(name) not in known[code]

    official = codes.map(lambda code: "、".join(sorted(known.get(code, ()))))
    verdicts.add("NAME_DIFFERS", codes.beside(verdicts.texts("unit_name")).where(differs), "unit_name", official)


def _hint(code: str, known: Iterable[str]) -> str:
    """What may have been meant; only said, never taken."""
    if not code:
        return "编码是空的。"
    if code.startswith(SEVERAL):
        return f"这个名称有{code}，请写明编码。"
    if not code.isascii():
        return "编码中有不是英文字母或数字的字符。"
    near = [other for other in known if _alike(other) == _alike(code)]
    return f"是否为“{near[0]}”？" if near else ""


def _alike(code: str) -> str:
    return code.casefold().lstrip("0")
