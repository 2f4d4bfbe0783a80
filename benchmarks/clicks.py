"""How soon a click on Accept is answered, its change committed, while 50 leads a second come in.

Twice: 64 clicks a second, as many as a company of thousands makes on its busiest morning; and 64 in flight at every
moment, which asks how much there is to give, for each waits for 63 others. Bolt as it comes
(`process_before_response=False`) runs beside it on the same leads: it answers before the change is made, and looks for
the answer every 10 ms. Exit status 1 when a bound is missed.

`python -m benchmarks.clicks [--quick]`
"""

import json
import statistics
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parent.parent))  # so that it runs as a script, too

from slack_sdk.signature import SignatureVerifier
from sqlalchemy import func, select

from benchmarks.stage import processes
from benchmarks.stage.processes import SIGNING_SECRET, Contestant, Load
from connectors.slack.words import Action
from storage.database import open_database
from storage.tables import LEAD, PERSON
from tests.sample import always_open

QUICK = "--quick" in sys.argv
ROUNDS = 1 if QUICK else 5
CLICKS, A_MOMENT, LEADS_A_SECOND, SECONDS = (400 if QUICK else 1_000), 64, 50, 20
KINDS = {"64 a second": float(A_MOMENT), "64 in flight": 0.0}
"""And how many are sent a second; 0 for as many as are answered."""
BOUND = 50.0
WAYS = {"handoff": "bot", "Bolt as it comes": "benchmarks.stage.default_bolt"}


def main() -> int:
    """Runs everything, answers the exit status."""
    highs: dict[tuple[str, str], list[float]] = {}
    lost = 0
    with processes.scratch() as folder, processes.slack() as slack:
        policy = always_open(Path(folder))
        for number in range(ROUNDS):
            for name, module in WAYS.items():
                url = f"sqlite:///{folder}/{number}-{module}.db"
                with processes.handoff(url, slack.port, policy, module) as ours:
                    for kind, clicks in clicked(ours, url, Path(folder)).items():
                        highs.setdefault((name, kind), []).append(clicks.quantile(0.99))
                        show(name, kind, clicks)
                    lost += missed(name, url)
    held = [hold(kind, statistics.median(highs["handoff", kind])) for kind in KINDS]
    return 0 if all(held) and not lost else 1


def missed(name: str, url: str) -> int:
    """How many of our clicks did not end in an accepted lead; of Bolt's it is only said."""
    database = open_database(url)
    with database.read() as tx:
        found = tx.connection.execute(select(func.count()).where(LEAD.c.status == "SAL")).scalar_one()
    database.close()
    print(f"{name:18} {found:,} of {CLICKS:,} clicks accepted their lead", flush=True)
    return CLICKS - found if name == "handoff" else 0


def show(name: str, kind: str, clicks: Load) -> None:
    """Print what came of one run."""
    high = clicks.quantile(0.99)
    told = f"{clicks.rate:,.0f} clicks a second, p50 {clicks.quantile(0.5):.1f} ms, p99 {high:.1f} ms"
    print(f"{name:18} {kind:12} {told}", flush=True)
    if clicks.others:
        print(f"  {clicks.others} answers were no success")


def hold(kind: str, high: float) -> bool:
    """Print the median of the rounds' 99th percentiles and what it is held to."""
    print(f"{kind}: p99 of ours {high:.1f} ms, at most {BOUND:g}: {'PASS' if high <= BOUND else 'FAIL'}")
    return high <= BOUND


def clicked(ours: Contestant, url: str, folder: Path) -> dict[str, Load]:
    """The clicks' load, by kind."""
    ours.load(16, 600, CLICKS)
    clicks = clicks_of(url)
    files = [folder / "paced", folder / "unpaced"]
    for part, file in enumerate(files):
        file.write_text(json.dumps([one.decode("latin-1") for one in clicks[part::2]]))
    leads = ours.begin(8, SECONDS, LEADS_A_SECOND * SECONDS, LEADS_A_SECOND)
    time.sleep(2)  # the client has signed its leads and sends them
    done = {
        kind: ours.load(A_MOMENT, SECONDS - 4, CLICKS, pace, file)
        for (kind, pace), file in zip(KINDS.items(), files, strict=True)
    }
    leads.terminate()
    leads.wait()
    return done


def clicks_of(url: str) -> list[bytes]:
    """A signed click on Accept for every lead, by the rep who has it."""
    database = open_database(url)
    with database.read() as tx:
        query = select(LEAD.c.id, PERSON.c.slack_id).join(PERSON, PERSON.c.email == LEAD.c.rep)
        rows = tx.connection.execute(query.where(LEAD.c.status == "MQL")).all()
    database.close()
    return [click(row.id, row.slack_id) for row in rows]


def click(lead_id: str, slack_id: str) -> bytes:
    """One click as Slack sends it."""
    payload = {
        "type": "block_actions",
        "user": {"id": slack_id, "username": slack_id, "team_id": "T1"},
        "team": {"id": "T1", "domain": "acme"},
        "api_app_id": "A1",
        "container": {"type": "message", "message_ts": "1.000001", "channel_id": "D1", "is_ephemeral": False},
        "channel": {"id": "D1", "name": "directmessage"},
        "message": {"ts": "1.000001", "text": "", "blocks": []},
        "trigger_id": f"1.{lead_id}",
        "actions": [
            {"type": "button", "action_id": Action.ACCEPT.value, "block_id": "b", "value": lead_id, "action_ts": "1.1"}
        ],
    }
    body, stamp = urlencode({"payload": json.dumps(payload)}), str(int(time.time()))
    signature = SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=stamp, body=body)
    head = [
        "POST /slack/events HTTP/1.1",
        "host: localhost",
        "content-type: application/x-www-form-urlencoded",
        f"x-slack-request-timestamp: {stamp}",
        f"x-slack-signature: {signature}",
        f"content-length: {len(body)}",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body.encode()


if __name__ == "__main__":
    sys.exit(main())
