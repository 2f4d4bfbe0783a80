"""What the rep and the channel see of a lead in each of its states."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.slack import cards, replies
from connectors.slack.markup import Content
from connectors.slack.situations import OFFERED, QUALIFIED, WORKED
from connectors.slack.words import Action
from sla_engine.grounds import Ground, opening
from sla_engine.lead import LeadData, Plan, Status
from sla_engine.lifecycle import MOVES, Verb
from storage.queries import LeadView
from tests.connectors.slack.judge import assert_sound, buttons, words
from tests.connectors.slack.samples import (
    ALICE,
    BOB,
    DANA,
    HOUR,
    MINUTE,
    MONDAY_NINE,
    PAT,
    PEOPLE,
    STATES,
    clock,
    entry,
    lead,
    policy,
    view,
)

NOW = MONDAY_NINE + 3 * MINUTE
SIX = ["Log touch", "Qualify", "Recycle", "Disqualify", "Reassign", "Pause"]


def for_rep(shown: LeadView, rep: str = ALICE) -> Content:
    return cards.lead_card(shown, policy(), NOW, audience="rep", rep=rep)


def for_channel(shown: LeadView) -> Content:
    return cards.lead_card(shown, policy(), NOW, audience="channel")


@pytest.mark.parametrize("state", STATES)
def test_every_state_reads_well_in_both_places(state: str) -> None:
    for card in (for_rep(STATES[state], STATES[state].lead.rep or BOB), for_channel(STATES[state])):
        assert_sound(card)
        assert "Pat Lee, VP Operations at Northwind" in card.text
        assert card.text.endswith(".")
        assert ".." not in card.text
        assert "  " not in card.text
        assert "None" not in words(card) + card.text


def test_a_card_that_is_followed_by_another_points_to_it_and_has_no_buttons() -> None:
    for audience in ("rep", "channel"):
        card = cards.lead_card(view(), policy(), NOW, audience=audience, rep=ALICE, is_old=True)
        assert_sound(card)
        assert "There is a newer card of this lead further down." in words(card)
        assert buttons(card) == []
        assert (
            card.text == "Pat Lee, VP Operations at Northwind (demo request, score 92) has a newer card further down."
        )
    gone = cards.lead_card(view(), policy(), NOW, audience="rep", rep=BOB, is_old=True)
    assert "Nothing is left for you to do" in words(gone)


def test_a_new_lead_says_who_what_how_hot_until_when_why_and_from_where() -> None:
    card = for_rep(view())
    assert card.text == (
        "New lead for Alice Ames: Pat Lee, VP Operations at Northwind (demo request, score 92). "
        "Accept or reject by 09:05 New York."
    )
    read = words(card)
    for wanted in (
        "Pat Lee · Northwind",
        "*Demo request* · :fire: hot, score 92",
        "<!date^1795442700^",
        "5 min of working time",
        ">Need 40 seats by January.",
        "<mailto:pat@northwind.example|",
        "*Why you:* your turn in us-inbound · rule “Everyone else”",
        "Interested in pricing, api",
        "From Google ads · campaign Q4 freight · lead `L4x7k2m9qaz`",
    ):
        assert wanted in read
    assert buttons(card) == ["Accept", "Reject"]


def test_a_button_carries_the_lead_and_only_accept_stands_out() -> None:
    accept, reject = next(block for block in for_rep(view()).blocks if block["type"] == "actions")["elements"]
    assert (accept["action_id"], accept["value"], accept["style"]) == ("accept", "L4x7k2m9qaz", "primary")
    assert reject["value"] == "L4x7k2m9qaz"
    assert "style" not in reject


def test_the_deadline_in_the_text_is_in_the_zone_of_the_rep() -> None:
    assert "by 08:05 Chicago" in for_rep(view(clock(rep=BOB), rep=BOB), BOB).text
    unknown = LeadView(lead(), (clock(),), {ALICE: replace(PEOPLE[ALICE], timezone="Nowhere/Land")})
    assert "by 09:05 New York" in for_rep(unknown).text


def test_after_acceptance_the_card_offers_the_six_and_names_both_promises() -> None:
    card = for_rep(STATES["accepted"])
    assert buttons(card) == SIX
    assert "First touch by 10:00 New York. Qualify by Mon 30 Nov 17:00 New York." in card.text
    assert "40 h of working time" in words(card)
    assert buttons(for_channel(STATES["accepted"])) == SIX


def test_after_the_first_touch_only_the_qualification_is_owed() -> None:
    card = for_rep(STATES["touched"])
    assert "First touch by <!date" not in words(card)
    assert "*Qualify by" in words(card)


def test_a_paused_lead_says_why_since_when_and_what_is_left_and_can_be_resumed() -> None:
    card = for_rep(STATES["accepted and paused"])
    assert buttons(card) == [*SIX[:-1], "Resume"]
    assert "They travel until Thursday, since 09:10 New York. First touch: 50 min left." in card.text
    assert "*First touch:* 50 min of 1 h of working time left" in words(card)
    exact = replace(STATES["accepted and paused"], clocks=(clock(running_since=None, spent=4.02 * MINUTE),))
    assert "*Accept:* about 1 min of 5 min of working time left" in words(for_rep(exact))
    assert buttons(for_rep(STATES["offered and paused"])) == ["Accept", "Reject", "Resume"]


def test_a_missed_promise_says_since_when() -> None:
    card = cards.lead_card(view(), policy(), MONDAY_NINE + 6 * MINUTE, audience="rep", rep=ALICE)
    assert "overdue since 09:05 New York" in card.text
    assert ":warning: *Answer overdue since <!date^1795442700^" in words(card)


def test_a_rep_who_no_longer_has_the_lead_sees_who_has_it_and_no_buttons() -> None:
    card = for_rep(view(rep=BOB))
    assert "*With Bob Brandt now.*" in words(card)
    assert "is with Bob Brandt now" in card.text
    assert buttons(card) == []
    assert "mailto:" not in words(card)


def test_a_rep_who_had_a_lead_that_is_closed_by_now_is_not_told_that_somebody_has_it() -> None:
    card = for_rep(view(rep=BOB, status=Status.RECYCLED, plan=Plan.NONE))
    assert "*Recycled, last with Bob Brandt.*" in words(card)
    assert card.text.startswith("Recycled, last with Bob Brandt: Pat Lee")
    assert " now" not in words(card) + card.text


def test_a_rejection_says_the_reason_the_note_what_follows_and_whose_it_was() -> None:
    card = for_channel(STATES["rejected"])
    assert "*Rejected: Bad timing*" in words(card)
    assert "Recycled: it goes back to marketing." in words(card)
    assert ">They buy again in spring." in words(card)
    assert "was with *Alice Ames*" in words(card)
    assert buttons(card) == []
    assert card.text.startswith("Rejected (Bad timing): Pat Lee")


def test_a_held_lead_waits_without_buttons_and_a_free_one_can_be_taken_in_the_channel() -> None:
    held, free = for_channel(STATES["held"]), for_channel(STATES["claimable"])
    assert "held until Tue 09:00 New York" in held.text
    assert buttons(held) == []
    assert buttons(free) == ["Accept"]
    assert "Nobody in us-inbound or its backup emea-inbound is available" in words(free)


def test_a_held_lead_is_not_promised_to_anybody_by_an_hour() -> None:
    held = for_channel(STATES["held"])
    assert held.text.endswith("held until Tue 09:00 New York, when the rules are asked again.")
    assert "offered" not in words(held)


def test_only_the_reader_who_has_the_lead_is_addressed_in_the_reason() -> None:
    assert "*Why Alice Ames:* Alice's turn in us-inbound" in words(for_channel(view()))
    assert "*Why Bob Brandt:* Bob's turn" in words(for_rep(view(rep=BOB, why="Bob's turn in us-inbound")))


@pytest.mark.parametrize("ground", Ground)
def test_every_ground_is_told_to_the_rep_as_theirs(ground: Ground) -> None:
    why = f"{opening(ground, ALICE)} and Bob's turn"
    told = words(for_rep(view(why=why, ground=ground)))
    assert re.search(r"\*Why you:\* (your|you) .* and Bob's turn$", told, re.MULTILINE)
    assert f"*Why Alice Ames:* {why}" in words(for_channel(view(why=why, ground=ground)))


def test_what_has_no_ground_of_the_reps_own_is_told_as_it_stands() -> None:
    for why in ("Bob passed it on from Alice", "Alice's turn in us-inbound"):
        assert f"*Why you:* {why}" in words(for_rep(view(why=why, ground=None)))


def test_a_lead_of_a_rep_who_is_away_says_that_its_clock_stands_still() -> None:
    people = {**PEOPLE, ALICE: replace(PEOPLE[ALICE], leaves=((MONDAY_NINE + MINUTE, None),))}
    waiting = replace(
        view(clock(target=30 * MINUTE, spent=8 * MINUTE, running_since=MONDAY_NINE + MINUTE)), people=people
    )
    card = for_channel(waiting)
    assert_sound(card)
    assert "*Stands still while Alice Ames is away* · 22 min of 30 min left to accept" in words(card)
    assert "stands still while Alice Ames is away" in card.text
    told = replies.my_leads(ALICE, [waiting], policy(), NOW)
    assert "*Stands still while Alice Ames is away* · 22 min of 30 min left" in words(told)
    assert told.text.endswith("22 min left to accept, standing still while Alice Ames is away.")


def test_a_touch_is_on_the_card_with_how_when_and_what_came_of_it() -> None:
    first = STATES["touched"]
    read = words(for_rep(first))
    assert ":telephone_receiver: First touch by call · <!date^" in read
    assert "|09:09 New York> · “Left a message”" in read
    again = entry("touched", at=MONDAY_NINE + 30 * MINUTE, channel="Meeting", note="")
    read = words(for_channel(replace(first, newest={"touched": again})))
    assert "First touch · <!date^" in read
    assert ":telephone_receiver: Last touch in a meeting · <!date^" in read
    assert "First touch · <!date^" in words(for_rep(replace(first, newest={})))


def test_the_answers_of_a_qualification_are_on_the_card() -> None:
    read = words(for_channel(STATES["qualified"]))
    assert "*Budget:* 40k\n*Authority:* The CFO\n*Need:* 40 seats" in read
    assert "*Timeline:*" not in read


def test_a_pause_says_until_when_it_lasts_at_most() -> None:
    ending = entry("paused", DANA, MONDAY_NINE + 10 * MINUTE, until=(MONDAY_NINE + timedelta(days=5)).isoformat())
    card = for_rep(replace(STATES["accepted and paused"], newest={"paused": ending}))
    assert ": They travel until Thursday · until <!date^" in words(card)
    assert "They travel until Thursday, since 09:10 New York, until Sat 09:00 New York at most." in card.text


def test_a_pause_says_who_paused_unless_it_was_no_person_or_another_pause() -> None:
    paused = STATES["accepted and paused"]
    assert "New York>* by Dana: They travel until Thursday" in words(for_rep(paused))
    for other in (entry("paused", "website", MONDAY_NINE + 10 * MINUTE), entry("paused", DANA, MONDAY_NINE)):
        assert "New York>*: They travel" in words(for_rep(replace(paused, newest={"paused": other})))


def test_a_name_with_brackets_is_escaped_in_markup_and_has_others_in_plain_text() -> None:
    card = for_rep(view(data=replace(PAT, company="<Northwind>", title="<VP>")))
    assert "&lt;VP&gt; at &lt;Northwind&gt;" in card.text
    assert words(card).startswith("Pat Lee · ‹Northwind›")


def test_the_manager_is_told_that_the_lead_came_to_them_as_the_manager() -> None:
    card = for_rep(STATES["with the manager"], DANA)
    assert "New lead for Dana, who manages us-inbound" in card.text
    assert "it was passed on 4 times" in words(card)


def test_the_channel_sees_no_contact_data_and_nobody_is_notified_twice() -> None:
    read = words(for_channel(view()))
    assert "mailto:" not in read
    assert "tel:" not in read
    assert "<@" not in read
    assert "*Why Alice Ames:*" in read


def test_a_company_called_like_a_command_is_only_a_name() -> None:
    hostile = LeadView(lead(data=replace(PAT, company="<!channel>")), (clock(),), PEOPLE)
    for card in (for_rep(hostile), for_channel(hostile)):
        assert_sound(card)
        assert "&lt;!channel&gt;" in card.text
        assert "<!channel>" not in f"{card}"


def test_a_lead_of_which_only_the_address_is_known_still_has_a_card() -> None:
    bare = LeadData("00Q1", "pat@northwind.example")
    card = for_rep(LeadView(lead(data=bare, why=None), (), {}))
    assert card.text == "New lead for Alice: pat@northwind.example. Accept or reject."
    assert_sound(card)


VERBS = {action: Verb(action.value) for action in Action if action not in (Action.TOUCH,)} | {Action.TOUCH: Verb.TOUCH}


@pytest.mark.parametrize(
    ("status", "offered"),
    [(Status.MQL, OFFERED), (Status.SAL, WORKED), (Status.SQL, QUALIFIED), (Status.OPPORTUNITY, QUALIFIED)],
)
def test_no_button_offers_what_the_state_machine_refuses(status: Status, offered: tuple[Action, ...]) -> None:
    assert all(status in MOVES[VERBS[action]] for action in offered)


def test_a_deadline_that_no_calendar_reaches_any_more_leaves_the_rest_of_the_card() -> None:
    card = for_rep(view(clock(target=60_000 * HOUR)))
    assert_sound(card)
    assert card.text.endswith("Accept or reject.")
    assert "of 60000 h of working time left" in words(card)


def test_a_wall_clock_promise_does_not_claim_to_be_working_time() -> None:
    read = words(for_rep(view(clock(count="elapsed"))))
    assert "5 min by the wall clock" in read


def test_a_lead_not_handed_over_has_no_buttons() -> None:
    shown = view(status=Status.NEW, plan=Plan.NONE, rep=None)
    assert buttons(for_channel(shown)) == []
    assert "has not been handed over to sales" in for_channel(shown).text
