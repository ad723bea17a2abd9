"""What the home holds: settings, store, locks, background processes, inboxes and definitions. Nothing is written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
import yaml

from evaluation.definition import read_definition
from orchestration.doctor import FAULT, NOTICE, SOUND
from orchestration.doctor_machine import Found, Looks
from resources import database, guards, migrations
from resources.adoption import ADOPTED
from resources.clock import SHANGHAI
from resources.home import Home
from resources.inbox import Inbox
from resources.ledger import Ledger
from resources.locks import free, is_held
from resources.outbox import Outbox
from resources.store import Store

LONG = timedelta(hours=1)
ONLY_READ = "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool"


def ledger_now(home: Home) -> Ledger | None:
    """The ledger, where the store is there and needs no upgrade: opening it changes nothing."""
    return Ledger(Store(home.store_url)) if _step(home) == migrations.steps()[-1] else None


def _step(home: Home) -> str | None:
    url = sa.make_url(home.store_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return None
    with database.reading(database.engine_of(home.store_url)) as connection:
        return migrations.step_of(connection)


def _settings(home: Home) -> Iterator[Found]:
    absent = [path for path in (home.evaluations, home.dagster / "dagster.yaml", home.holidays) if not path.exists()]
    if absent:
        yield FAULT, f"缺少 {'、'.join(map(str, absent))}。", "运行 kaohe init；已有的东西不会动。"
    else:
        yield SOUND, f"工作文件夹 {home.path}，考核{len(home.evaluation_names())}个。"


def _store(home: Home) -> Iterator[Found]:
    step, newest = _step(home), migrations.steps()[-1]
    shown = sa.make_url(home.store_url).render_as_string(hide_password=True)
    if step is None:
        yield NOTICE, f"还没有数据库（{shown}）。", "运行 kaohe init。"
        return
    if step != newest:
        yield NOTICE, f"表结构是第{step}版，程序要第{newest}版。", "先运行 kaohe backup；之后任何命令都会自动升级。"
        return
    with database.reading(database.engine_of(home.store_url)) as connection:
        missing = guards.missing(connection)
        lite = connection.dialect.name == "sqlite"
        damage = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() if lite else "ok"
        only_read = not lite and connection.exec_driver_sql(ONLY_READ).scalar()
    if damage != "ok":
        yield FAULT, f"数据库文件已损坏：{damage}。", "停下后台程序，用 kaohe restore 从备份恢复。"
    elif only_read:
        yield FAULT, f"{shown} 只能读不能写（备用库，或库、账号设成了只读）。", "检查 KAOHE_STORE 指的是不是主库。"
    elif missing:
        yield FAULT, f"台账的防改装置不在：{'、'.join(missing)}。", "有人动过数据库：运行 kaohe verify 核验全部记录。"
    else:
        yield SOUND, f"{shown}，表结构第{step}版，台账防改装置齐全。"


def _record(home: Home) -> Iterator[Found]:
    settings = home.dagster / "dagster.yaml"
    if not settings.is_file():
        return
    written = yaml.safe_load(settings.read_text(encoding="utf-8")) or {}
    shared, workers = "storage" in written, "run_launcher" in written
    missing = [
        name for name, used in (("KAOHE_STORE", shared), ("KAOHE_BROKER", workers)) if used and not os.environ.get(name)
    ]
    if missing:
        yield FAULT, f"{settings} 要用 {'、'.join(missing)}，这里没有设置。", "设置同其他机器、其他命令一样的环境变量。"
    elif home.store_url.startswith("postgresql") and not shared:
        remedy = (
            "停下 kaohe ui，把 deploy/postgresql/dagster.yaml 的内容加到它末尾；以前的运行记录不带过去，成绩不受影响。"
        )
        yield NOTICE, f"数据库是 PostgreSQL，运行记录按 {settings} 仍在本机文件里。", remedy
    else:
        place = "数据库里" if shared else "本机文件里"
        yield SOUND, f"运行记录在{place}，{'由各台机器的计算进程' if workers else '由本机'}计算。"


def _locks(home: Home) -> Iterator[Found]:
    held = [path for path in sorted(home.locks.glob("*.lock")) if is_held(home, path.stem)]
    for path in held:
        note = path.with_suffix(".holder.json")
        since = datetime.fromtimestamp(note.stat().st_mtime, SHANGHAI) if note.is_file() else datetime.now(SHANGHAI)
        told = (
            f"“{path.stem}”自 {since:%m-%d %H:%M} 起正在计算（{note.read_text('utf-8') if note.is_file() else '—'}）。"
        )
        if datetime.now(SHANGHAI) - since > LONG:
            yield NOTICE, told, "超过一小时：看该进程是否还在动；结束它，锁自然释放，再算一次即可。"
        else:
            yield SOUND, told
    if not held:
        yield SOUND, "没有正在进行的计算。"


def _background(home: Home) -> Iterator[Found]:
    lock, remedy = home.dagster / "ui" / "lock", "运行 kaohe ui，或启用 systemd 单元；夜间计算靠它。"
    if not lock.is_file() or _is_free(lock):
        yield NOTICE, "后台程序没有运行：文件不会自动读取，夜里也不会计算。", remedy
        return
    from dagster import DagsterInstance  # takes a second

    with DagsterInstance.from_config(str(home.dagster)) as instance:
        statuses = instance.get_daemon_statuses()
    ill = sorted(kind for kind, status in statuses.items() if status.required and not status.healthy)
    if ill:
        yield NOTICE, f"后台程序在，但 {'、'.join(ill)} 没有按时报到。", "刚启动时等一分钟；否则重启 kaohe ui。"
    else:
        yield SOUND, "后台程序在运行，各部分都按时报到。"


def _is_free(lock: Path) -> bool:
    with lock.open("r+") as file:
        return free(file.fileno())


def _inboxes(home: Home) -> Iterator[Found]:
    if (ledger := ledger_now(home)) is None:
        return
    for name in home.evaluation_names():
        inbox = Inbox(home, name)
        if not inbox.present:
            remedy = f"共享盘没有挂上就先挂上；是新的考核就用 kaohe adopt {name} 下发办法，文件夹随之建好。"
            yield FAULT, f"“{name}”的收件文件夹没有标记 .inbox：{inbox.folder}。", remedy
            continue
        left, waiting = inbox.left_alone(ledger), inbox.waiting(ledger)
        told = f"“{name}”：待读取{len(waiting)}份，不能收取{len(left)}份。"
        if left:
            yield NOTICE, told, f"原因见 kaohe status {name}。"
        else:
            yield SOUND, told


def _definitions(home: Home) -> Iterator[Found]:
    if (ledger := ledger_now(home)) is None:
        return
    for name in home.evaluation_names():
        adopted = ledger.entries(name, [ADOPTED])
        try:
            digest = read_definition(home.definition_files(name)).digest
        except Exception as fault:
            yield FAULT, f"“{name}”的考核办法读不了：{str(fault).splitlines()[0]}", f"运行 kaohe lint {name}。"
            continue
        if not adopted:
            yield NOTICE, f"“{name}”的考核办法还没有下发，结果只是试算。", f"运行 kaohe adopt {name}。"
        elif adopted[-1].payload["digest"] != digest:
            yield NOTICE, f"“{name}”的考核办法改过、没有下发，按原办法计算。", f"运行 kaohe adopt {name}，或改回去。"
        else:
            yield SOUND, f"“{name}”按台账第{adopted[-1].seq}号下发的办法计算。"


def _notices(home: Home) -> Iterator[Found]:
    for folder in sorted(home.outbox.glob("*/")):
        outbox = Outbox(folder)
        stuck, waiting = outbox.stuck(), outbox.waiting()
        told = f"“{folder.name}”：待送{len(waiting)}份"
        if stuck:
            yield NOTICE, f"{told}，送到一半中断{len(stuck)}份。", f"问一问收到没有，再把文件移到 sent 或 new：{folder}"
        else:
            yield SOUND, told + "。"


LOOKS: Looks = {
    "工作文件夹": _settings,
    "数据库": _store,
    "运行记录": _record,
    "锁": _locks,
    "后台程序": _background,
    "收件": _inboxes,
    "考核办法": _definitions,
    "通知": _notices,
}
