"""`make soak`: a month of a large company in one sitting, with the auditor at its end. Exit status 1 with findings."""

import argparse
import logging
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from storage import schema
from storage.database import open_database
from tests.faults.auditor import doubled, findings, report
from tests.faults.siege import HISTORY
from tests.hosting import Loop
from tests.postgres import running_postgres
from tests.soak.company import Company
from tests.soak.days import Days, Plan
from tests.world import SCOPES, World

BREATH = timedelta(seconds=1.5)
"""In this time Slack's pace lets seven posts through, so the eight that may be sent at once are never too few."""


def main() -> None:
    """Play the days that the arguments ask for, and say what was found."""
    plan, database = arguments()
    logging.disable(logging.CRITICAL)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder}/soak.db"
        if database == "postgresql":
            server = stack.enter_context(running_postgres())
            url = server.url(server.create_database())
        found = soak(plan, url, folder)
    print(report(found) or "Nothing lost, nothing doubled, every level fired once and in time.")
    sys.exit(1 if found else 0)


def arguments() -> tuple[Plan, str]:
    """The plan, and the kind of database."""
    wanted = argparse.ArgumentParser(prog="make soak", description=__doc__)
    for name in Plan.__slots__:
        wanted.add_argument(f"--{name}", type=int, default=getattr(Plan(), name))
    wanted.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    chosen = vars(wanted.parse_args())
    return Plan(**{name: chosen[name] for name in Plan.__slots__}), chosen["database"]


def soak(plan: Plan, url: str, folder: Path) -> list[str]:
    """Play a plan on an empty database; returns the findings."""
    database = open_database(url)
    schema.migrate(database)
    database.close()
    company, loop, began = Company(plan.reps), Loop(), time.monotonic()
    world = World(
        loop, url, policy=company.write(folder), scopes=(*SCOPES, *HISTORY),
        people=company.people, channels=company.channels, breath=BREATH,
    )  # fmt: skip
    try:
        days = Days(world, company, plan)
        evidence = days.play(lambda line: print(f"{elapsed(began)}  {line}", flush=True))
    finally:
        world.close()
        loop.close()
    print(", ".join(f"{what}: {count}" for what, count in sorted(days.done.items())))
    print(", ".join(f"{name}: {len(rows)}" for name, rows in evidence.rows.items()))
    twice = doubled(evidence)
    print(f"{sum(map(len, evidence.posts.values()))} messages stand in Slack, {len(twice)} of them twice.")
    return findings(evidence) + [f"message {number} stands in Slack twice" for number in twice]


def elapsed(began: float) -> str:
    """How long it has taken, and how much of that was work: a busy machine makes only the first one grow."""
    return f"{time.monotonic() - began:7.0f} s, {time.process_time():7.0f} s of work"


if __name__ == "__main__":
    main()
