"""`handoff run`, as it is installed: promises of seconds, kept by the system's clock."""

import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import httpx

from tests.bot.stage import Running, Stage, eventually
from tests.sample import PAT, always_open, signed
from tests.screens import buttons


def in_seconds(folder: Path) -> Path:
    """The acceptance policy with everybody at work at any hour, and promises of seconds."""
    return always_open(folder, ("accept_within: 5m", "accept_within: 4s"))


def send(running: Running, **changes: object) -> httpx.Response:
    """Pat's lead, changed, through the real door."""
    body = {"type": "lead.qualified", "data": {**PAT, **changes}}
    content, headers = signed(f"msg_{time.monotonic_ns()}", body)
    return httpx.post(f"{running.url}/webhooks/website", content=content, headers=headers)


def test_a_lead_is_accepted_through_the_running_service(any_stage: Stage) -> None:
    with any_stage.running(HANDOFF_CONFIG=str(in_seconds(any_stage.folder))) as running:
        assert send(running).status_code == 202
        eventually(lambda: running.dm("alice"), "Alice's card")
        running.click("alice", "Accept")
        eventually(lambda: "Log touch" in buttons(running.dm("alice")[0]), "the card to show what comes next")


def test_levels_fire_within_a_second_of_their_instants(stage: Stage) -> None:
    with stage.running(HANDOFF_CONFIG=str(in_seconds(stage.folder))) as running:
        began = time.time()
        assert send(running).status_code == 202
        eventually(lambda: running.dm("bob"), "the lead to be given to Bob")
        eventually(lambda: len(running.dm("dana")) == 2, "Dana to hear of it twice")

        reminded = [float(message.ts) - began for message in running.dm("alice")]
        told = [float(message.ts) - began for message in running.dm("dana")]
    # A fifth, that the lead went to Bob, may be there already.
    for instant, wanted in zip(reminded[:4], [0.0, 2.0, 3.2, 4.0], strict=True):
        assert wanted - 0.05 <= instant <= wanted + 1.0
    for instant, wanted in zip(told, [4.0, 6.0], strict=True):
        assert wanted - 0.05 <= instant <= wanted + 1.0


def test_a_restart_forgets_nothing(any_stage: Stage) -> None:
    with any_stage.running() as running:
        lead_id = send(running).json()["lead_id"]
        eventually(lambda: running.channel("leads-us"), "the card in the channel")
    with any_stage.running() as running:
        again = send(running)
        assert again.status_code == 200
        assert again.json() == {"status": "duplicate", "lead_id": lead_id}
        assert len(running.channel("leads-us")) == 1


def test_it_is_ready_when_everything_ticks(stage: Stage) -> None:
    with stage.running() as running:
        eventually(lambda: httpx.get(f"{running.url}/readyz").status_code == 200, "the service to be ready")
        assert httpx.get(f"{running.url}/readyz").json().items() >= {"status": "ready", "reasons": []}.items()
        assert "python_info" in httpx.get(f"{running.url}/metrics").text


def test_an_outage_of_slack_is_told_and_leaves_the_service_ready_for_leads(stage: Stage) -> None:
    with stage.running(HANDOFF_CONFIG=str(always_open(stage.folder))) as running:
        eventually(lambda: httpx.get(f"{running.url}/readyz").status_code == 200, "the service to be ready")
        stage.workspace.down = True
        assert send(running).status_code == 202
        eventually(lambda: slack_says(running) in {"lost", "unreachable"}, "the outage to be noticed")
        assert httpx.get(f"{running.url}/readyz").status_code == 200


def slack_says(running: Running) -> str:
    """How the last call to Slack ended."""
    told = httpx.get(f"{running.url}/readyz").json()["slack"]
    return str(told and told["outcome"])


def test_it_stops_in_good_order_when_told_to(stage: Stage) -> None:
    with stage.running() as running:
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(10) == 0
        assert running.process.stderr is not None
        assert "Traceback" not in running.process.stderr.read()


def test_slack_is_reached_by_socket_mode_when_there_is_an_app_token(stage: Stage) -> None:
    with stage.running(SLACK_APP_TOKEN=stage.workspace.app_token, SLACK_SIGNING_SECRET="") as running:
        assert "Socket Mode" in running.greeting
        assert httpx.post(f"{running.url}/slack/events").status_code == 404
        eventually(lambda: is_heard(running), "the websocket")
        assert "handoff_socket_mode_up 1.0" in httpx.get(f"{running.url}/metrics").text


def test_leads_are_taken_in_while_socket_mode_finds_no_slack(stage: Stage) -> None:
    stage.environment["HANDOFF_CONFIG"] = str(always_open(stage.folder))
    away = {"SLACK_API_URL": "http://127.0.0.1:9/api/"}
    with stage.running(SLACK_APP_TOKEN=stage.workspace.app_token, SLACK_SIGNING_SECRET="", **away) as running:
        assert send(running).status_code == 202
        assert not is_heard(running)
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(10) == 0
        assert running.process.stderr is not None
        told = running.process.stderr.read()
    assert "no button and no command is heard until this is mended: Slack does not open Socket Mode" in told
    assert "Traceback" not in told


def test_an_app_token_that_slack_refuses_is_named_once_and_leads_are_taken_in(stage: Stage) -> None:
    stage.environment["HANDOFF_CONFIG"] = str(always_open(stage.folder))
    with stage.running(SLACK_APP_TOKEN="xapp-1-old", SLACK_SIGNING_SECRET="") as running:
        assert send(running).status_code == 202
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(10) == 0
        assert running.process.stderr is not None
        told = running.process.stderr.read()
    assert told.count("Slack refuses SLACK_APP_TOKEN (invalid_auth): copy it again") == 1


def is_heard(running: Running) -> bool:
    """Whether the service, which is ready, says that Slack's buttons reach it."""
    answer = httpx.get(f"{running.url}/readyz")
    assert answer.status_code == 200
    return bool(answer.json()["socket_mode"]["connected"])


def test_a_database_that_is_locked_at_the_start_is_one_sentence(stage: Stage) -> None:
    file = stage.environment["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = stage.handoff("run", "--port", "0")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("handoff: The database")
    assert "Traceback" not in done.stderr


def test_a_door_with_a_slash_behind_it_is_none(stage: Stage) -> None:
    with stage.running() as running:
        assert httpx.post(f"{running.url}/webhooks/website/").status_code == 404
