"""Options, exit codes and defaults that commands share."""

from __future__ import annotations

import click

from resources.home import UnknownEvaluation, home_from_environment

NEEDS_SOMEBODY, COULD_NOT_RUN = 1, 2

as_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取")
by_whom = click.option("--by", required=True, help="经办人姓名")


def only_evaluation() -> str:
    """The one evaluation of the home.

    Raises:
        UnknownEvaluation: there are several, or none.
    """
    names = home_from_environment().evaluation_names()
    if len(names) != 1:
        raise UnknownEvaluation("（未写明）", names)
    return names[0]
