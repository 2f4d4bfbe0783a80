"""Working time against the usual ways, in one run: `python -m benchmarks.working_time`.

Every round times each way on the same starts; the ratio of a round compares times taken seconds apart, and the median
of the rounds is held to the bound. Exit status 1 when a bound is missed or two ways disagree.
"""

import random
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter

import businesstimedelta
import holidays
import pandas as pd
import pytz
from pandas.tseries.offsets import CustomBusinessHour

from sla_engine.calendar import Calendar

ROUNDS = 7
STARTS = 200
ZONE = "America/New_York"
#: Distance, how often businesstimedelta's time the engine must fit into, repetitions a round for each.
CASES = (
    ("15 min", timedelta(minutes=15), 100),
    ("4 h", timedelta(hours=4), 200),
    ("40 h", timedelta(hours=40), 1000),
)
FAR = timedelta(hours=1600)
#: "Doesn't grow with the distance": 1,600 h may cost at most this many times what 4 h cost.
FLAT = 2.0

Way = Callable[[datetime, timedelta], datetime]


@dataclass(frozen=True)
class Measured:
    """Medians over the rounds; costs in microseconds a call."""

    name: str
    bound: int
    ours: float
    theirs: float
    pandas: float
    ratio: float

    @property
    def holds(self) -> bool:
        return self.ratio >= self.bound


def main() -> int:
    """Runs everything, prints the table, answers the exit status."""
    free = closed_dates()
    ours, theirs, frames = calendar_of(free).after, competitor(free), custom_business_hour(free)
    starts = working_starts()
    differing = sum(ours(start, d) != theirs(start, d) for _, d, _ in CASES for start in starts)
    results = [measure(name, d, bound, starts, (ours, theirs, frames)) for name, d, bound in CASES]
    growth = statistics.median(cost(ours, starts, FAR) / cost(ours, starts, timedelta(hours=4)) for _ in range(ROUNDS))
    show(results, growth, differing)
    return 0 if all(result.holds for result in results) and growth <= FLAT and not differing else 1


def closed_dates() -> dict[date, str]:
    return dict(holidays.country_holidays("US", years=range(2025, 2029)).items())


def working_starts() -> list[datetime]:
    """Instants of a year within working time, on whole minutes: the same on every run.

    From the night before, businesstimedelta would walk further and look slower than it is on most leads.
    """
    chance = random.Random(20261123)
    first, calendar = datetime(2026, 2, 1, tzinfo=UTC), calendar_of(closed_dates())
    instants = (first + timedelta(minutes=chance.randrange(365 * 24 * 60)) for _ in range(20 * STARTS))
    return [instant for instant in instants if calendar.is_open(instant)][:STARTS]


def calendar_of(free: dict[date, str]) -> Calendar:
    return Calendar(ZONE, {"mon-fri": "09:00-12:00, 13:00-17:00"}, closed=free)


def competitor(free: dict[date, str]) -> Way:
    """businesstimedelta reads and answers in its own zone; converting is no part of what is timed."""
    day = businesstimedelta.WorkDayRule(
        start_time=time(9),
        end_time=time(17),
        working_days=[0, 1, 2, 3, 4],
        tz=pytz.timezone(ZONE),
    )
    lunch = businesstimedelta.LunchTimeRule(
        start_time=time(12),
        end_time=time(13),
        working_days=[0, 1, 2, 3, 4],
        tz=pytz.timezone(ZONE),
    )
    rules = businesstimedelta.Rules([day, lunch, businesstimedelta.HolidayRule(free, tz=pytz.timezone(ZONE))])

    def after(start: datetime, d: timedelta) -> datetime:
        added = start + businesstimedelta.BusinessTimeDelta(rules, timedelta=d)
        return added if isinstance(added, datetime) else added.to_pydatetime()

    return after


def custom_business_hour(free: dict[date, str]) -> Way:
    """pandas counts whole hours on wall clocks: shown for its speed, not held to agree."""
    offsets = {
        hours: CustomBusinessHour(n=hours, start=["09:00", "13:00"], end=["12:00", "17:00"], holidays=list(free))
        for hours in (1, 4, 40)
    }

    def after(start: datetime, d: timedelta) -> datetime:
        closes: datetime = pd.Timestamp(start) + offsets[max(1, round(d / timedelta(hours=1)))]
        return closes

    return after


def measure(name: str, d: timedelta, bound: int, starts: Sequence[datetime], ways: Sequence[Way]) -> Measured:
    """The medians over the rounds, after one round that is thrown away."""
    rounds = [[cost(way, starts, d) for way in ways] for _ in range(ROUNDS + 1)][1:]
    ours, theirs, frames = (statistics.median(times) for times in zip(*rounds, strict=True))
    ratio = statistics.median(round_[1] / round_[0] for round_ in rounds)
    return Measured(name, bound, ours, theirs, frames, ratio)


def cost(way: Way, starts: Sequence[datetime], d: timedelta) -> float:
    """Microseconds a call. Ways too fast for the clock go round the starts until 20 ms have passed."""
    calls, began = 0, perf_counter()
    while (took := perf_counter() - began) < 0.02 or not calls:
        for start in starts:
            way(start, d)
        calls += len(starts)
    return took / calls * 1e6


def show(results: Sequence[Measured], growth: float, differing: int) -> None:
    """Prints what was measured and what it is held to."""
    print(f"{'ahead':>8} {'engine':>9} {'businesstimedelta':>18} {'pandas':>9} {'ratio':>8} {'bound':>7}")
    for each in results:
        costs = f"{each.ours:7.2f}µs {each.theirs:16.1f}µs {each.pandas:7.1f}µs"
        print(f"{each.name:>8} {costs} {each.ratio:7,.0f}× {each.bound:6,}× {verdict(each.holds)}")
    print(f"1,600 h ahead costs {growth:.2f} times what 4 h cost (at most {FLAT}): {verdict(growth <= FLAT)}")
    print(f"{differing} of {STARTS * len(CASES)} answers differ from businesstimedelta's: {verdict(not differing)}")


def verdict(holds: bool) -> str:
    return "PASS" if holds else "FAIL"


if __name__ == "__main__":
    sys.exit(main())
