"""What has had its use goes: who a lead was, receipts, messages, timers. What is counted stays."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from leads import reports
from storage import queries
from storage.tables import ALIAS, HISTORY, LEAD, MESSAGE, RECEIPT, TIMER
from storage.transaction import Transaction
from tests.journeys.conftest import edit
from tests.sample import ACCEPTANCE, PAT
from tests.world import World

SECRETS = (
    "pat",
    "lee'",
    "'northwind'",
    "pat@northwind",
    "+1415",
    "VP Operations",
    "40 seats",
    "00Q5e",
    "in person: hates phones",
)


@pytest.fixture
def forgetful(make_world: Callable[..., World], tmp_path: Path) -> World:
    """A world whose policy keeps personal data for 400 days."""
    file = tmp_path / "forgetful.yaml"
    file.write_text(ACCEPTANCE.read_text("utf-8") + "\nretention: {personal_data_after: 400d}\n", "utf-8")
    return make_world(policy=file)


def kept(world: World) -> str:
    """Every word of leads, their ids, histories, messages and receipts in the database."""

    def look(tx: Transaction) -> str:
        rows: list[Any] = []
        for table in (ALIAS, LEAD, HISTORY, MESSAGE, RECEIPT):
            rows += [tuple(row) for row in tx.connection.execute(select(table))]
        return repr(rows).lower()

    return world.loop.run(world.service.office.read(look))


def count(world: World, table: Any) -> int:
    """How many rows a table has."""

    def look(tx: Transaction) -> int:
        return int(tx.connection.execute(select(func.count()).select_from(table)).scalar_one())

    return world.loop.run(world.service.office.read(look))


def wait(world: World, **duration: float) -> None:
    """Time passes, and at its end what has had its use is let go."""
    world.clock.advance(timedelta(**duration))
    while world.loop.run(world.service.let_go()) is not None:
        pass


def turned_down(world: World, external_ids: tuple[str, ...] = ()) -> str:
    """A lead of Pat's, which came under other ids, too, is rejected with a note."""
    lead_id: str = world.lead().json()["lead_id"]
    for external_id in external_ids:
        assert world.lead(external_id=external_id, email=PAT["email"]).json()["lead_id"] == lead_id
    world.click("alice", "Reject")
    assert not world.submit("alice", reason="bad_timing", note="In person: hates phones")
    world.settle()
    return lead_id


def test_who_a_closed_lead_was_is_erased_after_the_time_the_policy_says_and_the_figures_stay(forgetful: World) -> None:
    edit(forgetful, duplicates_by_email=True)
    lead_id = turned_down(forgetful, external_ids=("00Q5eOther",))
    now = forgetful.clock.now()

    def report(tx: Transaction) -> reports.RejectionReport:
        policy = forgetful.service.policy
        return reports.rejections(tx, policy, policy.digests[0], now + timedelta(hours=1))

    before = forgetful.loop.run(forgetful.service.office.read(report))
    wait(forgetful, days=399)
    assert forgetful.view(lead_id).lead.data.first_name == "Pat"

    wait(forgetful, days=2)
    words = kept(forgetful)
    assert [secret for secret in SECRETS if secret.lower() in words] == []
    lead = forgetful.view(lead_id).lead
    assert (lead.status, lead.reason, lead.rep) == ("Recycled", "bad_timing", "alice@acme.example")
    assert (lead.data.source, lead.data.country, lead.data.score) == ("google_ads", "US", 92)
    after = forgetful.loop.run(forgetful.service.office.read(report))
    assert (after.total, after.reasons, after.sources) == (before.total, before.reasons, before.sources)
    assert after.handed_over == before.handed_over == 1
    assert "Bad timing" in forgetful.say("dana", f"/lead why {lead_id}")


def test_whom_a_sender_named_is_erased_from_the_history_unless_they_are_of_the_team(forgetful: World) -> None:
    forgetful.loop.run(forgetful.service.meet())
    lead_id: str = forgetful.lead().json()["lead_id"]
    for kind, actor in (
        ("lead.replied", "Pat Lee"),
        ("lead.updated", "pat@northwind.example"),
        ("lead.contacted", "alice@acme.example"),
        ("lead.contacted", "bob@acme.example"),
        ("lead.contacted", None),
    ):
        assert forgetful.event(kind, actor=actor).status_code == 202
    assert forgetful.event("lead.status_changed", status="Recycled", actor="Lee's CRM").status_code == 202
    edit(forgetful, teams={"emea-inbound": forgetful.service.policy.teams["emea-inbound"]}, rules=())
    wait(forgetful, days=401)
    actors = [(entry.event, entry.actor, entry.on_behalf_of) for entry in forgetful.history(lead_id)]
    assert actors == [
        ("received", "Handoff", None),
        ("assigned", "Handoff", None),
        ("replied", "website", None),
        ("paused", "website", None),
        ("updated", "website", None),
        ("accepted", "alice@acme.example", None),
        ("touched", "alice@acme.example", None),
        ("touched", "bob@acme.example", "alice@acme.example"),
        ("touched", "website", "alice@acme.example"),
        ("status changed", "website", None),
    ]


