"""What slash commands answer."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from connectors.slack import explanation, history, replies
from connectors.slack.numbers import percent
from sla_engine.clock import Kind
from sla_engine.lead import Plan, Status
from storage.history import Happened
from storage.queries import Kept
from tests.connectors.slack.judge import assert_sound, words
from tests.connectors.slack.samples import (
    ALICE,
    BOB,
    DANA,
    HISTORY,
    HOUR,
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
    assert "*Accepting* · 11 of 12 in time (92 %), median 6 min" in read
    assert "*First touch* · 8 of 10 in time (80 %), median 55 min, 1 overdue now" in read
    assert "*Qualifying* · none yet" in read


def test_a_handful_of_answers_comes_with_a_caution() -> None:
    assert "Only 3 offers so far" in words(replies.my_numbers(BOB, KEPT, [], policy(), NOW))
    assert "No offers yet" in words(replies.my_numbers(DANA, KEPT, [], policy(), NOW))


def test_all_but_one_in_a_thousand_is_not_a_hundred_per_cent() -> None:
    nearly = [Kept(ALICE, Kind.ACCEPTANCE, 1000, 1, 0, ())]
    assert "999 of 1,000 in time (99 %)" in words(replies.my_numbers(ALICE, nearly, [], policy(), NOW))


def test_shares_are_rounded_half_up() -> None:
    assert [percent(*one) for one in ((2, 3), (3, 8), (1, 3), (1, 200), (0, 5), (5, 5))] == [
        "67 %",
        "38 %",
        "33 %",
        "1 %",
        "0 %",
        "100 %",
    ]


def test_wall_time_is_mentioned_only_where_the_policy_promises_in_it() -> None:
    told = replies.my_numbers(ALICE, KEPT, [], policy(), NOW)
    assert "Medians count working time." in words(told)
    first, *rest = policy().promises
    mixed = replace(policy(), promises=(replace(first, count="elapsed"), *rest))
    wanted = "Medians count working time, and wall time for Demo request."
    assert wanted in words(replies.my_numbers(ALICE, KEPT, [], mixed, NOW))
    wall = replace(policy(), promises=(replace(first, count="elapsed"),))
    assert "Medians count wall time." in words(replies.my_numbers(ALICE, KEPT, [], wall, NOW))


def test_a_manager_who_was_given_leads_is_counted_in_the_team_that_gave_them() -> None:
    held = [*KEPT, Kept(DANA, Kind.ACCEPTANCE, 0, 0, 1, (), "us-inbound")]
    teams = [policy().teams[name] for name in ("us-inbound", "emea-inbound")]
    own, other = (words(replies.team_numbers([team], held, policy(), NOW, people=PEOPLE)) for team in teams)
    assert "*Dana* (manager) · 1 overdue now" in own
    assert "*Accepting* · 14 of 15 in time (93 %), median 4 min 30 s, 1 overdue now" in own
    assert "manager" not in other
    assert "manager" not in words(replies.team_numbers(teams[:1], KEPT, policy(), NOW, people=PEOPLE))


def test_a_manager_sees_totals_and_a_line_for_each_rep_of_their_teams_only() -> None:
    content = replies.team_numbers([policy().teams["us-inbound"]], KEPT, policy(), NOW, people=PEOPLE)
    assert_sound(content)
    read = words(content)
    assert "*Accepting* · 14 of 15 in time (93 %)" in read
    assert "*Alice Ames* · accepting 92 % of 12 · first touch 80 % of 10 · qualifying – · 1 overdue now" in read
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
    content = explanation.why(STATES["accepted"], HISTORY, policy(), NOW)
    assert_sound(content)
    read = words(content)
    for wanted in (
        "1. Named accounts: nobody owns this account yet",
        "3. Everyone else: *this one decided*",
        "• Carol: off until Mon 09:00 London\n",
        "• Alice Ames: *gets it* · owed 0.00 → −0.50 turns",
        "• Bob Brandt: free, but not next in turn · owed 0.00 → 0.50 turns",
        "*Reps of us-inbound*",
        "Decided under policy `5d41402abc4b`",
    ):
        assert wanted in read


def test_a_turn_that_is_over_is_not_shown_as_the_decision_in_force() -> None:
    fallback = entry("assigned", "Handoff", MONDAY_NINE + HOUR, rep=DANA, line="Dana manages us-inbound", rules=[])
    read = words(explanation.why(STATES["with the manager"], [ROUTED, fallback], policy(), NOW))
    assert "*Why:* Dana manages us-inbound" in read
    assert "*The last turn in us-inbound*, <!date^1795442400^" in read
    assert "• Alice Ames: *got it* · owed 0.00 → −0.50 turns" in read
    assert "gets it" not in read
    assert "*Reps of" not in read


def test_a_time_that_ran_out_and_a_lead_that_was_taken_are_a_line_each() -> None:
    late: dict[str, Any] = {"clock": "acceptance", "rep": ALICE}
    told = [
        entry("level reached", "Handoff", share=80, **late),
        entry("breached", "Handoff", **late),
        entry("level reached", "Handoff", share=100, **late),
        entry("level reached", "Handoff", share=150, **late),
        entry("lapsed", "Handoff", rep=ALICE),
        entry("assigned", "Handoff", rep=BOB, line="Bob's turn in us-inbound"),
        entry("lapsed", "Handoff", rep=BOB),
    ]
    read = words(explanation.why(STATES["accepted"], told, policy(), NOW)).split("*What happened*\n")[1]
    lines = [line.partition("*Handoff*: ")[2] for line in read.splitlines() if "*Handoff*" in line]
    assert lines == [
        "80 % of the time to accept was used",
        "the time to accept ran out, with Alice Ames",
        "took it from Alice Ames, whose time had run out, and assigned it to Bob Brandt: Bob's turn in us-inbound",
        "took it from Bob Brandt, whose time had run out",
    ]
    other = [replace(told[2], detail={"clock": "qualification", "share": 100, "rep": ALICE})]
    assert "100 % of the time to qualify was used" in words(explanation.why(STATES["accepted"], other, policy(), NOW))


def test_a_deadline_that_moved_says_from_when_to_when_and_why() -> None:
    ten, noon = ((MONDAY_NINE + n * HOUR).isoformat() for n in (1, 3))

    def told(before: str | None, now: str | None) -> str:
        moved = entry("calendar changed", "Handoff", clock="first touch", rep=ALICE, due_before=before, due_now=now)
        return words(explanation.why(STATES["accepted"], [moved], policy(), NOW))

    because = "the working hours or a leave changed"
    both = told(ten, noon)
    assert "the deadline of the first touch moved from <!date^1795446000^" in both
    assert f"|12:00 New York>: {because}" in both
    assert "the deadline of the first touch, which was <!date^1795446000^" in told(ten, None)
    assert f"is open until somebody is back: {because}" in told(ten, None)
    assert "the first touch has a deadline again, <!date^" in told(None, noon)
    assert "calendar changed" not in both


def test_the_history_has_both_names_when_somebody_acted_for_a_rep() -> None:
    read = words(explanation.why(STATES["accepted"], HISTORY, policy(), NOW))
    assert "*Dana* for Alice Ames: accepted it (MQL → SAL)" in read
    assert "*Alice Ames*: logged a touch, Call “Left a message”" in read


def test_of_a_long_history_the_latest_is_kept() -> None:
    told = [entry("touched", channel="Call", note=f"call {n}") for n in range(300)]
    content = explanation.why(STATES["accepted"], [ROUTED, *told], policy(), NOW)
    assert_sound(content)
    assert "“call 299”" in words(content)
    assert "“call 259”" not in words(content)
    assert "the last 40 of 301 entries" in words(content)
    assert "1. Named accounts" in words(content)


def test_everything_that_can_happen_is_told() -> None:
    assert history.EVENTS.keys() == set(Happened)


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
    read = words(explanation.why(STATES["accepted"], told, policy(), NOW))
    assert "rejected it, No budget, the turn was given back “Nothing left”" in read
    assert "qualified it: budget “40k”, need “seats”, timeline “January”" in read
    assert "disqualified it, Wrong industry" in read
    assert "the time to accept ran out, with Alice Ames" in read
    assert "took it from Alice Ames, whose time had run out" in read
    assert "*website*: the lead replied" in read
    assert "*website*: something new" in read


def test_a_lead_that_was_not_handed_over_says_what_was_missing() -> None:
    received = entry("received", "Handoff", reasons=["score 40 is below the minimum of 60"])
    shown = view(status=Status.NEW, plan=Plan.NONE, rep=None, why=None)
    assert "• score 40 is below the minimum of 60" in words(explanation.why(shown, [received], policy(), NOW))
    first = entry("received", "Handoff", reasons=["company is missing"])
    read = words(explanation.why(shown, [first, received], policy(), NOW)).split("*What happened*")[0]
    assert ("score 40" in read, "company is missing" in read) == (True, False), "it came again with a company"


def test_usage_names_every_word() -> None:
    content = replies.usage()
    assert_sound(content)
    for word in ("/sla", "/sla team", "/leads", "/leads away", "/leads back", "/lead why", "3h", "2026-12-01"):
        assert word in words(content)


def test_an_unknown_word_is_named_before_the_usage() -> None:
    content = replies.usage(unknown="<!here> foo")
    assert_sound(content)
    assert content.text.startswith("I don't know “&lt;!here&gt; foo”. What you can say: ")
    assert words(content).startswith("I don't know “&lt;!here&gt; foo”.\n*What you can say*")


def test_a_sentence_about_a_hostile_word_stays_a_sentence() -> None:
    assert replies.plain("There is no lead “<!channel>”.").text == "There is no lead “&lt;!channel&gt;”."
