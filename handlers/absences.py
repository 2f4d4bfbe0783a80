"""Going away and coming back: by the rep, or for them by their manager or an admin."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from connectors.slack import replies
from connectors.slack.markup import Content, count
from connectors.slack.promises import zone_of
from handlers.doors import DONE_BEFORE, Body, Doors
from leads.presence import FORWARD, DayTooFar, EndsFirst
from sla_engine.names import moment, name_of, place_of
from sla_engine.recurrence import midnight
from sla_engine.refusals import Refused
from storage.leaves import Span

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
PART = re.compile(r"(\d{1,6})\s*(?:(m)(?:in(?:ute)?s?)?|(h)(?:(?:ou)?rs?)?|(d)(?:ays?)?)(?![a-z])\s*", re.ASCII)
MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>", re.ASCII)
"""A colleague, as Slack writes them in a command with `should_escape`; in others it leaves the name as it was typed.
https://docs.slack.dev/interactivity/implementing-slash-commands
"""


class NotInRotation(Refused):
    """You get no leads, so there is nothing to pause. To set a rep away: `/leads away bob@acme.com`."""


class NoSuchRep(Refused):
    """I know no rep “{whom}”.{guess}"""

    @classmethod
    def among(cls, reps: Iterable[str], whom: str) -> "NoSuchRep":
        """With the rep who may be meant, by what stands before the @: behind it all addresses are alike."""
        names = {rep.partition("@")[0]: rep for rep in reps}
        close = get_close_matches(whom.casefold().removeprefix("@").partition("@")[0], names, n=1, cutoff=0.75)
        return cls(whom=whom, guess=f" Did you mean {names[close[0]]}?" if close else "")


class UnreadableEnd(Refused):
    """“{text}” is no time to come back: type `/leads away`, `/leads away 3h` or `/leads away 2026-12-01`."""


class EndHasPassed(Refused):
    """The start of {day} is in the past: name the day of your return, such as `/leads away 2026-12-01`."""


class NoSuchDay(Refused):
    """“{text}” is no day: choose one."""


class DayHasPassed(Refused):
    """This day has passed in {place}."""


def end_of_absence(text: str, now: datetime, zone: str) -> datetime | None:
    """When an absence ends, in UTC: after a duration, or at the start of a day in the person's zone.

    None when no end is given; raises `UnreadableEnd`, and `EndHasPassed` for a day that has begun or is over.
    """
    if not text:
        return None
    try:
        if duration := _duration(text.lower()):
            return now + duration
        until = midnight(date.fromisoformat(text), zone)
    except (ValueError, OverflowError) as error:
        raise UnreadableEnd(text=text) from error
    if until <= now:
        raise EndHasPassed(day=text)
    return until


def _duration(text: str) -> timedelta:
    """What a text such as `3h`, `3 hours` or `1h30m` says; nothing of any other."""
    parts = [(int(part[1]), part[2] or part[3] or part[4]) for part in PART.finditer(text)]
    return timedelta() if PART.sub("", text) else sum((number * UNITS[unit] for number, unit in parts), timedelta())


def leave_of(first: str, last: str, now: datetime, zone: str, here: str) -> Span:
    """The leave from one day to another in `zone`, both included, in UTC; today means from now, no last day no end.

    Today is today in `zone`, or `here`, where whoever plans it reads their calendar: it may be yesterday in `zone`.
    Raises `Refused` with the field at fault for days that have passed, are too far ahead or in the wrong order.
    """
    begins = _day("from", first, now, zone, here)
    ends = _day("until", last, now, zone) if last else None
    if ends is not None and ends < begins:
        raise EndsFirst(field="until")
    start = max(midnight(begins, zone), now)
    return start, midnight(ends + timedelta(days=1), zone) if ends else None


def _day(field: str, text: str, now: datetime, *zones: str) -> date:
    """The day that was chosen: not past in every one of these zones, the first of which is the rep's."""
    today = min(_date(now, zone) for zone in zones)
    reach = _date(now + FORWARD, zones[0])
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise NoSuchDay(field=field, text=text) from error
    if day < today:
        raise DayHasPassed(field=field, place=place_of(zones[0]))
    # The day itself belongs to the leave, which ends with it; said here, so that it stands beneath its field.
    if day >= reach:
        raise DayTooFar(field=field)
    return day


def _date(instant: datetime, zone: str) -> date:
    return instant.astimezone(ZoneInfo(zone)).date()


async def away(doors: Doors, body: Body, actor: str, rest: str) -> Content:
    """`/leads away`, `/leads away 3h`, `/leads away 2026-12-01`; before the end, whom: `/leads away bob@acme.com 3h`"""
    rep, rest = await whom(doors, actor, rest)
    zone = zone_of(doors.policy(), {rep: await doors.directory.person(rep)}, rep)
    until = end_of_absence(rest.removeprefix("until").strip(), doors.now(), zone)
    waiting = await doors.act(body, lambda tx: doors.office.desk.away(tx, actor, rep, until))
    if waiting is None:
        return replies.plain(DONE_BEFORE)
    them = "You are" if rep == actor else f"{name_of(rep)} is"
    typed = "/handoff leads back" if body.get("command") == "/handoff" else "/leads back"
    back = f"you type `{typed}`" if rep == actor else f"they or you type `{typed}`"
    sentence = f"{them} away: new leads go to others until {moment(until, zone, doors.now()) if until else back}"
    if waiting:
        sentence += f". {_clocks(waiting, actor, rep)} {'stands' if waiting == 1 else 'stand'} still"
    return replies.plain(f"{sentence}.")


async def back(doors: Doors, body: Body, actor: str, rest: str) -> Content:
    """`/leads back`, `/leads back bob@acme.com`"""
    rep, rest = await whom(doors, actor, rest)
    if rest:
        return replies.usage(unknown=rest)
    waiting = await doors.act(body, lambda tx: doors.office.desk.back(tx, actor, rep))
    if waiting is None:
        return replies.plain(DONE_BEFORE)
    greeting = "Welcome back: you are" if rep == actor else f"{name_of(rep)} is"
    more = f" {_clocks(waiting, actor, rep)} {'runs' if waiting == 1 else 'run'} again." if waiting else ""
    return replies.plain(f"{greeting} in the rotation again, level with the others.{more}")


async def whom(doors: Doors, actor: str, rest: str) -> tuple[str, str]:
    """The rep a command is about, the actor if it names nobody, and the words that are left.

    Raises `NotInRotation` for a manager or admin who takes no leads and names nobody, `NoSuchRep` for a name that is
    none; what strangers may do is the desk's to say.
    """
    first, _, left = rest.partition(" ")
    reps = {rep.email for _, rep in doors.policy().reps()}
    if "@" not in first:
        if actor in doors.policy().people() and actor not in reps:
            raise NotInRotation
        return actor, rest
    rep = await named(doors, first)
    if rep not in reps:
        raise NoSuchRep.among(reps, rep or first)
    return rep or "", left.strip()


async def named(doors: Doors, word: str) -> str | None:
    """The e-mail of whoever a word names: an address or a mention; None for somebody without an address in Slack."""
    mention = MENTION.fullmatch(word)
    return await doors.directory.email(mention[1]) if mention else word.casefold()


def _clocks(leads: int, actor: str, rep: str) -> str:
    whose = "your" if rep == actor else "their"
    return f"The {'clock' if leads == 1 else 'clocks'} of {whose} {count(leads, 'open lead')}"
