"""A province in small, tried on one machine: many counties over two workers of Celery's, one of which is killed.

Shown is that every run ends and that every result equals that of `kaohe evaluate --all` without workers, on SQLite.
It takes Redis (`redis-server`) and the PostgreSQL of the tests; nothing of it is left. From the project's root:

    .venv/bin/python deploy/celery/try.py --counties 90
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT), str(ROOT / "tests")]

from orchestration.setting_up import EXAMPLES, make_folders  # noqa: E402
from resources.adoption import adopt  # noqa: E402
from resources.backup import back_up  # noqa: E402
from resources.heartbeats import heartbeats  # noqa: E402
from resources.home import Home  # noqa: E402
from resources.inbox import Inbox, make_inbox  # noqa: E402
from resources.ledger import Ledger  # noqa: E402
from resources.restoring import restore  # noqa: E402
from resources.store import Store  # noqa: E402
from resources.tables import OUTPUTS  # noqa: E402

PATTERN, SENDER, UNITS = EXAMPLES / "yuxi-2017", "lead_office", 4
OVER, TASK = ("SUCCESS", "FAILURE", "CANCELED"), "dagster-celery/task_id"
RUNS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name ~ 'kaohe [0-9a-f-]{36}'
"""


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--counties", type=int, default=90)
    counties = arguments.parse_args().counties
    for number in (signal.SIGINT, signal.SIGTERM):  # also where a shell that started us has interrupts ignored
        signal.signal(number, lambda *_: sys.exit(130))
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kaohe-province-")))
        alone = generated(folder / "alone", counties)
        back_up(alone, Store(alone.store_url), folder / "province.tar")
        environment = province_environment(folder, stack)
        os.environ.update(environment)
        province = Home(folder / "province")
        restore(province, folder / "province.tar")
        (province.dagster / "dagster.yaml").unlink()  # that of one machine
        make_folders(province)
        took = evaluated_by_workers(province, counties, folder)
        for name in environment:
            del os.environ[name]
        began = time.monotonic()
        subprocess.run([*KAOHE, "evaluate", "--all"], cwd=ROOT, env=of(alone), stdout=subprocess.DEVNULL, check=False)
        print(f"two workers: {took:.0f} s; one machine: {time.monotonic() - began:.0f} s")
        differing = compared(alone, province, environment)
        proven = subprocess.run([*KAOHE, "verify"], cwd=ROOT, env=of(province) | environment, check=False).returncode
    print("equal" if not differing else f"different: {differing}")
    return int(bool(differing) or proven != 0)


KAOHE = [sys.executable, "-m", "orchestration"]


def of(home: Home) -> dict[str, str]:
    return {**os.environ, "KAOHE_HOME": str(home.path), "DAGSTER_HOME": str(home.dagster)}


def generated(path: Path, counties: int) -> Home:
    """A home with one small evaluation for each county, adopted and submitted, not evaluated."""
    home, dice = Home(path), random.Random(2017)
    make_folders(home)
    ledger = Ledger(Store(home.store_url))
    for number in range(1, counties + 1):
        name = f"county{number:02}-2017"
        target = home.evaluations / name
        shutil.copytree(PATTERN, target, ignore=shutil.ignore_patterns("inbox", "submissions.csv"))
        rulebook = target / "rulebook.yaml"
        rulebook.write_text(rulebook.read_text("utf-8").replace("yuxi-2017", name), "utf-8")
        units = (target / "units.csv").read_text("utf-8").splitlines(keepends=True)
        (target / "units.csv").write_text("".join(units[: UNITS + 1]), "utf-8")
        make_inbox(home, name)
        adopt(home, ledger, name, "经办", "批准")
        for file in sorted((PATTERN / "inbox" / SENDER).glob("*.csv")):
            sent = path / file.name
            sent.write_text(varied(file.read_text("utf-8"), dice), "utf-8")
            Inbox(home, name).submit(ledger, SENDER, sent, None, "生成", file.name)
            sent.unlink()
    return home


def varied(text: str, dice: random.Random) -> str:
    """The same table with other figures: one decimal, within the range of the example."""
    rows = list(csv.DictReader(io.StringIO(text)))[:UNITS]
    column, most = ("数值", 999) if "数值" in rows[0] else ("数量", 69)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows({**row, column: dice.randint(0, most) / 10} for row in rows)
    return out.getvalue()


