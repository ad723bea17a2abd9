"""The ranking as a table on a terminal.

Here belongs what a command prints of an edition; Chinese takes two columns a character, which `rich` knows.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from reports.catalogue import catalogue
from reports.edition import Edition
from reports.harmless import visible
from reports.rows import rows_of
from reports.standings import kind_label, standings
from reports.words import PENDING, PROVISIONAL, long_date, standing

ROWS_SHOWN = 60
NUMBERS = ("名次", "基础分", "加分", "扣分", "总分")
HEADERS = ("名次", "单位", "基础分", "加分", "扣分", "总分", "等次", "奖项", "备注")
OPTIONAL = ("等次", "奖项", "备注")


def ranking_tables(edition: Edition) -> RenderableType:
    """A table per kind and pool of units ranked together, and the line that says which version it is."""
    rows = standings(edition, catalogue(edition))
    tables: list[RenderableType] = [
        _table(rows, pool, title=_pool_title(rows, pool)) for _, pool in rows.groupby(["kind", "pool"], sort=False)
    ]
    origin = f"数据截至 {long_date(edition.as_of)}　台账第 {edition.ledger_seq} 条"
    return Group(*tables, Text(visible(f"{edition.subject}　{standing(edition)}　{origin}"), style="dim"))


def print_ranking(edition: Edition, console: Console) -> None:
    """Print the ranking, whole words kept together."""
    console.print(ranking_tables(edition))


def _pool_title(rows: pd.DataFrame, pool: pd.DataFrame) -> str:
    label = kind_label(rows, str(pool["kind"].iloc[0]))
    groups = pool["group_name"].unique().tolist()
    named = groups[0] if len(groups) == 1 and groups[0] else label
    return named if named == label else f"{label}·{named}"


def _table(rows: pd.DataFrame, pool: pd.DataFrame, title: str) -> Table:
    """Numbers are never broken: where the terminal is narrow, names and remarks take more lines."""
    lines = [_cells(one) for one in rows_of(pool.head(ROWS_SHOWN))]
    shown = [h for h in HEADERS if h not in OPTIONAL or any(line[HEADERS.index(h)] for line in lines)]
    table = Table(title=Text(visible(title)), title_justify="left", header_style="bold")
    for header in shown:
        number = header in NUMBERS
        table.add_column(header, justify="right" if number else "left", no_wrap=number, overflow="fold")
    for line in lines:
        table.add_row(*(Text(visible(line[HEADERS.index(header)])) for header in shown))
    if len(pool) > ROWS_SHOWN:
        table.caption = f"共 {len(pool)} 个单位，此处列出前 {ROWS_SHOWN} 个"
    return table


def _cells(one: Any) -> list[str]:
    total = f"{one.total_score}（{PROVISIONAL}）" if one.provisional and one.total_score else one.total_score
    scores = [one.place, one.unit_name, one.base_score, one.bonus, one.penalty, total or PENDING]
    remark = f"否决：{one.veto_names}" if one.veto_names else one.remark  # what a veto does stands on the page
    return [str(cell) for cell in (*scores, one.grade, one.award, remark)]
