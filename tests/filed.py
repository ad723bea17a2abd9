"""Random evaluations as an office has them: definitions and files in inboxes, and the tables published of them.

Here belongs what of random inputs can come by files at all, and how it is filed; the oracle is asked about just that.
"""

from __future__ import annotations

import copy
import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from answers import definition_of, files_of
from oracle import Answer, Table
from oracle_inputs import Inputs, Row

from evaluation.definition import Definition
from evaluation.obligations import obligations
from evaluation.reporting import claim_readers, levels_of, mark_readers, marks_limits, pieces_of
from orchestration.filing import ledger_of, submit_files
from orchestration.setting_up import set_up
from resources.adoption import adopt
from resources.home import Home

THIS_YEAR, LAST_YEAR = "x-2025", "x-2024"
KEYS = ["unit_code", "indicator_code", "period"]
OFFICE, ON_TIME = "stats", "2026-01-10"
FIGURES = {"unit_code": "单位编码", "indicator_code": "指标编码", "period": "考核期", "accepted_value": "数值"}
STATUS = {"status": "类型"}
CLAIMS = {
    "unit_code": "单位编码",
    "item_code": "事项编码",
    "object_id": "对象编号",
    "level": "级别",
    "quantity": "数量",
}
DOCUMENT = {"document": "文件"}
MARKS = {"unit_code": "单位编码", "indicator_code": "指标编码", "judge": "评委", "mark": "分值"}
PUBLISHED = {
    "indicator_scores": "indicator_scores.csv",
    "total_scores": "ranking.csv",
    "official_scores": "official_scores.csv",
}


def fileable(inputs: Inputs) -> Inputs:
    """What of the inputs can come by files, so that files say neither more nor less.

    Claims and marks come from the office, as a unit's own would wait for an examiner; a figure that nobody owes,
    or that was never received, does not come.
    """
    book = copy.deepcopy(inputs.rulebook)
    for item in _items(book):
        item.pop("unit_of_measure", None)  # a share below 1 % would wait for a person
        if not _reads_figures(item) or "exemptions" in item:
            item["sources"] = [OFFICE]
    for veto in book["vetoes"]:
        veto.update({} if "when" in veto else {"sources": [OFFICE]})
    definition = definition_of(replace(inputs, rulebook=book))
    arrived = {(row["unit_code"], row["indicator_code"]): row["received_on"] for row in inputs.received}
    late = {item["code"] for item in _items(book) if item.get("measure") == "days_late"}
    figures = [
        row
        for row in _owed(definition, inputs.figures)
        if row["indicator_code"] not in late or (row["unit_code"], row["indicator_code"]) in arrived
    ]
    keys = {(row["unit_code"], row["indicator_code"]) for row in figures}
    figures += _still_owed(definition, figures)
    received = [
        {"unit_code": unit, "indicator_code": code, "received_on": arrived.get((unit, code)) or ON_TIME}
        for unit, code in keys
    ]
    previous = [{**row, "provisional": "false"} for row in _owed(_last_year(inputs, book), inputs.previous)]
    if previous:
        book["previous"] = LAST_YEAR
    claims, marks = _allowed_claims(definition, inputs.claims), _allowed_marks(definition, inputs.marks)
    return replace(
        inputs, rulebook=book, figures=figures, received=received, previous=previous, claims=claims, marks=marks
    )


def _items(given: Any) -> Iterator[dict[str, Any]]:
    """Every item and part of a rulebook."""
    if isinstance(given, dict):
        if "code" in given and {"rule", "cases", "parts"} & set(given):
            yield given
        for inner in given.values():
            yield from _items(inner)
    elif isinstance(given, list):
        for inner in given:
            yield from _items(inner)


def _reads_figures(item: dict[str, Any]) -> bool:
    kind = item.get("rule", {}).get("kind")
    return kind not in ("levels", "checklist", "judged") and item.get("measure") not in ("count", "quantity")


def _owed(definition: Definition, rows: list[Row]) -> list[Row]:
    """Figures that somebody owes, whose number a cell can hold."""
    owed = set(obligations(definition)[KEYS].itertuples(index=False, name=None))
    return [
        row for row in rows if tuple(row[key] for key in KEYS) in owed and len(row["accepted_value"] or "x" * 99) < 16
    ]


def _still_owed(definition: Definition, rows: list[Row]) -> list[Row]:
    """What departments owe and did not file: provisional until it comes."""
    came = {tuple(row[key] for key in KEYS) for row in rows}
    asked = obligations(definition)
    owed = asked.loc[~asked["by_unit"], KEYS].itertuples(index=False, name=None)
    return [
        {**dict(zip(KEYS, key, strict=True)), "accepted_value": None, "provisional": "true"}
        for key in owed
        if key not in came
    ]


