"""Reading when somebody will be back."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sla_engine.refusals import Refused

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
DURATION = re.compile(r"(\d{1,4})\s*([mhd])", re.ASCII | re.IGNORECASE)


class UnreadableEnd(Refused):
    """“{text}” is no time to come back: say `/leads away`, `/leads away 3h` or `/leads away 2026-12-01`."""


def end_of_absence(text: str, now: datetime, zone: str) -> datetime | None:
    """When an absence ends, in UTC: after a duration, or at the start of a day in the person's zone.

    None when no end is given; raises `UnreadableEnd`.
    """
    if not text:
        return None
    if duration := DURATION.fullmatch(text):
        return now + int(duration[1]) * UNITS[duration[2].lower()]
    try:
        until = datetime.combine(date.fromisoformat(text), time(), ZoneInfo(zone)).astimezone(UTC)
    except ValueError as error:
        raise UnreadableEnd(text=text) from error
    if until <= now:
        raise UnreadableEnd(text=text)
    return until
