"""How many leads a rep takes: the policy's limits, those that somebody set for them, and their own, lower ones."""

from dataclasses import dataclass, replace

from sla_engine.policy import Rep

NAMES = ("max_open", "max_per_day", "max_per_week")
"""The limits, as a `Rep` and a `Limits` call them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Open leads at once, leads a day, leads a week; None where nothing is said."""

    max_open: int | None = None
    max_per_day: int | None = None
    max_per_week: int | None = None

    def of(self, name: str) -> int | None:
        """The limit with this name."""
        found: int | None = getattr(self, name)
        return found


@dataclass(frozen=True, slots=True)
class Caps:
    """What was set for a rep: what they were `given` takes the policy's place, their `own` only lowers it."""

    given: Limits = Limits()
    own: Limits = Limits()


NOTHING_SET = Caps()


def granted(rep: Rep, caps: Caps) -> Limits:
    """The limits a rep has without their own: as given, else the policy's."""
    return Limits(*(_first(caps.given.of(name), getattr(rep, name)) for name in NAMES))


def in_force(rep: Rep, caps: Caps) -> Limits:
    """The limits that count."""
    most = granted(rep, caps)
    return Limits(*(_lower(most.of(name), caps.own.of(name)) for name in NAMES))


def limited(rep: Rep, caps: Caps) -> Rep:
    """The rep with the limits that count."""
    if caps == NOTHING_SET:
        return rep
    found = in_force(rep, caps)
    return replace(rep, max_open=found.max_open, max_per_day=found.max_per_day, max_per_week=found.max_per_week)


def _first(set_for_them: int | None, in_policy: int | None) -> int | None:
    return in_policy if set_for_them is None else set_for_them


def _lower(one: int | None, other: int | None) -> int | None:
    return min((limit for limit in (one, other) if limit is not None), default=None)
