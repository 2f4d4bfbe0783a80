"""All that somebody has in work passes to others, and a single lead goes back to the rules."""

from collections.abc import Callable
from pathlib import Path

import pytest

from handlers import handovers
from tests.journeys.conftest import Build
from tests.screens import buttons, fields, options, words
from tests.world import World

ALICE, BOB, CAROL = (f"{name}@acme.example" for name in ("alice", "bob", "carol"))


def given(world: World, rep: str, number: int) -> list[str]:
    """So many leads that a rep has; the first of them they accepted."""
    ids = [
        world.lead(external_id=f"{rep} {one}", owner_email=f"{rep}@acme.example").json()["lead_id"]
        for one in range(number)
    ]
    world.click(rep, "Accept")
    world.settle()
    return ids


def reps_of(world: World, ids: list[str]) -> list[str | None]:
    """Who has each of these leads."""
    return [world.view(lead_id).lead.rep for lead_id in ids]


def test_a_manager_hands_over_all_leads_by_the_rules(world: World) -> None:
    ids = given(world, "bob", 3)
    told = world.say("dana", "/leads hand-over bob@acme.example")
    world.settle()
    assert "3 leads of Bob handed over: " in told
    assert BOB not in reps_of(world, ids)
    assert {world.view(lead_id).lead.status for lead_id in ids} == {"MQL"}
    assert all(buttons(card) == [] for card in world.dm("bob")), "the cards of who left have no buttons"
    for lead_id in ids:
        entry = world.history(lead_id)[-1]
        assert (entry.event, entry.actor, entry.on_behalf_of) == ("assigned", "dana@acme.example", BOB)
        assert BOB in world.view(lead_id).lead.refused_by
    assert "Bob has no leads in work." in world.say("dana", "/leads hand-over bob@acme.example")


@pytest.mark.parametrize("to", ["", " carol@acme.example"])
def test_a_manager_who_hands_over_their_own_leads_acts_for_nobody_else(
    make_world: Build, policy: Callable[..., Path], to: str
) -> None:
    world = make_world(policy=policy(("    manager: dana@acme.example", "    manager: bob@acme.example")))
    lead_id = given(world, "bob", 1)[0]
    assert "1 lead of Bob handed over" in world.say("bob", f"/leads hand-over bob@acme.example{to}")
    entry = world.history(lead_id)[-1]
    assert (entry.event, entry.actor, entry.on_behalf_of) == ("assigned", BOB, None)


def test_all_leads_go_to_one_rep_of_the_team(world: World) -> None:
    ids = given(world, "bob", 2)
    told = world.say("olga", "/leads hand-over @bob carol@acme.example")
    assert "2 leads of Bob handed over: 2 to Carol." in told
    world.settle()
    assert reps_of(world, ids) == [CAROL, CAROL]
    assert len([card for card in world.dm("carol") if buttons(card) == ["Accept", "Reject"]]) == 2
    assert world.view(ids[0]).lead.why == "Olga handed over Bob's leads"


def test_what_cannot_be_handed_over_is_said_in_a_sentence_and_nothing_moves(world: World) -> None:
    ids = given(world, "bob", 2)
    for name, words_said, answer in (
        ("alice", "bob@acme.example", "Only a team's manager or an admin can do that."),
        ("erik", "bob@acme.example", "Only the manager of Bob's team or an admin can do that."),
        ("dana", "bob@acme.example femi@acme.example", "Femi is not a rep of us-inbound"),
        ("dana", "bob@acme.example bob@acme.example", "Bob can't be given their own leads: choose somebody else."),
        ("dana", "nobody@other.example", "I know no rep “nobody@other.example”."),
        ("dana", "bobb@acme.example", "I know no rep “bobb@acme.example”. Did you mean bob@acme.example?"),
        ("dana", "mallory@acme.example", "I know no rep “mallory@acme.example”.\n"),
        ("dana", "Bob", "I know no rep “bob”. Did you mean bob@acme.example?"),
        ("alice", "bobb@acme.example", "Only a team's manager or an admin can do that."),
        ("dana", "", "Whose leads?"),
        ("dana", "bob@acme.example to carol@acme.example", "Whose leads?"),
    ):
        assert answer in world.say(name, f"/leads hand-over {words_said}")
    assert reps_of(world, ids) == [BOB, BOB]


def test_the_leads_of_somebody_who_is_in_the_policy_no_more_are_handed_over(
    make_world: Build, policy: Callable[..., Path]
) -> None:
    world = make_world()
    ids = given(world, "bob", 2)
    world.stop_bot()
    gone = policy(("      - {email: bob@acme.example, max_open: 15, max_per_day: 20}\n", ""))
    world.environment["HANDOFF_CONFIG"] = str(gone)
    world.start_bot()

    world.press("dana", "Hand over")
    modal = world.modal("dana")
    assert options(modal, "Whose leads") == ["Bob"]
    assert options(modal, "Who gets them") == ["By the rules", "Alice", "Carol"]
    assert "2 leads in work" in words(modal["blocks"])
    assert not world.submit("dana", whose_leads="Bob")
    world.settle()
    assert BOB not in reps_of(world, ids)
    assert any("2 leads of Bob handed over" in message.text for message in world.dm("dana"))
    world.press("dana", "Hand over")
    assert "Bob" not in options(world.modal("dana"), "Whose leads")


