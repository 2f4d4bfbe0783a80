"""People use buttons and selects; a real Bolt app hears of it over signed HTTP."""

import asyncio
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk import WebClient

from sandbox.errors import BotDidNotAnswer, NothingToClick, UnknownPerson, UnknownPlace
from sandbox.model import Channel, User
from sandbox.workspace import Workspace
from tests.sandbox.stage import Server, button, buttons, run, section


def card(slack: WebClient, channel: Channel, *elements: dict[str, Any]) -> str:
    blocks = [section("New lead"), buttons(*elements)]
    return str(slack.chat_postMessage(channel=channel.id, text="New lead", blocks=blocks)["ts"])


def listen(bot: AsyncApp, action_id: str) -> list[dict[str, Any]]:
    """What the bot is told when this is used."""
    heard: list[dict[str, Any]] = []

    @bot.action(action_id)
    async def hear(ack: Any, body: dict[str, Any]) -> None:
        heard.append(body)
        await ack()

    return heard


def test_a_click_tells_who_where_and_what(
    workspace: Workspace, slack: WebClient, bot: AsyncApp, leads: Channel, alice: User
) -> None:
    heard = listen(bot, "accept")
    ts = card(slack, leads, button("Accept", "accept", "lead-7"), button("Reject", "reject"))
    run(workspace.click(alice.id, leads.id, ts, action_id="accept"))
    body = heard[0]
    assert body["user"]["id"] == alice.id
    assert body["channel"] == {"id": leads.id, "name": "leads-us"}
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": leads.id,
        "is_ephemeral": False,
    }
    assert body["message"]["ts"] == ts
    assert body["message"]["blocks"][1]["elements"][0]["value"] == "lead-7"
    [action] = body["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("accept", "buttons", "lead-7")
    assert body["response_url"].startswith("http://127.0.0.1:")
    assert body["trigger_id"]


def test_a_button_is_found_by_its_words(
    workspace: Workspace, slack: WebClient, bot: AsyncApp, leads: Channel, alice: User
) -> None:
    heard = listen(bot, "reject")
    ts = card(slack, leads, button("Accept", "accept"), button("Reject", "reject"))
    run(workspace.click(alice.id, leads.id, ts, label="Reject"))
    assert len(heard) == 1


def test_a_select_reports_the_chosen_option(
    workspace: Workspace, slack: WebClient, bot: AsyncApp, leads: Channel, alice: User, bob: User
) -> None:
    options = [{"text": {"type": "plain_text", "text": v.upper()}, "value": v} for v in ("s", "m")]
    sizes, people = listen(bot, "size"), listen(bot, "to")
    ts = card(
        slack,
        leads,
        {"type": "static_select", "action_id": "size", "options": options},
        {"type": "users_select", "action_id": "to"},
    )
    run(workspace.click(alice.id, leads.id, ts, action_id="size", value="m"))
    run(workspace.click(alice.id, leads.id, ts, action_id="to", value=bob.id))
    assert sizes[0]["actions"][0]["selected_option"] == options[1]
    assert sizes[0]["state"]["values"]["buttons"]["size"]["selected_option"] == options[1]
    assert people[0]["actions"][0]["selected_user"] == bob.id
    with pytest.raises(NothingToClick, match="among the choices: s, m"):
        run(workspace.click(alice.id, leads.id, ts, action_id="size", value="xl"))


def test_nobody_can_click_what_is_not_in_front_of_them(
    workspace: Workspace, slack: WebClient, bot: AsyncApp, leads: Channel, alice: User, bob: User
) -> None:
    ts = card(slack, leads, {**button("Accept", "accept"), "visible_to_user_ids": [bob.id]})
    direct = slack.chat_postMessage(channel=alice.id, text="x", blocks=[buttons(button("Go", "go"))])
    with pytest.raises(NothingToClick, match="nothing to use"):
        run(workspace.click(alice.id, leads.id, ts, action_id="accept"))
    with pytest.raises(NothingToClick, match="no message"):
        run(workspace.click(alice.id, leads.id, "1.0", action_id="accept"))
    with pytest.raises(UnknownPlace):
        run(workspace.click(bob.id, direct["channel"], direct["ts"], action_id="go"))
    with pytest.raises(UnknownPerson):
        run(workspace.click("U404", leads.id, ts, action_id="accept"))


def test_somebody_who_left_clicks_nothing(
    workspace: Workspace, slack: WebClient, bot: AsyncApp, leads: Channel, alice: User
) -> None:
    ts = card(slack, leads, button("Accept", "accept"))
    workspace.deactivate(alice)
    with pytest.raises(UnknownPerson, match="deactivated"):
        run(workspace.click(alice.id, leads.id, ts, action_id="accept"))


def test_a_bot_that_thinks_too_long_is_given_up(
    workspace: Workspace, slack: WebClient, bot: AsyncApp, leads: Channel, alice: User
) -> None:
    workspace.deliveries.patience = 0.2

    @bot.action("accept")
    async def dawdle(ack: Any) -> None:
        await asyncio.sleep(0.4)
        await ack()

    ts = card(slack, leads, button("Accept", "accept"))
    with pytest.raises(BotDidNotAnswer, match="operation_timeout"):
        run(workspace.click(alice.id, leads.id, ts, action_id="accept"))


def test_a_bot_that_fails_or_is_not_there_is_reported(
    workspace: Workspace, slack: WebClient, bot: AsyncApp, leads: Channel, alice: User
) -> None:
    ts = card(slack, leads, button("Accept", "accept"))
    with pytest.raises(BotDidNotAnswer, match="dispatch_failed: the bot answered with HTTP 404"):
        run(workspace.click(alice.id, leads.id, ts, action_id="accept"))
    workspace.connect("http://127.0.0.1:9/slack/events")
    with pytest.raises(BotDidNotAnswer, match="dispatch_failed: no connection"):
        run(workspace.click(alice.id, leads.id, ts, action_id="accept"))


def test_a_signature_made_with_another_secret_is_turned_away(
    workspace: Workspace, slack: WebClient, bot: AsyncApp, bot_server: Server, leads: Channel, alice: User
) -> None:
    listen(bot, "accept")
    ts = card(slack, leads, button("Accept", "accept"))
    workspace.state.team.signing_secret = workspace.signing_secret = "another"
    workspace.connect(f"{bot_server.url}/slack/events")
    with pytest.raises(BotDidNotAnswer, match="HTTP 401"):
        run(workspace.click(alice.id, leads.id, ts, action_id="accept"))


def test_the_same_click_can_arrive_twice(
    workspace: Workspace, slack: WebClient, bot: AsyncApp, leads: Channel, alice: User
) -> None:
    heard = listen(bot, "accept")
    ts = card(slack, leads, button("Accept", "accept"))
    run(workspace.click(alice.id, leads.id, ts, action_id="accept"))
    run(workspace.redeliver_last())
    assert len(heard) == 2
    assert heard[0] == heard[1]


def test_a_button_in_a_private_message_has_no_message_to_show(
    workspace: Workspace, slack: WebClient, bot: AsyncApp, leads: Channel, alice: User
) -> None:
    heard = listen(bot, "claim")
    blocks = [buttons(button("Claim", "claim"))]
    ts = slack.chat_postEphemeral(channel=leads.id, user=alice.id, text="x", blocks=blocks)["message_ts"]
    run(workspace.click(alice.id, leads.id, ts, action_id="claim"))
    assert heard[0]["container"]["is_ephemeral"] is True
    assert "message" not in heard[0]
