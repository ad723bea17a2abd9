"""`kaohe gap`, `kaohe firmness`, `kaohe progress`: the analyses on what the newest run has read; nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import click
import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assets.analyses import today_of, unsettled
from assets.named import unit_named
from assets.scores import score_inputs
from evaluation.analyses import MOST_COMPARED
from evaluation.apart import narrowed
from evaluation.firmness import SETTLED as NOTHING_OPEN
from evaluation.firmness import firmness
from evaluation.gap_table import REACHED, SETTLED, gap_table
from evaluation.open_matters import open_matters
from evaluation.progress import GREEN, progress
from evaluation.worlds import Today
from reports.analyses import firmness_told, gaps_told, open_matters_told, progress_told
from reports.firmness_words import METHODS
from reports.gap_words import GOALS
from reports.harmless import visible
from reports.progress_words import LEVELS
from reports.rows import records
from resources.home import Home
from resources.kaohe import Work, work_on
from resources.refused import Refused


@dataclass(frozen=True)
class Firm:
    """`units`: ranks with sentences; `pairs`: whose order is open; `matters`: what is open, a line each."""

    units: pd.DataFrame
    pairs: pd.DataFrame
    matters: list[str]


def gaps_of(home: Home, evaluation: str, unit: str) -> pd.DataFrame:
    """What the unit's next rank and grade would take.

    Raises:
        NotOpened, NotProducedYet: the evaluation was never run. Refused: there is no such unit.
    """
    work = _work(home, evaluation)
    unit = unit_named(work.definition.unit_names, unit)
    today = Today(narrowed(work.definition, [unit]), score_inputs(work))
    return gaps_told(work.definition, gap_table(today, [unit]))


def firmness_of(home: Home, evaluation: str) -> Firm:
    """Between which ranks the units may come out.

    Raises:
        NotOpened, NotProducedYet: the evaluation was never run. Refused: there are too many units.
    """
    work = _work(home, evaluation)
    today = today_of(work)
    if len(today.plan.units) > MOST_COMPARED:
        raise Refused(f"名次稳定性要把单位两两相比，超过{MOST_COMPARED}个单位的考核不作这项分析。")
    found = firmness(today, open_matters(today, unsettled(work)))
    return Firm(firmness_told(work.definition, found), found.pairs, open_matters_told(work.definition, found))


def progress_of(home: Home, evaluation: str, as_of: str | None) -> pd.DataFrame:
    """Progress of every target by that day (default: the run's).

    Raises:
        NotOpened, NotProducedYet: the evaluation was never run. Refused: the day is none.
    """
    work = _work(home, evaluation)
    try:
        day = date.fromisoformat(as_of or work.as_of)
    except ValueError:
        raise Refused(f"“{as_of}”不是日期，应写成 2025-10-15。") from None
    return progress_told(work.definition, progress(today_of(work), day))


def _work(home: Home, evaluation: str) -> Work:
    home.definition_files(evaluation)
    return work_on(home, evaluation)


def print_gaps(gaps: pd.DataFrame) -> None:
    """What reaches each goal; figures that cannot alone in one line."""
    for goal, rows in gaps.groupby("goal", sort=False):
        own = records(rows)
        said = [row for row in own if row["outcome"] in (REACHED, *SETTLED)]
        click.echo(f"{GOALS[str(goal)]}再进一步：")
        for row in said:
            click.echo(f"  {visible(row['sentence'])}")
        vain = [row["figure_name"] for row in own if row["outcome"] not in (REACHED, *SETTLED)]
        if vain:
            click.echo(f"  无法仅靠此项：{visible('、'.join(vain))}。")


def print_firmness(found: Firm) -> None:
    """Units whose place is open as a table, then what is open."""
    rows = [row for row in records(found.units) if row["method"] != NOTHING_OPEN]
    open_ones = [row for row in rows if row["rank_best"] != row["rank_worst"] or row["may_be_unranked"]]
    if not open_ones:
        click.echo("没有未决事项会改变名次。")
    else:
        columns = ("rank", "unit_name", "rank_best", "rank_worst", "score_low", "score_high", "method")
        titles = ("现名次", "单位", "最前", "最后", "总分最低", "总分最高", "算法")
        shown = [row | {"method": METHODS[row["method"]]} for row in open_ones]
        _print_table(f"{len(open_ones)}个单位的名次未定", titles, columns, shown)
    for line in found.matters:
        click.echo(f"· {visible(line)}")


def print_progress(found: pd.DataFrame) -> None:
    """Everything that is not green, and how many targets are."""
    rows = records(found)
    order = {level: at for at, level in enumerate(LEVELS)}
    behind = sorted((row for row in rows if row["level"] != GREEN), key=lambda row: order[row["level"]])
    if behind:
        titles, columns = ("进度", "单位", "情况", "由谁办"), ("level_name", "unit_name", "sentence", "who")
        _print_table(f"{len(behind)}项要注意", titles, columns, behind)
    click.echo(f"绿 {len(rows) - len(behind)} 项，共 {len(rows)} 项。")


def _print_table(title: str, titles: tuple[str, ...], columns: tuple[str, ...], rows: list[Any]) -> None:
    table = Table(title=Text(title), title_justify="left", header_style="bold")
    for name in titles:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(str(row[column]))) for column in columns))
    Console().print(table)
