"""The words people get: private answers, a manager's Home tab, cards after work was logged, the digest's counts."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.journeys.conftest import edit
from tests.screens import words
from tests.world import World

NINE = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "unknown"),
    [
        ("/handoff nonsense", "nonsense"),
        ("/leads foo", "foo"),
        ("/sla us-inbound", "us-inbound"),
        ("/sla team Europe", "Europe"),
        ("/lead what", "what"),
        ("/leads back now", "now"),
    ],
)
def test_a_word_that_is_not_known_is_named_before_what_one_can_say(world: World, line: str, unknown: str) -> None:
    told = world.say("alice", line)
    assert told.startswith(f"I don't know “{unknown}”. What you can say: ")
    assert "/lead why" in told


def test_who_asks_for_help_or_says_nothing_is_told_what_one_can_say_and_not_reproached(world: World) -> None:
    for line in ("/handoff", "/handoff help", "/leads help", "/sla ?"):
        assert world.say("alice", line).startswith("What you can say: ")


def test_asked_why_without_a_lead_the_answer_says_where_the_id_is(world: World) -> None:
    for line in ("/lead", "/lead why", "/handoff lead"):
        told = world.say("alice", line)
        assert told.startswith("Which lead? Type `/lead why L62247t6rn2`: the id is at the foot of its card.")


def test_only_reps_go_away(world: World) -> None:
    for name in ("dana", "olga"):
        for line in ("/leads away", "/leads back"):
            assert world.say(name, line).startswith(
                "You get no leads, so there is nothing to pause. To set a rep away: "
            )


def test_who_is_in_no_rotation_is_not_promised_leads(world: World) -> None:
    assert world.say("alice", "/leads").startswith("You have no open leads. A new one comes to your messages")
    for name in ("zoe", "olga"):
        assert world.say(name, "/leads").startswith("You are in no team's rotation, so no leads come to you.")
    assert "only what nobody else can take comes to you." in world.say("dana", "/leads")


def test_a_rep_who_goes_and_comes_back_hears_of_the_clocks_of_their_leads(world: World) -> None:
    assert "clock" not in world.say("alice", "/leads away") + world.say("alice", "/leads back")
    world.lead()
    world.clock.advance(timedelta(minutes=1))
    assert "The clock of your 1 open lead stands still." in world.say("alice", "/leads away")
    told = world.say("alice", "/leads")
    assert ":double_vertical_bar: *Stands still while Alice is away* · 4 min of 5 min left to accept" in told
    assert "The clock of your 1 open lead runs again." in world.say("alice", "/leads back")


def test_a_manager_sees_who_has_which_lead_and_an_admin_sees_all_teams(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.say("bob", "/leads away")
    seen = words(world.home("dana"))
    assert "us-inbound now" in seen
    assert "emea-inbound" not in seen
    assert f"*Pat Lee* · Northwind · `{lead_id}` · with *Alice*" in seen
    assert "Away: Bob" in seen
    assert "Your open leads" not in seen
    both = words(world.home("olga"))
    assert both.index("us-inbound now") < both.index("emea-inbound now")
    assert words(world.home("zoe")) == "You are in no team's rotation, so no leads come to you."


def test_a_managers_own_leads_count_in_the_numbers_of_the_team_they_came_from(world: World) -> None:
    world.lead()
    world.forward(minutes=60)
    told = world.say("olga", "/sla team")
    assert told.count("(manager) · 1 overdue now") == 1
    assert "Erik* (manager)" in told


def test_what_was_logged_answered_and_paused_stays_on_the_card(world: World) -> None:
    world.lead()
    world.click("alice", "Accept")
    world.settle()
    world.click("alice", "Pause")
    world.submit("alice", reason="They travel")
    world.settle()
    assert "* by Alice: They travel" in words(world.dm("alice")[0])
    world.click("alice", "Log touch")
    world.submit("alice", how_were_you_in_contact="Call", note="Left a message")
    world.settle()
    assert ":telephone_receiver: First touch by call" in words(world.home("alice"))
    assert "“Left a message”" in words(world.dm("alice")[0])
    world.clock.advance(timedelta(minutes=5))
    world.click("alice", "Log touch")
    world.submit("alice", how_were_you_in_contact="Meeting")
    world.settle()
    assert ":telephone_receiver: Last touch in a meeting" in words(world.dm("alice")[0])
    world.click("alice", "Qualify")
    assert not world.submit("alice", budget="40k", authority="The CFO", need="40 seats", timeline="January")
    world.settle()
    assert "*Budget:* 40k\n*Authority:* The CFO" in words(world.dm("alice")[0])
    assert "*Timeline:* January" in words(world.channel("leads-us")[0])


def test_a_lead_that_nobody_answered_has_a_short_history_and_no_table_of_an_old_turn(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.forward(minutes=60)
    told = world.say("erik", f"/lead why {lead_id}")
    assert "*The last turn in emea-inbound*, <!date^" in told
    assert "gets it" not in told
    assert "took it from Alice, whose time had run out, and assigned it to Bob: Bob's turn in us-inbound" in told
    assert "Alice, Bob and Carol had it before" in told
    assert "100 % of" not in told
    assert "150 % of" not in told


def test_the_digest_counts_a_lead_that_is_passed_on_once_and_in_the_week_it_came(world: World) -> None:
    edit(world, levels=())
    for number in range(3):
        world.lead(external_id=f"kept {number}")
    first, second = (world.lead(external_id=f"passed {number}").json()["lead_id"] for number in range(2))
    passed_on(world, first)
    world.forward_to(NINE)
    digest = world.channel("marketing")[-1].text
    assert "Mon 23 Nov 09:00 – Mon 30 Nov 09:00" in digest
    assert "of 5 handed over" in digest
    passed_on(world, second)
    world.lead(external_id="new")
    world.forward_to(NINE + timedelta(days=7))
    assert "of 1 handed over" in world.channel("marketing")[-1].text


def passed_on(world: World, lead_id: str) -> None:
    """Whoever has the lead rejects it so that it goes to the next rep."""
    rep = world.view(lead_id).lead.rep or ""
    run, desk = world.service.office.run, world.service.desk
    world.loop.run(run(desk.reject, lead_id, rep, "wrong_territory", ""))
    world.settle()
