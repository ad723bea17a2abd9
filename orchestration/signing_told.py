"""What a department is asked to sign off, shown: for people as a table, for programs as JSON."""

from __future__ import annotations

import json

import click
from rich.console import Console

from orchestration.signing import SignOff, changes_told, figures_shown, sign_off_of
from reports.rows import records
from reports.shifts import print_table
from resources.home import Home
from resources.kaohe import work_on

STATES = {"signed": "已核定", "lapsed": "核定后又有变动", "waiting": "未核定"}


def preview_signing(home: Home, evaluation: str, department: str, as_json: bool) -> None:
    """Raises: NotOpened, Refused: as their names say."""
    home.definition_files(evaluation)
    work = work_on(home, evaluation)
    stands = sign_off_of(work, department)
    if as_json:
        click.echo(json.dumps(sign_off_json(stands) | {"rows": records(stands.figures)}, ensure_ascii=False))
        return
    console = Console()
    title = f"{stands.department.name}负责的{len(stands.figures)}项数据（{STATES[stands.state]}）"
    print_table(console, title, figures_shown(work.definition, stands.figures))
    if len(stands.changed):
        console.print(f"核定后的变动：{changes_told(work.definition, stands.changed)}", markup=False, soft_wrap=True)


def sign_off_json(stands: SignOff) -> dict[str, object]:
    """Where it stands, for programs."""
    entry = stands.entry
    return {
        "department": stands.department.code,
        "name": stands.department.name,
        "required": stands.department.signs_off,
        "state": stands.state,
        "figures": len(stands.figures),
        "missing": len(stands.missing),
        "changed": len(stands.changed),
        "seq": None if entry is None else entry.seq,
        "by": "" if entry is None else entry.payload["by"],
    }
