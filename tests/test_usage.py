"""A command that is written wrong is told in Chinese, with its shape, and ends with 2."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from orchestration.cli import main


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("--zz", "没有选项 --zz。"),
        ("evaluate --foo", "没有选项 --foo。是不是 '--out'？"),
        ("evaluate --ou", "没有选项 --ou。是不是 '--json', '--out'？"),
        ("evaluate --all=1", "选项 --all 后面不写值。"),
        ("nix", "没有命令 nix。"),
        ("users nix", "没有命令 nix。"),
        ("explain", "缺少 EVALUATION。"),
        ("decide e c", "缺少 {accept|refuse}。可以写："),
        ("decide e c maybe", "“maybe”不在可写的之内：'accept', 'refuse'。"),
        ("status a b", "多写了：b。"),
        ("diff e 1 x", "V2 不对：“x”不是整数。"),
        ("ui --port", "选项 --port 后面要写值。"),
        ("ui --port 99999", "--port 不对：99999 不在范围 0<=x<=65535 之内。"),
        ("submit e u no-such-file.xlsx", "没有“no-such-file.xlsx”。"),
        ("restore .", "FILE 不对：“.”不是要的那种"),
        ("init x --empty --example qingshan-2025", "--empty 不能与 --example、--all-examples 一起写"),
    ],
)
def test_what_is_written_wrong_is_told_in_chinese(written: str, told: str) -> None:
    result = CliRunner().invoke(main, written.split())
    assert result.exit_code == 2
    said = [line for line in result.stderr.splitlines() if not line.startswith(("用法：", "详见 "))]
    assert told in "".join(said)
    assert not re.search(r"[A-Za-z]{2,} [a-z]{2,}", "".join(said))


def test_no_command_at_all_shows_what_there_is() -> None:
    assert "evaluate" in CliRunner().invoke(main, []).output
