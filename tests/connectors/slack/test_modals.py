"""The forms behind the buttons."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from connectors.slack.modals import FORMS, answers, form, mistake, origin
from connectors.slack.words import Action
from sla_engine.policy import Outcome
from tests.connectors.slack.judge import assert_sound_view
from tests.connectors.slack.samples import ALICE, BOB, FOLLOW_UP, MINUTE, MONDAY_NINE, policy, view

NOW = MONDAY_NINE + 3 * MINUTE


def opened(action: Action) -> dict[str, Any]:
    return form(action, view(), policy(), NOW)


def field(modal: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(block for block in modal["blocks"] if block.get("block_id") == name)
    return found


def choices(modal: dict[str, Any], name: str) -> dict[str, str]:
    return {one["value"]: one["text"]["text"] for one in field(modal, name)["element"]["options"]}


@pytest.mark.parametrize("action", sorted(FORMS))
def test_every_form_carries_the_action_and_the_lead(action: Action) -> None:
    modal = opened(action)
    assert_sound_view(modal)
    assert modal["callback_id"] == action.value
    assert origin(modal["private_metadata"]) == ("L4x7k2m9qaz", False)
    assert modal["private_metadata"] != opened(action)["private_metadata"], "each form is one of its own"
    assert "Pat Lee" in str(modal["blocks"][0])


@pytest.mark.parametrize("action", sorted(FORMS))
def test_every_form_asks_for_what_it_answers_and_first_for_what_must_be_filled(action: Action) -> None:
    asked = [block for block in opened(action)["blocks"] if block["type"] == "input"]
    assert tuple(block["block_id"] for block in asked) == FORMS[action].fields
    assert not asked[0]["optional"]
    assert (asked[0]["element"]["type"] == "plain_text_input") is FORMS[action].is_written


def test_reject_asks_for_one_of_the_policys_reasons_and_says_which_need_a_note() -> None:
    modal = opened(Action.REJECT)
    assert modal["title"]["text"] == "Reject lead"
    assert modal["submit"]["text"] == "Reject"
    assert modal["close"]["text"] == "Cancel"
    assert choices(modal, "reason") == {reason.id: reason.label for reason in policy().reasons}
    assert field(modal, "reason")["optional"] is False
    assert field(modal, "note")["optional"] is True
    assert field(modal, "note")["label"]["text"] == "Note"
    quoted = "Required for “Bad timing”, otherwise optional. Marketing reads it in the weekly digest."
    assert field(modal, "note")["hint"]["text"] == quoted
    assert field(opened(Action.RECYCLE), "note")["hint"]["text"] == "Required for “Bad timing”, otherwise optional."


def test_a_note_that_every_reason_needs_is_no_optional_field() -> None:
    strict = tuple(replace(reason, note_required=True) for reason in policy().reasons)
    note = field(form(Action.RECYCLE, view(), replace(policy(), reasons=strict), NOW), "note")
    assert note["optional"] is False
    assert "hint" not in note


def test_a_form_shows_the_deadline_of_the_promise_it_answers() -> None:
    shown = {action: str(form(action, view(*FOLLOW_UP), policy(), NOW)["blocks"][0]) for action in FORMS}
    assert "Qualify by" in shown[Action.QUALIFY]
    assert "First touch by" not in shown[Action.QUALIFY]
    assert "First touch by" in shown[Action.TOUCH]
    assert "First touch by" in shown[Action.PAUSE]


def test_each_reason_says_what_becomes_of_the_lead() -> None:
    options = field(opened(Action.REJECT), "reason")["element"]["options"]
    said = {one["value"]: one["description"]["text"] for one in options}
    assert said["wrong_territory"] == "Goes to the next rep"
    assert said["bad_timing"] == "Goes back to marketing · needs a note"


def test_a_form_that_recycles_promises_nothing_else_of_its_reasons() -> None:
    disqualifying = tuple(replace(reason, outcome=Outcome.DISQUALIFY) for reason in policy().reasons)
    modal = form(Action.RECYCLE, view(), replace(policy(), reasons=disqualifying), NOW)
    said = {one["value"]: one.get("description") for one in field(modal, "reason")["element"]["options"]}
    assert (said.pop("bad_timing") or {})["text"] == "Needs a note"
    assert set(said.values()) == {None}


def test_recycle_and_disqualify_offer_the_reasons_that_fit_else_all() -> None:
    assert set(choices(opened(Action.RECYCLE), "reason")) == {"no_budget", "bad_timing", "bad_data"}
    assert set(choices(opened(Action.DISQUALIFY), "reason")) == {"wrong_industry", "duplicate"}
    rerouting = tuple(replace(reason, outcome=Outcome.REROUTE) for reason in policy().reasons)
    modal = form(Action.RECYCLE, view(), replace(policy(), reasons=rerouting), NOW)
    assert len(choices(modal, "reason")) == 6


def test_a_lead_is_reassigned_to_another_rep_of_its_team() -> None:
    assert choices(opened(Action.REASSIGN), "rep") == {"bob@acme.example": "Bob Brandt", "carol@acme.example": "Carol"}


def test_a_lead_of_a_team_the_policy_no_longer_has_is_reassigned_within_its_reps_present_team() -> None:
    assert set(choices(form(Action.REASSIGN, view(team="gone"), policy(), NOW), "rep")) == {BOB, "carol@acme.example"}
    nobodys = view(team="gone", rep="zoe@acme.example")
    assert {ALICE, "femi@acme.example"} < set(choices(form(Action.REASSIGN, nobodys, policy(), NOW), "rep"))


def test_where_nobody_else_can_take_it_the_form_says_so_and_cannot_be_sent() -> None:
    us = policy().teams["us-inbound"]
    alone = {us.name: replace(us, reps=us.reps[:1])}
    modal = form(Action.REASSIGN, view(), replace(policy(), teams=alone), NOW)
    assert_sound_view(modal)
    assert "submit" not in modal


def test_a_pause_says_for_how_long_it_lasts_at_most() -> None:
    hint = field(form(Action.PAUSE, view(), replace(policy(), pause_at_most=timedelta(days=3)), NOW), "reason")["hint"]
    assert hint["text"] == "The time left stays as it is until somebody resumes the lead, for 3 d at most."


def test_qualifying_asks_four_required_questions() -> None:
    modal = opened(Action.QUALIFY)
    asked = [block for block in modal["blocks"] if block["type"] == "input"]
    assert [block["block_id"] for block in asked] == ["budget", "authority", "need", "timeline"]
    assert not any(block["optional"] for block in asked)


def test_answers_are_read_from_what_slack_sends_and_missing_ones_are_empty() -> None:
    state = {
        "reason": {"reason": {"type": "static_select", "selected_option": {"value": "no_budget"}}},
        "note": {"note": {"type": "plain_text_input", "value": " later "}},
    }
    assert answers(Action.REJECT, state) == {"reason": "no_budget", "note": "later"}
    empty: dict[str, Any] = {"reason": {"reason": {"selected_option": None}}, "note": {"note": {"value": None}}}
    assert answers(Action.REJECT, empty) == {"reason": "", "note": ""}
    assert answers(Action.REASSIGN, {}) == {"rep": ""}


def test_a_mistake_is_shown_beneath_its_field() -> None:
    sentence = "“Bad timing” needs a note."
    assert field(opened(Action.REJECT), next(iter(mistake("note", sentence))))["label"]["text"] == "Note"
    assert mistake("note", sentence) == {"note": sentence}
