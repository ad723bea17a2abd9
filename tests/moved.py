"""Yuxi moved on from state to state, as by its examiners."""

from __future__ import annotations

from click.testing import CliRunner, Result
from homes import YUXI
from running import run

from orchestration.cli import main


def asked_to(state: str, by: str = "张三", approved_by: str = "李四") -> Result:
    arguments = ["state", YUXI, state, "--document", "玉科发〔2018〕5号", "--by", by, "--approved-by", approved_by]
    return CliRunner().invoke(main, arguments)


def moved_to(*states: str) -> None:
    """Move on and publish, state by state."""
    for state in states:
        result = asked_to(state)
        assert result.exit_code == 0, result.output
        assert run(YUXI).success
