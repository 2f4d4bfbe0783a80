"""`handoff calendar check`: working time day by day, so that a team can verify it before it is counted on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click

from bot.places import YEARS, UnreadableDate, offset, rep_teams, shift, team_named
from bot.policy import PolicyFile
from bot.settings import read_settings
from sla_engine.breakdown import Day, Why
from sla_engine.calendar import Calendar
from sla_engine.phrases import in_words
from sla_engine.policy import Policy
from sla_engine.rota import ONE_DAY, Instants, days

ZERO = timedelta(0)
DAYS = 14
NEXT = 4
"""How many of the closed days after the last one shown are named."""
LEAVE = "Leave that is entered in Slack is not in the policy, and not counted here."


@dataclass(frozen=True, slots=True)
class Subject:
    """A calendar to be printed, and for whom."""

    name: str
    calendar: Calendar
    whose: str


@dataclass(frozen=True, slots=True)
class Row:
    """One local day: its spans, its working time, its new offset if it has one, and what is special about it."""

    day: date
    offset: str
    spans: str
    worked: timedelta
    notes: str

    @property
    def hours(self) -> str:
        """The working time in words, empty where there is none."""
        return in_words(self.worked) if self.worked else ""


@click.group()
def calendar() -> None:
    """Look at working time."""


@calendar.command()
@click.option("--team", metavar="NAME", help="This team's calendar only.")
@click.option("--rep", metavar="EMAIL", help="This rep's calendar.")
@click.option("--days", "count", default=DAYS, show_default=True, type=click.IntRange(1, 366), help="How many days.")
@click.option("--from", "first", metavar="DATE", help="The first day, such as 2026-12-21; today if left out.")
@click.option("--policy", "file", type=click.Path(path_type=Path), help="The policy file, instead of HANDOFF_CONFIG.")
def check(team: str | None, rep: str | None, count: int, first: str | None, file: Path | None) -> None:
    """Print the working time of the next days, with holidays and changes of the clocks."""
    start = None if first is None else _day(first)
    # Holidays are known around the day a policy is read for, so a later day is seen as the service will see it then.
    policy = PolicyFile.read(file or read_settings().config).policy(start or datetime.now(UTC).date())
    tables = []
    for subject in subjects(policy, team, rep):
        begins = start or subject.calendar.rota.local(datetime.now(UTC)).date()
        tables.append("\n".join(table(subject, begins, count)))
    click.echo("\n\n".join([*tables, *([LEAVE] if rep else [])]))


def subjects(policy: Policy, team: str | None, rep: str | None) -> list[Subject]:
    """The calendars asked for, each once. Raises UnknownTeam, UnknownRep."""
    found: dict[tuple[str, Calendar], list[str]] = {}
    if rep is not None:
        for one, member in rep_teams(policy, rep, team):
            found.setdefault((member.calendar_name, member.calendar), []).append(f"{member.email} in {one.name}")
    else:
        for one in [team_named(policy, team)] if team is not None else policy.teams.values():
            found.setdefault((one.calendar_name, one.calendar), []).append(one.name)
            for member in one.reps:
                if member.calendar != one.calendar:
                    whose = f"{member.email} in {one.name}"
                    found.setdefault((member.calendar_name, member.calendar), []).append(whose)
    return [Subject(name, calendar, ", ".join(whose)) for (name, calendar), whose in found.items()]


def table(subject: Subject, first: date, count: int) -> list[str]:
    """The lines for one calendar: a heading, a line for each day, the total, and the closed days that come next."""
    last = first + (count - 1) * ONE_DAY
    found = list(rows(subject.calendar, first, last))
    year = len({first.year, last.year}) > 1
    names = [f"{row.day:%a} {row.day.day:>2} {row.day:%b}{f' {row.day.year}' if year else ''}" for row in found]
    widths = [max(map(len, column)) for column in zip(*((r.offset, r.spans, r.hours) for r in found), strict=True)]
    lines = [f"{subject.name} ({subject.calendar.timezone}): {subject.whose}"]
    for name, row in zip(names, found, strict=True):
        cells = (name, row.offset.ljust(widths[0]), row.spans.ljust(widths[1]), row.hours.rjust(widths[2]), row.notes)
        lines.append("  ".join(("", *cells)).rstrip())
    worked, open_days = sum((row.worked for row in found), ZERO), sum(row.worked > ZERO for row in found)
    lines.append(f"  Total: {in_words(worked)} on {open_days} of {count} {'day' if count == 1 else 'days'}")
    if coming := _coming(subject.calendar, last):
        lines.append(f"  Closed after that: {coming}")
    return lines


def rows(calendar: Calendar, first: date, last: date) -> Iterator[Row]:
    """Every local day from `first` to `last`; a night shift counts for the day it starts on."""
    rota = calendar.rota
    # Two days on, the night shift of the last day has ended.
    breakdown = calendar.breakdown(rota.instant(first), rota.instant(last + 3 * ONE_DAY))
    told = {day.date: day for day in breakdown.days}
    before = ""
    for day in days(first, last):
        found = told.get(day, Day(day))
        now, change = offset(rota.local(rota.instant(day + ONE_DAY) - timedelta.resolution)), shift(rota, day)
        spans = ", ".join(_span(calendar, day, span) for span in found.counted) or "–"
        notes = ", ".join([*_reasons(calendar, found), *([change] if change else [])])
        yield Row(day, now if now != before else "", spans, found.worked, notes)
        before = now


def _reasons(calendar: Calendar, day: Day) -> Iterator[str]:
    """Why the day, or a part of it, is off; a holiday on a weekend is named as well."""
    part = "closed in part" if day.counted else "closed"
    holiday = calendar.rota.names.get(day.date)
    for why, name in day.lost:
        if why is Why.CLOSED:
            yield part if _plain(name) else f"{part}: {name}"
        else:
            yield str(why)
            if holiday:
                yield holiday


def _span(calendar: Calendar, day: date, span: Instants) -> str:
    opens, closes = map(calendar.rota.local, span)
    if span[1] == calendar.rota.instant(day + ONE_DAY):
        return f"{opens:%H:%M}–24:00"
    return f"{opens:%H:%M}–{f'{closes:%H:%M}' if closes.date() == day else f'{closes:%a %H:%M}'}"


def _coming(calendar: Calendar, last: date) -> str:
    """The next closed weekdays after a day, in words."""
    rota = calendar.rota
    ahead = [(day, name) for day, name in rota.closed if day > last and rota.week[day.weekday()]][:NEXT]
    return ", ".join(f"{day:%a} {day.day} {day:%b %Y} {'' if _plain(name) else name}".rstrip() for day, name in ahead)


def _plain(name: str) -> bool:
    """Whether the name of a closed day says no more than that it is closed."""
    return name.lower() in ("", "closed")


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise UnreadableDate(text) from None
    if found.year not in YEARS:
        raise UnreadableDate(text)
    return found
