"""What a routing decision costs: in a small company and in large ones, with its explanation and without.

Run by `make bench`, or `python benchmarks/routing.py [--quick]`, which takes fewer rounds. The rules alone are timed on
a snapshot at hand; the whole decision is a webhook's transaction on SQLite: the lead, its snapshot, the turn, the
history, the clocks, the cards. "Without" gives the same rep the same turn and says nothing of how that came about. Two
ways are timed turn by turn, and the median of the rounds' ratios is held to the bound. Two things have none, as they
look at reps and rules one by one: the rules alone, and the whole decision where 500 reps are one team, which costs 4 to
7 times what five reps cost. Exit status 1 when a bound is missed.
"""

import itertools
import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))  # so that it runs as a script, too

from leads import assignment
from leads.desk import Desk
from leads.intake import Delivery
from leads.work import Work
from sla_engine.availability import Candidate, Hours, obstacle
from sla_engine.calendar import Calendar
from sla_engine.conditions import Condition
from sla_engine.decision import NO_TIES, Routing, Snapshot
from sla_engine.lead import Lead, LeadData, Plan
from sla_engine.matching import failed
from sla_engine.policy import Method, Policy, Promise, Rep, Rule, Team, ToTeam, ToTerritory
from sla_engine.routing import route, teams_asked
from sla_engine.territories import Territories, Territory
from sla_engine.turns import Standing, take
from storage import people, schema
from storage.database import Database, open_database
from storage.transaction import Transaction

QUICK = "--quick" in sys.argv
ROUNDS, RUNS = (3, 6) if QUICK else (7, 12)
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
LARGER, EXPLAINED = 5.0, 2.0
"""At most so many times what the small company's decision costs, and what one without explanation costs."""
CALENDAR = Calendar.of("America/New_York", {"mon-fri": "09:00-17:00"})
ROWS = 50_000
Way = Callable[[], object]


@dataclass(frozen=True)
class Result:
    """Microseconds a decision in the easy and in the hard way, and the median of the rounds' ratios."""

    name: str
    bound: float | None
    easy: float
    hard: float
    ratio: float

    @property
    def holds(self) -> bool:
        return self.bound is None or self.ratio < self.bound


