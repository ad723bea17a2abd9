"""Years side by side as tables on a terminal.

Here belongs what a command prints of the rows of `years.csv`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from reports.harmless import visible
from reports.rows import records
from reports.terminal import ROWS_SHOWN
from reports.words import KINDS
from reports.year_items import BLANK, item_rows
from reports.year_words import streak_told
from reports.years import MARKS, SHOWN_CYCLES, Past, pasts_in


def print_years(evaluation: str, rows: pd.DataFrame, groups: Mapping[str, str], console: Console) -> None:
    """A table per kind and group of this cycle: total, rank and grade of each cycle, at most ROWS_SHOWN units each.

    `groups`: their names.
    """
    cycles = _cycles(rows)
    found = pasts_in(rows, cycles)
    pools: dict[tuple[str, str], dict[str, Past]] = {}
    for unit, past in found.items():
        newest = past.rows[-1]
        if unit:
            pools.setdefault((newest["kind"], newest["group"]), {})[unit] = past
    for (kind, group), units in pools.items():
        ordered = sorted(
            units.items(), key=lambda one: (one[1].rows[-1]["rank"] == "", int(one[1].rows[-1]["rank"] or 0))
        )
        title = f"{evaluation}　{KINDS.get(kind, kind)}{f'·{groups.get(group, group)}' if group else ''}"
        table = _table(title, ["单位", *map(str, cycles), "备注"])
        for _, past in ordered[:ROWS_SHOWN]:
            table.add_row(*(Text(visible(text)) for text in _cells(past, cycles)))
        if len(ordered) > ROWS_SHOWN:
            table.caption = f"共 {len(ordered)} 个单位，此处列出前 {ROWS_SHOWN} 个，其余见 --json"
        console.print(table)
    console.print("每格：总分（名次／排名单位数，等次）。* 考核内容与本年不同；“不可比”的照列而不比。", style="dim")


def print_unit(unit: str, rows: pd.DataFrame, console: Console) -> None:
    """One unit's totals, then its items: rate and figure of each cycle."""
    cycles = _cycles(rows)
    past = pasts_in(rows, cycles)[unit]
    totals = _table(f"{unit} {past.rows[-1]['unit_name']}", ["单位", *map(str, cycles), "备注"])
    totals.add_row(*(Text(visible(text)) for text in _cells(past, cycles)))
    console.print(totals)
    items = rows[rows["indicator_then"].notna()]
    if items.empty:
        return
    table = _table("各指标：得分率（数据）", ["指标", *map(str, cycles), "与本年相比"])
    for one in item_rows(records(items), "zh"):
        cells = ["\n".join(_item(cell) for cell in one["cells"].get(str(cycle), [])) for cycle in cycles]
        table.add_row(*(Text(visible(text)) for text in (one["name"], *cells, "；".join(one["told"]))))
    console.print(table)


def past_lines(rows: pd.DataFrame) -> dict[str, list[str]]:
    """By item a line for each earlier cycle and predecessor, newest first; `rows`: one unit's items."""
    found: dict[str, dict[tuple[str, str], dict[str, Any]]] = {}
    for row in sorted(records(rows), key=lambda row: -int(row["cycle"])):
        cells = found.setdefault(row["indicator_code"], {})
        cell = cells.setdefault((row["cycle"], row["unit_name"]), {**BLANK, "remarks": []})
        measure = "rate" if row["measure"] == "score_rate" else "figure"
        cell |= {measure: row["value"], f"{measure}_mark": row["comparable"]}
        cell |= {"unit": row["unit_of_measure"]} if measure == "figure" else {}
        cell["remarks"] = list(dict.fromkeys([*cell["remarks"], *filter(None, row["remark"].split("；"))]))
    return {
        code: ["；".join([f"{cycle} {name} {_item(cell)}", *cell["remarks"]]) for (cycle, name), cell in cells.items()]
        for code, cells in found.items()
    }


def _cycles(rows: pd.DataFrame) -> list[int]:
    return sorted(rows["cycle"].astype("int64").unique().tolist())[-SHOWN_CYCLES:]


def _table(title: str, headers: list[str]) -> Table:
    table = Table(title=Text(visible(title)), title_justify="left", header_style="bold")
    for header in headers:
        table.add_column(header, overflow="fold")
    return table


def _cells(past: Past, cycles: list[int]) -> list[str]:
    by_cycle: dict[str, list[str]] = {}
    several = len(past.rows) > len({row["cycle"] for row in past.rows})
    for row in past.rows:
        by_cycle.setdefault(row["cycle"], []).append((f"{row['unit_name']} " if several else "") + _total(row))
    about = [
        f"{row['cycle']}：{told}" for row in past.rows for told in row["remarks"] if not told.startswith("考核内容")
    ]
    cells = ["\n".join(by_cycle.get(str(cycle), ["—"])) for cycle in cycles]
    return [past.rows[-1]["unit_name"], *cells, "；".join([*streak_told(past, "zh"), *dict.fromkeys(about)])]


def _total(row: dict[str, Any]) -> str:
    rank = f"{row['rank']}／{row['ranked']}" if row["rank"] else "-"
    mark = {"yes": "", "changed": "*", "no": MARKS["no"]}[row["comparable"]]
    return f"{row['total_score'] or '待定'}{mark}（{'，'.join(filter(None, (rank, row['grade'])))}）"


def _item(cell: dict[str, Any]) -> str:
    rate = f"{cell['rate']}%{_mark(cell['rate_mark'])}" if cell["rate"] else ""
    figure = f"（{cell['figure']}{cell['unit']}{_mark(cell['figure_mark'])}）" if cell["figure"] else ""
    return rate + figure


def _mark(comparable: str) -> str:
    return {"": "", "yes": "", "changed": "*", "no": MARKS["no"]}[comparable]
