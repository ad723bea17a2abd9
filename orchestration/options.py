"""Options, exit codes and defaults that commands share."""

from __future__ import annotations

from collections.abc import Callable

import click

from resources.home import Home, home_from_environment

NEEDS_SOMEBODY, COULD_NOT_RUN = 1, 2

as_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取")
by_whom = click.option("--by", required=True, help="经办人姓名")


def of_evaluation(command: Callable[..., None]) -> Callable[..., None]:
    """The argument EVALUATION of a command that has no other: it may be left out where one is meant without doubt."""
    return click.argument("evaluation", required=False, callback=_given)(command)


def _given(_context: click.Context, _argument: click.Parameter, name: str | None) -> str:
    return only_evaluation() if name is None else name


def only_evaluation() -> str:
    """The one evaluation of the home that is open, which 定稿 ends; of a home with a single one that one.

    Raises:
        click.UsageError: there are several, or none.
    """
    home = home_from_environment()
    names = home.evaluation_names()
    chosen = _open_ones(home, names) if len(names) > 1 else names
    if len(chosen) != 1:
        listed = (
            f"请写明哪个考核：{'、'.join(names)}。" if names else "里面没有考核：检查 KAOHE_HOME，或先运行 kaohe init。"
        )
        raise click.UsageError(f"工作文件夹 {home.path}，{listed}")
    return chosen[0]


def _open_ones(home: Home, names: list[str]) -> list[str]:
    from orchestration.filing import ledger_of
    from resources.states import standing

    ledger = ledger_of(home)
    return [name for name in names if not standing(ledger, name).final]
