"""Webhooks that come a hundred times, in the wrong order, or too late."""

from concurrent.futures import ThreadPoolExecutor

from tests.faults.auditor import judge
from tests.faults.evidence import Answer
from tests.sample import PAT
from tests.screens import buttons
from tests.world import World

QUALIFIED = {"type": "lead.qualified", "data": PAT}
CONTACTED = {"type": "lead.contacted", "data": {"external_id": PAT["external_id"], "note": "Rang"}}


def test_the_same_delivery_a_hundred_times_at_once_is_one_lead(world: World) -> None:
    with ThreadPoolExecutor(16) as pool:
        responses = list(pool.map(lambda _: world.post(QUALIFIED, "msg_same"), range(100)))
    assert sorted(response.status_code for response in responses) == [200] * 99 + [202]
    assert len({response.json()["lead_id"] for response in responses}) == 1
    judge(world, *(Answer("msg_same", one.status_code, one.json()["lead_id"]) for one in responses))
    assert len(world.channel("leads-us")) == 1


def test_one_lead_in_a_hundred_deliveries_at_once_is_one_lead(world: World) -> None:
    with ThreadPoolExecutor(16) as pool:
        responses = list(pool.map(lambda number: world.post(QUALIFIED, f"msg_{number}"), range(100)))
    assert sorted(response.status_code for response in responses) == [200] * 99 + [202]
    assert len({response.json()["lead_id"] for response in responses}) == 1
    judge(
        world,
        *(Answer(f"msg_{number}", one.status_code, one.json()["lead_id"]) for number, one in enumerate(responses)),
    )
    assert len(world.channel("leads-us")) == 1


def test_a_contact_that_comes_before_its_lead_is_refused_with_a_sentence_kept_and_taken_when_it_comes_again(
    world: World,
) -> None:
    early = world.post(CONTACTED, "msg_contact")
    assert early.status_code == 422
    assert "no lead with this id has come through website yet" in early.json()["detail"]
    taken = world.post(QUALIFIED, "msg_lead")
    assert taken.status_code == 202
    late = world.post(CONTACTED, "msg_contact")
    assert (late.status_code, late.json()["lead_id"]) == (202, taken.json()["lead_id"])
    view = world.view(late.json()["lead_id"])
    assert (view.lead.status, view.lead.first_response_at) == ("SAL", world.clock.now())
    judge(world, Answer("msg_lead", 202, view.lead.id), Answer("msg_contact", 202, view.lead.id))


def test_a_status_that_comes_after_the_end_changes_nothing(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    assert world.event("lead.status_changed", status="Disqualified").status_code == 202
    for late in ("SAL", "SQL", "Recycled"):
        answer = world.event("lead.status_changed", status=late)
        assert answer.status_code == 422, late
        assert "disqualified" in answer.json()["detail"].casefold()
    assert world.view(lead_id).lead.status == "Disqualified"
    assert buttons(world.dm("alice")[-1]) == []
    judge(world)
