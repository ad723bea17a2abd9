"""Commands about accounts of the web pages. A password is asked for or read from stdin, never an argument."""

from __future__ import annotations

import json
import sys

import click

from orchestration.options import as_json
from resources.home import home_from_environment
from resources.roles import ROLES

PASSWORD = "口令"


@click.group()
def users() -> None:
    """网页上的账号：谁能登录，看什么、办什么。口令在终端上问，或从标准输入读，不写在命令里。"""


@users.command()
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(list(ROLES)), help="乡镇、部门、考核人员、管理人员")
@click.option("--unit", "codes", multiple=True, metavar="CODE", help="单位编码、部门代码（乡镇、部门必写，可多次）")
@click.option(
    "--jurisdiction",
    "jurisdictions",
    multiple=True,
    metavar="NAME",
    help="只看名称以此开头的考核（可多次；不写：全部）",
)
def add(name: str, role: str, codes: tuple[str, ...], jurisdictions: tuple[str, ...]) -> None:
    """加一个账号。口令由本人第一次登录时改掉。"""
    from orchestration.accounts import add_account

    click.echo(add_account(home_from_environment(), name, role, codes, _password(), jurisdictions))


@users.command("list")
@as_json
def list_users(as_json: bool) -> None:
    """列出全部账号。"""
    from orchestration.accounts import list_accounts

    found = list_accounts(home_from_environment())
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        state = "（还没有改过口令）" if one["temporary"] else ""
        limit = f"　辖区 {' '.join(one['jurisdictions'])}" if one["jurisdictions"] else ""
        click.echo("　".join([one["name"], ROLES[one["role"]], *one["codes"]]) + limit + state)
    click.echo(f"共{len(found)}个账号。")


@users.command()
@click.argument("name")
def remove(name: str) -> None:
    """删去一个账号，它的登录马上结束。"""
    from orchestration.accounts import remove_account

    click.echo(remove_account(home_from_environment(), name))


@users.command()
@click.argument("name")
def password(name: str) -> None:
    """换一个账号的口令（忘记了，或怕泄露），它的登录马上结束。"""
    from orchestration.accounts import set_password

    click.echo(set_password(home_from_environment(), name, _password()))


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = click.prompt(PASSWORD, hide_input=True, confirmation_prompt="再写一遍")
    return asked


COMMANDS = [users]
