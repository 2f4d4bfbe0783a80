"""The home tab, and events with their retries."""

import json
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.errors import BotDidNotAnswer
from sandbox.model import Channel, User
from sandbox.workspace import Workspace
from tests.sandbox.refusals import complaints, word
from tests.sandbox.stage import Server, run, section


def test_opening_the_home_tab_lets_the_bot_fill_it(
    workspace: Workspace, slack: WebClient, bot: AsyncApp, alice: User
) -> None:
    heard: list[dict[str, Any]] = []

    @bot.event("app_home_opened")
    async def opened(body: dict[str, Any], client: Any) -> None:
        heard.append(body)
        view = {"type": "home", "blocks": [section(f"visit {len(heard)}")]}
        await client.views_publish(user_id=body["event"]["user"], view=view)

    run(workspace.open_home(alice.id))
    run(workspace.open_home(alice.id))
    first, second = heard
    assert first["event"]["tab"] == "home"
    assert first["event"]["channel"] == workspace.im(alice.id).id
    assert "view" not in first["event"]
    assert second["event"]["view"]["blocks"][0]["text"]["text"] == "visit 1"
    assert first["event_id"] != second["event_id"]
    home = workspace.home(alice.id)
    assert home is not None
    assert home["blocks"][0]["text"]["text"] == "visit 2"


def test_a_home_tab_is_published_for_a_person_and_against_the_latest_hash(
    workspace: Workspace, slack: WebClient, alice: User
) -> None:
    view = {"type": "home", "blocks": [section("x")]}
    first = slack.views_publish(user_id=alice.id, view=view)["view"]
    second = slack.views_publish(user_id=alice.id, view=view, hash=first["hash"])["view"]
    assert second["id"] == first["id"]
    assert word(slack.views_publish, user_id=alice.id, view=view, hash=first["hash"]) == "hash_conflict"
    assert complaints(slack.views_publish, user_id="U404", view=view) == ["invalid `user_id`"]
    workspace.state.switches.home_tab = False
    assert word(slack.views_publish, user_id=alice.id, view=view) == "not_enabled"


class Ear:
    """A bot that keeps the headers of each delivery and answers as told."""

    def __init__(self, *answers: Response) -> None:
        self.answers = list(answers)
        self.heard: list[tuple[str, str | None, str | None]] = []

    async def __call__(self, request: Request) -> Response:
        body = json.loads(await request.body())
        headers = request.headers
        self.heard.append((body["event_id"], headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason")))
        return self.answers.pop(0) if self.answers else Response()


def listening(workspace: Workspace, server: Server, ear: Ear) -> None:
    async def events(request: Request) -> Response:
        return await ear(request)

    server.app = Starlette(routes=[Route("/slack/events", events, methods=["POST"])])
    workspace.connect(f"{server.url}/slack/events")


def test_a_failed_event_comes_again_at_once(workspace: Workspace, bot_server: Server, alice: User) -> None:
    ear = Ear(Response(status_code=500))
    listening(workspace, bot_server, ear)
    run(workspace.open_home(alice.id))
    [(first, no_number, _), (second, number, reason)] = ear.heard
    assert first == second
    assert (no_number, number, reason) == (None, "1", "http_error")


def test_a_bot_can_say_no_to_retries(workspace: Workspace, bot_server: Server, alice: User) -> None:
    ear = Ear(Response(status_code=500, headers={"x-slack-no-retry": "1"}))
    listening(workspace, bot_server, ear)
    with pytest.raises(BotDidNotAnswer, match="HTTP 500"):
        run(workspace.open_home(alice.id))
    assert len(ear.heard) == 1


def test_the_request_url_is_verified_by_a_challenge(workspace: Workspace, bot: AsyncApp) -> None:
    assert run(workspace.verify_request_url())


def test_a_bot_hears_the_messages_it_subscribed_to(
    workspace: Workspace, bot: AsyncApp, leads: Channel, alice: User
) -> None:
    workspace.state.events = frozenset({"message.im", "app_mention"})
    heard: list[str] = []

    @bot.event("message")
    async def message(event: dict[str, Any]) -> None:
        heard.append(f"{event['channel_type']}: {event['text']}")

    @bot.event("app_mention")
    async def mention(event: dict[str, Any]) -> None:
        heard.append(f"mention: {event['text']}")

    run(workspace.say(alice.id, workspace.im(alice.id).id, "psst"))
    run(workspace.say(alice.id, leads.id, "not for you"))
    run(workspace.say(alice.id, leads.id, f"<@{workspace.bot_user_id}> hello"))
    assert heard == ["im: psst", f"mention: <@{workspace.bot_user_id}> hello"]
    assert [m.user for m in workspace.messages(leads.id)] == [alice.id, alice.id]


def test_any_other_event_can_be_sent(workspace: Workspace, bot: AsyncApp, alice: User) -> None:
    heard: list[str] = []

    @bot.event("user_change")
    async def changed(event: dict[str, Any]) -> None:
        heard.append(event["user"]["id"])

    run(workspace.send_event({"type": "user_change", "user": {"id": alice.id}}))
    assert heard == [alice.id]
