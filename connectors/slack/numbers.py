"""How promises are kept, in words: shares, medians, and how few they rest on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from connectors.slack.markup import count, listed, phrase
from connectors.slack.promises import length
from leads.reports import SPAN
from sla_engine.clock import Kind
from sla_engine.policy import Policy
from storage.queries import Kept

PERIOD = count(SPAN.days, "day")
"""How far back the numbers reach, in words."""
SHOWN = {Kind.ACCEPTANCE: "Accepting", Kind.FIRST_TOUCH: "First touch", Kind.QUALIFICATION: "Qualifying"}
FEW = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """One promise of one rep or several: how many came due or were answered, how many in time, the middle duration."""

    answered: int = 0
    in_time: int = 0
    running_late: int = 0
    median: timedelta | None = None

    @property
    def share(self) -> str:
        """The part answered in time."""
        return percent(self.in_time, self.answered) if self.answered else "–"

    def sentence(self) -> str:
        """In words: `11 of 12 in time (91 %), median 6 min`; overdue ones are added."""
        if not self.answered:
            said = "none yet"
        else:
            said = f"{self.in_time:,} of {self.answered:,} in time ({self.share})"
        middle = f", median {length(self.median)}" if self.median is not None else ""
        return said + middle + (f", {self.running_late:,} overdue now" if self.running_late else "")


def waited(waits: Sequence[timedelta]) -> str:
    """How long buyers waited, from receipt to first contact, by the wall clock: the whole of it, whoever took it."""
    if not waits:
        return ""
    middle = length(timedelta(seconds=median(wait.total_seconds() for wait in waits)), "elapsed")
    whom = "The buyer waited" if len(waits) == 1 else f"{len(waits):,} buyers waited a median of"
    return f"{whom} {middle} from receipt to first contact."


def percent(part: int, whole: int) -> str:
    """A share in whole per cent, half rounded up; only all of them are 100 %."""
    rounded = (200 * part + whole) // (2 * whole)
    return f"{min(rounded, 99) if part < whole else rounded} %"


def figures(kept: Iterable[Kept], kind: Kind, reps: Iterable[str]) -> Figures:
    """The figures of one promise over these reps."""
    wanted = set(reps)
    found = [one for one in kept if one.kind is kind and one.rep in wanted]
    spent = [duration for one in found for duration in one.spent]
    answered = sum(one.answered for one in found)
    return Figures(
        answered,
        answered - sum(one.missed for one in found),
        sum(one.running_late for one in found),
        timedelta(seconds=median(one.total_seconds() for one in spent)) if spent else None,
    )


def summary(kept: list[Kept], reps: Iterable[str]) -> list[str]:
    """One line of markup for each promise."""
    wanted = tuple(reps)
    return [f"*{name}* · {figures(kept, kind, wanted).sentence()}" for kind, name in SHOWN.items()]


def counting(policy: Policy) -> str:
    """What the medians count: wall time is mentioned only where the policy promises in it."""
    ways = {promise.count for promise in policy.promises}
    if ways == {"elapsed"}:
        return "Medians count wall time."
    if "elapsed" not in ways:
        return "Medians count working time."
    names = [phrase(promise.name, 40) for promise in policy.promises if promise.count == "elapsed"]
    return f"Medians count working time, and wall time for {listed(names[:5])}."


def caution(kept: list[Kept], rep: str) -> str:
    """A kind word where the figures rest on a handful of leads; empty otherwise."""
    accepted = figures(kept, Kind.ACCEPTANCE, (rep,)).answered
    if accepted == 0:
        return "No offers yet: the figures come with the first leads."
    if accepted < FEW:
        return f"Only {count(accepted, 'offer')} so far: too few to read much into."
    return ""
