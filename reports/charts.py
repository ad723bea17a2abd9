"""Charts as numbers that a template draws as SVG: bars, progress through the year, ranks from version to version.

Here belongs the geometry. Long text stays outside the drawings, in html: it wraps on a phone and can be read aloud.
Drawn by the templates, a chart costs no time, looks the same everywhere, and obeys the page's policy; a charting
library writes styles that the policy forbids or takes a tenth of a second for each, and there are several a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from reports.rows import Rows

HUNDREDTH, TENTH = Decimal("0.01"), Decimal("0.1")
PERIODS_DRAWN = 12
VERSIONS_DRAWN = 8
LINES_DRAWN = 40
DASHES = ("", "6 3", "2 3", "8 3 2 3")


@dataclass(frozen=True)
class Bar:
    """One unit's total; `start` and `width` are shares of the drawing's width in percent."""

    start: str
    width: str
    look: str


@dataclass(frozen=True)
class Bars:
    """The bars of one table by unit; `median` is the middle total of those ranked, `median_at` its place in percent."""

    of: dict[str, Bar]
    median: str
    median_at: str


def bars(rows: Rows, decimals: int) -> Bars:
    """A bar per scored unit (`rows` of `standings`), all from nought."""
    totals = {row["unit_code"]: Decimal(row["total_score"]) for row in rows if row["total_score"] != ""}
    ranked = {row["unit_code"] for row in rows if row["rank"] != ""}
    low, high = min([Decimal(0), *totals.values()]), max([Decimal(0), *totals.values()])
    span = (high - low) or Decimal(1)
    drawn = {
        unit: Bar(
            start=_share(min(total, Decimal(0)) - low, span),
            width=_share(abs(total), span),
            look=_look(total, unit in ranked),
        )
        for unit, total in totals.items()
    }
    if len(ranked) < 2:
        return Bars(drawn, "", "")
    middle = median(totals[unit] for unit in ranked)
    shown = middle.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return Bars(drawn, f"{shown:f}", _share(middle - low, span))


def _look(total: Decimal, ranked: bool) -> str:
    """How a bar differs from a plain one, readable without colour: below nought, or not ranked."""
    if total < 0:
        return "below"
    return "" if ranked else "unranked"


@dataclass(frozen=True)
class Column:
    """One period: its value, what has come together by then, and where its column stands in the drawing."""

    label: str
    value: str
    so_far: str
    x: str
    y: str
    width: str
    height: str
    middle: str


@dataclass(frozen=True)
class Progress:
    """One figure through the year; `goal` is the height of the target in the drawing, empty where there is none."""

    name: str
    unit_of_measure: str
    adds_up: bool
    columns: list[Column]
    target: str
    goal: str

    @property
    def so_far(self) -> str:
        return self.columns[-1].so_far


BASE, TOP, EDGE, ACROSS = Decimal(92), Decimal(10), Decimal(6), Decimal(288)


def progress(
    name: str, unit_of_measure: str, adds_up: bool, values: Sequence[tuple[str, str]], target: str
) -> Progress | None:
    """`values`: (period, value) in order. None where there are less than two, or one is below nought."""
    numbers = [Decimal(value) for _, value in values]
    if len(numbers) < 2 or min(numbers) < 0:
        return None
    heights = [sum(numbers[: at + 1], Decimal(0)) for at in range(len(numbers))] if adds_up else numbers
    goal = Decimal(target) if target else None
    scale = (BASE - TOP) / (max([*heights, goal or Decimal(0)]) or Decimal(1))
    step = ACROSS / len(numbers)
    columns = [
        Column(
            label=label,
            value=value,
            so_far=f"{height:f}",
            x=coordinate(EDGE + step * at + step * Decimal("0.15")),
            y=coordinate(BASE - height * scale),
            width=coordinate(step * Decimal("0.7")),
            height=coordinate(height * scale),
            middle=coordinate(EDGE + step * at + step / 2),
        )
        for at, ((label, value), height) in enumerate(zip(values, heights, strict=True))
    ]
    return Progress(
        name, unit_of_measure, adds_up, columns, target, "" if goal is None else coordinate(BASE - goal * scale)
    )


@dataclass(frozen=True)
class Line:
    """One unit's ranks: `points` for an SVG polyline, and how it is dashed."""

    name: str
    ranks: list[str]
    points: str
    dash: str


@dataclass(frozen=True)
class Movement:
    """Ranks from version to version: `versions` with their places across, `lines` by the newest rank, `ends`:
    places down, ranks, and the names of all units there."""

    versions: list[tuple[str, str]]
    lines: list[Line]
    ends: list[tuple[str, str, str]]
    height: int


ROW, LEFT, WIDTH, HEAD = 18, 26, 190, 24


def movement(ranks: Mapping[str, Mapping[str, int]], names: Mapping[str, str]) -> Movement | None:
    """`ranks`: by version, oldest first, unit → rank; `names` of all units. None where no rank has moved.

    At most VERSIONS_DRAWN versions, the newest, and LINES_DRAWN units of the newest, the best.
    """
    versions = list(ranks)[-VERSIONS_DRAWN:]
    newest = sorted(ranks[versions[-1]].items(), key=lambda one: one[1])[:LINES_DRAWN]
    held = {unit: {version: ranks[version].get(unit) for version in versions} for unit, _ in newest}
    if all(len({rank for rank in ranks_of.values() if rank}) < 2 for ranks_of in held.values()):
        return None
    across = {version: LEFT + WIDTH * at // (len(versions) - 1) for at, version in enumerate(versions)}
    ends: dict[int, list[str]] = {}
    for unit, rank in newest:
        ends.setdefault(rank, []).append(names[unit])
    lines = [
        Line(
            name=names[unit],
            ranks=[str(rank or "") for rank in ranks_of.values()],
            points=" ".join(f"{across[version]},{_down(rank)}" for version, rank in ranks_of.items() if rank),
            dash=DASHES[number % len(DASHES)],
        )
        for number, (unit, ranks_of) in enumerate(held.items())
    ]
    lowest = max(rank for ranks_of in held.values() for rank in ranks_of.values() if rank)
    return Movement(
        versions=[(version, str(across[version])) for version in versions],
        lines=lines,
        ends=[(str(_down(rank)), str(rank), "、".join(tied)) for rank, tied in ends.items()],
        height=_down(lowest) + ROW,
    )


def _down(rank: int) -> int:
    return HEAD + ROW * (rank - 1) + ROW // 2


def _share(part: Decimal, span: Decimal) -> str:
    return f"{(part / span * 100).quantize(HUNDREDTH):f}"


def coordinate(at: Decimal) -> str:
    return f"{at.quantize(TENTH):f}"
