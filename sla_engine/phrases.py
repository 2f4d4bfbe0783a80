"""Durations, days and numbers as people say them."""

from datetime import date, datetime, timedelta

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
UNITS = (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("min", MINUTE), ("s", SECOND))


def in_words(duration: timedelta) -> str:
    """A duration of zero or more, exactly, in hours, minutes and seconds: “3 h 30 min”, “45 s”, “0.25 s”, “0 min”."""
    *larger, (seconds, unit) = _counted(duration, days=False)
    words = [f"{number} {name}" for number, name in larger if number]
    if duration % MINUTE:
        fraction = duration % SECOND // timedelta.resolution
        words.append(f"{seconds}.{fraction:06}".rstrip("0").rstrip(".") + f" {unit}")
    return " ".join(words) or "0 min"


def lasting(duration: timedelta, *, days: bool = True) -> str:
    """A duration, rounded to the second, with its two largest units: “1 h 30 min”, “45 s”, “2 d 3 h”, “0 s”.

    Without `days` it is in hours: “51 h”. So is working time told, as a working day isn't 24 h.
    """
    found = _counted(timedelta(seconds=max(0, round(duration.total_seconds()))), days=days)
    while len(found) > 1 and not found[0][0]:
        del found[0]
    return " ".join(f"{number} {name}" for number, name in found[:2] if number) or "0 s"


def times(number: int) -> str:
    """How often: “once”, “twice”, “3 times”."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _counted(duration: timedelta, *, days: bool) -> list[tuple[int, str]]:
    """How many of each unit, the largest first; a part of a second is left out."""
    found = []
    for name, size in UNITS if days else UNITS[1:]:
        number, duration = divmod(duration, size)
        found.append((number, name))
    return found


class Dates:
    """How the days of one sentence are named: by weekday while that is clear, else by date, with the year if needed."""

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
