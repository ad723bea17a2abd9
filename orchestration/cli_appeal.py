"""`kaohe appeal`: commands about appeals against results on notice."""

from __future__ import annotations

import json

import click

from orchestration.options import as_json, by_whom
from resources.home import home_from_environment


@click.group()
def appeal() -> None:
    """申诉：公示期内受理、出复核单、裁定；支持的申诉随即更正。"""


@appeal.command(name="file")
@click.argument("evaluation")
@click.option("--unit", required=True, help="单位编码")
@click.option("--indicator", required=True, help="指标编码")
@click.option("--grounds", required=True, help="申诉理由")
@click.option("--document", default="", help="依据的文件名称及文号")
@click.option("--filed-by", required=True, help="提出申诉的单位经办人")
@click.option("--received", default="", help="实际收到日期 YYYY-MM-DD（默认今天）")
@by_whom
@as_json
def file(
    evaluation: str,
    unit: str,
    indicator: str,
    grounds: str,
    document: str,
    filed_by: str,
    received: str,
    by: str,
    as_json: bool,
) -> None:
    """受理一件申诉：给出受理号和复核单。"""
    from orchestration.appealing import take_in

    asked = {
        "unit_code": unit,
        "indicator_code": indicator,
        "grounds": grounds,
        "document": document,
        "filed_by": filed_by,
        "received_by": by,
        "received_on": received,
    }
    made, page = take_in(home_from_environment(), evaluation, asked)
    told = {"number": made.number, "receipt": made.receipt, "seq": made.seq, "page": str(page)}
    line = f"已受理，受理号 {made.receipt}（台账第{made.seq}号）。复核单：{page}"
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else line)


@appeal.command(name="list")
@click.argument("evaluation")
@as_json
def list_appeals(evaluation: str, as_json: bool) -> None:
    """全部申诉及其结果。"""
    from orchestration.appealing import listed

    rows = listed(home_from_environment(), evaluation)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
    for row in [] if as_json else rows:
        click.echo(f"{row['number']}　{row['receipt']}　{row['unit_code']}　{row['indicator_code']}　{row['outcome']}")


@appeal.command(name="show")
@click.argument("evaluation")
@click.argument("number", type=int)
def show(evaluation: str, number: int) -> None:
    """按现在的数据重新出一件申诉的复核单。"""
    from orchestration.appealing import page_of

    click.echo(page_of(home_from_environment(), evaluation, number))


@appeal.command(name="decide")
@click.argument("evaluation")
@click.argument("number", type=int)
@click.argument("outcome", type=click.Choice(["upheld", "partly", "refused", "withdrawn"]))
@click.option("--reason", required=True, help="理由")
@click.option("--value", help="支持的，更正为多少")
@click.option("--period", help="更正哪个考核期；只有一个时可不写")
@click.option("--by", required=True, help="裁定人姓名（不能是受理的经办人）")
@as_json
def decide(
    evaluation: str,
    number: int,
    outcome: str,
    reason: str,
    value: str | None,
    period: str | None,
    by: str,
    as_json: bool,
) -> None:
    """裁定一件申诉：upheld 支持、partly 部分支持、refused 不予支持、withdrawn 撤回。"""
    from orchestration.appealing import decide as decide_appeal
    from resources.appeals import OUTCOMES

    home = home_from_environment()
    made, correction = decide_appeal(home, evaluation, number, outcome, reason, by, value, period)
    told = {"number": made.number, "seq": made.decided_seq, "outcome": made.outcome, "correction": correction}
    more = f"，更正（台账第{correction}号）已批准" if correction else ""
    line = f"{made.receipt} 裁定：{OUTCOMES[made.outcome]}（台账第{made.decided_seq}号）{more}。"
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else line)


COMMANDS = [appeal]
