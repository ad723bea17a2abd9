"""Commands about the home and its definitions: set up, adopt, lint, open the web server."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from orchestration.options import NEEDS_SOMEBODY, as_json, by_whom, of_evaluation, only_evaluation
from resources.home import home_from_environment

PEM = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path())
@click.option("--example", "examples", multiple=True, help="放入哪个示例考核（可多次；默认 yuxi-2017）")
@click.option("--all-examples", is_flag=True, help="放入全部示例考核")
@click.option("--empty", is_flag=True, help="不放示例：正式使用的文件夹")
def init(folder: str, examples: tuple[str, ...], all_examples: bool, empty: bool) -> None:
    """建立工作文件夹，并放入一个可以马上运行的示例考核；正式使用的写 --empty，不放示例。"""
    from orchestration.setting_up import DEFAULT_EXAMPLE, example_names, set_up

    if empty and (examples or all_examples):
        raise click.UsageError("--empty 不能与 --example、--all-examples 一起写")
    chosen = example_names() if all_examples else list(examples) or ([] if empty else [DEFAULT_EXAMPLE])
    if not folder.strip():
        raise click.UsageError("要写明工作文件夹放在哪里，如 kaohe init home")
    for line in set_up(Path(folder).resolve(), chosen):
        click.echo(line)


@click.command()
@of_evaluation
@by_whom
@click.option("--approved-by", required=True, help="批准人姓名（不能是经办人）")
def adopt(evaluation: str, by: str, approved_by: str) -> None:
    """下发考核办法：文件夹里现在的细则、单位、人员、目标从此生效。"""
    from orchestration.filing import ledger_of
    from orchestration.linting import require_workable_expectations
    from resources.adoption import adopt as adopt_definition
    from resources.inbox import RECEIVED, make_inbox
    from resources.states import require_open

    home = home_from_environment()
    require_open(ledger_of(home), evaluation)
    require_workable_expectations(home.definition_files(evaluation))
    entry = adopt_definition(home, ledger_of(home), evaluation, by, approved_by)
    if not ledger_of(home).entries(evaluation, [RECEIVED]):  # later, one that is not there is a disk that is not
        make_inbox(home, evaluation)
    click.echo(f"已下发“{evaluation}”的考核办法，台账第{entry.seq}号，摘要 {entry.payload['digest'][:12]}。")


@click.command()
@click.argument("target", metavar="[EVALUATION|FILE]", required=False)
@as_json
def lint(target: str | None, as_json: bool) -> None:
    """检查考核细则：所有毛病一次列出，写明行号、条款和改法。"""
    from orchestration.linting import lint_target, told

    found = lint_target(home_from_environment(), only_evaluation() if target is None else target)
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else told(found))
    sys.exit(NEEDS_SOMEBODY if any(row["severity"] != "note" for row in found) else 0)


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=3000, show_default=True, help="端口")
@click.option("--listen", "address", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="监听的 IP 地址")
@click.option("--certificate", type=PEM, help="证书（PEM）：在网络上提供服务必须有")
@click.option("--key", type=PEM, help="证书的私钥（PEM）")
@click.option(
    "--code", "elsewhere", default="", metavar="HOST:PORT", help="只开网页：代码和后台程序由别处运行（Kubernetes）"
)
def ui(port: int, address: str, certificate: Path | None, key: Path | None, elsewhere: str) -> None:
    """打开界面：登录后看结果、办事、看运行情况；后台程序和每晚的运行也在其中。

    KAOHE_HOSTS：除本机外，浏览器里用的主机名或网址（逗号隔开）；KAOHE_PROXY：前面的代理服务器的地址。
    """
    from orchestration.door import Door
    from orchestration.ui import serve

    hosts, proxy = os.environ.get("KAOHE_HOSTS", ""), os.environ.get("KAOHE_PROXY", "")
    sys.exit(
        serve(home_from_environment().path, Door(port, address, certificate, key, hosts, proxy), elsewhere=elsewhere)
    )


@click.command()
@click.option("--processes", type=click.IntRange(min=1), default=1, show_default=True, help="同时算几个考核")
def worker(processes: int) -> None:
    """几台机器一起计算时，在每台上运行：从 KAOHE_BROKER 领任务，一次一个考核。"""
    from orchestration.working import work

    work(home_from_environment(), processes)


COMMANDS = [init, adopt, lint, ui, worker]
