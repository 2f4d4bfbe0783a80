"""How calls leave for Slack: what stands in their addresses, and that each kind of body is understood."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from connectors.slack.client import Rejected, SlackClient, Unreachable
from sandbox.app import create_app
from sandbox.clock import SystemClock
from sandbox.workspace import Workspace
from tests.hosting import Loop, Site
from tests.world import SCOPES

LONG = "Only Zoë & co. can do that: 50 % of a <lead> + 1. " * 70


class Proxy:
    """What stands between us and Slack, and writes down every address."""

    def __init__(self, workspace: Workspace) -> None:
        self._app = create_app(workspace)
        self.addresses: list[tuple[str, bytes]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.addresses.append((scope["path"].rpartition("/")[2], scope["query_string"]))
        await self._app(scope, receive, send)


@pytest.fixture
def workspace() -> Workspace:
    return Workspace(clock=SystemClock(), scopes=[*SCOPES, "channels:history", "im:write"])


@pytest.fixture
def proxy(workspace: Workspace) -> Proxy:
    return Proxy(workspace)


@pytest.fixture
def slack(loop: Loop, workspace: Workspace, proxy: Proxy) -> Iterator[SlackClient]:
    site = Site(loop, proxy)
    client = SlackClient(workspace.bot_token, f"{site.url}/api/")
    loop.run(client.open())
    yield client
    loop.run(client.close())
    loop.run(workspace.stop())
    site.close()


def test_nothing_of_a_call_stands_in_its_address(
    loop: Loop, workspace: Workspace, proxy: Proxy, slack: SlackClient
) -> None:
    alice = workspace.add_user("alice", email="alice+leads@acme.example")
    channel = workspace.add_channel("leads", members=[alice.id, workspace.bot_user_id]).id

    def call(method: str, **arguments: Any) -> dict[str, Any]:
        return loop.run(slack.call(method, **arguments))

    assert call("auth.test")["user_id"] == workspace.bot_user_id
    assert call("users.lookupByEmail", email="alice+leads@acme.example")["user"]["id"] == alice.id
    assert call("users.info", user=alice.id)["user"]["name"] == "alice"
    assert call("conversations.open", users=alice.id)["channel"]["id"]
    call("chat.postEphemeral", channel=channel, user=alice.id, text=LONG)
    assert [told.text for told in workspace.ephemerals(alice.id)] == [LONG]
    posted = call("chat.postMessage", channel=channel, text=LONG, thread_ts=None, unfurl_links=False)
    assert posted["message"]["text"] == LONG
    listed = call("conversations.list", types="public_channel,private_channel", exclude_archived=True, limit=5)
    assert [found["id"] for found in listed["channels"]] == [channel]
    meta = {"event_type": "card", "event_payload": {"message": "1"}}
    call("chat.postMessage", channel=channel, text="Zoë", metadata=meta)
    read = call("conversations.history", channel=channel, oldest="0", include_all_metadata=True)
    assert [found["text"] for found in read["messages"]] == ["Zoë", LONG]
    assert read["messages"][0]["metadata"] == meta
    assert len(proxy.addresses) == 9
    assert [address for address in proxy.addresses if address[1]] == []


def test_what_is_changed_on_a_new_client_changes_nobody_elses(
    loop: Loop, workspace: Workspace, slack: SlackClient
) -> None:
    changed, other = slack.new_client(), slack.new_client()
    changed.token = None
    assert other.token == workspace.bot_token
    assert loop.run(slack.call("auth.test"))["ok"]


@pytest.mark.parametrize(
    ("said", "of_whom"),
    [
        ("account_inactive", True),
        ("users_not_found", True),
        ("channel_not_found [ERROR] no such place", True),
        ("restricted_action_read_only_channel", True),
        ("invalid_blocks [ERROR] channel_not_found", False),
        ("msg_too_long", False),
        ("missing_scope (needs chat:write)", False),
    ],
)
def test_a_refusal_tells_whether_it_is_of_the_reader_or_of_the_message(said: str, of_whom: bool) -> None:
    assert Rejected(said).is_out_of_reach is of_whom


def test_a_connection_that_is_never_answered_is_no_call_that_may_have_had_its_effect(loop: Loop) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):  # The kernel answers nobody else while these wait to be taken.
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        client = SlackClient("xoxb-1", f"http://127.0.0.1:{server.getsockname()[1]}/api/")
        loop.run(client.open())
        with pytest.raises(Unreachable):
            loop.run(client.call("chat.postMessage", channel="C1", text="Anybody there?"))
        loop.run(client.close())
