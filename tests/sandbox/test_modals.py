"""Modals: opened by trigger, filled in, refused, accepted, stacked."""

from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk import WebClient

from sandbox import triggers
from sandbox.errors import BotDidNotAnswer, NothingToClick
from sandbox.model import User
from sandbox.workspace import Workspace
from tests.sandbox.refusals import complaints, word
from tests.sandbox.stage import button, buttons, modal, note, reason, run


def opened(workspace: Workspace, slack: WebClient, user: User, view: dict[str, Any]) -> str:
    trigger = workspace.state.triggers.issue(user.id)
    return str(slack.views_open(trigger_id=trigger.id, view=view)["view"]["id"])


def answering(bot: AsyncApp, **answer: Any) -> list[dict[str, Any]]:
    """Every submission gets this answer; returns what was submitted."""
    heard: list[dict[str, Any]] = []

    @bot.view("reject")
    async def submitted(ack: Any, body: dict[str, Any]) -> None:
        heard.append(body)
        await ack(**answer)

    return heard


def test_a_trigger_works_once_and_soon(
    workspace: Workspace, slack: WebClient, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    trigger = workspace.state.triggers.issue(alice.id)
    slack.views_open(trigger_id=trigger.id, view=modal(note()))
    assert word(slack.views_open, trigger_id=trigger.id, view=modal(note())) == "exchanged_trigger_id"
    assert word(slack.views_open, trigger_id="1.2.x", view=modal(note())) == "invalid_trigger_id"
    monkeypatch.setattr(triggers, "LIFETIME", 0.0)
    late = workspace.state.triggers.issue(alice.id)
    assert word(slack.views_open, trigger_id=late.id, view=modal(note())) == "expired_trigger_id"


def test_a_faulty_view_does_not_spend_the_trigger(workspace: Workspace, slack: WebClient, alice: User) -> None:
    trigger = workspace.state.triggers.issue(alice.id)
    told = complaints(slack.views_open, trigger_id=trigger.id, view=modal(note(), private_metadata="x" * 3001))
    assert told == ["[ERROR] must be less than 3001 characters [json-pointer:/view/private_metadata]"]
    assert slack.views_open(trigger_id=trigger.id, view=modal(note()))["ok"]


def test_a_form_arrives_as_it_was_filled_in(workspace: Workspace, slack: WebClient, bot: AsyncApp, alice: User) -> None:
    heard = answering(bot)
    view_id = opened(workspace, slack, alice, modal(reason("budget", "timing"), note(), private_metadata="lead-7"))
    given = {
        "reason": {"reason": {"type": "static_select", "selected_option": {"value": "timing"}}},
        "note": {"note": {"type": "plain_text_input", "value": "next year"}},
    }
    assert run(workspace.submit(alice.id, view_id, given)) == {}
    view = heard[0]["view"]
    chosen = {"text": {"type": "plain_text", "text": "Timing"}, "value": "timing"}
    assert view["state"]["values"]["reason"]["reason"] == {"type": "static_select", "selected_option": chosen}
    assert view["state"]["values"]["note"]["note"] == {"type": "plain_text_input", "value": "next year"}
    assert (view["private_metadata"], view["callback_id"]) == ("lead-7", "reject")
    assert workspace.modal(alice.id) is None


def test_the_client_itself_asks_for_required_fields(
    workspace: Workspace, slack: WebClient, bot: AsyncApp, alice: User
) -> None:
    heard = answering(bot)
    view_id = opened(workspace, slack, alice, modal(reason("timing"), note(min_length=5)))
    assert run(workspace.submit(alice.id, view_id, {"note": {"note": "no"}})) == {
        "reason": "Please complete this required field.",
        "note": "Please use at least 5 characters.",
    }
    assert heard == []


def test_an_optional_field_may_stay_empty_and_a_preset_counts(
    workspace: Workspace, slack: WebClient, bot: AsyncApp, alice: User
) -> None:
    heard = answering(bot)
    block = {**note(), "optional": True}
    preset = {**note(initial_value="as before"), "block_id": "preset"}
    view_id = opened(workspace, slack, alice, modal(block, preset))
    run(workspace.submit(alice.id, view_id, {}))
    values = heard[0]["view"]["state"]["values"]
    assert (values["note"]["note"]["value"], values["preset"]["note"]["value"]) == (None, "as before")


def test_the_bots_errors_keep_the_form_open(workspace: Workspace, slack: WebClient, bot: AsyncApp, alice: User) -> None:
    answering(bot, response_action="errors", errors={"note": "Too short."})
    view_id = opened(workspace, slack, alice, modal(note()))
    assert run(workspace.submit(alice.id, view_id, {"note": {"note": "x"}})) == {"note": "Too short."}
    held = workspace.modal(alice.id)
    assert held is not None
    assert held["state"]["values"]["note"]["note"]["value"] == "x"


def test_errors_for_a_block_that_is_no_input_are_trouble(
    workspace: Workspace, slack: WebClient, bot: AsyncApp, alice: User
) -> None:
    answering(bot, response_action="errors", errors={"elsewhere": "?"})
    view_id = opened(workspace, slack, alice, modal(note()))
    with pytest.raises(BotDidNotAnswer, match="elsewhere"):
        run(workspace.submit(alice.id, view_id, {"note": {"note": "x"}}))


def test_an_answer_may_update_push_or_clear(workspace: Workspace, slack: WebClient, bot: AsyncApp, alice: User) -> None:
    answers: list[dict[str, Any]] = [
        {"response_action": "update", "view": modal(note(), private_metadata="second")},
        {"response_action": "push", "view": modal(note(), private_metadata="on top")},
        {"response_action": "clear"},
    ]

    @bot.view("reject")
    async def submitted(ack: Any) -> None:
        await ack(**answers.pop(0))

    opened(workspace, slack, alice, modal(note()))
    seen = []
    while (view := workspace.modal(alice.id)) is not None:
        seen.append(view["private_metadata"])
        run(workspace.submit(alice.id, view["id"], {"note": {"note": "x"}}))
    assert seen == ["", "second", "on top"]


def test_an_answer_with_a_faulty_view_is_trouble(
    workspace: Workspace, slack: WebClient, bot: AsyncApp, alice: User
) -> None:
    answering(bot, response_action="update", view=modal(note(), title={"type": "plain_text", "text": "x" * 25}))
    view_id = opened(workspace, slack, alice, modal(note()))
    with pytest.raises(BotDidNotAnswer, match="less than 25"):
        run(workspace.submit(alice.id, view_id, {"note": {"note": "x"}}))


def test_three_modals_may_lie_on_each_other(workspace: Workspace, slack: WebClient, alice: User) -> None:
    root = opened(workspace, slack, alice, modal(note()))
    for _ in range(2):
        trigger = workspace.state.triggers.issue(alice.id, root)
        top = slack.views_push(trigger_id=trigger.id, view=modal(note()))["view"]
    assert top["root_view_id"] == root
    trigger = workspace.state.triggers.issue(alice.id, root)
    assert word(slack.views_push, trigger_id=trigger.id, view=modal(note())) == "push_limit_reached"
    with pytest.raises(NothingToClick):
        run(workspace.submit(alice.id, root, {"note": {"note": "x"}}))


def test_an_update_against_an_old_hash_is_refused(workspace: Workspace, slack: WebClient, alice: User) -> None:
    trigger = workspace.state.triggers.issue(alice.id)
    first = slack.views_open(trigger_id=trigger.id, view=modal(note()))["view"]
    second = slack.views_update(view_id=first["id"], hash=first["hash"], view=modal(note()))["view"]
    assert second["hash"] != first["hash"]
    again = {"view_id": first["id"], "hash": first["hash"], "view": modal(note())}
    assert word(slack.views_update, **again) == "hash_conflict"
    assert word(slack.views_update, view_id="V404", view=modal(note())) == "not_found"


def test_typed_words_survive_an_update_that_keeps_the_field(
    workspace: Workspace, slack: WebClient, bot: AsyncApp, alice: User
) -> None:
    @bot.action("more")
    async def more(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        view = body["view"]
        assert view["state"]["values"]["note"]["note"]["value"] == "half a"
        await client.views_update(view_id=view["id"], hash=view["hash"], view=modal(note(), reason("timing")))

    view_id = opened(workspace, slack, alice, modal(note(), buttons(button("More", "more"))))
    typed = {"note": {"note": {"type": "plain_text_input", "value": "half a"}}}
    run(workspace.click_in_view(alice.id, view_id, action_id="more", state=typed))
    held = workspace.modal(alice.id)
    assert held is not None
    assert held["state"]["values"]["note"]["note"]["value"] == "half a"
    assert held["state"]["values"]["reason"]["reason"]["selected_option"] is None


def test_a_bot_hears_of_a_closed_form_only_if_it_asked(
    workspace: Workspace, slack: WebClient, bot: AsyncApp, alice: User
) -> None:
    heard: list[dict[str, Any]] = []

    @bot.view_closed("reject")
    async def closed(ack: Any, body: dict[str, Any]) -> None:
        heard.append(body)
        await ack()

    run(workspace.close(alice.id, opened(workspace, slack, alice, modal(note()))))
    assert heard == []
    run(workspace.close(alice.id, opened(workspace, slack, alice, modal(note(), notify_on_close=True))))
    assert [b["type"] for b in heard] == ["view_closed"]
    assert workspace.modal(alice.id) is None


def test_an_external_id_belongs_to_one_view(workspace: Workspace, slack: WebClient, alice: User) -> None:
    opened(workspace, slack, alice, modal(note(), external_id="reject-7"))
    trigger = workspace.state.triggers.issue(alice.id)
    twin = {"trigger_id": trigger.id, "view": modal(note(), external_id="reject-7")}
    assert word(slack.views_open, **twin) == "duplicate_external_id"
    assert slack.views_update(external_id="reject-7", view=modal(note(), external_id="reject-7"))["ok"]


def test_a_huge_view_is_too_large(workspace: Workspace, slack: WebClient, alice: User) -> None:
    trigger = workspace.state.triggers.issue(alice.id)
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}} for _ in range(90)]
    assert word(slack.views_open, trigger_id=trigger.id, view=modal(*blocks)) == "view_too_large"
