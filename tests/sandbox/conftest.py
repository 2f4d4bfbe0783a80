"""What each story starts from: Acme with Alice, Bob and a channel, a Web API client, and a Bolt app at the door."""

from collections.abc import Iterator

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk import WebClient

from sandbox.app import create_app
from sandbox.model import Channel, User
from sandbox.workspace import Workspace
from tests.sandbox.stage import EVERYTHING, HandClock, Server, bolt_app, over_http, run


@pytest.fixture(scope="session")
def slack_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def bot_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def workspace(clock: HandClock, slack_server: Server) -> Iterator[Workspace]:
    commands = [
        {"command": "/sla", "description": "Numbers", "usage_hint": "[team]", "should_escape": True},
        {"command": "/plain", "description": "Words as they are", "usage_hint": "", "should_escape": False},
    ]
    workspace = Workspace(clock=clock, commands=commands, scopes=list(EVERYTHING))
    slack_server.app = create_app(workspace, panel="<b>panel</b>")
    yield workspace
    run(workspace.stop())


@pytest.fixture
def alice(workspace: Workspace) -> User:
    return workspace.add_user("alice", real_name="Alice Ames", email="alice@acme.example", title="SDR")


@pytest.fixture
def bob(workspace: Workspace) -> User:
    return workspace.add_user("bob", real_name="Bob Bell", email="bob@acme.example", tz="Europe/Oslo")


@pytest.fixture
def leads(workspace: Workspace, alice: User) -> Channel:
    return workspace.add_channel("leads-us", members=[alice.id], topic="Leads of the US team")


@pytest.fixture
def slack(workspace: Workspace, slack_server: Server) -> WebClient:
    return WebClient(workspace.bot_token, base_url=f"{slack_server.url}/api/", retry_handlers=[])


@pytest.fixture
def bot(workspace: Workspace, slack_server: Server, bot_server: Server) -> AsyncApp:
    bolt = bolt_app(workspace, slack_server.url)
    bot_server.app = over_http(bolt)
    workspace.connect(f"{bot_server.url}/slack/events")
    return bolt
