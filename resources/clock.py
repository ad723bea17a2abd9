"""The one place that asks for the time. Periods and deadlines are in Asia/Shanghai whatever the server's zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> str:
    """The present moment as ISO text with offset, to the second."""
    return datetime.now(SHANGHAI).isoformat(timespec="seconds")


def ago(span: timedelta) -> str:
    """The moment `span` before the present one; as texts, moments sort by time."""
    return (datetime.now(SHANGHAI) - span).isoformat(timespec="seconds")


def start_of_day(day: str) -> str:
    """The first moment of an ISO date in Asia/Shanghai, as ISO text.

    Raises:
        ValueError: `day` is no date written YYYY-MM-DD.
    """
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), SHANGHAI).isoformat()
