"""`kaohe years`: an evaluation beside the cycles before it, each as it is published today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from rich.console import Console

from assets.cycles import cycle_of, cycles_before, cycles_of
from assets.named import unit_named
from evaluation.years import Results, Years
from orchestration.filing import ledger_of
from reports.cycles import Cycle
from reports.edition import DETAILED_UNITS
from reports.rows import records
from reports.year_terminal import past_lines, print_unit, print_years
from resources.home import Home
from resources.kaohe import Work
from resources.publications import PUBLISHED
from resources.refused import Refused


def newest_of_chains(home: Home) -> list[str]:
    """Published evaluations that name a previous one and that no other names.

    Raises:
        Refused: there are none.
    """
    newest = {name: cycle for name in home.evaluation_names() if (cycle := _published(home, name)) is not None}
    earlier = {cycle.definition.rulebook.previous for cycle in newest.values()}
    found = [name for name, cycle in newest.items() if name not in earlier and cycle.definition.rulebook.previous]
    if not found:
        raise Refused("没有可并列的考核：细则里写了 previous、本年和上年都发布过的考核一个也没有。")
    return found


@dataclass(frozen=True, eq=False)
class Found:
    """The rows of `years.csv` as they are today, and the names of this cycle's groups."""

    rows: pd.DataFrame
    groups: dict[str, str]


def years_of(home: Home, evaluation: str, unit: str | None = None) -> Found:
    """All units' years, or those of the one that is named.

    Raises:
        UnknownEvaluation: there is no such evaluation.
        Refused: it, or the cycle before it, was never published; or no such unit.
    """
    home.definition_files(evaluation)
    cycle = _published(home, evaluation)
    if cycle is None:
        raise Refused(f"“{evaluation}”还没有发布过，请先运行 kaohe evaluate {evaluation}。")
    before = cycles_before(home, ledger_of(home), cycle.definition, None)
    if not before:
        raise Refused(f"“{evaluation}”没有上年可比：细则没有写 previous，或上年还没有发布过。")
    detailed = len(cycle.totals) <= DETAILED_UNITS or unit is not None
    results = [Results(one.definition, one.totals, one.items if detailed else None) for one in (cycle, *before)]
    rows = Years(results).rows()
    if unit is not None:
        rows = rows[rows["unit_code"] == unit_named(cycle.definition.unit_names, unit)]
    return Found(rows, {group.code: group.name for group in cycle.definition.rulebook.groups})


def item_pasts(work: Work, unit: str) -> dict[str, list[str]]:
    """By item a line for each earlier cycle and predecessor of the unit: rate, figure, and how far they compare."""
    cycles = cycles_of(work)
    if not cycles:
        return {}
    totals = work.read("total_scores").rename(columns={"unit_group": "group"})
    now = Results(work.definition, totals.assign(rank=totals["rank"].astype("str")))
    rows = Years([now, *(Results(one.definition, one.totals, one.items) for one in cycles)]).rows()
    return past_lines(rows[rows["unit_code"].eq(unit) & rows["indicator_code"].notna()])


def _published(home: Home, evaluation: str) -> Cycle | None:
    ledger = ledger_of(home)
    entries = ledger.entries(evaluation, [PUBLISHED])
    return cycle_of(home, ledger, entries[-1]) if entries else None


def years_json(found: Found) -> list[dict[str, Any]]:
    """For programs: the rows as mappings."""
    return records(found.rows)


def tell_years(evaluation: str, found: Found, unit: str | None) -> None:
    """Print a table for each group, or one unit's totals and items."""
    console = Console()
    if unit is None:
        print_years(evaluation, found.rows, found.groups, console)
    else:
        print_unit(unit, found.rows, console)
