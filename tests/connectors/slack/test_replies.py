"""What slash commands answer."""

from dataclasses import replace
from datetime import timedelta

from connectors.slack import replies
from sla_engine.clock import Kind
from sla_engine.lead import Plan, Status
from storage.queries import Kept
from tests.connectors.slack.judge import assert_sound, words
from tests.connectors.slack.samples import (
    ALICE,
    BOB,
    DANA,
    HISTORY,
    KEPT,
    MINUTE,
    MONDAY_NINE,
    PEOPLE,
    ROUTED,
    STATES,
    clock,
    entry,
    policy,
    view,
)

NOW = MONDAY_NINE + 3 * MINUTE


def test_own_numbers_say_how_many_of_how_many_the_median_and_what_is_overdue() -> None:
    content = replies.my_numbers(ALICE, KEPT, [view()], policy(), NOW)
    assert_sound(content)
    read = words(content)
    assert "*1 open lead now*" in read
    assert "*Accepting* · 11 of 12 in time (91 %), median 6 min" in read
    assert "*First touch* · 8 of 10 in time (80 %), median 55 min, 1 overdue now" in read
    assert "*Qualifying* · none yet" in read


def test_a_handful_of_answers_comes_with_a_caution() -> None:
    assert "Only 3 answers so far" in words(replies.my_numbers(BOB, KEPT, [], policy(), NOW))
    assert "No answers yet" in words(replies.my_numbers(DANA, KEPT, [], policy(), NOW))


def test_all_but_one_in_a_thousand_is_not_a_hundred_per_cent() -> None:
    nearly = [Kept(ALICE, Kind.ACCEPTANCE, 1000, 1, 0, ())]
    assert "999 of 1,000 in time (99 %)" in words(replies.my_numbers(ALICE, nearly, [], policy(), NOW))


def test_a_manager_sees_totals_and_a_line_for_each_rep_of_their_teams_only() -> None:
    content = replies.team_numbers([policy().teams["us-inbound"]], KEPT, policy(), NOW, people=PEOPLE)
    assert_sound(content)
    read = words(content)
    assert "*Accepting* · 14 of 15 in time (93 %)" in read
    assert "*Alice Ames* · accepting 91 % of 12 · first touch 80 % of 10 · qualifying – · 1 overdue now" in read
    assert "*Carol* · nothing answered yet" in read
    assert "emea-inbound" not in read + content.text
    assert "manage no team" in replies.team_numbers([], KEPT, policy(), NOW).text


def test_open_leads_come_most_urgent_first_and_paused_last() -> None:
    later = view(clock(target=timedelta(hours=4)))
    views = [STATES["accepted and paused"], later, view()]
    named = [replace(one, lead=replace(one.lead, id=f"L{n}")) for n, one in enumerate(views)]
    read = words(replies.my_leads(ALICE, named, policy(), NOW))
    assert read.index("`L2`") < read.index("`L1`") < read.index("`L0`")
    assert "*3 open leads*, the most urgent first" in read
    assert "paused: They travel until Thursday · *First touch:* 50 min of 1 h" in read


def test_of_many_open_leads_twenty_are_listed() -> None:
    content = replies.my_leads(ALICE, [view()] * 23, policy(), NOW)
    assert_sound(content)
    assert words(content).count("*Pat Lee*") == 20
    assert "and 3 more" in words(content)
    assert replies.my_leads(ALICE, [], policy(), NOW).text.startswith("You have no open leads.")


def test_why_tells_every_rule_every_rep_and_whose_turn_it_was() -> None:
    content = replies.why(STATES["accepted"], HISTORY, policy(), NOW)
    assert_sound(content)
    read = words(content)
    for wanted in (
        "1. Named accounts: nobody owns this account yet",
        "3. Everyone else: *this one decided*",
        "• Carol: off until Mon 09:00 London",
        "• Alice Ames: *gets it* · turn credit 0 → -1",
        "• Bob Brandt: was free · turn credit 0 → 1",
        "Decided under policy `5d41402abc4b`",
    ):
        assert wanted in read


def test_credits_before_are_not_made_up_when_the_weights_have_changed() -> None:
    changed = replace(ROUTED, detail=ROUTED.detail | {"cost": 17})
    assert "turn credit -1 afterwards" in words(replies.why(STATES["accepted"], [changed], policy(), NOW))


def test_the_history_has_both_names_when_somebody_acted_for_a_rep() -> None:
    read = words(replies.why(STATES["accepted"], HISTORY, policy(), NOW))
    assert "*Dana* for Alice Ames: accepted it (MQL → SAL)" in read
    assert "*Alice Ames*: logged a touch, Call “Left a message”" in read


def test_of_a_long_history_the_latest_is_kept() -> None:
    told = [entry("touched", channel="Call", note=f"call {n}") for n in range(300)]
    content = replies.why(STATES["accepted"], [ROUTED, *told], policy(), NOW)
    assert_sound(content)
    assert "“call 299”" in words(content)
    assert "“call 259”" not in words(content)
    assert "the last 40 of 301 entries" in words(content)
    assert "1. Named accounts" in words(content)


def test_every_event_has_words_of_its_own() -> None:
    told = [
        entry("rejected", reason="no_budget", label="No budget", note="Nothing left", credit=True),
        entry("qualified", budget="40k", authority="", need="seats", timeline="January"),
        entry("disqualified", reason="wrong_industry", note=""),
        entry("breached", "Handoff", clock="acceptance", rep=ALICE),
        entry("lapsed", "Handoff", rep=ALICE),
        entry("replied", "website"),
        entry("something new", "website"),
    ]
    read = words(replies.why(STATES["accepted"], told, policy(), NOW))
    assert "rejected it, No budget, the turn was given back “Nothing left”" in read
    assert "qualified it: budget “40k”, need “seats”, timeline “January”" in read
    assert "disqualified it, Wrong industry" in read
    assert "the time for acceptance ran out, with Alice Ames" in read
    assert "took it on from Alice Ames, whose time had run out" in read
    assert "*website*: the lead replied" in read
    assert "*website*: something new" in read


def test_a_lead_that_was_not_handed_over_says_what_was_missing() -> None:
    received = entry("received", "Handoff", reasons=["score 40 is below the minimum of 60"])
    shown = view(status=Status.NEW, plan=Plan.NONE, rep=None, why=None)
    assert "• score 40 is below the minimum of 60" in words(replies.why(shown, [received], policy(), NOW))


def test_usage_names_every_word() -> None:
    content = replies.usage()
    assert_sound(content)
    for word in ("/sla", "/sla team", "/leads", "/leads away", "/leads back", "/lead why"):
        assert word in words(content)


def test_a_sentence_about_a_hostile_word_stays_a_sentence() -> None:
    assert replies.plain("There is no lead “<!channel>”.").text == "There is no lead “&lt;!channel&gt;”."
