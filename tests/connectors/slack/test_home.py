"""The App Home."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from connectors.slack.home import MOST_TEAMS, Company, home
from connectors.slack.teams import Floor
from storage.people import Person
from storage.queries import LeadView
from tests.connectors.slack.judge import assert_sound_view, labels, read
from tests.connectors.slack.samples import (
    ACCEPTED,
    ALICE,
    BOB,
    DANA,
    FOLLOW_UP,
    KEPT,
    MINUTE,
    MONDAY_NINE,
    PEOPLE,
    STATES,
    clock,
    policy,
    view,
)

NOW = MONDAY_NINE + 3 * MINUTE


def shown(*views: LeadView, **person: Any) -> dict[str, Any]:
    people = {**PEOPLE, ALICE: replace(PEOPLE[ALICE], **person)}
    return seen_by(ALICE, *views, people=people)


def seen_by(reader: str, *views: LeadView, teams: str = "", people: dict[str, Person] = PEOPLE) -> dict[str, Any]:
    """Somebody's home tab, with all leads in each of these teams."""
    mine = [one for one in views if one.lead.rep == reader]
    floors = [Floor(policy().teams[name], list(views)) for name in teams.split()]
    more = [floor.team.name for floor in floors[MOST_TEAMS:]]
    company = Company(people, KEPT, policy(), NOW)
    found = home(reader, mine, floors[:MOST_TEAMS], company, more=more)
    assert_sound_view(found)
    return found


def numbered(views: list[LeadView]) -> list[LeadView]:
    return [replace(one, lead=replace(one.lead, id=f"L{n}")) for n, one in enumerate(views)]


def ids(found: dict[str, Any]) -> list[str]:
    """The leads that have buttons, in order."""
    return [
        block["elements"][0]["value"] for block in found["blocks"] if block.get("block_id", "").startswith("actions:")
    ]


def test_the_most_urgent_lead_comes_first_and_paused_ones_last() -> None:
    paused, later, overdue = numbered(
        [STATES["accepted and paused"], view(*FOLLOW_UP), view(clock(running_since=NOW - timedelta(days=3)))]
    )
    found = shown(paused, later, overdue)
    assert ids(found) == ["L2", "L1", "L0"]
    assert "3 open · 1 overdue · 1 paused" in str(found["blocks"][1])


def test_every_lead_has_its_deadline_and_its_buttons() -> None:
    found = shown(view())
    actions = next(block for block in found["blocks"] if block["type"] == "actions")
    assert labels(actions) == ["Accept", "Reject"]
    assert "*Accept by <!date^1795442700^" in str(found)


def test_no_leads_is_a_kind_sentence() -> None:
    assert "No open leads." in str(shown())


def test_a_rep_with_many_leads_is_told_how_many_more_there_are() -> None:
    found = shown(*numbered([view()] * 40))
    assert len(ids(found)) == 25
    assert "And 15 more leads" in str(found)


def test_somebody_away_is_told_so_until_they_are_back() -> None:
    assert "*You are away.*" in str(shown(leaves=((MONDAY_NINE, None),)))
    assert "You are away until <!date^" in str(shown(leaves=((MONDAY_NINE, NOW + timedelta(days=1)),)))
    assert "You are away" not in str(shown(leaves=((MONDAY_NINE, NOW - MINUTE),)))


def test_the_numbers_of_the_last_month_stand_below() -> None:
    assert "*Accepting* · 11 of 12 in time (92 %), median 6 min" in read(shown()["blocks"])


def test_a_manager_sees_their_teams_leads_by_urgency_with_who_has_each_and_who_is_away() -> None:
    later, held, overdue = numbered(
        [view(*FOLLOW_UP, **ACCEPTED), STATES["held"], view(clock(running_since=NOW - timedelta(days=3)), rep=BOB)]
    )
    away = {**PEOPLE, BOB: replace(PEOPLE[BOB], leaves=((MONDAY_NINE, NOW + timedelta(days=1)),))}
    found = read(seen_by(DANA, later, held, overdue, teams="us-inbound", people=away)["blocks"])
    assert found.startswith("us-inbound now\n3 open leads · 1 overdue · 1 with nobody yet · the most urgent first")
    assert found.index("`L2`") < found.index("`L0`") < found.index("`L1`")
    assert "*Pat Lee* · Northwind · `L2` · with *Bob Brandt*\n:warning: *Answer overdue since <!date^" in found
    assert "`L0` · with *Alice Ames*\n:hourglass_flowing_sand: *First touch by <!date^" in found
    assert "`L1`\n:zzz: *Held until" in found
    assert ":palm_tree: Away: Bob Brandt until <!date^" in found
    assert "*The last 30 days*\n*Accepting* · 14 of 15 in time (93 %)" in found
    assert "*Alice Ames* · accepting 92 % of 12" in found
    assert "Your" not in found


def test_a_manager_who_holds_leads_sees_them_first_and_a_rep_who_manages_sees_both() -> None:
    holding = seen_by(DANA, STATES["with the manager"], teams="us-inbound")
    assert read(holding["blocks"]).startswith("Your open leads")
    assert "us-inbound now" in read(holding["blocks"])
    assert ids(holding) == ["L4x7k2m9qaz"]
    both = read(seen_by(ALICE, teams="us-inbound emea-inbound")["blocks"])
    assert both.index("Your open leads") < both.index("us-inbound now") < both.index("emea-inbound now")
    assert both.index("emea-inbound now") < both.index("Your last 30 days")


def test_of_many_leads_and_teams_as_many_are_shown_as_slack_takes() -> None:
    found = seen_by(ALICE, *numbered([view()] * 40), teams="us-inbound emea-inbound " * 5)
    told = read(found["blocks"])
    assert len(ids(found)) == 5
    assert "And 5 more teams" in told
    assert "and 20 more leads" in told


def test_somebody_in_no_team_is_told_why_no_leads_come_and_sees_no_figures() -> None:
    found = seen_by("zoe@acme.example")
    assert read(found["blocks"]) == "You are in no team's rotation, so no leads come to you."
