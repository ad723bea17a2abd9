"""What looking for every gap costs beside scoring the example county once.

`qingshan-2025`: 41 units, 48 figures, from facts that a fresh home has evaluated. Scoring and searching in turn within
one run, median of 5; all gaps should stay ≤ 60 times one plain scoring, which is what a person waits for.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from assets.analyses import today_of, unsettled
from evaluation.definition import Definition
from evaluation.explanation_view import ScoreInputs
from evaluation.firmness import firmness
from evaluation.gaps import gaps
from evaluation.open_matters import open_matters
from evaluation.scoring import score
from evaluation.worlds import Today
from orchestration.evaluating import evaluate
from orchestration.setting_up import set_up
from resources.home import Home
from resources.kaohe import work_on

EVALUATION = "qingshan-2025"
ROUNDS = 5


def seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def county(folder: Path) -> tuple[Definition, ScoreInputs, Callable[[], object]]:
    """The county evaluated once; with it, what looks for the firmness of its ranks."""
    os.environ.update(KAOHE_HOME=str(folder), KAOHE_SETTLE_SECONDS="0")
    list(set_up(folder, ["qingshan-2024", EVALUATION]))
    home = Home(folder)
    evaluate(home, ["qingshan-2024", EVALUATION])
    work = work_on(home, EVALUATION)
    today, still_open = today_of(work), unsettled(work)
    return today.definition, today.given, lambda: firmness(today, open_matters(today, still_open))


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="kaohe-") as folder:
        definition, given, ranks = county(Path(folder))
        runs: dict[str, Callable[[], object]] = {
            "one scoring": lambda: score(definition, **vars(given)),
            "all gaps": lambda: gaps(Today(definition, given)),
            "firmness of ranks": ranks,
        }
        taken: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(ROUNDS):
            for name, run in runs.items():
                taken[name].append(seconds(run))
    base = statistics.median(taken["one scoring"])
    for name, times in taken.items():
        print(f"{name:20} {statistics.median(times) * 1000:8.0f} ms  {statistics.median(times) / base:6.1f} ×")


if __name__ == "__main__":
    main()
