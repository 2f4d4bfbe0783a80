"""One line for each thing that happened to a lead: when, who, for whom, and what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from connectors.slack.buyers import humanise
from connectors.slack.markup import called, phrase, when
from storage.people import Person
from storage.queries import Entry

QUALIFICATION = ("budget", "authority", "need", "timeline")


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry and who everybody is."""

    entry: Entry
    people: Mapping[str, Person]

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


Told = Callable[[Happening], str]


def line(entry: Entry, people: Mapping[str, Person], zone: str, now: datetime) -> str:
    """An entry of the history as markup; both names stand there when somebody acted for a rep."""
    one = Happening(entry, people)
    tell = EVENTS.get(entry.event, _unknown)
    owner = f" for {one.person(entry.on_behalf_of)}" if entry.on_behalf_of else ""
    moved = entry.before and entry.after and entry.before != entry.after
    status = f" ({phrase(entry.before or '', 20)} → {phrase(entry.after or '', 20)})" if moved else ""
    return f"{when(entry.at, zone, now)} · *{one.person(entry.actor)}*{owner}: {tell(one)}{status}"


def _unknown(one: Happening) -> str:
    return phrase(one.entry.event, 60)


def _received(one: Happening) -> str:
    reasons = "; ".join(str(reason) for reason in one.entry.detail.get("reasons") or [])
    return f"received the lead, not qualified: {phrase(reasons, 300)}" if reasons else "received the lead"


def _rejected(one: Happening) -> str:
    credit = ", the turn was given back" if one.entry.detail.get("credit") else ""
    return f"rejected it, {one.text('label', 80) or one.text('reason', 80)}{credit}{one.said()}"


def _qualified(one: Happening) -> str:
    known = [f"{field}{one.said(field, 120)}" for field in QUALIFICATION if one.text(field)]
    return f"qualified it: {', '.join(known)}" if known else "qualified it"


def _closed(one: Happening) -> str:
    reason = phrase(humanise(one.text("reason", 80)), 80)
    return one.entry.event + " it" + (f", {reason}" if reason else "") + one.said()


def _decided(words: str) -> Told:
    return lambda one: f"{words}: {one.text('line')}"


def _spoken(words: str, field: str) -> Told:
    return lambda one: words + one.said(field)


def _plain(words: str) -> Told:
    return lambda _: words


EVENTS: dict[str, Told] = {
    "received": _received,
    "assigned": lambda one: f"assigned it to {one.rep}: {one.text('line')}",
    "held": _decided("held it"),
    "claimable": _decided("made it free to take"),
    "accepted": _plain("accepted it"),
    "rejected": _rejected,
    "touched": lambda one: f"logged a touch, {one.text('channel', 40)}{one.said()}",
    "qualified": _qualified,
    "recycled": _closed,
    "disqualified": _closed,
    "paused": _spoken("paused it", "reason"),
    "resumed": _plain("resumed it"),
    "lapsed": lambda one: f"took it on from {one.rep}, whose time had run out",
    "breached": lambda one: f"the time for {one.text('clock', 30)} ran out, with {one.rep}",
    "level reached": lambda one: f"{one.text('share', 10)} % of the time for {one.text('clock', 30)} was used",
    "replied": _plain("the lead replied"),
    "updated": _plain("new data came in"),
    "status changed": _spoken("changed the status", "note"),
}
