"""The same lead, or the same delivery, comes again."""

from sla_engine.lead import Status
from tests.sample import PAT
from tests.world import World


def test_the_same_delivery_again_is_told_apart_by_its_id(world: World) -> None:
    body = {"type": "lead.qualified", "data": PAT}
    first = world.post(body, webhook_id="msg_a")
    again = world.post(body, webhook_id="msg_a")
    world.settle()
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json() == {"status": "duplicate", "lead_id": first.json()["lead_id"]}
    assert len(world.dm("alice")) == 1
    assert not world.dm("bob")


def test_a_lead_that_is_still_open_is_a_duplicate_under_any_delivery(world: World) -> None:
    first = world.lead()
    world.click("alice", "Accept")
    again = world.lead(first_name="Patricia")
    assert (again.status_code, again.json()) == (200, {"status": "duplicate", "lead_id": first.json()["lead_id"]})
    once_more = world.post({"type": "lead.qualified", "data": PAT}, webhook_id="msg_2")
    assert once_more.json()["status"] == "duplicate"
    assert len(world.dm("alice")) == 1
    assert not world.dm("bob")


def test_a_recycled_lead_that_comes_again_begins_a_new_cycle(world: World) -> None:
    first = world.lead().json()["lead_id"]
    world.click("alice", "Reject")
    world.submit("alice", reason="No budget")
    world.settle()
    world.forward(days=1)

    again = world.lead(score=95)
    assert (again.status_code, again.json()["status"]) == (202, "accepted")
    second = again.json()["lead_id"]
    assert second != first
    lead = world.view(second).lead
    assert (lead.previous, lead.status, lead.data.score) == (first, Status.MQL, 95)
    assert world.view(first).lead.status is Status.RECYCLED
    assert world.lead().json() == {"status": "duplicate", "lead_id": second}


def test_a_lead_below_the_bar_is_recorded_and_taken_in_once_it_reaches_it(world: World) -> None:
    answer = world.lead(score=40, company=None)
    assert answer.status_code == 202
    assert answer.json()["status"] == "not_qualified"
    assert answer.json()["reasons"] == ["company is missing", "score 40 is below the minimum of 60"]
    lead_id = answer.json()["lead_id"]
    assert world.view(lead_id).lead.status is Status.NEW
    assert not world.channel("leads-us")
    assert "score 40 is below the minimum of 60" in world.say("dana", f"/lead why {lead_id}")

    again = world.lead(score=75)
    assert (again.status_code, again.json()) == (202, {"status": "accepted", "lead_id": lead_id})
    assert len(world.channel("leads-us")) == 1
    assert world.view(lead_id).lead.mql_at is not None


def test_the_same_address_under_another_id_is_another_lead(world: World) -> None:
    first, second = world.lead(), world.lead(external_id="another", email=PAT["email"])
    assert first.json()["lead_id"] != second.json()["lead_id"]
    assert len(world.channel("leads-us")) == 2
