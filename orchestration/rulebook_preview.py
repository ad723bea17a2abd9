"""`kaohe preview EVALUATION --rulebook FILE`: what a draft would do to scores and ranks; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console

from assets.facts import facts_by, facts_of
from evaluation.continuity import additive_figures, figure_predecessors
from evaluation.definition import Definition
from evaluation.recomputation import Recomputed, recompute
from evaluation.shifts import OFFICIAL, Step, official_parts, official_shifts, parts, total_shifts
from intake.keys import catalogue_of
from orchestration.drafts import draft_definition, on_the_way
from orchestration.previewing import FILED, names_of, notes_on
from reports.changes import causes
from reports.rows import records
from reports.shifts import change, officials_moved, print_table, print_units, with_vetoes_named
from resources.corrections import APPROVED
from resources.decisions import DECISION_KINDS
from resources.home import Home
from resources.kaohe import Work, work_on

NOT_COUNTED = {**FILED, APPROVED: "更正", **dict.fromkeys(DECISION_KINDS, "认定")}
ELSEWHERE = "上年结果（或程序）已有变动而还没有计分，它带来的变化不在其内；下面只是草案带来的变化。"


@dataclass(frozen=True)
class RulebookPreview:
    """`units`: shifts with `unit_name` and `cause`, the greatest first; `parts`: what each clause moved.

    `officials`: shifts likewise, in their own order.
    """

    units: pd.DataFrame
    parts: pd.DataFrame
    clauses: list[str]
    officials: pd.DataFrame
    notes: list[str]


def preview_rulebook(home: Home, evaluation: str, rulebook: Path) -> RulebookPreview:
    """Score and rank shifts under the draft, clause after clause in its order, on what the newest run has read.

    Raises:
        InvalidRulebook: the draft cannot be used. NotOpened, NotProducedYet: the evaluation was never run.
    """
    home.definition_files(evaluation)
    work = work_on(home, evaluation)
    in_force = work.adopted_definition
    draft = draft_definition(rulebook, in_force)
    before = after = recompute(in_force, facts := facts_of(work))
    moved = not total_shifts(work.read("total_scores"), before.scores.total_scores).empty
    reading, steps, officials = in_force, [], [before.scores.official_scores]
    for changes, definition in on_the_way(draft, in_force):
        facts = facts if _reads_alike(definition, reading) else facts_by(work, definition)
        reading, after = definition, recompute(definition, facts)
        steps.append(Step("、".join(change.told for change in changes), after.scores.total_scores))
        officials.append(after.scores.official_scores)
    notes = [*notes_on(work, NOT_COUNTED), *([ELSEWHERE] if moved else []), *_notes(work, draft, before, after)]
    return _told(before, after, steps, officials, notes)


def _reads_alike(one: Definition, other: Definition) -> bool:
    """Whether files are read and judged in the same way by both, and last year's values are the same."""
    ranges = [[(f.code, f.data_year, f.definer.range) for f in each.rulebook.figures()] for each in (one, other)]
    last_year = [(r.previous, figure_predecessors(r), additive_figures(r)) for r in (one.rulebook, other.rulebook)]
    return ranges[0] == ranges[1] and last_year[0] == last_year[1] and catalogue_of(one) == catalogue_of(other)


def _told(
    before: Recomputed, after: Recomputed, steps: list[Step], officials: list[pd.DataFrame], notes: list[str]
) -> RulebookPreview:
    start = before.scores.total_scores
    found, whole = (
        with_vetoes_named(parts(start, steps), after.definition),
        total_shifts(start, after.scores.total_scores),
    )
    of_officials = official_parts(officials)
    moving = {*found["step"], *of_officials["step"]}
    idle = [step.told for place, step in enumerate(steps) if place not in moving]
    notes += [f"改了而对这些数据没有影响的条款：{'；'.join(idle)}。"] if idle else []
    units = whole.assign(
        unit_name=whole["unit_code"].map(names_of(after.definition)),
        cause=whole["unit_code"].map(causes(found, steps)),
    )
    units = units.loc[units.apply(_size, axis=1).sort_values(ascending=False, kind="stable").index]
    return RulebookPreview(
        with_vetoes_named(units.reset_index(drop=True), after.definition),
        found,
        [step.told for step in steps],
        _officials(official_shifts(officials[0], officials[-1]), of_officials, steps, names_of(after.definition)),
        notes,
    )


