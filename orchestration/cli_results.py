"""Commands about results: evaluate now, explain a score, print what one unit gets."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.options import COULD_NOT_RUN, NEEDS_SOMEBODY, as_json, only_evaluation
from resources.home import home_from_environment

if TYPE_CHECKING:
    from orchestration.as_of import Reproduced


@click.command()
@click.argument("evaluations", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="全部考核")
@click.option("--as-of", metavar="DATE", help="按这一天结束时的台账和办法重算，只写入 --out")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="--as-of 的结果写到这个空文件夹")
@as_json
def evaluate(
    evaluations: tuple[str, ...], everything: bool, as_of: str | None, out: Path | None, as_json: bool
) -> None:
    """现在就算一遍：收件、核查、核定、计分、发布（每晚自动做的同一件事）。"""
    if as_of is not None or out is not None:
        found = _evaluate_as_of(evaluations, as_of, out)
        click.echo(json.dumps(vars(found), ensure_ascii=False) if as_json else found.told())
        return
    from orchestration.evaluating import evaluate as run_evaluations
    from orchestration.evaluating import outcome_json, tell

    home = home_from_environment()
    names = home.evaluation_names() if everything else list(evaluations) or [only_evaluation()]
    outcomes = run_evaluations(home, names)
    if as_json:
        click.echo(json.dumps([outcome_json(outcome) for outcome in outcomes], ensure_ascii=False))
    else:
        tell(home, outcomes)
    if not all(outcome.published for outcome in outcomes):
        sys.exit(COULD_NOT_RUN)
    sys.exit(NEEDS_SOMEBODY if any(outcome.needs_somebody for outcome in outcomes) else 0)


def _evaluate_as_of(evaluations: tuple[str, ...], as_of: str | None, out: Path | None) -> Reproduced:
    from orchestration.as_of import evaluate_as_of

    if as_of is None or out is None or len(evaluations) > 1:
        raise click.UsageError("--as-of 与 --out 要一起写，一次只算一个考核")
    return evaluate_as_of(home_from_environment(), (evaluations or (only_evaluation(),))[0], as_of, out)


@click.command()
@click.argument("evaluation")
@click.argument("unit")
@click.argument("indicator", required=False)
@as_json
def explain(evaluation: str, unit: str, indicator: str | None, as_json: bool) -> None:
    """说明一个得分怎么来的：算式、条款、文件、工作表、单元格。"""
    from orchestration.explaining import explanation, told, total_told

    home = home_from_environment()
    rows = explanation(home, evaluation, unit, indicator)
    click.echo(json.dumps(rows, ensure_ascii=False) if as_json else told(rows))
    if indicator is None and not as_json:
        click.echo("\n".join(total_told(home, evaluation, unit)))


@click.command()
@click.argument("evaluation")
@click.argument("unit")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="写到这个文件夹（不写则在工作文件夹下）")
@as_json
def scorecard(evaluation: str, unit: str, out: Path | None, as_json: bool) -> None:
    """一个单位的得分明细表（可盖章签收）、一页简报和网页；超过 500 个单位时也能单独做。"""
    from orchestration.scorecard import write_papers

    paths, told = write_papers(home_from_environment(), evaluation, unit, out)
    if as_json:
        click.echo(json.dumps({"files": [str(path) for path in paths], "results": told}, ensure_ascii=False))
    else:
        click.echo("\n".join([*map(str, paths), told]))


@click.command()
@click.argument("evaluations", nargs=-1)
@click.option("--unit", help="只看一个单位，连同各指标")
@as_json
def years(evaluations: tuple[str, ...], unit: str | None, as_json: bool) -> None:
    """历年对比：总分、名次、等次与各指标，本年和以前各年并列，能不能比照细则所写。不写考核时列各条的最新一年。"""
    from orchestration.years import newest_of_chains, tell_years, years_json, years_of

    home = home_from_environment()
    found = {name: years_of(home, name, unit) for name in evaluations or newest_of_chains(home)}
    if as_json:
        click.echo(json.dumps({name: years_json(one) for name, one in found.items()}, ensure_ascii=False))
        return
    for name, one in found.items():
        tell_years(name, one, unit)


COMMANDS = [evaluate, explain, scorecard, years]
