"""Changes of results as tables: on a terminal, or as rows for a program.

Here belongs how a change is shown. What changed and why is found by others.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from evaluation.definition import Definition
from reports.harmless import visible
from reports.rows import records

TOTALS = {"score": "总分", "rank": "名次", "veto": "一票否决", "grade": "等次", "award": "奖项"}
ROWS_SHOWN = 60


def change(row: dict[Any, Any], name: str) -> str:
    """`80.00 → 80.80`; empty where nothing changed."""
    before, after = str(row[f"{name}_before"] or ""), str(row[f"{name}_after"] or "")
    return "" if before == after else f"{before or '无'} → {after or '无'}"


def shown(shifts: pd.DataFrame, compared: dict[str, str], **named: str) -> pd.DataFrame:
    """Shifts as people read them: a column for each thing compared that changed somewhere; `named`: column → header."""
    rows = records(shifts)
    columns = {header: [str(row[column]) for row in rows] for column, header in named.items() if column != "cause"}
    for name, header in compared.items():
        cells = [change(row, name) for row in rows]
        if any(cells):
            columns[header] = cells
    if "cause" in named:
        columns[named["cause"]] = [str(row["cause"]) for row in rows]
    return pd.DataFrame(columns, dtype="str")


def units_shown(shifts: pd.DataFrame) -> pd.DataFrame:
    """Units by name with what changes for each and why."""
    return shown(shifts, TOTALS, unit_code="编码", unit_name="单位", cause="起因")


def officials_shown(shifts: pd.DataFrame) -> pd.DataFrame:
    """Officials with their scores."""
    return shown(shifts, {"score": "得分"}, unit_name="单位", name="姓名")


def officials_moved(shifts: pd.DataFrame) -> pd.DataFrame:
    """`officials_shown` with why; a `cause` to each."""
    return shown(shifts, {"score": "得分"}, unit_name="单位", name="姓名", cause="起因")


def with_vetoes_named(shifts: pd.DataFrame, definition: Definition) -> pd.DataFrame:
    """Vetoes by their names instead of codes."""
    names = {veto.code: veto.name for veto in definition.rulebook.vetoes}

    def told(text: object) -> str | None:
        return ";".join(names.get(code, code) for code in text.split(";")) if isinstance(text, str) else None

    return shifts.assign(**{name: [told(text) for text in shifts[name]] for name in ("veto_before", "veto_after")})


def print_units(console: Console, title: str, shifts: pd.DataFrame) -> None:
    """Units with what changes for each, then why, a line a unit."""
    print_table(console, title, units_shown(shifts).drop(columns="起因"))
    for row in records(shifts.head(ROWS_SHOWN)):
        console.print(visible(f"· {row['unit_name']}：{row['cause']}"), markup=False, highlight=False, soft_wrap=True)


def print_table(console: Console, title: str, rows: pd.DataFrame) -> None:
    """A table of texts; numbers and arrows are never broken."""
    table = Table(title=Text(visible(title)), title_justify="left", header_style="bold")
    for header in rows.columns:
        table.add_column(header, no_wrap=header in {"编码", "总分", "名次", "得分"}, overflow="fold")
    for row in rows.head(ROWS_SHOWN).itertuples(index=False):
        table.add_row(*(Text(visible(cell)) for cell in row))
    if len(rows) > ROWS_SHOWN:
        table.caption = f"共 {len(rows)} 行，此处列出前 {ROWS_SHOWN} 行"
    console.print(table)
