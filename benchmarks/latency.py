"""How soon Slack hears of a lead, and how punctual timers are, with `handoff run` and a Slack that answers at once.

A lead: from the webhook's answer to the arrival of each chat.postMessage, one lead at a time and slower than Slack's
pace of a message a second for a conversation. A timer: from its due instant to the pass that fired it, while leads come
in. Exit status 1 when a bound is missed. `python -m benchmarks.latency [--quick]`.
"""

import json
import math
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import Request, urlopen

sys.path.insert(0, str(Path(__file__).parent.parent))  # so that it runs as a script, too

from sqlalchemy import select

from benchmarks.stage import processes
from benchmarks.stage.processes import Contestant
from storage.database import open_database
from storage.tables import TIMER
from tests.sample import always_open, lead_of, signed

QUICK = "--quick" in sys.argv
LEADS, PACE = (12, 1.3) if QUICK else (60, 1.3)
STREAM, A_SECOND = (60, 10) if QUICK else (600, 10)
TARGET = 6
"""Seconds in which the streamed leads are to be accepted: their levels are due 3, 4.8, 6 and 9 s after they came."""
POSTS = 2
"""Of each lead: the rep's card and the channel's."""
NEVER = math.inf
TO_SLACK, TO_SLACK_99, LATE, LATE_99 = 10.0, 50.0, 10.0, 100.0


def main() -> int:
    """Runs everything, answers the exit status."""
    with processes.scratch() as folder, processes.slack() as slack:
        place = Path(folder)
        calm = always_open(place)
        with processes.handoff(f"sqlite:///{folder}/calm.db", slack.port, calm) as ours:
            posted = [took for number in range(-3, LEADS) for took in told(ours, slack, number) if number >= 0]
        hasty = always_open(place, ("accept_within: 5m", f"accept_within: {TARGET}s"))
        url = f"sqlite:///{folder}/hasty.db"
        with processes.handoff(url, slack.port, hasty) as ours:
            streamed = ours.load(4, STREAM / A_SECOND + 5, STREAM, A_SECOND)
            time.sleep(TARGET * 1.5 + 3)
            ended = datetime.now(UTC)
        late = lateness(url, ended)
    held = [
        hold(f"webhook answered to posted in Slack, {len(posted)} posts", posted, TO_SLACK, TO_SLACK_99),
        hold(f"timer due to fired, {len(late)} timers", late, LATE, LATE_99),
    ]
    if streamed.count < STREAM:
        print(f"{STREAM - streamed.count} of {STREAM} leads were not taken  FAIL")
    return 0 if all(held) and streamed.count == STREAM else 1


def told(ours: Contestant, slack: Contestant, number: int) -> list[float]:
    """Milliseconds from the webhook's answer to each post about the lead; one that has not come yet counts as never."""
    name = f"Company {number:+}"
    body, headers = signed(f"c{number}", {"type": "lead.qualified", "data": lead_of(f"c{number}", company=name)})
    urlopen(Request(f"http://127.0.0.1:{ours.port}/webhooks/website", body, headers)).read()
    answered = time.time()
    time.sleep(PACE)
    posts = json.load(urlopen(f"http://127.0.0.1:{slack.port}/posts"))
    came = [(arrived - answered) * 1000 for arrived, text in posts if name in text]
    return came + [NEVER] * (POSTS - len(came))


def lateness(url: str, ended: datetime) -> list[float]:
    """Milliseconds from due to fired, of every level that fell due; one that has not fired counts as never."""
    database = open_database(url)
    with database.read() as tx:
        fell_due = TIMER.c.due_at < ended - timedelta(milliseconds=LATE_99)
        query = select(TIMER.c.due_at, TIMER.c.fired_at).where(TIMER.c.kind == "level", fell_due)
        rows = tx.connection.execute(query).all()
    database.close()
    return [(row.fired_at - row.due_at).total_seconds() * 1000 if row.fired_at else NEVER for row in rows]


def hold(name: str, found: list[float], half: float, most: float) -> bool:
    """Print the median and the 99th percentile and what they are held to."""
    if len(found) < 2:
        print(f"{name}: nothing was measured  FAIL")
        return False
    middle, high = statistics.median(found), statistics.quantiles(found, n=100, method="inclusive")[98]
    holds = middle <= half and high <= most
    verdict = "PASS" if holds else "FAIL"
    print(f"{name:56} p50 {middle:7.1f} ms (at most {half:g})  p99 {high:7.1f} ms (at most {most:g})  {verdict}")
    return holds


if __name__ == "__main__":
    sys.exit(main())
