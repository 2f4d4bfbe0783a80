"""Durations and days as people say them."""

from datetime import date, datetime, timedelta

_UNITS = ((3_600_000_000, "h"), (60_000_000, "min"), (1_000_000, "s"))
_SECOND = 1_000_000


def in_words(duration: timedelta) -> str:
    """A duration of zero or more in hours, minutes and seconds: “3 h 30 min”, “45 s”, “0.25 s”, “0 min”."""
    left = duration // timedelta.resolution
    words = []
    for size, unit in _UNITS[:2]:
        count, left = divmod(left, size)
        if count:
            words.append(f"{count} {unit}")
    if left:
        seconds, fraction = divmod(left, _SECOND)
        words.append(f"{seconds}.{fraction:06}".rstrip("0").rstrip(".") + " s")
    return " ".join(words) or "0 min"


class Dates:
    """How the days of one account are named: by weekday while that is clear, else by date, with the year if needed."""

    def __init__(self, first: date, last: date) -> None:
        self._dated = (last - first).days >= 7
        self._year = first.year != last.year

    def day(self, day: date, night: bool = False) -> str:
        name = self._date(day) if self._dated else f"{day:%A}"
        return f"{name} night" if night else name

    def moment(self, local: datetime) -> str:
        """A local time; the second of two equal ones says so."""
        name = self._date(local) if self._dated else f"{local:%a}"
        time = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
        return f"{name} {time}{' (second time)' if local.fold else ''}"

    def _date(self, day: date) -> str:
        return f"{day:%a} {day.day} {day:%b}" + (f" {day.year}" if self._year else "")
