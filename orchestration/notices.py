"""What people have to be told today: reminders before and after due dates, what was found in their files, new versions.

Grouped: one notice a recipient and kind. Each matter has a key, and is told once: a reminder a week and a day before
the due date; what is overdue on the day after, then every week; a finding when it is new; a version when it is out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

from orchestration.status import Situation, situation
from orchestration.tasks import OF_APPEALS, Task, figures_listed, tasks_of
from resources.home import Home
from resources.outbox import Notice
from resources.publications import Publication

BEFORE = (7, 1)  # days
WEEK = 7
LISTED = 30


def notices_of(home: Home, evaluation: str, newest: Publication | None, told: set[tuple[str, str]]) -> list[Notice]:
    """Notices on what is not `told` yet (recipient and key); `newest` is the newest published version.

    Raises:
        UnknownEvaluation, InvalidRulebook: as their names say.
    """
    stands = situation(home, evaluation)
    tasks = tasks_of(stands)
    found = [*_upcoming(stands), *_overdue(stands, tasks), *_findings(stands, tasks, told), *_version(stands, newest)]
    return [notice for notice in found if any((notice.recipient, key) not in told for key in notice.keys)]


def _title(stands: Situation) -> str:
    return stands.definition.rulebook.title or stands.evaluation


def _upcoming(stands: Situation) -> Iterator[Notice]:
    owed = stands.states[stands.states["state"] == "not_due"]
    days = owed["due_on"].map(lambda due: (due - stands.today).days)
    for (sender, due), rows in owed[days <= max(BEFORE)].groupby(["owed_by", "due_on"], sort=False):
        left = (due - stands.today).days
        stage = min(before for before in BEFORE if left <= before)
        when = f"还有{left}天" if left else "就是今天"
        lines = [line for _, line in figures_listed(stands, rows)]
        subject = f"【提醒】{_title(stands)}：{due}前应报{len(rows)}项，{when}"
        yield Notice(str(sender), subject, _list(lines), (f"due:{due}:{stage}",))


def _overdue(stands: Situation, tasks: list[Task]) -> Iterator[Notice]:
    missing = stands.states[stands.states["state"] == "missing"]
    missing = missing[~missing["owed_by"].isin(list(stands.unread))]
    for sender, rows in missing.groupby("owed_by", sort=False):
        keys = [f"overdue:{due}:{_weeks(due, stands.today)}" for due in pd.unique(rows["due_on"])]
        lines = [task["text"] for task in tasks if task["who"] == sender and task["what"] == "缺报"]
        subject = f"【催报】{_title(stands)}：有{len(rows)}项到期未报"
        yield Notice(str(sender), subject, _list(lines), tuple(keys))


def _weeks(due: date, today: date) -> int:
    return (today - due).days // WEEK


def _findings(stands: Situation, tasks: list[Task], told: set[tuple[str, str]]) -> Iterator[Notice]:
    asked = [task for task in tasks if task["id"] and task["what"] != "缺报"]
    for sender in dict.fromkeys(task["who"] for task in asked):
        own = [task for task in asked if task["who"] == sender]
        new = [task for task in own if (sender, _key(task)) not in told]
        lines = [f"（{task['what']}）{task['text']}" for task in new]
        before = len(own) - len(new)
        if before:
            lines.append(f"另有{before}条以前通知过，还没有办结。")
        what = "待您办理" if not sender else "请核对、改正或说明"
        subject = f"【问题】{_title(stands)}：{len(new)}条{what}"
        yield Notice(sender, subject, _list(lines), tuple(_key(task) for task in new))


def _key(task: Task) -> str:
    """Appeals are numbered from 1, as ledger entries are."""
    return f"appeal:{task['id']}" if task["what"] == OF_APPEALS else task["id"]


def _version(stands: Situation, newest: Publication | None) -> Iterator[Notice]:
    if newest is not None:
        subject = f"【新版】{_title(stands)}：第{newest.version}版（{newest.state}）"
        yield Notice("", subject, f"起因：{newest.cause}。", (f"version:{newest.version}",))


def _list(lines: list[str]) -> str:
    """Numbered; long lists end with how many more there are."""
    shown = [f"{number}. {line}" for number, line in enumerate(lines[:LISTED], 1)]
    more = [f"……共{len(lines)}条，其余见 kaohe status。"] if len(lines) > LISTED else []
    return "\n".join([*shown, *more])
