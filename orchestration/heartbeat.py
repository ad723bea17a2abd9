"""`kaohe heartbeat`: is every evaluation computed every night, what is late, what waits. One page, `heartbeat.html`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from resources.archive import write_whole
from resources.clock import now
from resources.heartbeats import Heartbeat, heartbeats
from resources.home import Home
from resources.ledger import Ledger
from resources.locks import is_free

# A night and the time that its runs may take.
LATE = timedelta(hours=26)
GOOD, RUNNING, ENDED, OVERDUE, NEVER, UNREADABLE = "正常", "正在计算", "没有做完", "晚了", "还没算过", "读不了"
REMEDIES = {
    ENDED: "看界面里这次运行的出错信息；改正后再算一次：kaohe evaluate",
    OVERDUE: "后台程序停过：kaohe doctor 看原因，kaohe ui 启动",
    NEVER: "kaohe evaluate，或等今晚",
    UNREADABLE: "kaohe lint 看考核办法的毛病",
}


@dataclass(frozen=True)
class Beat:
    """One evaluation on the page; `waiting` says what waits for whom, `remedy` what to do where it is not good."""

    evaluation: str
    title: str
    state: str
    last_good_at: str
    started_at: str
    outcome: str
    waiting: str
    remedy: str


def beats(home: Home) -> list[Beat]:
    """A row for every evaluation of the home."""
    from orchestration.filing import ledger_of

    ledger = ledger_of(home)
    known = {one.evaluation: one for one in heartbeats(ledger)}
    return [_beat(home, ledger, name, known.get(name)) for name in home.evaluation_names()]


def write_page(home: Home, found: list[Beat]) -> Path:
    """Write the page on these anew, whole or not at all."""
    from reports.rendering import filled

    page = filled("heartbeat.html", "receipt.css", {"foot": "每晚计算情况"}, beats=found, at=_minute(now()), good=GOOD)
    place = home.path / "heartbeat.html"
    write_whole(place, page.encode())
    return place


def _beat(home: Home, ledger: Ledger, name: str, known: Heartbeat | None) -> Beat:
    title, waiting, state = name, "", _state(home, known, name)
    try:
        title, waiting = _situation(home, name)
    except Exception as fault:  # one evaluation's trouble hides no other
        state, waiting = UNREADABLE, str(fault).splitlines()[0]
    shown = known or Heartbeat(name, "", "")
    times = (_minute(shown.last_good_at), _minute(shown.started_at))
    return Beat(name, title, state, *times, shown.outcome, waiting, REMEDIES.get(state, ""))


def _minute(at: str) -> str:
    return at[:16].replace("T", " ")


def _state(home: Home, known: Heartbeat | None, name: str) -> str:
    if known is None:
        return NEVER
    if not known.finished_at:
        return ENDED if is_free(home, name) else RUNNING
    age = datetime.fromisoformat(now()) - datetime.fromisoformat(known.last_good_at)
    return OVERDUE if age > LATE else GOOD


def _situation(home: Home, name: str) -> tuple[str, str]:
    """Title, and what waits: for the examiner by kind, for senders by number."""
    from orchestration.status import situation
    from orchestration.tasks import tasks_of

    stands = situation(home, name)
    tasks = tasks_of(stands)
    counts: dict[str, int] = {}
    for task in tasks:
        what = task["what"] if task["who"] == "" else f"各报送单位{task['what']}"
        counts[what] = counts.get(what, 0) + 1
    return stands.definition.rulebook.title or name, "，".join(f"{what}{count}件" for what, count in counts.items())
