"""The App Home."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from connectors.slack.home import home
from storage.queries import LeadView
from tests.connectors.slack.judge import assert_sound_view, labels
from tests.connectors.slack.samples import (
    ALICE,
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
    found = home(ALICE, list(views), KEPT, policy(), NOW, replace(PEOPLE[ALICE], **person))
    assert_sound_view(found)
    return found


def numbered(views: list[LeadView]) -> list[LeadView]:
    return [replace(one, lead=replace(one.lead, id=f"L{n}")) for n, one in enumerate(views)]


def ids(found: dict[str, Any]) -> list[str]:
    return [block["elements"][0]["value"] for block in found["blocks"] if block["type"] == "actions"]


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
    assert "*Accepting* · 11 of 12 in time (91 %), median 6 min" in str(shown())
