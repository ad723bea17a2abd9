"""Options, exit codes and defaults that commands share."""

from __future__ import annotations

import click

from resources.home import home_from_environment

NEEDS_SOMEBODY, COULD_NOT_RUN = 1, 2

as_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取")
by_whom = click.option("--by", required=True, help="经办人姓名")


def only_evaluation() -> str:
    """The one evaluation of the home.

    Raises:
        click.UsageError: there are several, or none.
    """
    home = home_from_environment()
    names = home.evaluation_names()
    if len(names) != 1:
        listed = (
            f"请写明哪个考核：{'、'.join(names)}。" if names else "里面没有考核：检查 KAOHE_HOME，或先运行 kaohe init。"
        )
        raise click.UsageError(f"工作文件夹 {home.path}，{listed}")
    return names[0]
