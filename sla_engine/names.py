"""How people, places and instants are called in the sentences the rules write."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

FAR = timedelta(days=300)
"""How far away a day has to be for its year to be told: nearer, everybody takes it for the right one."""


def name_of(email: str) -> str:
    """A short name for a person the policy knows by e-mail: `bob.lee@acme.example` is Bob Lee."""
    words = email.split("@", 1)[0].replace("_", ".").replace("+", ".").split(".")
    return " ".join(word.capitalize() for word in words if word) or email


def place_of(zone: str) -> str:
    """A time zone's city: `America/New_York` is New York."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def moment(instant: datetime, zone: str, now: datetime) -> str:
    """An instant in words for a zone, as short as `now` allows: `14:05`, `Mon 09:00`, `Mon 30 Nov 09:00`.

    Far from now it has its year: `Fri 31 Dec 2027 09:00`.
    """
    local, today = instant.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    days = (local.date() - today).days
    day = "" if days == 0 else f"{local:%a} " if 0 < days < 7 else f"{day_of(local.date(), today)} "
    return f"{day}{local:%H:%M} {place_of(zone)}"


def day_of(day: date, today: date) -> str:
    """A day in words: `Mon 30 Nov`, or with its year, where that is in doubt, `Fri 31 Dec 2027`."""
    return f"{day:%a %-d %b %Y}" if abs(day - today) > FAR else f"{day:%a %-d %b}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Words in a row: `a, b and c`."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def number(value: float) -> str:
    """A number as people write it: `60`, `0.5`, `1234567`; never rounded to another one."""
    return f"{value:.15g}"
