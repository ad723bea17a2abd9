"""What is wrong with how a command was written, in Chinese: click tells it in English.

Here belong click's sentences in our words. What a command refuses after it has been understood stands in `refusals.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import click

from orchestration.options import COULD_NOT_RUN

# click's own sentences, whole or in part, and what stands in their place.
SENTENCES = (
    (r"No such option '(.+?)'\.", r"没有选项 \1。"),
    (r"No such command '(.+?)'\.", r"没有命令 \1。"),
    (r" ?\(?Did you mean (?:one of: )?(.+?)\?\)?", r"是不是 \1？"),
    (r"Missing command\.", "还要写命令。"),
    (r"Missing (?:argument|option|parameter) '(.+?)'\.", r"缺少 \1。"),
    (r" ?Choose from:\s+", "可以写："),
    (r"Got unexpected extra arguments? \((.+)\)", r"多写了：\1。"),
    (r"Option '(.+?)' requires an argument\.", r"选项 \1 后面要写值。"),
    (r"Option '(.+?)' requires (\d+) arguments\.", r"选项 \1 后面要写 \2 个值。"),
    (r"Option '(.+?)' does not take a value\.", r"选项 \1 后面不写值。"),
    (r"Argument '(.+?)' takes (\d+) values\.", r"\1 要写 \2 个。"),
    (r"Invalid value for '(.+?)': ", r"\1 不对："),
    (r"Invalid value: ", "不对："),
    (r"'(.*)' is not one of (.+)\.", r"“\1”不在可写的之内：\2。"),
    (r"'(.*)' is not a valid integer(?: range)?\.", r"“\1”不是整数。"),
    (r"(\S+) is not in the range (.+)\.", r"\1 不在范围 \2 之内。"),
    (r"(?:File|Directory|Path) '(.*)' does not exist\.", r"没有“\1”。"),
    (
        r"(?:File|Directory|Path) '(.*)' is a (?:file|directory)\.",
        r"“\1”不是要的那种：要文件的给了文件夹，或相反。",
    ),
    (r"(?:File|Directory|Path) '(.*)' is not readable\.", r"读不了“\1”。"),
)


class WrittenWrong(click.ClickException):
    """A command that click does not understand; exit code 2, like everything that could not be run."""

    exit_code = COULD_NOT_RUN

    def __init__(self, fault: click.UsageError) -> None:
        super().__init__(in_chinese(fault.format_message()))
        self.context = fault.ctx

    def show(self, file: object = None) -> None:
        """Shape of the command, what is wrong, where help is."""
        if self.context is not None:
            pieces = self.context.command.collect_usage_pieces(self.context)
            click.echo(f"用法：{' '.join([self.context.command_path, *pieces])}", err=True)
        click.echo(self.message, err=True)
        if self.context is not None:
            click.echo(f"详见 {self.context.command_path} --help", err=True)


@contextmanager
def told_in_chinese() -> Iterator[None]:
    """Raises: WrittenWrong: in place of click's own; being asked for help is no fault."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as fault:
        raise WrittenWrong(fault) from fault


def in_chinese(message: str) -> str:
    """
    >>> in_chinese("No such option '--aut'. Did you mean '--out'?")
    "没有选项 --aut。是不是 '--out'？"
    """
    for pattern, told in SENTENCES:
        message = re.sub(pattern, told, message)
    return message