def test_leads_in_work_and_leads_that_something_happened_to_are_left_alone(forgetful: World) -> None:
    closed = turned_down(forgetful)
    open_lead = forgetful.lead(external_id="open").json()["lead_id"]
    forgetful.clock.advance(timedelta(days=399))
    assert forgetful.event("lead.replied").status_code == 202
    wait(forgetful, days=10)
    assert forgetful.view(open_lead).lead.data.first_name == "Pat"
    assert forgetful.view(closed).lead.data.first_name == "Pat"
    wait(forgetful, days=400)
    assert forgetful.view(closed).lead.data.first_name is None
    assert forgetful.view(open_lead).lead.data.first_name == "Pat"


def test_a_buyer_who_comes_again_after_that_is_a_new_lead(forgetful: World) -> None:
    first = turned_down(forgetful)
    wait(forgetful, days=401)
    again = forgetful.lead().json()
    assert again["status"] == "accepted"
    assert again["lead_id"] != first
    assert forgetful.view(again["lead_id"]).lead.data.first_name == "Pat"


def test_leads_below_the_bar_and_bodies_put_aside_go_too(forgetful: World) -> None:
    assert forgetful.lead(score=1).json()["status"] == "not_qualified"
    assert forgetful.post(b'{"pat": ').status_code == 422
    wait(forgetful, days=399)
    assert "pat" in kept(forgetful)
    wait(forgetful, days=2)
    assert "pat" not in kept(forgetful)
    assert count(forgetful, RECEIPT) == 0


def test_without_a_word_in_the_policy_everything_said_of_a_lead_is_kept(world: World) -> None:
    lead_id = turned_down(world)
    assert world.post(b"{").status_code == 422
    wait(world, days=3_000)
    assert world.view(lead_id).lead.data.first_name == "Pat"
    assert "hates phones" in repr(world.history(lead_id))
    assert count(world, RECEIPT) == 1


def test_receipts_and_messages_go_when_they_have_had_their_use(world: World) -> None:
    turned_down(world)
    messages = count(world, MESSAGE)
    assert messages > 2
    wait(world, hours=23)
    assert count(world, RECEIPT) == 2
    wait(world, hours=2)
    assert count(world, RECEIPT) == 1
    wait(world, days=28)
    assert (count(world, RECEIPT), count(world, MESSAGE)) == (1, messages)
    wait(world, days=2)
    assert (count(world, RECEIPT), count(world, MESSAGE)) == (0, 0)


def test_cards_of_a_lead_in_work_are_still_drawn_however_old_it_is(world: World) -> None:
    world.lead()
    world.click("alice", "Accept")
    world.settle()
    before = count(world, MESSAGE)
    wait(world, days=300)
    assert count(world, MESSAGE) == before
    world.event("lead.updated", company="Northwind Freight")
    assert "Northwind Freight" in str(world.channel("leads-us")[0].blocks)


def fired(world: World) -> list[str]:
    """The names of the timers that have fired, without their clocks."""

    def look(tx: Transaction) -> list[str]:
        names = tx.connection.execute(select(TIMER.c.key).where(TIMER.c.fired_at.is_not(None)).order_by(TIMER.c.id))
        return [f"{name.partition(':')[0]} {name.rpartition(':')[2]}" for name in names.scalars()]

    return world.loop.run(world.service.office.read(look))


def test_timers_that_fired_go_once_their_lead_is_in_nobodys_hands(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leads.retention.ROWS_AT_ONCE", 1)
    world.lead()
    world.forward(minutes=4, seconds=30)
    world.click("alice", "Accept")
    world.settle()
    assert fired(world) == ["level 50", "level 80"]
    wait(world, days=31)
    assert fired(world) == ["level 50", "level 80"], "the lead is in somebody's hands"

    world.click("alice", "Recycle")
    assert not world.submit("alice", reason="No budget")
    pending = count(world, TIMER) - len(fired(world))
    wait(world)
    assert fired(world) == []
    assert count(world, TIMER) == pending, "what has yet to fire is left"
    assert pending > 0


def test_timers_that_have_just_fired_are_kept(world: World) -> None:
    world.lead()
    world.forward(minutes=2, seconds=45)
    world.click("alice", "Reject")
    assert not world.submit("alice", reason="No budget")
    wait(world, days=29)
    assert fired(world) == ["level 50"]
    wait(world, days=2)
    assert fired(world) == []


def test_a_long_backlog_is_let_go_in_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leads.retention.ROWS_AT_ONCE", 3)
    monkeypatch.setattr("bot.handoff.BATCHES", 2)
    for number in range(10):
        world.post(b"{", webhook_id=f"odd{number}")
        world.lead(external_id=f"lead{number}", score=1, settle=False)
    world.clock.advance(timedelta(days=31))
    assert world.loop.run(world.service.let_go()) is not None
    wait(world)
    assert count(world, RECEIPT) == 10
    assert world.loop.run(world.service.office.read(queries.find, "lead0")) is not None