def _officials(whole: pd.DataFrame, found: pd.DataFrame, steps: list[Step], names: dict[str, str]) -> pd.DataFrame:
    """With `unit_name`, and as `cause` the clauses that moved each with what they moved it by."""
    told: dict[tuple[str, ...], list[str]] = {}
    for row in records(found):
        moved = change(row, "score")
        part = steps[row["step"]].told + (f"（{moved}）" if moved else "")
        told.setdefault(tuple(row[name] for name in OFFICIAL), []).append(part)
    why = ["；".join(told.get(key, [])) for key in whole[OFFICIAL].itertuples(index=False, name=None)]
    return whole.assign(unit_name=whole["unit_code"].map(names), cause=pd.Series(why, whole.index, dtype="str"))


def _size(row: pd.Series) -> Decimal:
    known = [row[name] for name in ("score_before", "score_after")]
    return abs(Decimal(known[1]) - Decimal(known[0])) if all(isinstance(one, str) for one in known) else Decimal(0)


def _notes(work: Work, draft: Definition, before: Recomputed, after: Recomputed) -> Iterator[str]:
    names = names_of(after.definition)
    lost = len(work.adopted_definition.targets) - len(draft.targets)
    if lost:
        yield f"目标表里有{lost}行所指的项目草案里没有，未采用。"
    silent = _without_data(after) - _without_data(before)
    if silent:
        told = "、".join(names.get(code, code) for code in names if code in silent)
        yield f"没有数据的项目：{told}。各单位按缺报计。"
    vetoed = _units(after, "veto", present=True) - _units(before, "veto", present=True)
    if vetoed:
        yield f"新被一票否决：{_listed(names, vetoed)}。"
    pending = _units(after, "total_score", present=False) - _units(before, "total_score", present=False)
    if pending:
        yield f"总分变为待定：{_listed(names, pending)}。"
    for tied in _ties(after) - _ties(before):
        yield f"新的并列：{_listed(names, tied)}。"


def _without_data(result: Recomputed) -> set[str]:
    """Items for which no unit has anything that could be scored."""
    rows = result.scores.indicator_scores
    scored = rows["state"].eq("scored").groupby(rows["indicator_code"]).any()
    return set(scored.index[~scored])


def _units(result: Recomputed, column: str, *, present: bool) -> set[str]:
    totals = result.scores.total_scores
    return set(totals.loc[totals[column].notna() == present, "unit_code"])


def _ties(result: Recomputed) -> set[frozenset[str]]:
    totals = result.scores.total_scores
    ranked = totals[totals["rank"].notna()]
    within = "unit_group" if result.definition.rulebook.ranking.within == "group" else "kind"
    return {frozenset(rows) for _, rows in ranked.groupby([within, "rank"])["unit_code"] if len(rows) > 1}


def _listed(names: dict[str, str], codes: set[str] | frozenset[str]) -> str:
    return "、".join(name for code, name in names.items() if code in codes)


def tell_rulebook(found: RulebookPreview) -> None:
    """Print who would move, by which clause; then what else there is to know."""
    console = Console()
    if len(found.units):
        title = f"预览，未写入任何内容。{len(found.units)}个单位会变，变动大的在前"
        print_units(console, title, found.units)
    elif len(found.officials):
        console.print("预览，未写入任何内容。没有一个单位的总分、名次、等次、奖项会变。")
    else:
        console.print("预览，未写入任何内容。草案与现行办法算出来没有任何差别。")
    if len(found.officials):
        print_table(console, f"{len(found.officials)}名党政领导的得分会变", officials_moved(found.officials))
    for note in found.notes:
        console.print(f"· {note}", markup=False, soft_wrap=True)


def rulebook_json(found: RulebookPreview) -> dict[str, Any]:
    """The same for programs; `step` of a part is the place of its clause in `clauses`."""
    return {
        "clauses": found.clauses,
        "units": records(found.units),
        "parts": records(found.parts.drop(columns="own")),
        "officials": records(found.officials),
        "notes": found.notes,
    }
