"""The ranking on a terminal."""

import io

from edition_cases import qingshan_edition
from rich.console import Console

from reports.terminal import print_ranking


def test_terminal_table_lines_up_chinese_and_shows_every_unit() -> None:
    console = Console(width=140, record=True, file=io.StringIO())
    print_ranking(qingshan_edition(), console)
    text = console.export_text()
    assert all(name in text for name in ("城关镇", "东河镇", "西岭乡", "南坪乡", "北山乡", "县科技局"))
    assert "93.10（暂定）" in text
    assert "试算稿 · 第 7 版" in text
    assert "│ 否决：弄虚作假 │" in text


def test_a_narrow_terminal_breaks_no_number() -> None:
    console = Console(width=80, record=True, file=io.StringIO())
    print_ranking(qingshan_edition(), console)
    text = console.export_text()
    assert max(len(line.encode("gb18030")) for line in text.splitlines() if line.startswith(("│", "┃"))) <= 120
    assert "93.10（暂定）" in text
    assert "…" not in text
