"""Who and what a row speaks of: unit, figure or item, and whether the sender may report it.

Here belongs what the definition says about codes, in the shape in which rows are checked against it, and
the checks themselves. Periods are `due_periods.py`.
"""

from dataclasses import dataclass

import pandas as pd

from evaluation.definition import Definition
from evaluation.obligations import periods_due
from evaluation.reporting import SELF, claim_sources, mark_sources
from evaluation.rulebook import Place, Rulebook
from intake.characters import code_text
from intake.names import SEVERAL, item_codes, unit_codes
from intake.raw import MERGED
from intake.verdicts import Verdicts, each_once, looked_up, mask_of

_TOTALS = ("合计", "总计", "小计", "共计", "注:", "注：", "说明", "填表人", "审核人", "制表")


@dataclass(frozen=True)
class Catalogue:
    """What may be reported. `sources` are by kind of table and code; the others by code.

    `names` are those of figures and items: their codes by name. `groups` are those of the units.
    """

    unit_names: dict[str, frozenset[str]]
    departments: dict[str, str]
    sources: dict[str, dict[str, tuple[str, ...]]]
    units_of_measure: dict[str, str]
    frequencies: dict[str, str]
    periods: dict[str, tuple[str, ...]]
    names: dict[str, frozenset[str]]
    places: tuple[Place, ...]
    groups: dict[str, str]

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
            "claims": claim_sources(rulebook),
            "marks": mark_sources(rulebook),
            "self_scores": {place.item.code: (SELF,) for place in rulebook.top_items()},
        },
        units_of_measure={figure.code: figure.unit_of_measure or "" for figure in figures},
        frequencies={figure.code: figure.frequency for figure in figures},
        periods=_periods(rulebook),
        names=_names(rulebook),
        places=tuple(rulebook.places()),
        groups=dict(zip(definition.units["unit_code"], definition.units["group"], strict=True)),
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


def _unit_names(units: pd.DataFrame) -> dict[str, frozenset[str]]:
    """The names of each unit, its former ones too."""
    aliases = units["aliases"].fillna("") if "aliases" in units else pd.Series("", index=units.index)
    return {
        code: frozenset(code_text(word) for word in (name, *former.split(";")) if word)
        for code, name, former in zip(units["unit_code"], units["name"].fillna(""), aliases, strict=True)
    }


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
    codes = unit_codes(verdicts.rows, senders, sources, catalogue.unit_names)
    unknown = ~codes.isin(list(catalogue.unit_names))
    hints = {code: _hint(code, list(catalogue.unit_names)) for code in codes[unknown].unique()}
    verdicts.add("UNKNOWN_UNIT", mask_of(unknown), "unit_code", looked_up(codes, hints))
    foreign = (sources == SELF) & (codes != senders) & ~unknown
    verdicts.add("NOT_YOUR_UNIT", mask_of(foreign), "unit_code")
    return codes


def check_reported(verdicts: Verdicts, column: str, sources: pd.Series, catalogue: Catalogue) -> pd.Series:
    """The codes of what the rows report; what is not asked for, or not of this sender, is refused."""
    known = catalogue.sources[verdicts.rows.kind.name]
    codes = item_codes(verdicts.rows, column, known, catalogue.names)
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
    pairs = codes + "|" + each_once(names, code_text)
    known = [f"{code}|{name}" for code, given in catalogue.unit_names.items() for name in given]
    differs = (names.str.strip() != "") & codes.isin(list(catalogue.unit_names)) & ~pairs.isin(known)
    official = {code: "、".join(sorted(names)) for code, names in catalogue.unit_names.items()}
    verdicts.add("NAME_DIFFERS", mask_of(differs), "unit_name", looked_up(codes, official))


def _hint(code: str, known: list[str]) -> str:
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
