"""`docs/commands.md`, made from the commands themselves: `python tests/commands_page.py` writes it anew."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from orchestration.cli import GROUPS, main

PAGE = Path(__file__).parent.parent / "docs" / "commands.md"
HEAD = """# 命令

[English](commands.en.md)

`kaohe 命令 --help` 也写着这些。方括号里的可以不写；必写的选项都在命令那一行里。
返回码：0 顺利；1 已办完，但有问题要人处理；2 没有办成，屏幕上写明原因和怎么办。
只有一个考核没有定稿时，`[EVALUATION]` 可以不写。`--json` 给别的程序读。网页上办同样的事，见[一次考核的一年](year.md)。
"""
SUBJECTS = ["工作文件夹和考核办法", "报送", "结果", "更正、状态和记录", "核定和认可", "申诉", "分析", "账号"]


def page() -> str:
    groups = zip(SUBJECTS, GROUPS, strict=True)
    parts = [part for subject, module in groups for part in (f"## {subject}", *_described(module.COMMANDS, "kaohe"))]
    return "\n\n".join([HEAD.rstrip("\n"), *parts]) + "\n"


def _described(commands: list[click.Command], above: str) -> Iterator[str]:
    for command in commands:
        name = f"{above} {command.name}"
        if isinstance(command, click.Group):
            yield from _described(list(command.commands.values()), name)
        else:
            yield f"### {name}"
            yield inspect.cleandoc(command.help or "")
            yield f"```\n{usage(command, name)}\n```"
            yield from _table(command)


def usage(command: click.Command, name: str) -> str:
    """The command with its arguments and the options that have to be written."""
    context = click.Context(command)
    arguments = [one.make_metavar(context) for one in command.params if isinstance(one, click.Argument)]
    needed = [f"{one.opts[-1]} {one.make_metavar(context)}" for one in _options_of(command) if one.required]
    return " ".join([name, *arguments, *needed])


def _options_of(command: click.Command) -> list[click.Option]:
    return [one for one in command.params if isinstance(one, click.Option)]


def _table(command: click.Command) -> Iterator[str]:
    rows = [f"| `{written(one)}` | {(one.help or '').replace('|', '、')}{_mark(one)} |" for one in _options_of(command)]
    if rows:
        yield "\n".join(["| 选项 | 说明 |", "|---|---|", *rows])


def written(option: click.Option) -> str:
    value = "" if option.is_flag else f" {option.make_metavar(click.Context(click.Command('')))}"
    return "、".join(option.opts) + value


def _mark(option: click.Option) -> str:
    default = option.default if option.show_default else ""
    return "（必写）" if option.required else f"（默认 {default}）" if default else ""


if __name__ == "__main__":
    assert isinstance(main, click.Group)
    PAGE.write_text(page(), encoding="utf-8")
