"""What taking in a lead costs: `handoff run` over HTTP, beside two references in the same run.

The bound is the same server, signature check, parsing and writer, committing four bare rows; the usual way is FastAPI
with an ORM session for each request. Each contestant is a process of its own that sleeps while another has its turn;
ratios are taken within a round, and the median of the rounds is held to the bounds. Exit status 1 when one is missed.

`python -m benchmarks.intake [--quick | --long]`: a minute, some ten, or with 100,000 leads for the memory.
"""

import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # so that it runs as a script, too

from benchmarks.stage import processes
from benchmarks.stage.processes import Contestant, Load
from tests.past import fill
from tests.postgres import PostgresServer, running_postgres
from tests.sample import always_open

CONNECTIONS = (1, 16, 64)
OF_THE_BOUND, TIMES_THE_USUAL, LATENCY, GROWTH, IDLE, GROWN = 0.4, 4.0, 25.0, 1.3, 150.0, 10.0
FEW = 1_000
QUICK, LONG = "--quick" in sys.argv, "--long" in sys.argv
ROUNDS, SECONDS = (1, 2.0) if QUICK else (5, 3.0)
MANY = 50_000 if QUICK else 1_000_000
LEADS = 100_000 if LONG else 3_000 if QUICK else 10_000
AT_MOST = 4_000
"""Signed requests a second of load: more than the bound answers."""

failed: list[str] = []


def main() -> int:
    """Runs everything, answers the exit status."""
    with processes.scratch() as folder, running_postgres() as server, ExitStack() as stack:
        slack = stack.enter_context(processes.slack())
        policy = always_open(Path(folder))
        for kind in ("sqlite", "postgresql"):
            stage = Stage(kind, Path(folder), server, slack.port, policy)
            compare(stage)
            growth(stage)
            if kind == "sqlite":
                slow(stage)
                memory(stage)
    for name in failed:
        print(f"missed: {name}")
    return int(bool(failed))


class Stage:
    """One kind of database, and where its contestants find it."""

    def __init__(self, kind: str, folder: Path, server: PostgresServer, slack_port: int, policy: Path) -> None:
        self.kind, self.folder = kind, folder
        self._server, self._slack, self._policy = server, slack_port, policy

    def url(self) -> str:
        """A database that nobody has used."""
        if self.kind == "sqlite":
            return f"sqlite:///{self.folder}/{next(processes.numbers)}.db"
        return self._server.url(self._server.create_database())

    def handoff(self, url: str = "", **environment: str) -> Contestant:
        """The product."""
        return processes.handoff(url or self.url(), self._slack, self._policy, **environment)


def turns(contestants: list[Contestant], connections: int) -> Iterator[list[Load]]:
    """Rounds in which each has its turn, after one in which they warm up."""
    for number in range(ROUNDS + 1):
        loads = []
        for each in contestants:
            each.wake()
            seconds = SECONDS if number else 0.5
            loads.append(each.load(connections, seconds, int(AT_MOST * seconds)))
            each.sleep()
            if loads[-1].others:
                print(f"{each.name}: {loads[-1].others} answers were no success")
                if each.name != "usual way":
                    failed.append(f"every lead is taken: {loads[-1].others} by {each.name} were not")
        if number:
            yield loads


def compare(stage: Stage) -> None:
    """The product beside the bound and the usual way."""
    print(f"\n{stage.kind}: leads a second (p99 in ms), medians of {ROUNDS}", flush=True)
    with (
        stage.handoff() as ours,
        processes.bound(stage.url()) as bound,
        processes.usual(stage.url()) as usual,
    ):
        contestants = [ours, bound, usual]
        for connections in CONNECTIONS:
            rounds = list(turns(contestants, connections))
            shown = [
                f"{each.name} {middle(rounds, place, lambda one: one.rate):,.0f}"
                f" ({middle(rounds, place, lambda one: one.quantile(0.99)):,.0f})"
                for place, each in enumerate(contestants)
            ]
            print(f"{connections:3} connections: {', '.join(shown)}", flush=True)
            name = f"{stage.kind}, {connections} connections"
            hold(f"{name}: of the bound", ratio(rounds, 1), OF_THE_BOUND, least=True)
            hold(f"{name}: times the usual way", ratio(rounds, 2), TIMES_THE_USUAL, least=True)
            if connections == 16:
                hold(f"{name}: p99 in ms", middle(rounds, 0, lambda one: one.quantile(0.99)), LATENCY)


def growth(stage: Stage) -> None:
    """A table with few leads, and one with many."""
    few, many = stage.url(), stage.url()
    with stage.handoff(few) as one, stage.handoff(many) as other:
        for each, url, count in ((one, few, FEW), (other, many, MANY)):
            each.sleep()
            fill(url, count)
        rounds = list(turns([one, other], 16))
    hold(f"{stage.kind}: cost with {MANY:,} leads by that with {FEW:,}", ratio(rounds, 1), GROWTH)


def slow(stage: Stage) -> None:
    """A disk whose fsync takes 2 ms longer; of SQLite alone, for the tests' PostgreSQL does no fsync."""
    environment = processes.slow_disk(stage.folder)
    if environment is None:
        print("no C compiler: the slow disk is skipped")
        return
    with stage.handoff(**environment) as ours, processes.bound(stage.url(), **environment) as bound:
        for connections in CONNECTIONS[1:]:
            rounds = list(turns([ours, bound], connections))
            name = f"{stage.kind}, 2 ms more a fsync, {connections} connections: of the bound"
            hold(name, ratio(rounds, 1), OF_THE_BOUND, least=True)


def memory(stage: Stage) -> None:
    """What the process holds when idle, and what it gains from the first tenth of many leads to the last."""
    with stage.handoff() as ours:
        hold(f"{stage.kind}: MB in memory when idle", ours.memory, IDLE)
        ours.load(16, 600, LEADS // 10)
        early = ours.memory
        for _ in range(9):
            ours.load(16, 600, LEADS // 10)
        hold(f"{stage.kind}: MB gained from {LEADS // 10:,} to {LEADS:,} leads", ours.memory - early, GROWN)


def ratio(rounds: list[list[Load]], place: int) -> float:
    """The first contestant's rate by another's."""
    return statistics.median(loads[0].rate / loads[place].rate for loads in rounds)


def middle(rounds: list[list[Load]], place: int, figure: Callable[[Load], float]) -> float:
    """The median of a figure."""
    return statistics.median(figure(loads[place]) for loads in rounds)


def hold(name: str, found: float, bound: float, *, least: bool = False) -> None:
    """Print what was measured and what it is held to."""
    holds = found >= bound if least else found <= bound
    if not holds:
        failed.append(name)
    verdict = "PASS" if holds else "FAIL"
    print(f"  {name:62} {found:8.2f}  {'at least' if least else 'at most'} {bound:g}  {verdict}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
