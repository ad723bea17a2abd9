"""Sources against each other and against themselves, and a total against the sum of its parts."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from checks.limits import decimal_text, named
from checks.statements import Statement, Suite, one_of
from checks.value_statements import gathered
from evaluation.definition import Definition
from evaluation.discrepancies import ASK_TO_REPLACE, came_late, discrepancies, ranked
from evaluation.key_numbers import KEY
from evaluation.obligations import obligations
from evaluation.references import figure_codes

_SOURCES = Statement(
    "DISCREPANCY",
    "warning",
    *one_of("agrees", [True]),
    "{unit_name}“{indicator_name}”{clause}{period}：{source_name}报 {submitted_value}，"
    "{other_name}报 {other_value}，相差超过允许误差；暂以{source_name}为准，得分为暂定",
    "两家核对口径与原始资料，由差错一方重新报送，或由考核办认定以哪家为准",
)
_REPLACEMENTS = Statement(
    "LATE",
    "note",
    *one_of("used", [True]),
    "{what}，收到时已过截止日期，没有采用：仍以按期报送的数为准",
    ASK_TO_REPLACE,
    told=gathered,
)
_TOTALS = Statement(
    "TOTAL_DIFFERS",
    "warning",
    *one_of("agrees", [True]),
    "{unit_name}“{indicator_name}”{clause}{period}：报送值 {submitted_value}{unit}，"
    "而{part_count}个单位“{part_name}”之和为 {sum_text}{unit}",
    "核对合计数与各单位的数，由差错一方重新报送；口径不同的，由考核办认可",
)


def replacements_suite(definition: Definition, values: pd.DataFrame) -> Suite:
    """Values that came late in the place of one in time of the same source, and are not used; the last of each."""
    if not came_late(definition.rulebook, values["received_at"]).any():
        return Suite("replacements", pd.DataFrame(columns=["row_id"]))
    rows, by = ranked(definition, values), [*KEY, "source"]
    timely = rows[~rows["late"]].drop_duplicates(by)[[*by, "submitted_value"]]
    frame = rows[rows["late"]].drop_duplicates(by).merge(timely, on=by, suffixes=("", "_in_time"))
    frame = frame[frame["submitted_value"] != frame["submitted_value_in_time"]]
    return Suite("replacements", named(definition, frame).assign(used=False), [_REPLACEMENTS])


def sources_suite(definition: Definition, values: pd.DataFrame) -> Suite:
    """Pairs of sources that are too far apart, told at the place of the less trusted one."""
    frame = named(definition, discrepancies(definition, values).drop(columns="finding_id"))
    by_code = definition.sender_names
    frame["source_name"] = frame["source"].map(by_code).fillna(frame["unit_name"])
    frame["other_name"] = frame["other_source"].map(by_code).fillna(frame["unit_name"])
    return Suite("sources", frame.assign(agrees=False), [_SOURCES])


def totals_suite(definition: Definition, counting: pd.DataFrame) -> Suite:
    """Figures that the rulebook calls the total of another (there are some), beside the sum of that one over its units.

    `counting` are the values that count first within their keys. A sum that lacks a unit is not compared.
    """
    frames = [_compared(definition, counting, code, part) for code, part in totals_of(definition)]
    return Suite("totals", named(definition, pd.concat(frames)), [_TOTALS])


def totals_of(definition: Definition) -> list[tuple[str, str]]:
    """Figures that are the total of another, and that one."""
    codes = figure_codes(definition.rulebook)
    totals = [(f.code, f.definer.total_of) for f in definition.rulebook.figures()]
    return [(code, codes[part]) for code, part in totals if part is not None]


def _compared(definition: Definition, counting: pd.DataFrame, code: str, part: str) -> pd.DataFrame:
    owed = obligations(definition)
    units = owed[owed["indicator_code"] == part].groupby("period")["unit_code"].agg(set)
    parts = counting[counting["indicator_code"] == part]
    rows = counting[counting["indicator_code"] == code]
    tolerance = definition.rulebook.figure(code).tolerance or Fraction(0)
    told = []
    for row, period, value in zip(rows.index, rows["period"], rows["submitted_value"], strict=True):
        summed = parts[(parts["period"] == period) & parts["unit_code"].isin(units.get(period, set()))]
        whole = len(summed) > 0 and set(summed["unit_code"]) == units[period]
        total = sum(map(Fraction, summed["submitted_value"]), Fraction(0))
        apart = abs(Fraction(value) - total) > tolerance * max(abs(Fraction(value)), abs(total))
        told.append((row, not (whole and apart), decimal_text(total), len(summed)))
    columns = pd.DataFrame(told, columns=["row", "agrees", "sum_text", "part_count"]).set_index("row")
    rows = rows.join(columns).assign(part_name=definition.rulebook.figure(part).name)
    key = rows["unit_code"] + "," + rows["indicator_code"] + "," + rows["period"]
    return rows.assign(identity=key + "," + rows["submitted_value"] + "," + rows["sum_text"].astype("str"))