def _last_year(inputs: Inputs, book: dict[str, Any]) -> Definition:
    return definition_of(replace(inputs, rulebook=_a_year_earlier(book)))


def _a_year_earlier(book: dict[str, Any]) -> dict[str, Any]:
    """The same rules a year before, as the evaluation whose accepted values are last year's."""
    made = copy.deepcopy(book)
    made.pop("previous", None)
    made["evaluation"] = LAST_YEAR
    made["cycle"] = {"year": "2024", "starts": "2024-01-01", "ends": "2024-12-31"}
    made["calendar"] = {"submissions_due": "2025-01-15"}
    for item in _items(made):
        if "data_year" in item:
            item["data_year"] = str(int(item["data_year"]) - 1)
    return made


def _allowed_claims(definition: Definition, rows: list[Row]) -> list[Row]:
    """Claims of a level and piece that their item knows, one of each kind."""
    readers = claim_readers(definition.rulebook)
    kept: dict[tuple[str | None, ...], Row] = {}
    for row in rows:
        places = readers.get(str(row["item_code"]), [])
        levels, pieces = levels_of(places), pieces_of(places)
        if (not levels or row["level"] in levels) and (not pieces or row["object_id"] in pieces):
            kept.setdefault((row["unit_code"], row["item_code"], row["object_id"]), row)
    return list(kept.values())


def _allowed_marks(definition: Definition, rows: list[Row]) -> list[Row]:
    readers = mark_readers(definition.rulebook)
    groups = dict(zip(definition.units["unit_code"], definition.units["group"], strict=True))
    kept = []
    for row in rows:
        unit = str(row["unit_code"])
        if (code := str(row["indicator_code"])) not in readers:
            continue
        least, most = marks_limits(readers[code], unit, groups[unit])
        mark = Fraction(str(row["mark"]))
        kept += [row] if least <= mark and (most is None or mark <= most) else []
    return kept


def filed(home: Home, inputs: Inputs) -> list[str]:
    """Make the home, definitions and files in it; the evaluations in the order in which they are to be run."""
    list(set_up(home.path, []))
    if inputs.previous:
        before = replace(inputs, rulebook=_a_year_earlier(inputs.rulebook), figures=inputs.previous)
        _file(home, LAST_YEAR, before, {})
    arrived = {(row["unit_code"], row["indicator_code"]): str(row["received_on"]) for row in inputs.received}
    _file(home, THIS_YEAR, inputs, arrived)
    _submit(home, OFFICE, {**CLAIMS, **DOCUMENT}, inputs.claims, ON_TIME)
    _submit(home, OFFICE, MARKS, inputs.marks, ON_TIME)
    return [LAST_YEAR, THIS_YEAR] if inputs.previous else [THIS_YEAR]


def _file(home: Home, evaluation: str, inputs: Inputs, arrived: dict[tuple[str | None, str | None], str]) -> None:
    """The definition, adopted, and the figures, each from whom the rulebook trusts most, on the day it came in."""
    folder = home.evaluations / evaluation
    folder.mkdir(parents=True)
    for name, data in files_of(inputs).items():
        (folder / name).write_bytes(data)
    adopt(home, ledger_of(home), evaluation, "张三", "李四")
    sources = {figure.code: figure.sources[0] for figure in definition_of(inputs).rulebook.figures()}
    files: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in (one for one in inputs.figures if one["accepted_value"] is not None):
        source = sources[str(row["indicator_code"])]
        sender = str(row["unit_code"]) if source == "self" else source
        day = arrived.get((row["unit_code"], row["indicator_code"]), ON_TIME)
        files[sender, day].append({**row, "status": "预计" if row["provisional"] == "true" else "实际"})
    for (sender, day), rows in files.items():
        _submit(home, sender, {**FIGURES, **STATUS}, rows, day, evaluation)


def _submit(
    home: Home, sender: str, header: dict[str, str], rows: Iterable[Row], day: str, evaluation: str = THIS_YEAR
) -> None:
    rows = list(rows)
    if not rows:
        return
    path = home.path / f"{len(list(home.archive.rglob('*')))}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(header.values())
        writer.writerows([row.get(name) or "" for name in header] for row in rows)
    list(submit_files(home, evaluation, sender, [path], day, "张三"))
    path.unlink()


def published(home: Home) -> Answer:
    """The newest version's tables, in the words of the oracle's answer."""
    folder = home.published / THIS_YEAR / "latest"
    return Answer(**{name: _table(folder / file) for name, file in PUBLISHED.items()})


def _table(path: Path) -> Table:
    with path.open(encoding="utf-8-sig", newline="") as text:
        return [{name: value or None for name, value in row.items()} for row in csv.DictReader(text)]
