"""Whether a rep can take a lead now, and the words for why not."""

from dataclasses import dataclass
from datetime import datetime

from sla_engine.names import moment
from sla_engine.policy import Rep


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rep as a routing decision sees them: open leads now, leads given since their local midnight, absence.

    `unreachable`: Slack would lately not deliver to them.
    """

    rep: Rep
    open_leads: int = 0
    given_today: int = 0
    away: bool = False
    away_until: datetime | None = None
    unreachable: bool = False


def obstacle(candidate: Candidate, now: datetime) -> str | None:
    """Why the rep is passed over at `now`, in words; None when they can take a lead."""
    rep = candidate.rep
    if candidate.unreachable:
        return "can't be reached in Slack"
    if is_away(candidate, now):
        if candidate.away_until is None:
            return "away"
        return f"away until {moment(candidate.away_until, rep.calendar.timezone, now)}"
    if not rep.calendar.is_open(now):
        opens = rep.calendar.next_open(now)
        return f"off until {moment(opens, rep.calendar.timezone, now)}" if opens else "off"
    if rep.max_open is not None and candidate.open_leads >= rep.max_open:
        return f"at capacity ({candidate.open_leads} of {rep.max_open} open)"
    if rep.max_per_day is not None and candidate.given_today >= rep.max_per_day:
        return f"at today's limit ({candidate.given_today} of {rep.max_per_day})"
    return None


def is_away(candidate: Candidate, now: datetime) -> bool:
    """Whether the rep's absence covers `now`; who can't be reached is as good as away."""
    if candidate.unreachable:
        return True
    return candidate.away and (candidate.away_until is None or now < candidate.away_until)


def opening(candidate: Candidate, now: datetime) -> datetime | None:
    """When a rep who is off or away is next there, in UTC; None when that is not known or they are there now."""
    start = now
    if candidate.unreachable:
        return None
    if is_away(candidate, now):
        if candidate.away_until is None:
            return None
        start = candidate.away_until
    opens = candidate.rep.calendar.next_open(start)
    return opens if opens is not None and opens > now else None
