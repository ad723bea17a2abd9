"""Commands about what is filed: fill-in workbooks to hand out, files handed over, who owes what."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from orchestration.options import NEEDS_SOMEBODY, as_json, of_evaluation
from resources.home import home_from_environment


@click.command()
@click.argument("evaluation")
@click.argument("sender")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--received", help="实际收到日期 YYYY-MM-DD（纸质件、补录）")
@click.option("--by", default="", help="谁说明的实际收到日期")
def submit(evaluation: str, sender: str, files: tuple[Path, ...], received: str | None, by: str) -> None:
    """送交报送文件：存档并记入台账。SENDER 是部门代码或单位编码。"""
    from orchestration.filing import submit_files

    for line in submit_files(home_from_environment(), evaluation, sender, list(files), received, by):
        click.echo(line)


@click.command()
@of_evaluation
@as_json
def status(evaluation: str, as_json: bool) -> None:
    """谁报了什么，缺什么，退回了什么，今天要办什么。"""
    from orchestration.status import status_of
    from orchestration.status_told import tell_status

    found = status_of(home_from_environment(), evaluation)
    click.echo(json.dumps(found, ensure_ascii=False)) if as_json else tell_status(found)
    sys.exit(NEEDS_SOMEBODY if found["to_do"] else 0)


@click.command()
@of_evaluation
@click.option("--corrections", is_flag=True, help="改为生成一份空白的更正表，各报送单位通用")
def templates(evaluation: str, corrections: bool) -> None:
    """生成填报表：每个数据来源部门、每个自报单位一份，按已下发的细则。"""
    from orchestration.templates import write_blank_corrections, write_templates

    home = home_from_environment()
    blank = [f"更正表：{write_blank_corrections(home, evaluation)}"] if corrections else None
    for line in blank or write_templates(home, evaluation):
        click.echo(line)


@click.command()
@of_evaluation
@as_json
def notify(evaluation: str, as_json: bool) -> None:
    """把该提醒、该催、该告知的写成通知放进 outbox，有地址的送出；每天早上八点也自动做。说过的不再说。"""
    from orchestration.notifying import notify as notify_all

    done = notify_all(home_from_environment(), evaluation)
    click.echo(json.dumps(done.as_json(), ensure_ascii=False) if as_json else "\n".join(done.told()))
    sys.exit(NEEDS_SOMEBODY if done.refused or done.stuck else 0)


COMMANDS = [submit, status, templates, notify]
