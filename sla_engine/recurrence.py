"""When local days begin, and when a weekly report is due."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def midnight(day: date, timezone: str) -> datetime:
    """The instant at which a local day begins, in UTC; where a spring change skips it, as PEP 495 has it for fold=0."""
    return datetime.combine(day, time(), ZoneInfo(timezone)).astimezone(UTC)


def next_weekly(after: datetime, weekday: int, at: time, timezone: str) -> datetime:
    """The first occurrence strictly after `after`, in UTC; weekday 0 is Monday, `at` is local to `timezone`.

    A local time that a spring change skips falls an hour later, as PEP 495 has it for fold=0.
    """
    zone = ZoneInfo(timezone)
    local = after.astimezone(zone)
    day = local.date() + timedelta(days=(weekday - local.weekday()) % 7)
    while True:
        occurrence = datetime.combine(day, at, zone).astimezone(UTC)
        if occurrence > after:
            return occurrence
        day += timedelta(days=7)
