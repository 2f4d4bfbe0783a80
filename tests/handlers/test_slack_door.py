"""Slack's door turns away what Slack did not sign, and answers a mishap of ours with a sentence."""

import logging
import time
from urllib.parse import urlencode

import pytest
from slack_sdk.signature import SignatureVerifier

from leads.desk import Desk
from storage import people
from tests.world import World


def command(world: World, *, secret: str = "", stamp: str = "") -> int:
    """Sends `/leads` as Slack would; the status of the answer."""
    body = urlencode({"command": "/leads", "user_id": world.ids["alice"], "text": "", "trigger_id": "1"})
    stamp = stamp or str(int(time.time()))
    signature = SignatureVerifier(secret or world.workspace.signing_secret).generate_signature(
        timestamp=stamp, body=body
    )
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": signature or "",
    }
    return world.http.post(f"{world.bot.url}/slack/events", content=body, headers=headers).status_code


def test_only_slack_itself_is_heard(world: World) -> None:
    assert command(world) == 200
    assert command(world, secret="wrong") == 401
    assert command(world, stamp=str(int(time.time()) - 3600)) == 401
    assert world.http.post(f"{world.bot.url}/slack/events").status_code == 401
    odd = {"x-slack-request-timestamp": "soon"}
    assert world.http.post(f"{world.bot.url}/slack/events", headers=odd).status_code == 401


def test_a_mishap_of_ours_is_a_sentence_for_the_person_and_a_traceback_for_the_log(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    lead_id = world.lead().json()["lead_id"]

    def fall_over(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Desk, "accept", fall_over)
    with caplog.at_level(logging.ERROR):
        world.click("alice", "Accept")
        said = world.whispers("alice")
    assert said == ["Something went wrong on Handoff's side: nothing was changed. The log has the details."]
    assert any(record.exc_info for record in caplog.records)
    assert world.view(lead_id).lead.status == "MQL"


def test_a_home_tab_that_is_not_published_is_logged_by_the_room_that_draws_it(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.workspace.faults.error("views.publish", "internal_error")
    world.home("alice")
    world.loop.run(world.service.doors.finish())
    told = [record.name for record in caplog.records if "a Home tab was not published" in record.message]
    assert told == ["handlers.home"]


def test_somebody_on_leave_is_known_by_their_slack_account_as_before(world: World) -> None:
    world.say("alice", "/leads away")
    read = world.service.office.read
    assert world.loop.run(read(people.by_slack_id, world.ids["alice"])) == "alice@acme.example"
    assert world.loop.run(read(people.by_slack_id, "U0NOBODY")) is None


def test_a_refusal_reaches_the_person_another_way_when_slack_will_not_whisper(world: World) -> None:
    world.lead()
    world.workspace.faults.error("chat.postEphemeral", "user_not_in_channel")
    card = world.channel("leads-us")[0]
    world.click("bob", "Accept", message=card)
    told = [*world.whispers("bob"), *(message.text for message in world.dm("bob"))]
    assert told == ["This lead is with Alice: only they, their manager or an admin can do that."]
