"""What the page in the browser reads and sends, and who is turned away."""

from typing import Any

import httpx
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk import WebClient

from sandbox.app import create_app
from sandbox.clock import SystemClock
from sandbox.model import Channel, User
from sandbox.workspace import Workspace
from tests.hosting import client
from tests.sandbox.stage import HandClock, Server, button, buttons, modal, note, run, section


@pytest.fixture
def page(workspace: Workspace, slack_server: Server) -> Any:
    with client(slack_server.url) as http:
        yield http


def state(page: httpx.Client, user: User) -> Any:
    return page.get("/ui/state", params={"as": user.id}).json()


def test_the_page_sees_people_places_commands_and_the_clock(
    page: httpx.Client, workspace: Workspace, leads: Channel, alice: User, bob: User, clock: HandClock
) -> None:
    workspace.add_channel("board", members=[bob.id], is_private=True)
    seen = state(page, alice)
    assert seen["team"] == {"name": "Acme"}
    assert seen["clock"] == {"now": clock.now().timestamp(), "speed": 1.0, "adjustable": True}
    assert seen["bot"] == {"user_id": workspace.bot_user_id, "name": "Handoff", "connected": False}
    assert [u["name"] for u in seen["users"]] == ["alice", "bob"]
    assert [(c["name"], c["kind"]) for c in seen["conversations"]] == [("leads-us", "channel"), ("Handoff", "im")]
    assert seen["commands"][0]["command"] == "/sla"
    assert (seen["home"], seen["modal"], seen["panel"]) == (None, None, True)
    assert page.get("/ui/panel").text == "<b>panel</b>"


def test_the_page_shows_each_reader_their_own_messages(
    page: httpx.Client, slack: WebClient, leads: Channel, alice: User, bob: User
) -> None:
    parent = slack.chat_postMessage(channel=leads.id, text="card", blocks=[section("card")])["ts"]
    slack.chat_postMessage(channel=leads.id, text="reply", thread_ts=parent)
    slack.chat_postEphemeral(channel=leads.id, user=alice.id, text="psst")
    hers = page.get("/ui/messages", params={"as": alice.id, "conversation": leads.id}).json()["messages"]
    his = page.get("/ui/messages", params={"as": bob.id, "conversation": leads.id}).json()["messages"]
    assert [m["text"] for m in hers] == ["card", "reply", "psst"]
    assert [m["text"] for m in his] == ["card", "reply"]
    assert (hers[0]["reply_count"], hers[1]["thread_ts"], hers[2]["ephemeral"]) == (1, parent, True)


def test_nobody_reads_anothers_direct_messages(
    page: httpx.Client, workspace: Workspace, alice: User, bob: User
) -> None:
    asked = {"as": bob.id, "conversation": workspace.im(alice.id).id}
    assert page.get("/ui/messages", params=asked).status_code == 404


def test_a_click_a_form_and_a_command_go_through_the_page(
    page: httpx.Client, workspace: Workspace, slack: WebClient, bot: AsyncApp, leads: Channel, alice: User
) -> None:
    @bot.action("reject")
    async def reject(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(note()))

    @bot.view("reject")
    async def submitted(ack: Any) -> None:
        await ack()

    @bot.command("/sla")
    async def sla(ack: Any) -> None:
        await ack("92 %")

    blocks = [buttons(button("Reject", "reject"))]
    ts = slack.chat_postMessage(channel=leads.id, text="card", blocks=blocks)["ts"]
    me = {"as": alice.id}
    click = {**me, "conversation": leads.id, "ts": ts, "block_id": "buttons", "action_id": "reject"}
    assert page.post("/ui/click", json=click).json() == {"ok": True}
    view_id = state(page, alice)["modal"]["id"]
    empty = page.post("/ui/submit", json={**me, "view_id": view_id, "state": {}}).json()
    assert empty == {"ok": True, "errors": {"note": "Please complete this required field."}}
    filled = {"note": {"note": {"type": "plain_text_input", "value": "no budget"}}}
    assert page.post("/ui/submit", json={**me, "view_id": view_id, "state": filled}).json()["errors"] == {}
    assert state(page, alice)["modal"] is None
    command = {**me, "conversation": leads.id, "text": "/sla"}
    assert page.post("/ui/command", json=command).json() == {"ok": True}
    assert [m.text for m in workspace.ephemerals(alice.id)] == ["92 %"]


def test_what_fails_is_said_in_a_sentence(
    page: httpx.Client, workspace: Workspace, leads: Channel, alice: User
) -> None:
    asked = {"as": alice.id, "conversation": leads.id, "text": "/dance"}
    assert page.post("/ui/command", json=asked).json() == {
        "ok": False,
        "message": "/dance is not a valid command.",
    }
    answer = page.post("/ui/home", json={"as": alice.id}).json()
    assert answer["message"] == "dispatch_failed: no bot is connected to this workspace"
    assert page.post("/ui/click", json={"as": alice.id}).status_code == 400


def test_a_person_can_simply_say_something(
    page: httpx.Client, workspace: Workspace, leads: Channel, alice: User
) -> None:
    page.post("/ui/message", json={"as": alice.id, "conversation": leads.id, "text": "hello"})
    [message] = workspace.messages(leads.id)
    assert (message.user, message.text, message.is_bot) == (alice.id, "hello", False)


def test_the_page_moves_the_clock(page: httpx.Client, clock: HandClock) -> None:
    before = clock.now()
    assert page.post("/ui/clock", json={"advance": 3600}).json() == {"ok": True}
    assert page.post("/ui/clock", json={"speed": 60}).json() == {"ok": True}
    assert ((clock.now() - before).total_seconds(), clock.speed) == (3600.0, 60.0)
    assert page.post("/ui/clock", json={"speed": -1}).status_code == 400


def test_wall_time_stays_as_it_is(page: httpx.Client, slack_server: Server, alice: User) -> None:
    slack_server.app = create_app(Workspace(clock=SystemClock()))
    seen = page.get("/ui/state").json()
    assert (seen["clock"]["adjustable"], seen["panel"]) == (False, False)
    answer = page.post("/ui/clock", json={"speed": 60}).json()
    assert answer["message"].startswith("This workspace runs on wall time")


def test_open_pages_hear_of_every_change(page: httpx.Client, workspace: Workspace, leads: Channel) -> None:
    with page.stream("GET", "/ui/events") as stream:
        lines = (line for line in stream.iter_lines() if line)
        assert next(lines) == f'data: {{"revision": {workspace.feed.revision}}}'
        workspace.state.say_as_bot(leads.id, "news", [])
        assert next(lines) == f'data: {{"revision": {workspace.feed.revision}}}'
        run(workspace.stop())
        assert list(lines) == []


def test_only_loopback_names_are_answered(page: httpx.Client) -> None:
    assert page.get("/ui/state", headers={"host": "evil.example"}).status_code == 421
    assert page.post("/api/auth.test", headers={"host": "127.0.0.1.evil.example"}).status_code == 421
    for host in ("localhost:8080", "127.0.0.1", "[::1]:8080"):
        assert page.get("/ui/state", headers={"host": host}).status_code == 200


def test_a_form_from_another_site_does_nothing(
    page: httpx.Client, workspace: Workspace, leads: Channel, alice: User
) -> None:
    body = f'{{"as": "{alice.id}", "conversation": "{leads.id}", "text": "gotcha"}}'
    answer = page.post("/ui/message", content=body, headers={"content-type": "text/plain"})
    assert answer.status_code == 415
    assert workspace.messages(leads.id) == []
