"""Open spans laid out so that a question costs one bisection, however far away its answer is."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sla_engine.rota import ONE_DAY, Instants, Rota, join, without

ZERO = timedelta(0)


@dataclass(frozen=True, slots=True)
class Timetable:
    """The open spans between two local midnights.

    Span `i` opens at `opens[i]`; `totals[i]` is the working time from the start of the table to its end. An instant
    inside it stands at the working time `instant - origins[i]`. Both entries at the edges are empty spans, so that
    every instant the table covers has a span at or before it, and no span reaches past the table.
    All arithmetic is on `datetime` and `timedelta`, which count whole microseconds.
    """

    starts: datetime
    ends: datetime
    opens: list[datetime]
    origins: list[datetime]
    totals: list[timedelta]

    def position(self, instant: datetime) -> timedelta:
        """The working time from the start of the table to an instant it covers."""
        span = bisect_right(self.opens, instant) - 1
        return min(instant - self.origins[span], self.totals[span])

    def reach(self, position: timedelta) -> datetime | None:
        """The first instant at which this much working time, more than zero, has passed; None if past the table."""
        span = bisect_left(self.totals, position)
        return self.origins[span] + position if span < len(self.totals) else None

    def spans(self, instant: datetime) -> Iterator[Instants]:
        """The open spans that end after an instant, in order."""
        first = max(bisect_right(self.opens, instant) - 1, 1)
        for span in range(first, len(self.opens) - 1):
            end = self.origins[span] + self.totals[span]
            if end > instant:
                yield self.opens[span], end


def draw(rota: Rota, first: date, last: date) -> Timetable:
    """The timetable of the local days from `first` to `last`, both included."""
    starts, ends = rota.instant(first), rota.instant(last + ONE_DAY)
    # A night shift, or a shift a skipped date pushes forward, can reach into the table from two days before it.
    shifts = ((start, end) for start, end, _ in rota.stretches(first - 2 * ONE_DAY, last + ONE_DAY))
    within = ((max(start, starts), min(end, ends)) for start, end in join(shifts) if end > starts and start < ends)
    opens, origins, totals, total = [starts], [starts], [ZERO], ZERO
    for start, end in without(within, rota.absences):
        opens.append(start)
        origins.append(start - total)
        total += end - start
        totals.append(total)
    return Timetable(starts, ends, [*opens, ends], [*origins, ends - total], [*totals, total])
