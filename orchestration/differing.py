"""`kaohe diff EVALUATION V1 V2`: what changed between two versions, and what did it, entry by entry."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from rich.console import Console

from assets.facts import facts_by
from assets.last_year import accepted_at
from assets.steps import steps_between
from evaluation.continuity import in_this_years_codes
from evaluation.definition import Definition
from evaluation.recomputation import Facts
from evaluation.shifts import Step, parts, total_shifts
from orchestration.filing import ledger_of
from orchestration.previewing import names_of
from reports.changes import causes
from reports.csv_files import read_csv
from reports.rows import records
from reports.shifts import print_units, with_vetoes_named
from resources.home import Home
from resources.kaohe import Work, work_on
from resources.publications import Publication, Publications, made_from
from resources.refused import Refused

REST = "上年结果或程序有变"


@dataclass(frozen=True)
class Difference:
    """`units`: shifts with `unit_name` and `cause`; `parts`: each cause's share, which add up to the whole."""

    units: pd.DataFrame
    parts: pd.DataFrame
    steps: list[Step]


def difference(home: Home, evaluation: str, one: int, other: int) -> Difference:
    """The units that differ between version `one` and the later `other`.

    Raises:
        Refused: there is no such version, or the rules of the later one were never adopted and are gone.
    """
    home.definition_files(evaluation)
    if one >= other:
        raise Refused(f"先写旧版，再写新版，如 kaohe diff {evaluation} {min(one, other)} {max(one, other)}。")
    publications = Publications(home, ledger_of(home), evaluation)
    earlier, later = (_version(publications, number) for number in (one, other))
    before, after = (read_csv(publications.path(each.version) / "ranking.csv") for each in (earlier, later))
    work = work_on(home, evaluation).at(later.ledger_seq)
    if work.run.definition_digest != later.definition_digest:
        raise Refused(f"第{other}版所用的办法没有下发，现已改过，无法重算。")
    definition = work.adopted_definition
    facts = _with_last_year(work, facts_by(work, definition), other)
    steps = steps_between(
        work.ledger,
        evaluation,
        definition,
        facts,
        earlier.ledger_seq,
        later.ledger_seq,
        rules_changed=earlier.definition_digest != later.definition_digest,
    )
    steps.append(Step(REST, after))  # empty while this program computes what was published
    found = with_vetoes_named(parts(before, steps), definition)
    return Difference(_units(definition, total_shifts(before, after), causes(found, steps)), found, steps)


def _with_last_year(work: Work, facts: Facts, number: int) -> Facts:
    """The facts with last year's accepted values as that version had read them."""
    previous = work.adopted_definition.rulebook.previous
    recorded = made_from(work.ledger, work.evaluation, number)
    if previous is None or "previous_seq" not in recorded:
        return facts
    if recorded["previous_seq"] is None:
        return replace(facts, previous=facts.previous.iloc[:0])
    values = accepted_at(work_on(work.home, previous), recorded["previous_seq"])
    return replace(facts, previous=in_this_years_codes(work.adopted_definition, values))


def _version(publications: Publications, number: int) -> Publication:
    versions = {version.version: version for version in publications.all()}
    if number not in versions:
        known = f"现有第1至{max(versions)}版" if versions else "还没有发布过"
        raise Refused(f"没有第{number}版：{known}。")
    return versions[number]


def _units(definition: Definition, shifts: pd.DataFrame, cause: dict[str, str]) -> pd.DataFrame:
    named = shifts.assign(unit_name=shifts["unit_code"].map(names_of(definition)), cause=shifts["unit_code"].map(cause))
    return with_vetoes_named(named, definition)


def tell_difference(found: Difference, one: int, other: int) -> None:
    """Print each unit that changed, by how much, and why."""
    console = Console()
    if found.units.empty:
        console.print(f"第{one}版与第{other}版的总分、名次、等次、奖项完全一样。")
        return
    print_units(console, f"第{one}版 → 第{other}版：{len(found.units)}个单位有变", found.units)
    console.print("起因的先后：考核办法，本单位的报送和更正，其他单位的；各部分之和就是全部变动。")


def difference_json(found: Difference) -> dict[str, Any]:
    """The same for programs; `step` of a part is the place of its cause in `steps`."""
    steps = [{"told": step.told, "seq": step.seq, "units": sorted(step.units)} for step in found.steps]
    parts_told = json.loads(found.parts.to_json(orient="records", force_ascii=False))
    return {"units": records(found.units), "steps": steps, "parts": parts_told}
