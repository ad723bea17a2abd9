"""Commands about decisions: findings explained and accepted, claims accepted or refused, figures signed off."""

from __future__ import annotations

import json

import click

from orchestration.options import as_json, by_whom
from resources.home import home_from_environment


@click.command()
@click.argument("evaluation")
@click.argument("finding", metavar="FINDING")
@click.option("--reason", required=True, help="理由")
@by_whom
@click.option("--use", "use", flag_value="use", help="待判断的值：按原值采用")
@click.option("--refuse", "use", flag_value="refuse", help="待判断的值：不予采用")
@click.option("--source", help="来源不一致：以哪一家为准（部门代码，self 为被考核单位）；不写即差异已说明")
@as_json
def resolve(
    evaluation: str, finding: str, reason: str, by: str, use: str | None, source: str | None, as_json: bool
) -> None:
    """认可一个问题的说明（FINDING 是 status 列出的编号）；数据再变动，问题会重新列出。"""
    from orchestration.deciding import resolve_finding

    entry, line = resolve_finding(home_from_environment(), evaluation, finding, reason, by, use, source)
    click.echo(json.dumps({"seq": entry.seq, **entry.payload}, ensure_ascii=False) if as_json else line)


@click.command()
@click.argument("evaluation")
@click.argument("claim", metavar="CLAIM")
@click.argument("decision", type=click.Choice(["accept", "refuse"]))
@click.option("--reason", required=True, help="理由")
@by_whom
@as_json
def decide(evaluation: str, claim: str, decision: str, reason: str, by: str, as_json: bool) -> None:
    """核定一个申报事项：accept 认可，refuse 不予认可（CLAIM 是 status 列出的编号）。"""
    from orchestration.deciding import decide_claim

    entry, line = decide_claim(home_from_environment(), evaluation, claim, decision, reason, by)
    click.echo(json.dumps({"seq": entry.seq, **entry.payload}, ensure_ascii=False) if as_json else line)


@click.command()
@click.argument("evaluation")
@click.argument("department", metavar="DEPARTMENT")
@click.option("--document", default="", help="部门盖章的核定表或函件（名称及文号）")
@click.option("--by", default="", help="部门的核定人姓名")
@click.option("--preview", is_flag=True, help="只列出要核定的数据，什么也不写")
@as_json
def sign(evaluation: str, department: str, document: str, by: str, preview: bool, as_json: bool) -> None:
    """部门核定它负责的全部数据：只对现在这些数有效，其中一项再有变动就要重新核定。"""
    from orchestration.signing import sign_figures
    from orchestration.signing_told import preview_signing

    home = home_from_environment()
    if preview:
        preview_signing(home, evaluation, department, as_json)
        return
    entry, line = sign_figures(home, evaluation, department, document, by)
    click.echo(json.dumps({"seq": entry.seq, **entry.payload}, ensure_ascii=False) if as_json else line)


COMMANDS = [resolve, decide, sign]
