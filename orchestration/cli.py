"""`kaohe`: the operations for people and scripts. Exit 0, 1 (findings that need somebody) or 2 (could not run).

Here belong arguments, options and how outcomes are told; what a command does stands in the modules it calls,
imported where they are used, because some of them take seconds.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from evaluation.faults import InvalidRulebook
from resources.home import UnknownEvaluation, home_from_environment

NEEDS_SOMEBODY, COULD_NOT_RUN = 1, 2

as_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取")
by_whom = click.option("--by", required=True, help="经办人姓名")


class Kaohe(click.Group):
    """The group of commands: a refusal in words instead of a traceback, with exit code 2."""

    def invoke(self, context: click.Context) -> Any:
        from orchestration.refusals import REFUSALS

        try:
            return super().invoke(context)
        except InvalidRulebook as invalid:
            for fault in invalid.faults:
                click.echo(str(fault), err=True)
        except REFUSALS as refusal:
            click.echo(str(refusal), err=True)
        sys.exit(COULD_NOT_RUN)


@click.group(cls=Kaohe, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """考核：科技进步目标责任制考核——收件、核查、计分、排名，每个数都能查到出处。"""


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--example", "examples", multiple=True, help="放入哪个示例考核（可多次；默认 yuxi-2017）")
@click.option("--all-examples", is_flag=True, help="放入全部示例考核")
def init(folder: Path, examples: tuple[str, ...], all_examples: bool) -> None:
    """建立工作文件夹，并放入一个可以马上运行的示例考核。"""
    from orchestration.setting_up import DEFAULT_EXAMPLE, example_names, set_up

    chosen = example_names() if all_examples else list(examples) or [DEFAULT_EXAMPLE]
    for line in set_up(folder.resolve(), chosen):
        click.echo(line)


@main.command()
@click.argument("evaluation")
@by_whom
@click.option("--approved-by", required=True, help="批准人姓名（不能是经办人）")
def adopt(evaluation: str, by: str, approved_by: str) -> None:
    """下发考核办法：文件夹里现在的细则、单位、人员、目标从此生效。"""
    from orchestration.filing import ledger_of
    from resources.adoption import adopt as adopt_definition

    home = home_from_environment()
    entry = adopt_definition(home, ledger_of(home), evaluation, by, approved_by)
    click.echo(f"已下发“{evaluation}”的考核办法，台账第{entry.seq}号，摘要 {entry.payload['digest'][:12]}。")


@main.command()
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


@main.command()
@click.argument("evaluations", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="全部考核")
@as_json
def evaluate(evaluations: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """现在就算一遍：收件、核查、核定、计分、发布（每晚自动做的同一件事）。"""
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


@main.command()
@click.argument("evaluation")
@click.option("--unit", required=True, help="单位编码")
@click.option("--indicator", required=True, help="指标编码")
@click.option("--period", help="考核期；只有一个时可不写")
@click.option("--old-value", help="您看到的现行核定值；与实际不符则不写入")
@click.option("--value", required=True, help="更正为")
@click.option("--reason", required=True, help="理由")
@click.option("--reason-class", type=click.Choice(["录入错误", "统计口径", "申诉"]), default="录入错误")
@click.option("--document", required=True, help="依据的文件名称及文号")
@by_whom
@click.option("--approved-by", help="批准人姓名；不写则只申请，等 kaohe approve")
@as_json
def correct(as_json: bool, approved_by: str | None, **request: str | None) -> None:
    """更正一个核定值：申请与批准由两人分别作出，只增不改；批准后自动重新计分。"""
    from orchestration.correcting import request_correction

    entries, line = request_correction(home_from_environment(), request, approved_by)
    seqs = {"request": entries[0].seq, "approval": entries[1].seq if approved_by else None}
    click.echo(json.dumps(seqs) if as_json else line)


@main.command()
@click.argument("evaluation")
@click.argument("seq", type=int)
@by_whom
def approve(evaluation: str, seq: int, by: str) -> None:
    """批准一项更正申请（SEQ 是台账号）。"""
    from orchestration.correcting import approve_correction

    click.echo(approve_correction(home_from_environment(), evaluation, seq, by))


@main.command()
@click.argument("evaluation")
@click.argument("unit")
@click.argument("indicator", required=False)
@as_json
def explain(evaluation: str, unit: str, indicator: str | None, as_json: bool) -> None:
    """说明一个得分怎么来的：算式、条款、文件、工作表、单元格。"""
    from orchestration.explaining import explanation, told

    rows = explanation(home_from_environment(), evaluation, unit, indicator)
    click.echo(json.dumps(rows, ensure_ascii=False) if as_json else told(rows))


@main.command()
@click.argument("evaluation", required=False)
@as_json
def status(evaluation: str | None, as_json: bool) -> None:
    """谁报了什么，缺什么，退回了什么，今天要办什么。"""
    from orchestration.status import status_of, tell_status

    found = status_of(home_from_environment(), evaluation or only_evaluation())
    click.echo(json.dumps(found, ensure_ascii=False)) if as_json else tell_status(found)
    sys.exit(NEEDS_SOMEBODY if found["to_do"] else 0)


@main.command()
@click.argument("target", metavar="EVALUATION|FILE")
@as_json
def lint(target: str, as_json: bool) -> None:
    """检查考核细则：所有毛病一次列出，写明行号、条款和改法。"""
    from orchestration.linting import lint_target, told

    found = lint_target(home_from_environment(), target)
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else told(found))
    sys.exit(NEEDS_SOMEBODY if any(row["severity"] != "note" for row in found) else 0)


@main.command()
@as_json
def verify(as_json: bool) -> None:
    """核验台账、存档和已发布的各版：改动过一个字节也查得出来。"""
    from orchestration.filing import ledger_of
    from orchestration.verifying import faults

    home = home_from_environment()
    found = list(faults(home))
    seq, head = ledger_of(home).head()
    told = "\n".join([*found, f"台账共{seq}号，最新哈希 {head}，{'有误' if found else '全部相符'}。"])
    click.echo(json.dumps({"seq": seq, "head": head, "faults": found}, ensure_ascii=False) if as_json else told)
    sys.exit(NEEDS_SOMEBODY if found else 0)


@main.command()
@click.option("--operate", is_flag=True, help="可以操作的服务器（另一端口），不只是查看")
@click.option("--port", type=int, help="端口（默认 3000；--operate 为 3001）")
def ui(operate: bool, port: int | None) -> None:
    """在本机打开查看界面：只读网页、后台程序、每晚的运行。"""
    from orchestration.ui import serve

    sys.exit(serve(home_from_environment().path, operate=operate, port=port))


def only_evaluation() -> str:
    """The one evaluation of the home.

    Raises:
        UnknownEvaluation: there are several, or none.
    """
    names = home_from_environment().evaluation_names()
    if len(names) != 1:
        raise UnknownEvaluation("（未写明）", names)
    return names[0]
