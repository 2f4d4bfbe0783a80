"""The same doings over a websocket, with Bolt's own Socket Mode client."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession, WSServerHandshakeError
from slack_bolt.app.async_app import AsyncApp
from slack_sdk import WebClient

from connectors.slack.client import SlackClient
from handlers.socket_mode import SocketMode
from sandbox.errors import BotDidNotAnswer
from sandbox.model import Channel, User
from sandbox.workspace import Workspace
from tests.sandbox.stage import Server, bolt_app, button, buttons, modal, note, run


@asynccontextmanager
async def over_socket(workspace: Workspace, server: Server) -> AsyncIterator[AsyncApp]:
    bolt = bolt_app(workspace, server.url)
    socket = SocketMode(bolt, SlackClient(workspace.app_token, f"{server.url}/api/"), pause=0.2)
    socket.start()
    await until(lambda: workspace.sockets.connected)
    try:
        yield bolt
    finally:
        await socket.close()
        # The SDK's aiohttp session closes its transports on the next turns of the loop.
        await asyncio.sleep(0.05)


async def until(settled: Callable[[], bool]) -> None:
    for _ in range(300):
        if settled():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("this never came about")


def card(slack: WebClient, channel: Channel) -> str:
    blocks = [buttons(button("Accept", "accept"))]
    return str(slack.chat_postMessage(channel=channel.id, text="card", blocks=blocks)["ts"])


def test_a_click_opens_a_modal_and_its_submission_is_answered(
    workspace: Workspace, slack_server: Server, slack: WebClient, leads: Channel, alice: User
) -> None:
    async def story() -> None:
        async with over_socket(workspace, slack_server) as bolt:

            @bolt.action("accept")
            async def accept(ack: Any, body: dict[str, Any], client: Any) -> None:
                await ack()
                await client.views_open(trigger_id=body["trigger_id"], view=modal(note()))

            @bolt.view("reject")
            async def submitted(ack: Any) -> None:
                await ack(response_action="errors", errors={"note": "No."})

            await workspace.click(alice.id, leads.id, ts, action_id="accept")
            view = workspace.modal(alice.id)
            assert view is not None
            assert await workspace.submit(alice.id, view["id"], {"note": {"note": "x"}}) == {"note": "No."}

    ts = card(slack, leads)
    run(story())


def test_a_command_and_the_home_tab_work_the_same(
    workspace: Workspace, slack_server: Server, leads: Channel, alice: User
) -> None:
    async def story() -> None:
        async with over_socket(workspace, slack_server) as bolt:
            opened = []

            @bolt.command("/sla")
            async def sla(ack: Any, command: dict[str, Any]) -> None:
                await ack(f"you said {command['text']}")

            @bolt.event("app_home_opened")
            async def home(event: dict[str, Any]) -> None:
                opened.append(event["user"])

            assert await workspace.command(alice.id, leads.id, "/sla team") == {"text": "you said team"}
            await workspace.open_home(alice.id)
            assert opened == [alice.id]

    run(story())


def test_an_unacknowledged_event_comes_again_and_says_so(
    workspace: Workspace, slack_server: Server, alice: User
) -> None:
    async def story() -> None:
        async with over_socket(workspace, slack_server) as bolt:
            attempts = []
            workspace.deliveries.patience = 0.3

            @bolt.event("app_home_opened")
            async def home(req: Any) -> None:
                attempts.append(req.headers.get("x-slack-retry-num"))
                await asyncio.sleep(0.5 if len(attempts) == 1 else 0)

            await workspace.open_home(alice.id)
            assert attempts == [["0"], ["1"]]

    run(story())


def test_a_redelivered_envelope_runs_the_listener_again(
    workspace: Workspace, slack_server: Server, slack: WebClient, leads: Channel, alice: User
) -> None:
    async def story() -> None:
        async with over_socket(workspace, slack_server) as bolt:
            heard = []

            @bolt.action("accept")
            async def accept(ack: Any, body: dict[str, Any]) -> None:
                heard.append(body["trigger_id"])
                await ack()

            await workspace.click(alice.id, leads.id, ts, action_id="accept")
            await workspace.redeliver_last()
            assert len(heard) == 2
            assert heard[0] == heard[1]

    ts = card(slack, leads)
    run(story())


def test_a_bot_that_does_not_acknowledge_has_timed_out(
    workspace: Workspace, slack_server: Server, slack: WebClient, leads: Channel, alice: User
) -> None:
    async def story() -> None:
        workspace.deliveries.patience = 0.2
        async with over_socket(workspace, slack_server):
            with pytest.raises(BotDidNotAnswer, match="operation_timeout: the bot did not acknowledge"):
                await workspace.click(alice.id, leads.id, ts, action_id="accept")

    ts = card(slack, leads)
    run(story())


def test_a_client_told_to_go_comes_back(
    workspace: Workspace, slack_server: Server, leads: Channel, alice: User
) -> None:
    async def story() -> None:
        async with over_socket(workspace, slack_server) as bolt:

            @bolt.command("/sla")
            async def sla(ack: Any) -> None:
                await ack("still here")

            await workspace.sockets.disconnect()
            await until(lambda: workspace.sockets.connected)
            assert opened() == 2
            assert (await workspace.command(alice.id, leads.id, "/sla"))["text"] == "still here"

    def opened() -> int:
        return sum(c.method == "apps.connections.open" for c in workspace.calls)

    run(story())


def test_an_address_that_is_good_no_more_is_not_tried_for_ever(
    workspace: Workspace, slack_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with over_socket(workspace, slack_server):
            stale = workspace.sockets.ticket() + "x"
            with monkeypatch.context() as patched:
                patched.setattr(workspace.sockets, "ticket", lambda: stale)
                await workspace.sockets.disconnect()
                await until(lambda: not workspace.sockets.connected)
                await asyncio.sleep(0.3)
            await until(lambda: workspace.sockets.connected)

    run(story())


def test_slack_is_asked_for_an_address_no_sooner_than_it_says(workspace: Workspace, slack_server: Server) -> None:
    async def story() -> None:
        workspace.faults.ratelimit("apps.connections.open", 1)
        began = asyncio.get_running_loop().time()
        async with over_socket(workspace, slack_server):
            assert asyncio.get_running_loop().time() - began >= 1

    run(story())


def test_a_ticket_is_good_for_one_connection(workspace: Workspace, slack: WebClient) -> None:
    async def story() -> None:
        async with ClientSession() as session:
            async with session.ws_connect(url) as connection:
                assert (await connection.receive_json())["type"] == "hello"
            with pytest.raises(WSServerHandshakeError):
                await session.ws_connect(url)

    url = slack.apps_connections_open(app_token=workspace.app_token)["url"]
    run(story())