def province_environment(folder: Path, stack: contextlib.ExitStack) -> dict[str, str]:
    """PostgreSQL and Redis, which end with the block."""
    from postgresql_server import Databases

    databases = Databases()
    stack.callback(databases.stop)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    redis = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
    stack.enter_context(running(redis, {**os.environ}, folder / "redis.log"))
    return {"KAOHE_STORE": databases.fresh(), "KAOHE_BROKER": f"redis://127.0.0.1:{port}/0"}


@contextlib.contextmanager
def running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as told:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=told, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(90)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def evaluated_by_workers(home: Home, counties: int, folder: Path) -> float:
    """Seconds until every run has ended. A worker is killed with all it has when a third is done."""
    with contextlib.ExitStack() as stack:
        first, _ = (
            stack.enter_context(running([*KAOHE, "worker"], of(home), folder / f"{name}.log"))
            for name in ("first", "second")
        )
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        stack.enter_context(running([*KAOHE, "ui", "--port", str(port)], of(home), folder / "ui.log"))
        began = time.monotonic()
        wait(lambda: done(home) >= counties // 3 and at_work(home) == 2, "a third is done", folder)
        os.killpg(first.pid, signal.SIGKILL)
        print(f"killed a worker at its run after {done(home)} of {counties} evaluations")
        wait(lambda: done(home) == counties and not unfinished(home), "every run has ended", folder)
        print("runs by workers:", dict(statuses(home)))
        return time.monotonic() - began


def wait(reached, what: str, folder: Path, minutes: float = 60) -> None:  # type: ignore[no-untyped-def]
    until = time.monotonic() + minutes * 60
    while not reached():
        if time.monotonic() > until:
            logs = "\n".join(path.read_text("utf-8", "replace")[-3000:] for path in folder.glob("*.log"))
            raise SystemExit(f"waited too long until {what}\n{logs}")
        time.sleep(1)


def done(home: Home) -> int:
    return sum(bool(one.finished_at) for one in heartbeats(Ledger(Store(home.store_url))))


def at_work(home: Home) -> int:
    with Store(home.store_url).reading() as connection:
        return int(connection.exec_driver_sql(RUNS).scalar_one())


def statuses(home: Home) -> Counter[str]:
    from dagster import DagsterInstance

    with DagsterInstance.from_config(str(home.dagster)) as instance:
        runs = instance.get_runs()
        assert all(TASK in run.tags for run in runs if run.status.value in OVER), "a run was given to no worker"
        return Counter(run.status.value for run in runs)


def unfinished(home: Home) -> int:
    return sum(count for status, count in statuses(home).items() if status not in OVER)


def compared(alone: Home, province: Home, environment: dict[str, str]) -> list[str]:
    """What differs: tables of figures byte for byte, digests of all rows, what manifests say of inputs and results."""
    rows = digests(alone)
    os.environ.update(environment)
    differing = [f"rows of {key}" for key, digest in digests(province).items() if rows.pop(key, "") != digest]
    differing += [f"rows of {key}" for key in rows]
    pages: Counter[str] = Counter()
    for manifest in sorted(alone.published.glob("*/v*/manifest.json")):
        version = manifest.parent.relative_to(alone.path)
        ours, theirs = (
            json.loads((home.path / version / "manifest.json").read_text("utf-8")) for home in (alone, province)
        )
        differing += [
            f"{version}: {key}"
            for key in ("inputs_digest", "results_digest", "as_of", "state")
            if ours[key] != theirs[key]
        ]
        changed = {name for name, digest in ours["files"].items() if theirs["files"].get(name) != digest}
        differing += [f"{version}/{name}" for name in sorted(changed) if name.endswith(".csv")]
        pages.update({"equal": len(ours["files"]) - len(changed), "different": len(changed)})
        differing += [f"{version}: files"] * (set(ours["files"]) != set(theirs["files"]))
    if [p.name for p in alone.published.glob("*/v*")] != [p.name for p in province.published.glob("*/v*")]:
        differing.append("versions")
    print("files (those that print where in the ledger their run stood differ):", dict(pages))
    return differing


def digests(home: Home) -> dict[tuple[str, ...], str]:
    with Store(home.store_url).reading() as connection:
        return {
            (row.evaluation, row.table_name, row.producer): row.digest for row in connection.execute(OUTPUTS.select())
        }


if __name__ == "__main__":
    sys.exit(main())
