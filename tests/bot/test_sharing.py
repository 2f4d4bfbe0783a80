"""Two `handoff run` on one PostgreSQL: they share the work, and no turn is given twice or lost."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from threading import Barrier

import httpx
import pytest
from sqlalchemy import select

from sla_engine.fairness import Entry, Kind, tally
from sla_engine.policy import Method
from storage import ledger
from storage.database import Database, open_database
from storage.tables import ASSIGNMENT, LEAD, MESSAGE
from tests.bot.stage import Stage
from tests.hosting import Loop
from tests.postgres import PostgresServer
from tests.sample import always_open, lead_of, signed

AT_ONCE = 32
TEAM, TURNS = "us-inbound", Method.ROUND_ROBIN
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
SHARES = {"alice@acme.example": 32, "bob@acme.example": 16, "carol@acme.example": 16}
"""64 turns by the weights 2, 1, 1."""


@dataclass(frozen=True)
class Pair:
    """Two services and the database they share."""

    urls: tuple[str, str]
    database: Database

    def send(self, url: str, external_id: str, meeting: Barrier | None = None) -> httpx.Response:
        """A webhook to one of them, as another sender's system would send it; with a `meeting`, when all are ready."""
        lead = lead_of(external_id, employees=20, lead_type="content", score=70)
        name = f"msg_{time.monotonic_ns()}_{url[-5:]}"
        content, headers = signed(name, {"type": "lead.qualified", "data": lead})
        if meeting is not None:
            meeting.wait(20)
        return httpx.post(f"{url}/webhooks/website", content=content, headers=headers, timeout=20)

    def turns(self) -> list[Entry]:
        """Every turn of the team, in the order in which they were given."""
        with self.database.read() as tx:
            return [entry for entry in ledger.entries(tx, TEAM, TURNS) if entry.kind is Kind.TURN]


@pytest.fixture(scope="module")
def pair(
    loop: Loop, tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer, postgres_template: str
) -> Iterator[Pair]:
    """Two services under the acceptance policy, with everybody at work all week and nobody ever full."""
    name = postgres_server.create_database(postgres_template)
    stage = Stage(loop, tmp_path_factory.mktemp("pair"), postgres_server.url(name))
    file = always_open(stage.folder, (", max_open: 15, max_per_day: 20", ""))
    stage.environment["HANDOFF_CONFIG"] = str(file)
    database = open_database(stage.environment["DATABASE_URL"])
    with stage.running() as one, stage.running() as two:
        yield Pair((one.url, two.url), database)
    database.close()
    stage.close()
    postgres_server.drop_database(name)


def test_64_leads_at_once_get_64_turns_by_weight_and_one_card_each(pair: Pair) -> None:
    before = len(pair.turns())
    with ThreadPoolExecutor(AT_ONCE) as senders:
        answers = list(senders.map(pair.send, cycle(pair.urls), [f"buyer{number}" for number in range(64)]))
    assert Counter(answer.status_code for answer in answers) == {202: 64}

    turns = pair.turns()[before:]
    ids = {answer.json()["lead_id"] for answer in answers}
    assert sorted(str(turn.lead_id) for turn in turns) == sorted(ids), "each lead has one turn, and each turn one lead"
    assert Counter(turn.rep for turn in turns) == SHARES
    for end in range(4, 65, 4):
        had = Counter(turn.rep for turn in turns[:end])
        assert {rep: had[rep] * 64 for rep in SHARES} == {rep: share * end for rep, share in SHARES.items()}
    with pair.database.read() as tx:
        assert tally(ledger.entries(tx, TEAM, TURNS), BEGINNING).book == ledger.book(tx, TEAM, TURNS)
        given = {row.turn: row.rep for row in tx.connection.execute(select(ASSIGNMENT))}
        cards = tx.connection.execute(select(MESSAGE).where(MESSAGE.c.kind == "card")).all()
    assert given == {turn.id: turn.rep for turn in pair.turns()}
    told = Counter((card.lead_id, card.detail["audience"]) for card in cards if card.lead_id in ids)
    assert told == {(lead_id, audience): 1 for lead_id in ids for audience in ("rep", "channel")}


def test_a_lead_sent_to_both_at_the_same_time_is_one_lead(pair: Pair) -> None:
    before = len(pair.turns())
    with ThreadPoolExecutor(2) as senders:
        for number in range(20):
            meeting = Barrier(2)
            sent = senders.map(pair.send, pair.urls, [f"twin{number}"] * 2, [meeting] * 2)
            answers = [(answer.status_code, answer.json()) for answer in sent]
            assert sorted(status for status, _ in answers) == [200, 202]
            assert len({body["lead_id"] for _, body in answers}) == 1
    with pair.database.read() as tx:
        twins = select(LEAD.c.external_id).where(LEAD.c.external_id.like("twin%"))
        leads = tx.connection.execute(twins).scalars().all()
    assert sorted(leads) == sorted(f"twin{number}" for number in range(20))
    assert len(pair.turns()) - before == 20
