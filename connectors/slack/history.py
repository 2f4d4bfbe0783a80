"""One line for each thing that happened to a lead: when, who, for whom, and what.

What the program writes down in several entries, people read as one: a time that ran out is one line, whatever levels
came with it, and so is a lead that was taken from one rep and given to another.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from connectors.slack.buyers import humanise
from connectors.slack.markup import called, phrase, when
from connectors.slack.notes import UNSAID
from connectors.slack.promises import NOUNS, TASKS
from connectors.slack.words import QUESTIONS
from sla_engine.clock import Kind
from storage.history import Entry, Happened
from storage.people import Person

DECISIONS = (Happened.ASSIGNED, Happened.HELD, Happened.CLAIMABLE)
CHANGED = "the working hours or a leave changed"


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry and who everybody is."""

    entry: Entry
    people: Mapping[str, Person]
    zone: str
    now: datetime

    def text(self, field: str, limit: int = 300) -> str:
        """A detail as markup; empty when it has none."""
        found = self.entry.detail.get(field)
        return "" if found is None else phrase(str(found), limit)

    def said(self, field: str = "note", limit: int = 300) -> str:
        """A detail in somebody's own words, quoted."""
        found = self.text(field, limit)
        return f" “{found}”" if found else ""

    def person(self, name: str | None) -> str:
        """A person's name for an e-mail; other actors are called what they are."""
        if name and "@" in name:
            return called(self.people, name)
        return phrase(name or "somebody", 60)

    @property
    def rep(self) -> str:
        """The rep the entry is about."""
        return self.person(self.entry.detail.get("rep"))

    @property
    def task(self) -> str:
        """What the time of the entry's clock is for: `to accept`."""
        kind = self._kind()
        return TASKS[kind] if kind else f"for {self.text('clock', 30)}"

    @property
    def noun(self) -> str:
        """What the entry's clock measures: `first touch`."""
        kind = self._kind()
        return NOUNS[kind] if kind else self.text("clock", 30)

    def instant(self, field: str) -> str:
        """A detail that is an instant, as markup; empty when it has none."""
        try:
            return when(datetime.fromisoformat(str(self.entry.detail.get(field))), self.zone, self.now)
        except ValueError:
            return ""

    def _kind(self) -> Kind | None:
        found = self.entry.detail.get("clock")
        return Kind(found) if found in list(Kind) else None


BACK: dict[object, str] = {
    True: ", the turn was given back",
    False: ", the turn was not given back: enough had been that day",
}
Told = Callable[[Happening], str]


def lines(entries: Iterable[Entry], people: Mapping[str, Person], zone: str, now: datetime) -> list[str]:
    """The history as markup, a line for each fact, in the order it was written."""
    told: list[str] = []
    lapsed: Entry | None = None
    entries = list(entries)
    broken = {_promise(entry) for entry in entries if entry.event == Happened.BREACHED}
    for entry in _with_what_was_used(entries):
        if entry.event == Happened.LEVEL_REACHED and _is_told_by_breach(entry, broken):
            continue
        taken_from = lapsed if entry.event in DECISIONS else None
        if lapsed is not None and taken_from is None:
            told.append(line(lapsed, people, zone, now))
        lapsed = entry if entry.event == Happened.LAPSED else None
        if lapsed is None:
            told.append(line(entry, people, zone, now, taken_from))
    return [*told, line(lapsed, people, zone, now)] if lapsed else told


