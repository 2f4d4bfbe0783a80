"""A clock explains itself: how the time up to its deadline is counted, in the words of its calendar."""

from datetime import datetime, timedelta

from sla_engine.calendar import Calendar, Unreachable
from sla_engine.clock import ZERO, Clock
from sla_engine.phrases import lasting


def explain(clock: Clock, calendar: Calendar) -> str:
    """The truth behind a clock's deadline: “4 h of working time from Fri 16:30 New York: 30 min Friday, …”.

    A clock that stopped tells what it told then; one that stands still says what is left.
    """
    if clock.stopped_at is not None:
        return clock.reckoning or ""
    if counted := _counted(clock, calendar):
        return counted
    stands = "stands still" if clock.is_paused else "stands still while its rep is away"
    return f"{_told(clock, clock.target - clock.spent)} of {_told(clock, clock.target)} left; the clock {stands}"


def conclude(clock: Clock, calendar: Calendar, now: datetime) -> str:
    """What a clock that stops now tells from then on; one that stood still, how much it had used by then."""
    used = clock.used(calendar, now)
    of_target = f"of {_told(clock, clock.target)} used"
    stood = f"{_told(clock, used)} {of_target}, then the clock stood still"
    return _counted(clock, calendar) or (stood if used else f"nothing {of_target}: the clock stood still")


def _counted(clock: Clock, calendar: Calendar) -> str:
    """How a running clock's time up to its deadline is counted; empty where it stands still, so that there is none."""
    if clock.running_since is None:
        return ""
    left = clock.target - clock.spent
    if left <= ZERO:
        return clock.reckoning or f"all of {_told(clock, clock.target)} used before the clock went on"
    try:
        sentence = calendar.explain(clock.running_since, left).sentence(elapsed=clock.count == "elapsed")
    except Unreachable:
        return ""
    return f"{sentence} (after {_told(clock, clock.spent)} used before)" if clock.spent > ZERO else sentence


def _told(clock: Clock, duration: timedelta) -> str:
    return lasting(duration, days=clock.count == "elapsed")
