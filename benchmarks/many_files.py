"""A sender's folder full of small csv files (`python -m benchmarks.many_files [FILES]`, 100,000 by default).

Each file has the figures of a unit and indicator for two months; when all have been said, later files say them
again. The run is `kaohe evaluate`, once with everything new and once with nothing new. Shown: time by the clock
and of the processors, the largest process, and whether every file and every figure is there afterwards.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
CODE, SENDER = "files-2025", "sti"
UNITS, ITEMS, MONTHS = 60, 20, 12
RULEBOOK = """
evaluation: files-2025
cycle: {{year: 2025, starts: 2025-01-01, ends: 2025-12-31}}
departments: [{{code: sti, name: 科技局}}]
groups: [{{code: g, kind: township}}]
sections:
  - code: s
    indicators:
{items}"""
ITEM = (
    "      - {{code: i{number:02}, points: 2, sources: [sti], frequency: month, accumulate: sum, "
    "rule: {{kind: per_item, each: 0.001}}}}\n"
)


def make(folder: Path, files: int) -> int:
    """A home with so many files in the inbox; returns the sum of their figures."""
    from orchestration.filing import ledger_of
    from orchestration.setting_up import make_folders
    from resources.adoption import adopt
    from resources.home import Home
    from resources.inbox import make_inbox

    home = Home(folder)
    make_folders(home)
    (home.evaluations / CODE).mkdir()
    items = "".join(ITEM.format(number=number) for number in range(ITEMS))
    (home.evaluations / CODE / "rulebook.yaml").write_text(RULEBOOK.format(items=items), encoding="utf-8")
    units = "".join(f"T{number:03},第{number}镇,township,g\n" for number in range(UNITS))
    (home.evaluations / CODE / "units.csv").write_text(f"unit_code,name,kind,group\n{units}", encoding="utf-8")
    adopt(home, ledger_of(home), CODE, "示例经办", "示例批准")
    make_inbox(home, CODE)
    into = home.inbox / CODE / SENDER
    into.mkdir(exist_ok=True)
    total = 0
    for number in range(files):
        rest, month = divmod(2 * number, MONTHS)
        unit, item = rest % UNITS, rest // UNITS % ITEMS
        rows = "".join(f"T{unit:03},2025-{month + more + 1:02},i{item:02},{number % 97 + more}\n" for more in range(2))
        total += 2 * (number % 97) + 1
        (into / f"{number:06}.csv").write_text(f"单位编码,考核期,指标编码,数值\n{rows}", encoding="utf-8")
    return total


def evaluate(home: Path) -> None:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = {**os.environ, "KAOHE_HOME": str(home), "KAOHE_SETTLE_SECONDS": "0"}
    command = [sys.executable, "-m", "orchestration", "evaluate", CODE]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"exit {done.returncode}; {time.perf_counter() - start:.0f} s by the clock, {used:.0f} s of processors, ",
        end="",
    )
    print(f"largest process {after.ru_maxrss / 1000:.0f} MB", flush=True)
    if done.returncode > 1:
        raise RuntimeError(done.stdout[-3000:] + done.stderr[-3000:])


def accounted(home: Path, files: int, total: int) -> None:
    """Raises: AssertionError: a file or a figure is missing."""
    from orchestration.filing import ledger_of
    from resources.home import Home
    from resources.inbox import RECEIVED
    from resources.kaohe import work_on

    received = ledger_of(Home(home)).entries(CODE, [RECEIVED])
    assert len({entry.payload["name"] for entry in received}) == files, len(received)
    work = work_on(Home(home), CODE)
    values = work.submitted_values
    assert len(values) == 2 * files, len(values)
    assert values["submitted_value"].astype("int64").sum() == total
    receipts = sum(1 for _ in (home / "receipts" / CODE).rglob("*.html"))
    print(f"{len(received)} files, {len(values)} figures, sum {total}, {receipts} receipts; findings: ", end="")
    print(dict(Counter(work.findings()["code"])), flush=True)


def main() -> None:
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        total = make(home, files)
        for _ in range(2):
            evaluate(home)
        accounted(home, files, total)


if __name__ == "__main__":
    main()
