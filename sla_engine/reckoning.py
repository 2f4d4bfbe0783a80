"""A clock explains itself: how the time up to its deadline is counted, in the words of its calendar."""

from datetime import timedelta

from sla_engine.calendar import Calendar, Unreachable
from sla_engine.clock import ZERO, Clock
from sla_engine.phrases import lasting


def explain(clock: Clock, calendar: Calendar) -> str:
    """The truth behind a clock's deadline: “4 h of working time from Fri 16:30 New York: 30 min Friday, …”.

    A clock that stopped tells what it told then; one that is paused says what is left.
    """
    if clock.stopped_at is not None:
        return clock.reckoning or ""
    target, left = _told(clock, clock.target), clock.target - clock.spent
    if clock.running_since is None:
        return f"{_told(clock, left)} of {target} are left; the clock stands still"
    if left <= ZERO:
        return clock.reckoning or f"{target} were used up before the clock went on"
    try:
        sentence = calendar.explain(clock.running_since, left).sentence()
    except Unreachable:
        return f"{_told(clock, left)} of {target} are left; nobody is known to be back to use them"
    return f"{sentence} (after {_told(clock, clock.spent)} used before)" if clock.spent > ZERO else sentence


def _told(clock: Clock, duration: timedelta) -> str:
    return lasting(duration, days=clock.count == "elapsed")
