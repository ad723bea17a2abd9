"""Commands that look ahead: what would it take, how firm is a rank, how far are the targets."""

from __future__ import annotations

import json
import sys

import click

from orchestration.options import NEEDS_SOMEBODY, as_json, of_evaluation
from resources.home import home_from_environment


@click.command()
@click.argument("evaluation")
@click.argument("unit")
@as_json
def gap(evaluation: str, unit: str, as_json: bool) -> None:
    """差距分析：一个单位仅动一项数据，最少要到多少，名次、等次才能再进一步。"""
    from orchestration.analysing import gaps_of, print_gaps
    from reports.rows import records

    found = gaps_of(home_from_environment(), evaluation, unit)
    if as_json:
        click.echo(json.dumps(records(found), ensure_ascii=False))
    else:
        print_gaps(found)


@click.command()
@of_evaluation
@as_json
def firmness(evaluation: str, as_json: bool) -> None:
    """名次稳定性：未决事项了结后，各单位可能在第几名到第几名之间。有名次未定时退出码为 1。"""
    from orchestration.analysing import firmness_of, print_firmness
    from reports.rows import records

    found = firmness_of(home_from_environment(), evaluation)
    if as_json:
        whole = {"units": records(found.units), "pairs": records(found.pairs), "matters": found.matters}
        click.echo(json.dumps(whole, ensure_ascii=False))
    else:
        print_firmness(found)
    sys.exit(NEEDS_SOMEBODY if len(found.pairs) else 0)


@click.command()
@of_evaluation
@click.option("--as-of", metavar="DATE", help="只看到这一天为止已经结束的月份、季度（默认：数据截至日）")
@as_json
def progress(evaluation: str, as_of: str | None, as_json: bool) -> None:
    """进度预警：各项任务完成了多少，与序时进度或上年同期相比是红、黄还是绿。有红或未报时退出码为 1。"""
    from orchestration.analysing import print_progress, progress_of
    from reports.rows import records

    found = progress_of(home_from_environment(), evaluation, as_of)
    if as_json:
        click.echo(json.dumps(records(found), ensure_ascii=False))
    else:
        print_progress(found)
    sys.exit(NEEDS_SOMEBODY if found["level"].isin(["red", "unreported"]).any() else 0)


COMMANDS = [gap, firmness, progress]