class Company:
    """A policy whose last rule takes the lead, and a lead that every rule before it turns down."""

    def __init__(self, name: str, teams: int, reps: int, rules: int, rows: int = 0) -> None:
        self.name = name
        others = [self._other(number, teams) for number in range(rules - 1)]
        last = Rule("Last", ToTerritory(Method.ROUND_ROBIN) if rows else ToTeam("team 0", Method.ROUND_ROBIN))
        self.policy = Policy(
            company=name,
            hash="cafe",
            teams={f"team {number}": self._team(number, reps // teams) for number in range(teams)},
            rules=(*others, last),
            promises=(Promise("Standard", timedelta(hours=4), timedelta(hours=24), timedelta(hours=80)),),
            levels=(),
            reasons=(),
            sources={},
            territories=Territories.of([self._row(line, teams) for line in range(rows)]) if rows else None,
        )
        self.lead = Lead("lead_1", "website", data(1), NOW)
        self.snapshot = self._snapshot()

    def _other(self, number: int, teams: int) -> Rule:
        assign = ToTeam(f"team {number % teams}", Method.ROUND_ROBIN)
        return Rule(f"Rule {number}", assign, (Condition("country", ("US",)), Condition("campaign", (f"q{number}",))))

    def _team(self, number: int, reps: int) -> Team:
        people = [
            Rep(f"rep{number}-{one}@acme.example", CALENDAR, "new-york", weight=1 + one % 3) for one in range(reps)
        ]
        return Team(f"team {number}", "#leads", "dana@acme.example", CALENDAR, "new-york", tuple(people))

    def _row(self, line: int, teams: int) -> Territory:
        return Territory(line, country="US", postal_code=f"{line:05}", team=f"team {line % teams}")

    def _snapshot(self) -> Snapshot:
        teams = teams_asked(self.lead, self.policy, NO_TIES)
        return Snapshot(
            {team.name: tuple(map(Candidate, team.reps)) for team in teams},
            {
                (team.name, Method.ROUND_ROBIN): {rep.email: Standing(0, rep.weight) for rep in team.reps}
                for team in teams
            },
        )

    def explained(self) -> str:
        """The rules' answer, as the history keeps it."""
        return json.dumps(assignment.explanation(route(self.lead, self.policy, self.snapshot, NOW)))

    def bare(self) -> Routing:
        """The same answer, with nothing but the rep and their turn."""
        return chosen(self.lead, self.policy, self.snapshot, NOW)


class Floor:
    """A database of its own, and the desk of a company before it."""

    def __init__(self, company: Company, file: Path) -> None:
        self.database: Database = open_database(f"sqlite:///{file}")
        schema.migrate(self.database)
        with self.database.writing.begin() as connection:
            for place, email in enumerate(company.policy.people()):
                people.change(
                    Transaction(connection), email, slack_id=f"U{place}", name=email, timezone="America/New_York"
                )
        self._desk = Desk(lambda: company.policy, lambda: NOW)
        self._numbers = itertools.count(1)

    def explained(self) -> None:
        """A webhook is taken in, up to the commit."""
        number = next(self._numbers)
        with self.database.writing.begin() as connection:
            self._desk.ingest(Transaction(connection), Delivery("website", f"msg_{number}"), data(number))

    def bare(self) -> None:
        """The same, where the desk is told the rep and their turn only."""
        with swapped():
            self.explained()


def data(number: int) -> LeadData:
    """One of many leads from the same place."""
    return LeadData(
        f"00Q{number}",
        f"pat@buyer{number}.example",
        domain=f"buyer{number}.example",
        country="US",
        postal_code="33025",
        campaign="autumn",
        company="Northwind",
    )


def chosen(lead: Lead, policy: Policy, snapshot: Snapshot, now: datetime) -> Routing:
    """The decision that `route` makes in these companies, without an explanation of it."""
    rule = next(rule for rule in policy.rules if failed(lead.data, rule.when) is None)
    name = rule.assign.team if isinstance(rule.assign, ToTeam) else None
    if name is None and policy.territories is not None:
        row = policy.territories.find(lead.data)
        name = row.team if row else None
    team, hours = policy.teams[name or ""], Hours(now)
    free = [one.rep for one in snapshot.candidates[team.name] if obstacle(one, now, hours) is None]
    book = snapshot.books.get((team.name, Method.ROUND_ROBIN), {})
    turn = take(team.name, Method.ROUND_ROBIN, book, team.reps, free)
    return Routing(Plan.ASSIGNED, team.name, rule.name, turn.rep, turn=turn)


def unexplained(work: Work, lead: Lead) -> Routing:
    """`assignment.decide` without an explanation."""
    return chosen(lead, work.policy, assignment.snapshot(work, lead), work.now)


def silent(decision: Routing) -> dict[str, Any]:
    """`assignment.explanation` that says who, and not why."""
    return {"rep": decision.rep}


@contextmanager
def swapped() -> Iterator[None]:
    """The desk decides without explaining, until the block ends."""
    decide, explanation = assignment.decide, assignment.explanation
    assignment.decide, assignment.explanation = unexplained, silent
    try:
        yield
    finally:
        assignment.decide, assignment.explanation = decide, explanation


def main() -> int:
    """Runs everything, prints the table, answers the exit status."""
    small = Company("5 reps, 4 rules", 1, 5, 4)
    teams = Company("500 reps in 50 teams, 200 rules, 50,000 territories", 50, 500, 200, ROWS)
    crowd = Company("500 reps in one team, 200 rules, 50,000 territories", 1, 500, 200, ROWS)
    for company in (small, teams, crowd):
        found = route(company.lead, company.policy, company.snapshot, NOW)
        assert replace(company.bare(), line="") == replace(found, rules=(), considered=(), line=""), "both decide alike"
    print(f"{'':66} {'easy':>9} {'hard':>9} {'ratio':>7} {'bound':>6}", flush=True)
    failed_one = False
    with tempfile.TemporaryDirectory(prefix="handoff-routing-") as folder:
        for each in measured(small, [teams, crowd], Path(folder)):
            show(each)
            failed_one |= not each.holds
    return int(failed_one)


def show(each: Result) -> None:
    """Prints what was measured and what it is held to."""
    costs = f"{each.easy:7.0f}µs {each.hard:7.0f}µs {each.ratio:6.2f}×"
    held = f"{each.bound:5.1f}× {'PASS' if each.holds else 'FAIL'}" if each.bound else "     –"
    print(f"{each.name:66} {costs} {held}", flush=True)


def measured(small: Company, large: list[Company], folder: Path) -> Iterator[Result]:
    """Every comparison: the rules alone, then in the database."""
    for company in large:
        yield compared(f"rules: {company.name}", None, small.explained, company.explained)
    for company in (small, *large):
        yield compared(f"rules, explained: {company.name}", None, company.bare, company.explained)
    floors = {company.name: Floor(company, folder / f"{place}.db") for place, company in enumerate((small, *large))}
    for company, bound in zip(large, (LARGER, None), strict=True):
        yield compared(f"whole: {company.name}", bound, floors[small.name].explained, floors[company.name].explained)
    for name, floor in floors.items():
        yield compared(f"whole, explained: {name}", EXPLAINED, floor.bare, floor.explained)
        floor.database.close()


def compared(name: str, bound: float | None, easy: Way, hard: Way) -> Result:
    """Runs taken turn by turn, so that what slows the machine slows both; the first round is thrown away."""
    rounds = [[(timed(easy), timed(hard)) for _ in range(RUNS)] for _ in range(ROUNDS + 1)][1:]
    medians = [tuple(map(statistics.median, zip(*runs, strict=True))) for runs in rounds]
    costs = [statistics.median(times) for times in zip(*medians, strict=True)]
    return Result(name, bound, costs[0], costs[1], statistics.median(hard / easy for easy, hard in medians))


def timed(way: Way) -> float:
    """Microseconds of one run."""
    began = perf_counter()
    way()
    return (perf_counter() - began) * 1e6


if __name__ == "__main__":
    sys.exit(main())
