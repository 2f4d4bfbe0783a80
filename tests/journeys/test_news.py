"""News of a lead from the systems that have it."""

from datetime import timedelta

from sla_engine.clock import Kind
from storage import queries
from tests.screens import buttons, words
from tests.world import World


def test_a_contact_logged_elsewhere_is_the_first_touch(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Accept")
    answer = world.event("lead.contacted", actor="alice@acme.example", note="Sequence step 1")
    assert (answer.status_code, answer.json()["status"]) == (202, "accepted")
    view = world.view(lead_id)
    assert view.lead.first_response_at is not None
    touch = view.clock(Kind.FIRST_TOUCH)
    assert touch is not None
    assert touch.answered
    assert world.history(lead_id)[-1].detail["note"] == "Sequence step 1"


def test_a_contact_before_the_acceptance_is_both(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.event("lead.contacted")
    view = world.view(lead_id)
    assert view.lead.status == "SAL"
    assert view.lead.first_response_at is not None
    assert [clock.kind for clock in view.open_clocks] == [Kind.QUALIFICATION]
    assert buttons(world.dm("alice")[-1])[0] == "Log touch"


def test_the_same_news_again_has_no_second_effect(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    body = {"type": "lead.contacted", "data": {"external_id": world.view(lead_id).lead.data.external_id}}
    assert world.post(body, "msg_x").status_code == 202
    again = world.post(body, "msg_x")
    assert (again.status_code, again.json()) == (200, {"status": "duplicate", "lead_id": lead_id})
    assert [entry.event for entry in world.history(lead_id)].count("touched") == 1


def test_an_update_changes_what_it_names_and_the_cards(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    assert world.event("lead.updated", company="Northwind Traders", score=97, title="").status_code == 202
    data = world.view(lead_id).lead.data
    assert (data.company, data.score, data.title, data.email) == (
        "Northwind Traders", 97, "VP Operations", "pat@northwind.example"
    )  # fmt: skip
    assert "Northwind Traders" in words(world.dm("alice")[-1])
    assert "Northwind Traders" in words(world.channel("leads-us")[-1])
    assert world.event("lead.updated", score="hot").status_code == 422


def test_another_system_moves_a_lead_on_as_far_as_the_stages_allow(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    for status in ("sal", "SQL", "Opportunity", "Customer"):
        assert world.event("lead.status_changed", status=status, actor="CRM").status_code == 202
        assert world.view(lead_id).lead.status.casefold() == status.casefold()
    view = world.view(lead_id)
    assert view.lead.sal_at is not None
    assert view.lead.sql_at is not None
    assert not view.open_clocks
    changes = [(entry.before, entry.after) for entry in world.history(lead_id) if entry.before != entry.after]
    assert changes == [
        ("New", "MQL"),
        ("MQL", "SAL"),
        ("SAL", "SQL"),
        ("SQL", "Opportunity"),
        ("Opportunity", "Customer"),
    ]


def test_a_stage_that_a_lead_cannot_reach_is_refused_with_a_sentence(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    for status in ("Customer", "Opportunity", "SQL", "New"):
        answer = world.event("lead.status_changed", status=status)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "data.status"
        assert "A lead that is MQL can't be" in answer.json()["errors"][0]["problem"]
    assert world.view(lead_id).lead.status == "MQL"
    assert world.event("lead.status_changed", status="MQL").status_code == 202


def test_a_lead_closed_elsewhere_is_closed_here(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    assert world.event("lead.status_changed", status="Disqualified", note="Competitor").status_code == 202
    lead = world.view(lead_id).lead
    assert (lead.status, lead.note) == ("Disqualified", "Competitor")
    assert not world.view(lead_id).open_clocks
    assert buttons(world.dm("alice")[-1]) == []
    answer = world.event("lead.contacted")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "type", "problem": "This lead is closed already: disqualified."}]


def test_a_lead_below_the_bar_that_another_system_promotes_is_handed_over(world: World) -> None:
    lead_id = world.lead(score=10).json()["lead_id"]
    assert world.event("lead.status_changed", status="MQL").status_code == 202
    lead = world.view(lead_id).lead
    assert (lead.status, lead.rep) == ("MQL", "alice@acme.example")
    assert buttons(world.dm("alice")[-1]) == ["Accept", "Reject"]


def test_an_update_that_lifts_a_lead_over_the_bar_hands_it_over(world: World) -> None:
    lead_id = world.lead(score=10).json()["lead_id"]
    world.clock.advance(timedelta(days=1))
    assert world.event("lead.updated", score=90).status_code == 202
    view = world.view(lead_id)
    assert (view.lead.status, view.lead.rep) == ("MQL", "alice@acme.example")
    routing = view.clock(Kind.ROUTING)
    assert routing is not None
    assert routing.breached_at is None


def test_a_lead_without_a_rep_is_not_accepted_by_another_system(world: World) -> None:
    for name in ("alice", "bob", "carol", "femi", "gita"):
        world.say(name, "/leads away")
    lead_id = world.lead().json()["lead_id"]
    assert world.event("lead.status_changed", status="SAL").status_code == 422
    assert world.event("lead.contacted").status_code == 202, "the buyer was answered, whoever will have the lead"
    lead = world.loop.run(world.service.office.read(queries.find, lead_id))
    assert lead is not None
    assert (lead.status, lead.rep) == ("MQL", None)
