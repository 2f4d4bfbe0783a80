"""Finding teams and reps of a policy by what somebody typed, and naming the offsets of a zone's clocks."""

from datetime import UTC, date, datetime, timedelta

from bot.policy.node import guess
from sla_engine.calendar import Calendar
from sla_engine.names import place_of
from sla_engine.phrases import in_words
from sla_engine.policy import Policy, Rep, Team
from sla_engine.rota import ONE_DAY, Rota

SECOND = timedelta(seconds=1)
YEARS = range(1950, 2150)
"""The years somebody may ask about."""


class UnknownTeam(Exception):
    """The policy has no team “{name}”; it has: {known}."""

    def __init__(self, policy: Policy, name: str) -> None:
        super().__init__((self.__doc__ or "").format(name=name, known=", ".join(policy.teams)))


class UnknownRep(Exception):
    """{where} has no rep “{email}”{guess}."""

    def __init__(self, policy: Policy, email: str, team: str | None) -> None:
        known = {rep.email for _, rep in policy.reps()}
        where = f"The team “{team}”" if team else "The policy"
        meant = "" if email.lower() in known else guess(known, email)
        super().__init__((self.__doc__ or "").format(where=where, email=email, guess=meant))


class UnreadableDate(Exception):
    """“{text}” is no day from 1950 to 2149: write it like 2026-12-24."""

    def __init__(self, text: str) -> None:
        super().__init__((self.__doc__ or "").format(text=text))


class UnreadableMoment(Exception):
    """“{text}” is no time from 1950 to 2149: write it like “2026-11-25 16:00” or “2026-11-25T16:00-05:00”."""

    def __init__(self, text: str) -> None:
        super().__init__((self.__doc__ or "").format(text=text))


def team_named(policy: Policy, name: str) -> Team:
    """The team of this name. Raises UnknownTeam."""
    if name not in policy.teams:
        raise UnknownTeam(policy, name)
    return policy.teams[name]


def rep_teams(policy: Policy, email: str, team: str | None = None) -> list[tuple[Team, Rep]]:
    """The rep with this e-mail, once for each team they are in, or in one team. Raises UnknownTeam, UnknownRep."""
    wanted = None if team is None else team_named(policy, team).name
    found = [
        (one, rep) for one, rep in policy.reps() if rep.email == email.strip().lower() and wanted in (None, one.name)
    ]
    if not found:
        raise UnknownRep(policy, email, team)
    return found


def typed_moment(text: str) -> datetime:
    """What somebody typed for a time, naive where it is a local one. Raises UnreadableMoment."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UnreadableMoment(text) from None
    if found.year not in YEARS:
        raise UnreadableMoment(text)
    return found


def instant_at(when: datetime, calendar: Calendar) -> datetime:
    """The instant; a local time the clocks skip is moved forward by the gap, an ambiguous one is the first."""
    return (when if when.tzinfo else when.replace(tzinfo=calendar.rota.zone)).astimezone(UTC)


def local_words(instant: datetime, calendar: Calendar) -> str:
    """An instant in full on a calendar's clocks: `Wed 25 Nov 2026 16:00 New York (UTC−5)`."""
    local = calendar.rota.local(instant)
    time = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{local:%a} {local.day} {local:%b %Y} {time} {place_of(calendar.timezone)} ({offset(local)})"


def offset(local: datetime) -> str:
    """How far a local time is from UTC: `UTC−5`, `UTC+10:30`, `UTC`."""
    ahead = local.utcoffset() or timedelta(0)
    hours, rest = divmod(abs(ahead), timedelta(hours=1))
    minutes = rest // timedelta(minutes=1)
    if not hours and not minutes:
        return "UTC"
    return f"UTC{'+' if ahead > timedelta(0) else '−'}{hours}{f':{minutes:02}' if minutes else ''}"


def shift(rota: Rota, day: date) -> str:
    """How the clocks of the zone change on a local day, in words; empty when they don't."""
    low, high = rota.instant(day) - SECOND, rota.instant(day + ONE_DAY) - SECOND
    before, after = rota.local(low).utcoffset(), rota.local(high).utcoffset()
    if before is None or after is None or before == after:
        return ""
    while high - low > SECOND:
        middle = low + (high - low) // 2
        low, high = (middle, high) if rota.local(middle).utcoffset() == before else (low, middle)
    new = rota.local(high.replace(microsecond=0))
    old = new.replace(tzinfo=None) - (after - before)
    way = "forward" if after > before else "back"
    return f"clocks go {way} {in_words(abs(after - before))} at {old:%H:%M} to {new:%H:%M}"
