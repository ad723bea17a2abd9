"""`kaohe appeal`: commands about appeals against results on notice."""

from __future__ import annotations

import json

import click

from orchestration.options import as_json, by_whom, of_evaluation
from resources.home import home_from_environment


@click.group()
def appeal() -> None:
    """申诉：公示期内受理、出复核单、裁定；支持的申诉随即更正。"""


@appeal.command(name="file")
@of_evaluation
@click.option("--unit", required=True, help="单位编码或名称")
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
@of_evaluation
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
@click.option("--value", help="假如支持、更正为多少：复核单上列出对各单位的影响")
@click.option("--indicator", "figure", help="更正哪项数据；默认就是申诉的那一项")
@click.option("--period", help="更正哪个考核期；只有一个时可不写")
def show(evaluation: str, number: int, value: str | None, figure: str | None, period: str | None) -> None:
    """按现在的数据重新出一件申诉的复核单。"""
    from orchestration.appealing import Verdict
    from orchestration.appealing import show as show_appeal

    thought_of = None if value is None else Verdict("upheld", "", "", value, figure, period)
    click.echo(show_appeal(home_from_environment(), evaluation, number, thought_of))


@appeal.command(name="decide")
@click.argument("evaluation")
@click.argument("number", type=int)
@click.argument("outcome", type=click.Choice(["upheld", "partly", "refused", "withdrawn"]))
@click.option("--reason", default="", help="理由")
@click.option("--value", help="支持的，更正为多少")
@click.option("--indicator", "figure", help="更正哪项数据；默认就是申诉的那一项")
@click.option("--period", help="更正哪个考核期；只有一个时可不写")
@click.option("--by", default="", help="裁定人姓名（不能是受理的经办人）")
@click.option("--preview", is_flag=True, help="只看这样裁定谁的得分、名次、等次、奖项会变，什么也不写")
@as_json
def decide(evaluation: str, number: int, preview: bool, as_json: bool, **said: str | None) -> None:
    """裁定一件申诉：upheld 支持、partly 部分支持、refused 不予支持、withdrawn 撤回。"""
    from orchestration import appealing
    from orchestration.previewing import preview_json, tell_preview
    from resources.appeals import OUTCOMES

    for name in ("reason", "by"):
        if not preview and not (said[name] or "").strip():
            raise click.UsageError(f"缺少 --{name}（只有 --preview 可以不写）")
    home, verdict = home_from_environment(), appealing.Verdict(**said)  # type: ignore[arg-type]
    effect = appealing.foreseen(home, evaluation, number, verdict)
    if not as_json:
        heading = "预览，未写入任何内容。" if preview else "裁定的影响："
        tell_preview(effect, heading) if effect else click.echo(f"{heading}不更正数值，没有一个单位的得分会变。")
    if preview:
        click.echo(json.dumps({"effect": effect and preview_json(effect)}, ensure_ascii=False)) if as_json else None
        return
    made = appealing.decide(home, evaluation, number, verdict)
    told = {"number": made.number, "seq": made.decided_seq, "outcome": made.outcome, "correction": made.correction}
    more = f"，更正（台账第{made.correction}号）已批准" if made.correction else ""
    line = f"{made.receipt} 裁定：{OUTCOMES[made.outcome]}（台账第{made.decided_seq}号）{more}。"
    shown = json.dumps({**told, "effect": effect and preview_json(effect)}, ensure_ascii=False)
    click.echo(shown if as_json else line)


COMMANDS = [appeal]
