"""Working days by `holidays.csv` (`date,off|work`): weekends are off, unless the list says otherwise."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

OFF, WORK = "off", "work"
_SATURDAY = 5


class InvalidHolidays(Exception):
    """A line of holidays.csv that says no day, or neither off nor work."""


def read_holidays(path: Path) -> dict[date, bool]:
    """Whether each listed day is a working day; nothing is listed where the file is absent.

    Raises:
        InvalidHolidays: names the line.
    """
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as rows:
        return dict(_listed(path, number, row) for number, row in enumerate(csv.reader(rows), 1) if _is_day(row))


def last_working_day(starts: date, count: int, listed: Mapping[date, bool]) -> date:
    """The `count`-th working day after `starts`, which itself does not count.

    >>> last_working_day(date(2026, 1, 30), 5, {})
    datetime.date(2026, 2, 6)
    """
    day = starts
    while count > 0:
        day += timedelta(days=1)
        count -= listed.get(day, day.weekday() < _SATURDAY)
    return day


def _is_day(row: list[str]) -> bool:
    return bool(row) and bool("".join(row).strip()) and row[0].strip() != "date"


def _listed(path: Path, number: int, row: list[str]) -> tuple[date, bool]:
    cells = [cell.strip() for cell in row]
    try:
        day, kind = date.fromisoformat(cells[0]), cells[1]
    except (ValueError, IndexError):
        kind = ""
    if kind not in (OFF, WORK):
        raise InvalidHolidays(f"{path} 第{number}行“{','.join(row)}”看不懂，应写成 2026-10-01,off 或 2026-10-10,work。")
    return day, kind == WORK
