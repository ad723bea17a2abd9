"""The status read aloud in a terminal: how far it is, who is not done, and what everybody has to do today."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from rich.console import Console
from rich.table import Table

from evaluation.completeness import SHOWN, STATE_WORDS
from orchestration.tasks import OF_APPEALS, SIGN_OFF

OPEN = ("held", "refused", "missing")
TOLD = 12


def tell_status(found: dict[str, Any]) -> None:
    """Print the status: counts, senders and periods that are not complete, then the tasks of each."""
    console = Console()
    console.print(f"{found['title']}（{found['evaluation']}）", style="bold", markup=False, soft_wrap=True)
    console.print(f"今天是{found['today']}。{how_far(found)}", markup=False, soft_wrap=True)
    _table(console, "还没有报齐的单位", "报送单位", found["senders"], "sender_name", found["unread"])
    if len(found["periods"]) > 1:
        _table(console, "还没有报齐的考核期", "考核期", found["periods"], "period", {})
    _tasks(console, found)
    console.print(f"各报送单位的回执：{found['receipts']}", style="dim", markup=False, soft_wrap=True)


def how_far(found: dict[str, Any]) -> str:
    """How many obligations are in which state, in a line."""
    states, due = found["states"], found["owed"] - found["states"].get("not_due", 0) - found["states"].get("exempt", 0)
    counts = "，".join(f"{STATE_WORDS[name]}{states[name]}" for name in SHOWN if states.get(name))
    share = f"；到期的{due}项已报{_percent(found['share_met'])}" if due else "；还没有到期的"
    return f"应报{found['owed']}项：{counts}{share}。"


def _percent(share: float) -> str:
    """Rounded down: nothing is complete before it is."""
    return f"{int(share * 1000) / 10:g}%"


def _table(console: Console, title: str, header: str, rows: list[dict[str, Any]], name: str, unread: Any) -> None:
    shown = [row for row in rows if any(row[state] for state in OPEN) or row.get("sender") in unread]
    used = [state for state in SHOWN if any(row[state] for row in shown)]
    if not shown:
        return
    table = Table(title=title, title_justify="left")
    table.add_column(header)
    for word in ["应报", *(STATE_WORDS[state] for state in used), *(["未读文件"] if unread else [])]:
        table.add_column(word, justify="right", no_wrap=True)
    for row in shown:
        files = [str(unread.get(row.get("sender"), ""))] if unread else []
        table.add_row(str(row[name]), str(row["owed"]), *(str(row[state] or "") for state in used), *files)
    console.print(table)
    done = len(rows) - len(shown)
    if done:
        console.print(f"其余{done}个{'单位' if 'sender' in rows[0] else '考核期'}没有缺报、退回或待判断的。")


def _tasks(console: Console, found: dict[str, Any]) -> None:
    if not found["tasks"]:
        console.print("没有要办的事。")
        return
    console.print("今天要办的事", style="bold")
    for who, tasks in groupby(found["tasks"], key=lambda task: task["who_name"]):
        own = list(tasks)
        console.print(f"{who}（{len(own)}件）", style="bold", markup=False)
        for what, same in groupby(sorted(own, key=_kind(own)), key=lambda task: task["what"]):
            _told(console, what, list(same))
    _commands(console, found)


def _kind(tasks: list[dict[str, Any]]) -> Any:
    first = {what: at for at, what in enumerate(dict.fromkeys(task["what"] for task in tasks))}
    return lambda task: first[task["what"]]


def _told(console: Console, what: str, tasks: list[dict[str, Any]]) -> None:
    for task in tasks[:TOLD]:
        number = f"〔{task['id']}〕" if task["id"] else ""
        console.print(f"  · {what}{number} {task['text']}", markup=False, soft_wrap=True)
    if len(tasks) > TOLD:
        console.print(f"  · {what}：其余{len(tasks) - TOLD}件见 kaohe status --json 或 findings.csv", markup=False)


def _commands(console: Console, found: dict[str, Any]) -> None:
    """How the examiner settles what waits; only the commands that are needed."""
    evaluation, waiting = found["evaluation"], found["waiting"]
    lines = []
    if any(task["id"].startswith("f") for task in found["tasks"]):
        lines.append(
            f"认可说明：kaohe resolve {evaluation} 编号 --reason 理由 --by 姓名（来源不一致可加 --source 以谁为准）"
        )
    if waiting.get("待核定事项") or waiting.get("重复申报"):
        lines.append(f"核定事项：kaohe decide {evaluation} 编号 accept|refuse --reason 理由 --by 姓名")
    if waiting.get("待批更正"):
        lines.append(f"批准更正：kaohe approve {evaluation} 台账号 --by 姓名")
    if waiting.get(OF_APPEALS):
        lines.append(
            f"裁定申诉：kaohe appeal decide {evaluation} 编号 upheld|partly|refused|withdrawn --reason 理由 --by 姓名"
            "（复核单：kaohe appeal show）"
        )
    if any(task["what"] == SIGN_OFF for task in found["tasks"]):
        lines.append(
            f"部门核定：kaohe sign {evaluation} 部门代码 --document 盖章的核定表 --by 姓名（先加 --preview 看数据）"
        )
    for line in lines:
        console.print(line, style="dim", markup=False, soft_wrap=True)