def _with_what_was_used(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries, in which a rep whose lead was taken before their time ran out had used so much of which time."""
    level: Mapping[str, Any] = {}
    broken = set()
    for entry in entries:
        if entry.event == Happened.BREACHED:
            broken.add(_promise(entry))
        elif entry.event == Happened.LEVEL_REACHED:
            level = {} if _promise(entry) in broken else entry.detail
        elif entry.event == Happened.ASSIGNED:
            level, broken = {}, set()
        elif entry.event == Happened.LAPSED:
            entry = replace(entry, detail={**level, **entry.detail})
        yield entry


def _promise(entry: Entry) -> tuple[object, object]:
    return entry.detail.get("clock"), entry.detail.get("rep")


def _is_told_by_breach(entry: Entry, broken: set[tuple[object, object]]) -> bool:
    share = entry.detail.get("share")
    return isinstance(share, int) and share >= 100 and _promise(entry) in broken


def line(entry: Entry, people: Mapping[str, Person], zone: str, now: datetime, taken_from: Entry | None = None) -> str:
    """An entry of the history as markup; both names stand there when somebody acted for a rep.

    `taken_from` is the entry just before that took the lead out of a rep's hands.
    """
    one = Happening(entry, people, zone, now)
    tell = EVENTS.get(entry.event, _unknown)
    before = f"{_lapsed(Happening(taken_from, people, zone, now))}, and " if taken_from else ""
    owner = f" for {one.person(entry.on_behalf_of)}" if entry.on_behalf_of else ""
    moved = entry.before and entry.after and entry.before != entry.after
    status = f" ({phrase(entry.before or '', 20)} → {phrase(entry.after or '', 20)})" if moved else ""
    return f"{when(entry.at, zone, now)} · *{one.person(entry.actor)}*{owner}: {before}{tell(one)}{status}"


def _unknown(one: Happening) -> str:
    return phrase(one.entry.event, 60)


def _received(one: Happening) -> str:
    reasons = "; ".join(str(reason) for reason in one.entry.detail.get("reasons") or [])
    return f"received the lead, not qualified: {phrase(reasons, 300)}" if reasons else "received the lead"


def _rejected(one: Happening) -> str:
    credit = BACK.get(one.entry.detail.get("credit"), "")
    return f"rejected it, {one.text('label', 80) or one.text('reason', 80)}{credit}{one.said()}"


def _qualified(one: Happening) -> str:
    known = [f"{field}{one.said(field, 120)}" for field in QUESTIONS if one.text(field)]
    return f"qualified it: {', '.join(known)}" if known else "qualified it"


def _closed(one: Happening) -> str:
    reason = phrase(humanise(one.text("reason", 80)), 80)
    return one.entry.event + " it" + (f", {reason}" if reason else "") + one.said()


def _lapsed(one: Happening) -> str:
    if share := one.text("share", 10):
        return f"took it from {one.rep}, who had used {share} % of the time {one.task}"
    return f"took it from {one.rep}, whose time had run out"


def _moved(one: Happening) -> str:
    before, now = one.instant("due_before"), one.instant("due_now")
    if before and now:
        return f"the deadline of the {one.noun} moved from {before} to {now}: {CHANGED}"
    if now:
        return f"the {one.noun} has a deadline again, {now}: {CHANGED}"
    gone = f", which was {before}," if before else ""
    return f"the deadline of the {one.noun}{gone} is open until somebody is back: {CHANGED}"


def _came_again(one: Happening) -> str:
    new = [str(name).replace("_", " ") for name in one.entry.detail.get("changed") or [] if name not in UNSAID]
    return "the lead came again" + (f", with new {phrase(', '.join(new), 200)}" if new else "")


def _decided(words: str) -> Told:
    return lambda one: f"{words}: {one.text('line')}"


def _spoken(words: str, field: str) -> Told:
    return lambda one: words + one.said(field)


def _plain(words: str) -> Told:
    return lambda _: words


EVENTS: Mapping[str, Told] = {
    Happened.RECEIVED: _received,
    Happened.ASSIGNED: lambda one: f"assigned it to {one.rep}: {one.text('line')}",
    Happened.HELD: _decided("held it"),
    Happened.CLAIMABLE: _decided("made it free to take"),
    Happened.ACCEPTED: _spoken("accepted it", "note"),
    Happened.REJECTED: _rejected,
    Happened.TOUCHED: lambda one: f"logged a touch, {one.text('channel', 40)}{one.said()}",
    Happened.QUALIFIED: _qualified,
    Happened.RECYCLED: _closed,
    Happened.DISQUALIFIED: _closed,
    Happened.PAUSED: _spoken("paused it", "reason"),
    Happened.RESUMED: _plain("resumed it"),
    Happened.LAPSED: _lapsed,
    Happened.UNREACHABLE: lambda one: f"took it from {one.rep}, whom Slack can't reach ({one.text('problem', 100)})",
    Happened.BREACHED: lambda one: f"the time {one.task} ran out, with {one.rep}",
    Happened.LEVEL_REACHED: lambda one: f"{one.text('share', 10)} % of the time {one.task} was used",
    Happened.CALENDAR_CHANGED: _moved,
    Happened.REPLIED: _plain("the lead replied"),
    Happened.UPDATED: _plain("new data came in"),
    Happened.CAME_AGAIN: _came_again,
    Happened.STATUS_CHANGED: _spoken("changed the status", "note"),
}
