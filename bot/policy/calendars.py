"""The section `calendars`: working hours, holidays and days off."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import TypeVar

from bot.policy import document
from bot.policy.holidays import public_holidays
from bot.policy.node import Node, Reader
from bot.policy.shapes import each
from bot.policy.values import LONGEST, day, text, timezone
from sla_engine.calendar import Calendar
from sla_engine.definition import Closure
from sla_engine.errors import EngineError
from sla_engine.hours import parse_week
from sla_engine.policy import Promise

T = TypeVar("T")
HOURS = 'hours such as "09:00-12:00, 13:00-18:00"'
TARGETS = ("accept_within", "first_touch_within", "qualify_within")


def calendar(today: date) -> Reader[Calendar]:
    """A calendar; two of the same definition are one object, so that they share what they work out."""

    def read_calendar(node: Node) -> Calendar:
        before = len(node.mistakes)
        with node.section() as section:
            zone = section.require("timezone", timezone)
            week = section.require("hours", hours)
            public = section.take("holidays", lambda child: public_holidays(child, today), {})
            own = section.take("closed", dated(closure, Closure("Closed")), {})
            opened = section.take("open", dated(spans, ""), {})
        for both in sorted(own.keys() & opened.keys()):
            node.child("open").refuse("a day that `closed` does not list", None, found=str(both))
        if len(node.mistakes) > before:
            return Calendar.elapsed()
        # Hours off on a public holiday don't open the rest of it.
        partly = {off for off, reason in own.items() if reason.hours}
        closed = {**public, **{off: reason for off, reason in own.items() if off not in partly & public.keys()}}
        return Calendar.of(zone, week, closed, opened)

    return read_calendar


def hours(node: Node) -> Mapping[str, str]:
    """Opening hours by weekday or range of weekdays."""
    children = node.children()
    if not children:
        return node.refuse(f"a mapping of weekdays to {HOURS}", {})
    week: dict[str, str] = {}
    for days, child in children.items():
        before = len(node.mistakes)
        judge(child.key(), {days: "00:00-24:00"})
        found = spans(child)
        if len(node.mistakes) == before:
            week[days] = found
    judge(node, week)
    return week


def spans(node: Node) -> str:
    """The hours of one day."""
    found = text(HOURS)(node)
    if found:
        judge(node, {"mon": found})
    return found


def judge(node: Node, week: Mapping[str, str]) -> None:
    """Let the engine judge some hours: its sentence says what is wrong with them."""
    try:
        parse_week(week)
    except EngineError as error:
        node.refuse(f"other hours. {' '.join(str(error).split())}", None)


def closure(node: Node) -> Closure:
    """Why a day is off, and if it is so for a part of the day only, which: a name, or `{name: …, hours: …}`."""
    if not isinstance(node.tree, document.Mapping):
        return Closure(text("a name for this day")(node))
    with node.section() as section:
        return Closure(section.take("name", text("a name for this day"), "Closed"), section.require("hours", spans))


def dated(read: Reader[T], bare: T) -> Reader[dict[date, T]]:
    """A list of dates, each as it is or with what `read` reads: `[2026-12-24, {2026-12-31: New Year's Eve}]`."""

    def read_item(node: Node) -> list[tuple[date, T]]:
        if not isinstance(node.tree, document.Mapping):
            return [(day(node), bare)]
        return [(day(child.key()), read(child)) for child in node.children().values()]

    def read_dates(node: Node) -> dict[date, T]:
        return {found: value for item in each(read_item, "dates", 0)(node) for found, value in item}

    return read_dates


def reachable(node: Node, promises: tuple[Promise, ...], calendars: Mapping[str, Calendar], today: date) -> None:
    """Refuse a target, among the entries at `node`, that some calendar does not reach within a year of `today`."""
    start = datetime.combine(today, time(), UTC)
    year = {name: calendar.between(start, start + LONGEST) for name, calendar in calendars.items()}
    for item, promise in zip(node.items(), promises, strict=True):
        targets = (promise.accept_within, promise.first_touch_within, promise.qualify_within)
        for key, target in zip(TARGETS, targets, strict=True):
            short = [name for name in year if year[name] < target and promise.count == "working"]
            if short:
                item.child(key).refuse(f"no more working time than {' and '.join(short)} has within a year", None)
