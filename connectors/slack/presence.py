"""Who is there, as the Home tab tells it: leaves ahead, limits, and who changed what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.slack.blocks import Block, button, buttons, context, divider, header, option, section, select
from connectors.slack.markup import called, count, listed, phrase, when
from connectors.slack.promises import zone_of
from connectors.slack.words import Presence
from sla_engine.limits import NAMES, NOTHING_SET, Caps, in_force
from sla_engine.names import day_of, moment
from sla_engine.policy import Policy, Rep
from sla_engine.recurrence import midnight
from storage.leaves import Leave
from storage.people import Person
from storage.presence import Change

MOST_LEAVES, MOST_CHANGES = 4, 5
OF_TEAM = (Presence.TEAM_LEAVE, Presence.TEAM_LIMITS, Presence.HAND_OVER)
SPOKEN = {
    "max_open": ("open lead", "open leads"),
    "max_per_day": ("lead a day", "leads a day"),
    "max_per_week": ("lead a week", "leads a week"),
}


@dataclass(frozen=True, slots=True)
class Roll:
    """What is known of the presence of some people; `leaves` are those that are not over, the earliest first."""

    people: Mapping[str, Person]
    policy: Policy
    now: datetime
    leaves: Sequence[Leave] = ()
    caps: Mapping[str, Caps] | None = None
    changes: Sequence[Change] = ()

    def zone(self, rep: str) -> str:
        """The zone in which a rep's days are named."""
        return zone_of(self.policy, self.people, rep)

    def coming(self, rep: str) -> list[Leave]:
        """The rep's leaves that have not begun."""
        return [leave for leave in self.leaves if leave.rep == rep and leave.starts_at > self.now]

    def limits(self, rep: Rep) -> str:
        """A rep's limits in words: `15 open leads and 20 leads a day`; empty without any."""
        found = in_force(rep, (self.caps or {}).get(rep.email, NOTHING_SET))
        return listed([count(most, *SPOKEN[name]) for name in NAMES if (most := found.of(name)) is not None])


def own(rep: Rep, roll: Roll) -> list[Block]:
    """What a rep sees and can change of their own presence."""
    coming = roll.coming(rep.email)
    limits = roll.limits(rep)
    lines = [f"At most {limits}." if limits else "No limit on how many leads you get."]
    lines += [] if coming else ["No leave is planned."]
    blocks = [divider(), header("Your availability"), section(" ".join(lines))]
    for leave in coming[:MOST_LEAVES]:
        planned = section(
            f":palm_tree: *Leave:* {days(leave.starts_at, leave.ends_at, roll.zone(rep.email), roll.now)}"
        )
        blocks.append(planned | {"accessory": button(Presence.CANCEL, str(leave.id))})
    if len(coming) > MOST_LEAVES:
        blocks.append(context(f"And {count(len(coming) - MOST_LEAVES, 'more leave')} after that."))
    blocks.append(buttons(button(Presence.PLAN, rep.email), button(Presence.LIMITS, rep.email)))
    return [*blocks, *changes(roll, rep.email)]


def of_team(team: str, reader: str, roll: Roll) -> list[Block]:
    """What whoever looks after a team can change, and what changed last."""
    return [buttons(*(button(one, team) for one in OF_TEAM)), *changes(roll, reader)]


def of_teams(names: Sequence[str]) -> Block:
    """What whoever looks after these teams can change, the team being chosen."""
    menu = [option(name, name) for name in names]
    return buttons(*(select(one, menu, f"{one.label} in …") for one in OF_TEAM))


def coming_leaves(team_reps: Sequence[Rep], roll: Roll) -> str:
    """Who of a team will be away and when, as one line of markup."""
    told = [
        f"{called(roll.people, leave.rep)} {days(leave.starts_at, leave.ends_at, roll.zone(leave.rep), roll.now)}"
        for leave in roll.leaves
        if leave.starts_at > roll.now and any(rep.email == leave.rep for rep in team_reps)
    ]
    more = f", and {len(told) - MOST_LEAVES:,} more" if len(told) > MOST_LEAVES else ""
    return f"Planned leave: {', '.join(told[:MOST_LEAVES])}{more}" if told else ""


def changes(roll: Roll, reader: str) -> list[Block]:
    """The last changes, the newest first; nothing when nothing changed."""
    lines = [changed(one, roll, reader) for one in roll.changes[:MOST_CHANGES]]
    return [context("\n".join(lines))] if lines else []


def changed(change: Change, roll: Roll, reader: str) -> str:
    """One change as a line of markup: who, what, when."""
    who = "You" if change.actor == reader else called(roll.people, change.actor)
    tell = {"leave": _left, "back": _back, "leave cancelled": _cancelled, "limit": _limited}.get(change.event)
    what = tell(change, roll, reader) if tell else phrase(change.event, 60)
    return f"{who} {what}, {when(change.at, roll.zone(reader), roll.now)}"


def _left(change: Change, roll: Roll, reader: str) -> str:
    starts, ends = _instants(change)
    whom = "you" if change.rep == reader else called(roll.people, change.rep)
    zone = roll.zone(change.rep)
    if starts > change.at:
        for_them = "" if change.rep == change.actor else f" for {whom}"
        return f"planned leave{for_them}: {days(starts, ends, zone, roll.now)}"
    until = f" until {moment(ends, zone, roll.now)}" if ends else ""
    return f"went away{until}" if change.rep == change.actor else f"set {whom} away{until}"


def _back(change: Change, roll: Roll, reader: str) -> str:
    if change.rep == change.actor:
        return "came back"
    return "set you back" if change.rep == reader else f"set {called(roll.people, change.rep)} back"


def _cancelled(change: Change, roll: Roll, reader: str) -> str:
    starts, ends = _instants(change)
    return f"cancelled {_whose(change, roll, reader)} leave: {days(starts, ends, roll.zone(change.rep), roll.now)}"


def _limited(change: Change, roll: Roll, reader: str) -> str:
    before, after = change.detail.get("before"), change.detail.get("after")
    _, leads = SPOKEN.get(str(change.detail.get("limit")), ("lead", "leads"))
    what = f"{_whose(change, roll, reader)} limit of {leads}"
    if after is None:
        return f"took away {what}, which was {before:,}"
    return f"set {what} from {before:,} to {after:,}" if before is not None else f"set {what} to {after:,}"


def _whose(change: Change, roll: Roll, reader: str) -> str:
    if change.rep == reader:
        return "your"
    return "their own" if change.rep == change.actor else f"{called(roll.people, change.rep)}'s"


def _instants(change: Change) -> tuple[datetime, datetime | None]:
    ends = change.detail.get("ends")
    return datetime.fromisoformat(change.detail["starts"]), datetime.fromisoformat(ends) if ends else None


def days(starts: datetime, ends: datetime | None, zone: str, now: datetime) -> str:
    """A leave in words, where its rep is: `Tue 24 Nov`, `Tue 24 Nov to Wed 25 Nov`; by the hour if not in days."""
    first, today = starts.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    begins = day_of(first.date(), today)
    if ends is None:
        return f"from {begins}, with no end yet"
    after = ends.astimezone(ZoneInfo(zone))
    # A day begins at one o'clock where the clocks go forward at midnight, as they do in Cairo.
    if (starts, ends) != (midnight(first.date(), zone), midnight(after.date(), zone)):
        return f"{moment(starts, zone, now)} to {moment(ends, zone, now)}"
    last = after.date() - timedelta(days=1)
    return begins if last == first.date() else f"{begins} to {day_of(last, today)}"
