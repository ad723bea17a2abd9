"""Lint: dates out of order and posts that overlap.

Here belongs time: the cycle, the calendar, units and officials.
"""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from evaluation.lint_subject import LintFinding, Severity, Subject
from evaluation.rulebook import Path
from evaluation.tables import Table

_OPEN_END = "9999-12-31"


def time_findings(subject: Subject) -> Iterator[LintFinding]:
    yield from _cycle(subject)
    yield from _figures_of_other_years(subject)
    if subject.units is not None:
        yield from _reversed(subject.units, "valid_from", "valid_to")
    yield from _reversed(subject.officials, "from", "to")
    yield from _overlaps(subject.officials)


def _cycle(subject: Subject) -> Iterator[LintFinding]:
    rulebook, cycle = subject.rulebook, subject.rulebook.cycle
    issued = rulebook.reference.issued if rulebook.reference is not None else None
    due = rulebook.calendar.submissions_due
    yield from _ordered(subject, ("cycle",), "error", ("cycle.starts", cycle.starts), ("cycle.ends", cycle.ends))
    if not cycle.starts.year <= cycle.year <= cycle.ends.year:
        message = f"cycle.year 为 {cycle.year}，不在考核起止之间"
        yield subject.finding(("cycle", "year"), "error", message, "改正年度或起止日期")
    yield from _other_months(subject)
    yield from _ordered(subject, ("reference", "issued"), "warning", ("印发日期", issued), ("cycle.ends", cycle.ends))
    path: Path = ("calendar", "submissions_due")
    yield from _ordered(subject, path, "warning", ("cycle.starts", cycle.starts), ("报送截止日", due))
    for index, amendment in enumerate(rulebook.amendments):
        path = ("amendments", index, "issued")
        yield from _ordered(subject, path, "warning", ("印发日期", issued), ("修订日期", amendment.issued))


def _other_months(subject: Subject) -> Iterator[LintFinding]:
    """Quarters and months are those of the calendar year, of which a cycle may be another part."""
    cycle = subject.rulebook.cycle
    often = [f.name for f in subject.rulebook.figures() if f.frequency != "year" and f.data_year in (None, cycle.year)]
    if often and (cycle.starts, cycle.ends) != (date(cycle.year, 1, 1), date(cycle.year, 12, 31)):
        message = (
            f"考核起止 {cycle.starts} 至 {cycle.ends} 不是 {cycle.year} 自然年，而“{often[0]}”等按该自然年各期收数"
        )
        remedy = "起止之外的各期也会要、也会算；要按起止收数的，改为年度数据（frequency: year）"
        yield subject.finding(("cycle",), "warning", message, remedy)


def _ordered(
    subject: Subject, path: Path, severity: Severity, first: tuple[str, date | None], then: tuple[str, date | None]
) -> Iterator[LintFinding]:
    if first[1] is not None and then[1] is not None and first[1] > then[1]:
        message = f"{first[0]} {first[1]} 晚于 {then[0]} {then[1]}"
        yield subject.finding(path, severity, message, "对调或改正日期")


def _figures_of_other_years(subject: Subject) -> Iterator[LintFinding]:
    for place in subject.places:
        path = (*place.path, "data_year")
        year, cycle = place.item.data_year, subject.rulebook.cycle.year
        if year is not None and subject.document.at(path) is not None and not cycle - 10 <= year <= cycle:
            yield subject.finding(path, "warning", f"数据年度 {year} 不像考核年度 {cycle} 的滞后数据", "改正年份")


def _reversed(table: Table, first: str, then: str) -> Iterator[LintFinding]:
    frame = table.frame
    # Dates of one form sort as text.
    wrong = frame[first].notna() & frame[then].notna() & (frame[first] > frame[then]).fillna(False)
    rows: list[int] = wrong.to_numpy(dtype=bool).nonzero()[0].tolist()
    for row in rows:
        message = f"{first} {frame[first].iat[row]} 晚于 {then} {frame[then].iat[row]}"
        yield LintFinding(table.file, int(table.lines[row]), first, "", "error", message, "对调或改正日期")


def _overlaps(officials: Table) -> Iterator[LintFinding]:
    """Two officials at once in one role of one unit; each is compared with all that came before."""
    frame = officials.frame.assign(line=officials.lines, until=officials.frame["to"].fillna(_OPEN_END))
    frame = frame.sort_values(["unit_code", "role", "from"], kind="stable")
    frame["until"] = pd.to_datetime(frame["until"], format="%Y-%m-%d", errors="coerce").astype("int64")
    starts = pd.to_datetime(frame["from"], format="%Y-%m-%d", errors="coerce").astype("int64")
    latest = frame.groupby(["unit_code", "role"])["until"].cummax()
    before = latest.groupby([frame["unit_code"], frame["role"]]).shift()
    for _, row in frame[(starts <= before).fillna(False)].iterrows():
        message = f"{row['unit_code']} 的 {row['role']} 任职重叠：{row['name']} 自 {row['from']} 起，前任尚未离任"
        line = int(row["line"])
        yield LintFinding(officials.file, line, "from", "", "warning", message, "改正起止日期；确为同时任职则不必改")