def test_a_form_to_hand_over_says_when_there_is_nothing_and_beneath_the_field_when_it_cannot_be(world: World) -> None:
    world.press("dana", "Hand over")
    assert "Nobody in this team has leads in work." in words(world.modal("dana"))
    given(world, "bob", 1)
    world.press("dana", "Hand over")
    assert world.submit("dana", whose_leads="Bob", who_gets_them="Bob") == {
        "Who gets them": "Bob can't be given their own leads: choose somebody else."
    }


def test_a_hand_over_for_which_nobody_else_is_left_moves_nothing(
    make_world: Build, policy: Callable[..., Path]
) -> None:
    world = make_world(policy=policy(("    manager: dana@acme.example", "    manager: bob@acme.example")))
    ids = given(world, "bob", 2)
    for name in ("alice", "carol", "femi", "gita"):
        world.say(name, "/leads away")
    told = world.say("olga", "/leads hand-over bob@acme.example")
    assert "The rules find nobody but Bob for Pat Lee: name who gets it." in told
    assert reps_of(world, ids) == [BOB, BOB]
    assert "2 to Alice" in world.say("olga", "/leads hand-over bob@acme.example alice@acme.example")


def test_a_hand_over_that_takes_longer_than_slack_waits_is_told_when_it_is_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handovers, "PATIENCE_SECONDS", 0.0)
    ids = given(world, "bob", 2)
    assert handovers.ON_ITS_WAY in world.say("dana", "/leads hand-over bob@acme.example carol@acme.example")
    world.whispers("dana")
    assert world.dm("dana")[-1].text == "2 leads of Bob handed over: 2 to Carol."
    assert reps_of(world, ids) == [CAROL, CAROL]
    assert handovers.ON_ITS_WAY in world.say("dana", "/leads hand-over bob@acme.example")
    world.whispers("dana")
    assert world.dm("dana")[-1].text == "Bob has no leads in work."


def test_a_name_in_a_private_sentence_is_no_link_and_calls_nobody(
    make_world: Build, policy: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handovers, "PATIENCE_SECONDS", 0.0)
    who_is_bob = ("    manager: dana@acme.example", "    manager: bob@acme.example")
    world = make_world(policy=policy(who_is_bob))
    world.lead(owner_email=BOB, first_name="<!channel> <https://evil.example|Click here>", last_name="& Co")
    for name in ("alice", "carol", "femi", "gita"):
        world.say(name, "/leads away")
    assert handovers.ON_ITS_WAY in world.say("olga", "/leads hand-over bob@acme.example")
    world.whispers("olga")
    told = "&lt;!channel&gt; &lt;https://evil.example|Click here&gt; &amp; Co"
    assert world.dm("olga")[-1].text == f"The rules find nobody but Bob for {told}: name who gets it."


def test_who_hands_over_is_told_of_the_outcome_though_slack_does_not_say_who_they_are(
    make_world: Build, policy: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handovers, "PATIENCE_SECONDS", 0.0)
    carols = make_world().ids["carol"]
    known = ("{email: carol@acme.example,", f"{{email: carol@acme.example, slack_id: {carols},")
    world = make_world(policy=policy(known, ("[olga@acme.example]", "[carol@acme.example]")))
    world.workspace.faults.error("users.info", "internal_error", times=100)
    assert handovers.ON_ITS_WAY in world.say("carol", "/leads hand-over bob@acme.example")
    world.whispers("carol")
    assert world.dm("carol")[-1].text == "Bob has no leads in work."


def test_a_manager_sends_a_lead_back_to_the_rules(world: World) -> None:
    lead_id = given(world, "alice", 1)[0]
    card = world.channel("leads-us")[0]
    world.click("dana", "Reassign", message=card)
    assert options(world.modal("dana"), "New rep") == ["Back to the rules", "Bob", "Carol"]
    assert not world.submit("dana", new_rep="Back to the rules")
    world.settle()
    lead = world.view(lead_id).lead
    assert (lead.status, lead.refused_by) == ("MQL", frozenset({ALICE}))
    assert lead.rep in (BOB, CAROL)
    assert buttons(world.dm("alice")[0]) == []
    entry = world.history(lead_id)[-1]
    assert (entry.event, entry.actor, entry.on_behalf_of) == ("assigned", "dana@acme.example", ALICE)


def test_a_rep_can_pass_a_lead_on_but_not_send_it_back_without_a_reason(world: World) -> None:
    lead_id = given(world, "alice", 1)[0]
    world.click("alice", "Reassign")
    modal = world.modal("alice")
    assert options(modal, "New rep") == ["Bob", "Carol"]
    menu = fields(modal)["New rep"]["element"]["options"]
    menu.append({"text": {"type": "plain_text", "text": "Sly"}, "value": "rules"})
    open_view = world.workspace.state.screens.modal(world.ids["alice"])
    assert open_view is not None
    next(block for block in open_view.blocks if block["type"] == "input")["element"]["options"] = menu
    assert world.submit("alice", new_rep="Sly") == {"New rep": "Only the team's manager or an admin can do that."}
    assert reps_of(world, [lead_id]) == [ALICE]


def test_the_form_to_reassign_says_who_cannot_take_a_lead_now(world: World) -> None:
    given(world, "alice", 1)
    world.say("bob", "/leads away")
    world.click("alice", "Reassign")
    described = {
        one["text"]["text"]: one.get("description", {}).get("text")
        for one in fields(world.modal("alice"))["New rep"]["element"]["options"]
    }
    assert described == {"Bob": "Away", "Carol": None}
    assert not world.submit("alice", new_rep="Bob"), "whoever passes it on may know better"
