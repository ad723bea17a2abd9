"""Who and what a row speaks of: unit, figure or item, and whether the sender may report it.

Here belongs what the definition says about codes, in the shape in which rows are checked against it, and
the checks themselves. Periods are `due_periods.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from evaluation.definition import Definition
from evaluation.figures import figure_owner
from evaluation.items import Item
from evaluation.obligations import periods_due
from evaluation.rulebook import Rulebook
from intake.characters import code_text
from intake.raw import MERGED
from intake.verdicts import Verdicts, each_once, looked_up, mask_of

SELF = "self"
_TOTALS = ("合计", "总计", "小计", "共计", "注:", "注：", "说明", "填表人", "审核人", "制表")


@dataclass(frozen=True)
class Catalogue:
    """What may be reported. `sources` are by kind of table and code; the others by code."""

    unit_names: dict[str, frozenset[str]]
    departments: dict[str, str]
    sources: dict[str, dict[str, tuple[str, ...]]]
    units_of_measure: dict[str, str]
    frequencies: dict[str, str]
    periods: dict[str, tuple[str, ...]]

    def source_of(self, sender: str) -> str | None:
        """The source that a folder stands for: a department's code, `self` for a unit, None for neither."""
        if sender in self.departments:
            return sender
        return SELF if sender in self.unit_names else None


def catalogue_of(definition: Definition) -> Catalogue:
    rulebook = definition.rulebook
    figures = rulebook.figures()
    figure_sources = {figure.code: figure.sources for figure in figures}
    return Catalogue(
        unit_names=_unit_names(definition.units),
        departments={department.code: department.name for department in rulebook.departments},
        sources={
            "figures": figure_sources,
            "corrections": figure_sources,
            "claims": dict(_claim_sources(definition)),
            "marks": {chain[-1].code: _sources(chain) for chain in _chains(definition) if chain[-1].reads_marks()},
        },
        units_of_measure={figure.code: figure.unit_of_measure or "" for figure in figures},
        frequencies={figure.code: figure.frequency for figure in figures},
        periods=_periods(rulebook),
    )


def _periods(rulebook: Rulebook) -> dict[str, tuple[str, ...]]:
    """The periods due of every figure; of one that is asked for several years, those of all of them."""
    due: dict[str, tuple[str, ...]] = {}
    for figure in rulebook.figures():
        due[figure.code] = (*due.get(figure.code, ()), *periods_due(rulebook, figure))
    return due


def _chains(definition: Definition) -> Iterator[tuple[Item, ...]]:
    return (place.chain for place in definition.rulebook.places())


def _sources(chain: tuple[Item, ...]) -> tuple[str, ...]:
    return figure_owner(chain).sources or (SELF,)


