"""What a long command does, on a terminal: the run's step at work, how many are done, and for how long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

STEPS = {
    "definition": "读取考核办法",
    "received_files": "收件",
    "read_submissions": "读取报送文件",
    "findings": "核查报送数据",
    "receipts": "写回执",
    "accepted_values": "核定",
    "score_units": "计分",
    "write_scorecards": "写成绩单",
    "publication": "发布",
}
BETWEEN = "检查"


@contextmanager
def steps_shown(name: str, steps: int, console: Console) -> Iterator[Callable[[Any], None]]:
    """Shows a line about the evaluation while within; takes the run's log entries as they are written.

    Where nobody looks at a terminal nothing is shown.
    """
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, TimeElapsedColumn(), console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        line = bar.add_task(name, total=steps)

        def take(entry: Any) -> None:
            event = entry.dagster_event
            if event is not None and event.is_step_start:
                bar.update(line, description=f"{name}　{STEPS.get(event.step_key, BETWEEN)}")
            elif event is not None and (event.is_step_success or event.is_step_failure or event.is_step_skipped):
                bar.advance(line)

        yield take
