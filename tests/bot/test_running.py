"""`handoff run`, as it is installed: promises of seconds, kept by the system's clock."""

import signal
import time
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
