"""What reading and judging figures costs, as ratios within one run; medians of 5 rounds, the parts in turn.

| part | against | should stay |
|---|---|---|
| 1,000 small workbooks, in the child as a run reads them | openpyxl, read-only, the same cells | ≤ 1.5 |
| one workbook of 1,000 × 60 | the same | ≤ 1.5 |
| a csv of 2.4 million figures, from the file to values and findings | `pandas.read_csv` of text | ≤ 4 |
| the expectations of 2.4 million figures | the same limits joined, the same predicates in pandas | ≤ 3 |

python-calamine, which reads cells and no formulas, stands beside where it is installed
(`pip install python-calamine`).

    python benchmarks/intake.py [--rounds 5] [--figures 2400000]
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import xlsxwriter

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from checks.expectations import verdicts  # noqa: E402
from checks.statements import Suite  # noqa: E402
from checks.suites import suites_of_values  # noqa: E402
from evaluation.definition import Definition, read_definition  # noqa: E402
from intake.child import Source  # noqa: E402
from intake.confinement import read_confined  # noqa: E402
from intake.limits import LIMITS  # noqa: E402
from intake.reading import read_files  # noqa: E402

HEADER = ["单位编码", "考核期", "指标编码", "数值"]
FIGURES, MONTHS = 50, 12


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--figures", type=int, default=2_400_000)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small = [_workbook(_rows(20, 4)) for _ in range(20)] * 50
        _compare("1,000 small workbooks", given.rounds, 1.5, **_workbook_readers(small))
        _compare("a workbook of 1,000 × 60", given.rounds, 1.5, **_workbook_readers([_workbook(_rows(1000, 60))]))
        units = given.figures // (FIGURES * MONTHS)
        rules, path = _definition(units), Path(folder) / "figures.csv"
        _write_csv(path, units)
        _compare(
            f"a csv of {units * FIGURES * MONTHS:,} figures",
            given.rounds,
            4,
            ours=lambda: _read(path, rules),
            pandas=lambda: pd.read_csv(path, dtype=str),
        )
        _judge(path, rules, given.rounds)
    print(f"largest parent {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _compare(what: str, rounds: int, limit: float, **ways: Callable[[], object]) -> None:
    """`ours` against the second way; others are only shown."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    ours, other = list(medians.values())[:2]
    shown = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in medians.items())
    print(f"{what}: {shown}; ratio {ours / other:.2f} (≤ {limit})", flush=True)


def _rows(count: int, width: int) -> list[list[object]]:
    titles = [*HEADER, *(f"列{index}" for index in range(width - 4))]
    rows = [
        ["T001", "2025", "grants", *(row * width + index + 0.25 for index in range(width - 3))] for row in range(count)
    ]
    return [titles, *rows]


def _workbook(rows: Sequence[Sequence[object]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        page = book.add_worksheet("数据")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return stream.getvalue()


def _workbook_readers(books: Sequence[bytes]) -> dict[str, Callable[[], object]]:
    def ours() -> None:
        read = list(read_confined((Source("a.xlsx", book) for book in books), LIMITS))
        assert {one.outcome for one in read} == {"read"}

    def with_openpyxl() -> None:
        for data in books:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            for page in book.worksheets:
                list(page.iter_rows(values_only=True))

    def with_calamine() -> None:
        from python_calamine import CalamineWorkbook

        for data in books:
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            for name in book.sheet_names:
                book.get_sheet_by_name(name).to_python()

    ways: dict[str, Callable[[], object]] = {"ours": ours, "openpyxl": with_openpyxl}
    return ways | ({"calamine": with_calamine} if importlib.util.find_spec("python_calamine") else {})


def _definition(units: int) -> Definition:
    figures = "".join(
        f"      - {{code: i{number:02}, unit_of_measure: 件, points: 1, sources: [stats], frequency: month,"
        " accumulate: sum, range: {min: 0, max: 20000}, rule: {kind: per_item, each: 1}}\n"
        for number in range(FIGURES)
    )
    rulebook = (
        "evaluation: e-2025\ncycle: {year: 2025, starts: 2025-01-01, ends: 2025-12-31}\n"
        "departments:\n  - {code: stats, name: 县统计局}\ngroups:\n  - {code: towns, name: 乡镇, kind: township}\n"
        f"sections:\n  - code: all\n    name: 全部\n    points: {FIGURES}\n    indicators:\n{figures}"
    )
    rows = "".join(f"T{number:05},镇{number},township,towns\n" for number in range(units))
    texts = {
        "rulebook.yaml": rulebook,
        "units.csv": "unit_code,name,kind,group\n" + rows,
        "targets.csv": "unit_code,indicator_code,target\n",
    }
    return read_definition({name: text.encode() for name, text in texts.items()})


def _write_csv(path: Path, units: int) -> None:
    values = np.random.default_rng(1).integers(0, 20_000, units * FIGURES * MONTHS).astype(str).tolist()
    keys = (
        f"T{unit:05},2025-{month:02},i{figure:02}"
        for unit in range(units)
        for figure in range(FIGURES)
        for month in range(1, MONTHS + 1)
    )
    lines = (f"{key},{value}\r\n" for key, value in zip(keys, values, strict=True))
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(",".join(HEADER) + "\r\n")
        stream.writelines(lines)


def _read(path: Path, rules: Definition) -> pd.DataFrame:
    columns = ["seq", "sha256", "sender", "name", "received_at"]
    files = pd.DataFrame([(1, "0" * 64, "stats", "figures.csv", "2026-01-10T09:00:00")], columns=columns)
    values = read_files(files, lambda _: path, rules).submitted_values
    assert values["outcome"].eq("accepted").all()
    return values


def _judge(path: Path, rules: Definition, rounds: int) -> None:
    values = _read(path, rules)
    previous = pd.DataFrame(columns=["unit_code", "indicator_code", "period", "accepted_value"], dtype="str")

    def joined() -> Iterator[Suite]:
        return suites_of_values(rules, values, previous)

    def plain() -> list[bool]:
        return [
            _predicate(suite.frame, one.expectation, dict(one.arguments)) for suite in joined() for one in suite.tested
        ]

    _compare(
        f"expectations of {len(values):,} figures, limits joined",
        rounds,
        3,
        ours=lambda: verdicts(joined()),
        pandas=plain,
        joining=joined,
    )


def _predicate(frame: pd.DataFrame, expectation: str, given: dict[str, object]) -> bool:
    """The same statement in plain pandas."""
    if not len(frame):
        return True
    if expectation == "expect_column_pair_values_a_to_be_greater_than_b":
        one, other = frame[given["column_A"]], frame[given["column_B"]]
        both = one.notna() & other.notna()
        return bool((one[both] >= other[both]).all())
    column = frame[given["column"]].dropna()
    if expectation == "expect_column_values_to_be_between":
        return bool((column <= given["max_value"]).all())
    return bool(column.isin(given["value_set"]).all())


if __name__ == "__main__":
    main()
