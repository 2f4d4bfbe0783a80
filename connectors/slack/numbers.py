"""How promises are kept, in words: shares, medians, and how few they rest on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from connectors.slack.markup import count
from connectors.slack.promises import length
from sla_engine.clock import Kind
from storage.queries import Kept

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
        """The part answered in time, in whole per cent; rounded down, so that 100 % means all."""
        return f"{100 * self.in_time // self.answered} %" if self.answered else "–"

    def sentence(self) -> str:
        """In words: `11 of 12 in time (91 %), median 6 min`; overdue ones are added."""
        if not self.answered:
            said = "none yet"
        else:
            said = f"{self.in_time:,} of {self.answered:,} in time ({self.share})"
        middle = f", median {length(self.median)}" if self.median is not None else ""
        return said + middle + (f", {self.running_late:,} overdue now" if self.running_late else "")


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


def caution(kept: list[Kept], rep: str) -> str:
    """A kind word where the figures rest on a handful of leads; empty otherwise."""
    accepted = figures(kept, Kind.ACCEPTANCE, (rep,)).answered
    if accepted == 0:
        return "No answers yet: the figures come with the first leads."
    if accepted < FEW:
        return f"Only {count(accepted, 'answer')} so far: too few to read much into."
    return ""
