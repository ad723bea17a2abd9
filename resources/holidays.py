"""Working days by `holidays.csv` (`date,off|work`): weekends are off, unless the list says otherwise."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

OFF, WORK = "off", "work"
_SATURDAY = 5


class InvalidHolidays(Exception):
    """A holidays.csv that is no text, or of which a line says no day, neither off nor work, or another than before."""


def read_holidays(path: Path) -> dict[date, bool]:
    """Whether each listed day is a working day; nothing is listed where the file is absent.

    Raises:
        InvalidHolidays: names the file, and the line or lines.
    """
    if not path.is_file():
        return {}
    found: dict[date, tuple[bool, int]] = {}
    for number, row in enumerate(csv.reader(_text(path).splitlines()), 1):
        if _is_day(row):
            day, works = _listed(path, number, row)
            before = found.setdefault(day, (works, number))
            if before[0] != works:
                raise InvalidHolidays(f"{path} 第{before[1]}行和第{number}行都写了{day}，一放假一上班，请删去一行。")
    return {day: works for day, (works, _) in found.items()}


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


def _text(path: Path) -> str:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):  # the second is what a Chinese Excel saves
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(encoding)
    raise InvalidHolidays(f"{path} 既不是 UTF-8 也不是 GBK 的文字，读不了。请用 Excel 另存为“CSV UTF-8（逗号分隔）”。")


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
