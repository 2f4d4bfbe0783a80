"""Slack's door turns away what Slack did not sign, and answers a mishap of ours with a sentence."""

import logging
import time
from urllib.parse import urlencode

import httpx
import pytest
from slack_sdk.signature import SignatureVerifier

from handlers.doors import DONE_BEFORE
from leads.desk import Desk
from storage import people
from tests.world import World

FORM = b"application/x-www-form-urlencoded"
ODD = (b"null", b"[]", b"[" * 5_000, b'{"a":' * 3_000, b"{", b"9" * 5_000)
"""What JSON's reader, or Bolt's, falls over."""


def command(world: World, *, secret: str = "", stamp: str = "") -> int:
    """Sends `/leads` as Slack would; the status of the answer."""
    body = urlencode({"command": "/leads", "user_id": world.ids["alice"], "text": "", "trigger_id": "1"})
    return send(world, body, secret=secret, stamp=stamp)


def send(world: World, body: str, *, secret: str = "", stamp: str = "") -> int:
    """Sends a signed body; the status of the answer."""
    return answer(world, body, secret=secret, stamp=stamp).status_code


def answer(world: World, body: str, *, secret: str = "", stamp: str = "") -> httpx.Response:
    """Sends a signed body."""
    stamp = stamp or str(int(time.time()))
    signature = SignatureVerifier(secret or world.workspace.signing_secret).generate_signature(
        timestamp=stamp, body=body
    )
    headers = {
        "content-type": FORM.decode(),
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": signature or "",
    }
    return world.http.post(f"{world.bot.url}/slack/events", content=body, headers=headers)


def test_only_slack_itself_is_heard(world: World) -> None:
    assert command(world) == 200
    assert command(world, secret="wrong") == 401
    assert command(world, stamp=str(int(time.time()) - 3600)) == 401
    assert world.http.post(f"{world.bot.url}/slack/events").status_code == 401
    odd = {"x-slack-request-timestamp": "soon"}
    assert world.http.post(f"{world.bot.url}/slack/events", headers=odd).status_code == 401


def test_a_stranger_is_told_so_whatever_they_send(world: World) -> None:
    now = str(int(time.time())).encode()
    guess, accents = b"v0=" + b"0" * 64, "v0=\u00e9".encode()
    headers = [(now, guess), (now, accents), (b"9" * 400, guess), (b"9" * 5_000, guess), ("\u0663".encode(), guess)]
    for body in (b"", b"payload=", *(b"payload=" + one for one in ODD), *ODD):
        for stamp, signature in headers:
            given = {b"content-type": FORM, b"x-slack-request-timestamp": stamp, b"x-slack-signature": signature}
            answer = world.http.post(f"{world.bot.url}/slack/events", content=body, headers=given)
            assert answer.status_code == 401, (body[:20], stamp[:20], signature)
    given = {b"content-type": FORM, b"x-slack-request-timestamp": now, b"x-slack-signature": guess}
    assert world.http.post(f"{world.bot.url}/slack/events", content=b"\xff", headers=given).status_code == 400


def test_a_signed_body_that_is_no_request_of_slacks_is_said_to_be_none(world: World) -> None:
    for odd in ODD:
        assert send(world, f"payload={odd.decode()}") == 400, odd[:20]
    assert send(world, ODD[3].decode()) == 400


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


def test_who_says_the_same_again_later_means_it(world: World) -> None:
    """Without an id that would tell two requests apart, only what follows at once is taken for Slack's repeat."""

    def say(text: str) -> str:
        return answer(world, urlencode({"command": "/leads", "user_id": world.ids["alice"], "text": text})).text

    for _ in range(2):
        assert "You are away" in say("away")
        assert DONE_BEFORE in say("away")
        assert "Welcome back" in say("back")