def _claim_sources(definition: Definition) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A unit may claim for itself whatever is claimed at all; such a claim waits for an examiner."""
    claimed = {chain[-1].code: _sources(chain) for chain in _chains(definition) if chain[-1].reads_claims()}
    claimed |= {veto.code: veto.sources for veto in definition.rulebook.vetoes if veto.when is None}
    for code, sources in claimed.items():
        yield code, sources if SELF in sources else (*sources, SELF)


def _unit_names(units: pd.DataFrame) -> dict[str, frozenset[str]]:
    """The names of each unit, its former ones too."""
    aliases = units["aliases"].fillna("") if "aliases" in units else pd.Series("", index=units.index)
    return {
        code: frozenset(code_text(word) for word in (name, *former.split(";")) if word)
        for code, name, former in zip(units["unit_code"], units["name"].fillna(""), aliases, strict=True)
    }


def codes_of(raw: pd.Series) -> pd.Series:
    """The texts as codes; each distinct text is folded once."""
    return each_once(raw, code_text)


def refuse_what_is_no_data(verdicts: Verdicts) -> None:
    """Totals, remarks and signatures below or between the rows."""
    texts, required = verdicts.rows.texts, verdicts.rows.kind.required
    alone = (texts[list(required)] != "").sum(axis=1) <= 1
    total = texts["unit_code"].str.strip().str.startswith(_TOTALS)
    named = texts["unit_name"].str.strip().str.startswith(_TOTALS) & (texts["unit_code"] == "")
    verdicts.close("NOT_DATA", mask_of(named), "unit_name")
    verdicts.close("NOT_DATA", mask_of(total | alone), "unit_code")


def refuse_merged(verdicts: Verdicts, columns: tuple[str, ...]) -> None:
    """Keys that a merged cell covers without lending them its text."""
    for column in columns:
        bare = verdicts.rows.texts[column] == ""
        verdicts.close("MERGED", mask_of((verdicts.rows.kinds[column] == MERGED) & bare), column)


def note_merged(verdicts: Verdicts, columns: tuple[str, ...]) -> None:
    for column in columns:
        verdicts.add("MERGED_KEY", mask_of(verdicts.rows.kinds[column] == MERGED), column)


def check_units(verdicts: Verdicts, senders: pd.Series, sources: pd.Series, catalogue: Catalogue) -> pd.Series:
    """The unit codes of the rows; faults and a name that does not fit are found on the way."""
    raw = verdicts.rows.texts["unit_code"]
    codes = codes_of(raw)
    unknown = ~codes.isin(list(catalogue.unit_names))
    hints = {code: _hint(code, list(catalogue.unit_names)) for code in codes[unknown].unique()}
    verdicts.add("UNKNOWN_UNIT", mask_of(unknown), "unit_code", looked_up(codes, hints))
    foreign = (sources == SELF) & (codes != senders) & ~unknown
    verdicts.add("NOT_YOUR_UNIT", mask_of(foreign), "unit_code")
    return codes


def check_reported(verdicts: Verdicts, column: str, sources: pd.Series, catalogue: Catalogue) -> pd.Series:
    """The codes of what the rows report; what is not asked for, or not of this sender, is refused."""
    known = catalogue.sources[verdicts.rows.kind.name]
    codes = codes_of(verdicts.rows.texts[column])
    unknown = ~codes.isin(list(known))
    hints = {code: _hint(code, list(known)) for code in codes[unknown].unique()}
    verdicts.add("UNKNOWN_INDICATOR", mask_of(unknown), column, looked_up(codes, hints))
    allowed = [f"{code}|{source}" for code, given in known.items() for source in given]
    foreign = ~(codes + "|" + sources).isin(allowed) & ~unknown
    names = {code: _source_names(given, catalogue) for code, given in known.items()}
    verdicts.add("NOT_YOUR_INDICATOR", mask_of(foreign), column, looked_up(codes, names))
    return codes


def _source_names(sources: tuple[str, ...], catalogue: Catalogue) -> str:
    return "、".join("被考核单位" if code == SELF else catalogue.departments.get(code, code) for code in sources)


def note_names(verdicts: Verdicts, codes: pd.Series, catalogue: Catalogue) -> None:
    names = verdicts.rows.texts["unit_name"]
    pairs = codes + "|" + codes_of(names)
    known = [f"{code}|{name}" for code, given in catalogue.unit_names.items() for name in given]
    differs = (names.str.strip() != "") & codes.isin(list(catalogue.unit_names)) & ~pairs.isin(known)
    official = {code: "、".join(sorted(names)) for code, names in catalogue.unit_names.items()}
    verdicts.add("NAME_DIFFERS", mask_of(differs), "unit_name", looked_up(codes, official))


def _hint(code: str, known: list[str]) -> str:
    """What may have been meant; only said, never taken."""
    if not code:
        return "编码是空的。"
    if not code.isascii():
        return "编码中有不是英文字母或数字的字符。"
    near = [other for other in known if _alike(other) == _alike(code)]
    return f"是否为“{near[0]}”？" if near else ""


def _alike(code: str) -> str:
    return code.casefold().lstrip("0")
