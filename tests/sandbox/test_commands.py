"""Slash commands and what comes back through response URLs."""

from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from sandbox.errors import BotDidNotAnswer, UnknownCommand
from sandbox.model import Channel, User
from sandbox.workspace import Workspace
from tests.sandbox.stage import HandClock, button, buttons, run, section


@pytest.fixture
def response_url(workspace: Workspace, bot: AsyncApp, slack: WebClient, leads: Channel, alice: User) -> str:
    """The response URL of Alice's click on the card in the channel."""
    urls: list[str] = []

    @bot.action("accept")
    async def keep(ack: Any, body: dict[str, Any]) -> None:
        urls.append(body["response_url"])
        await ack()

    blocks = [buttons(button("Accept", "accept"))]
    ts = slack.chat_postMessage(channel=leads.id, text="card", blocks=blocks)["ts"]
    run(workspace.click(alice.id, leads.id, ts, action_id="accept"))
    return urls[0]


def test_a_command_is_answered_in_private(
    workspace: Workspace, bot: AsyncApp, slack: WebClient, leads: Channel, alice: User
) -> None:
    slack.auth_test()
    heard: list[dict[str, Any]] = []

    @bot.command("/sla")
    async def sla(ack: Any, command: dict[str, Any]) -> None:
        heard.append(command)
        await ack({"text": "92 %", "blocks": [section("92 %")]})

    answer = run(workspace.command(alice.id, leads.id, "/sla team"))
    assert answer["text"] == "92 %"
    assert (heard[0]["text"], heard[0]["user_id"], heard[0]["channel_name"]) == ("team", alice.id, "leads-us")
    assert [m.text for m in workspace.ephemerals(alice.id)] == ["92 %"]
    assert workspace.messages(leads.id) == []


def test_a_command_can_answer_in_plain_text_or_in_the_channel(
    workspace: Workspace, bot: AsyncApp, leads: Channel, alice: User
) -> None:
    @bot.command("/sla")
    async def sla(ack: Any, command: dict[str, Any]) -> None:
        loud = command["text"] == "loud"
        await ack({"text": "for all", "response_type": "in_channel"} if loud else "just you")

    assert run(workspace.command(alice.id, leads.id, "/sla")) == {"text": "just you"}
    run(workspace.command(alice.id, leads.id, "/sla loud"))
    assert [m.text for m in workspace.messages(leads.id)] == ["for all"]


def test_a_command_can_answer_through_its_response_url(
    workspace: Workspace, bot: AsyncApp, slack: WebClient, leads: Channel, alice: User
) -> None:
    slack.auth_test()

    @bot.command("/sla")
    async def sla(ack: Any, respond: Any) -> None:
        await ack()
        await respond("after a while")

    assert run(workspace.command(alice.id, leads.id, "/sla"))["text"] == "after a while"
    assert [m.text for m in workspace.ephemerals(alice.id)] == ["after a while"]


def heard_by(bot: AsyncApp, name: str) -> list[str]:
    """What the bot hears after a command of this name, from now on."""
    heard: list[str] = []

    @bot.command(name)
    async def hear(ack: Any, command: dict[str, Any]) -> None:
        heard.append(command["text"])
        await ack("ok")

    return heard


def test_names_become_ids_where_the_command_asks_for_it(
    workspace: Workspace, bot: AsyncApp, leads: Channel, alice: User, bob: User
) -> None:
    heard = heard_by(bot, "/sla")
    run(workspace.command(alice.id, leads.id, "/sla @bob in #leads-us a@b.example https://b.example/c @nobody"))
    mailed, linked = "<mailto:a@b.example|a@b.example>", "<https://b.example/c>"
    assert heard == [f"<@{bob.id}|bob> in <#{leads.id}|leads-us> {mailed} {linked} @nobody"]


def test_names_stay_names_where_the_command_does_not_ask_for_ids(
    workspace: Workspace, bot: AsyncApp, leads: Channel, alice: User
) -> None:
    heard = heard_by(bot, "/plain")
    run(workspace.command(alice.id, leads.id, "/plain @bob in #leads-us a@b.example"))
    assert heard == ["@bob in #leads-us a@b.example"]


def test_nobody_knows_an_unknown_command(workspace: Workspace, bot: AsyncApp, leads: Channel, alice: User) -> None:
    with pytest.raises(UnknownCommand, match="/dance is not a valid command"):
        run(workspace.command(alice.id, leads.id, "/dance"))


def test_a_failed_command_is_shown_to_its_user(
    workspace: Workspace, bot: AsyncApp, leads: Channel, alice: User
) -> None:
    with pytest.raises(BotDidNotAnswer):
        run(workspace.command(alice.id, leads.id, "/sla"))
    [told] = workspace.ephemerals(alice.id)
    assert (told.user, told.text) == ("USLACKBOT", '/sla failed with the error "dispatch_failed"')


def test_a_command_answered_with_faulty_blocks_is_trouble(
    workspace: Workspace, bot: AsyncApp, leads: Channel, alice: User
) -> None:
    @bot.command("/sla")
    async def sla(ack: Any) -> None:
        await ack({"text": "x", "blocks": [section("")]})

    with pytest.raises(BotDidNotAnswer, match="invalid_blocks"):
        run(workspace.command(alice.id, leads.id, "/sla"))


def test_an_answer_to_a_click_is_private_unless_it_says_otherwise(
    workspace: Workspace, response_url: str, leads: Channel, alice: User
) -> None:
    hook = WebhookClient(response_url)
    hook.send(text="only you")
    hook.send(text="all of you", response_type="in_channel")
    assert [m.text for m in workspace.ephemerals(alice.id)] == ["only you"]
    assert [m.text for m in workspace.messages(leads.id)] == ["card", "all of you"]


def test_the_original_can_be_replaced_and_deleted(workspace: Workspace, response_url: str, leads: Channel) -> None:
    hook = WebhookClient(response_url)
    hook.send(text="accepted", replace_original=True)
    assert [(m.text, m.blocks) for m in workspace.messages(leads.id)] == [("accepted", [])]
    hook.send(delete_original=True)
    assert workspace.messages(leads.id) == []


def test_a_response_url_is_good_for_five_uses(workspace: Workspace, response_url: str) -> None:
    hook = WebhookClient(response_url)
    answers = [hook.send(text=str(n)) for n in range(6)]
    assert [a.status_code for a in answers] == [200] * 5 + [404]
    assert (answers[0].body, answers[5].body) == ("ok", "used_url")


def test_a_response_url_is_good_for_half_an_hour(workspace: Workspace, response_url: str, clock: HandClock) -> None:
    hook = WebhookClient(response_url)
    clock.pass_seconds(30 * 60)
    assert hook.send(text="in time").status_code == 200
    clock.pass_seconds(1)
    late = hook.send(text="too late")
    assert (late.status_code, late.body) == (404, "expired_url")


def test_a_response_url_wants_something_to_say(response_url: str, alice: User) -> None:
    silent = WebhookClient(response_url).send(text="")
    assert (silent.status_code, silent.body) == (400, "no_text")
    faulty = WebhookClient(response_url).send(text="x", blocks=[section("")])
    assert (faulty.status_code, faulty.body) == (400, "invalid_blocks")
