"""Deliveries that can't be used: each is told why, and nothing that was signed is lost."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from storage.tables import RECEIPT
from storage.transaction import Transaction
from tests.journeys.conftest import edit
from tests.sample import PAT
from tests.world import World

QUALIFIED = {"type": "lead.qualified", "data": PAT}


def quarantined(world: World) -> list[tuple[str, str, str]]:
    """The deliveries that were kept: id, body and problem."""

    def look(tx: Transaction) -> list[tuple[str, str, str]]:
        kept = select(RECEIPT.c.webhook_id, RECEIPT.c.body, RECEIPT.c.problem).where(RECEIPT.c.state == "quarantined")
        return [(*row,) for row in tx.connection.execute(kept.order_by(RECEIPT.c.id))]

    return world.loop.run(world.service.office.read(look))


UNUSABLE: list[tuple[dict[str, Any] | bytes, list[str]]] = [
    (b"{", ["body"]),
    (b"\xff\xfe\x00", ["body"]),
    (b"[1, 2]", ["data"]),
    (b"[" * 100_000, ["body"]),
    ({"type": "lead.qualified"}, ["data"]),
    ({"type": "lead.qualified", "data": "Pat"}, ["data"]),
    ({"type": "lead.unheard_of", "data": {}}, ["type"]),
    ({"type": "\ud800", "data": {}}, ["type"]),
    ({"data": {}}, ["type"]),
    ({"type": "lead.qualified", "data": {}}, ["data.external_id", "data.email"]),
    ({"type": "lead.qualified", "data": {"external_id": [7], "email": "nobody"}}, ["data.external_id", "data.email"]),
    (
        {"type": "lead.qualified", "data": {"external_id": "\0", "email": "\ud800"}},
        ["data.external_id", "data.email"],
    ),
    (
        {
            "type": "lead.qualified",
            "data": {**PAT, "score": "high", "employees": [1], "interests": 5, "company": {}},
        },
        ["data.company", "data.employees", "data.score", "data.interests"],
    ),
    (
        {"type": "lead.qualified", "data": {**PAT, "owner_email": "x", "score": True}},
        ["data.score", "data.owner_email"],
    ),
    ({"type": "lead.qualified", "data": {**PAT, "employees": 1e308}}, ["data.employees"]),
    ({"type": "lead.contacted", "data": {"external_id": "never seen"}}, ["data.external_id"]),
    ({"type": "lead.status_changed", "data": {"external_id": "x", "status": "Warm"}}, ["data.status"]),
    ({"type": "lead.status_changed", "data": {"external_id": "x"}}, ["data.status"]),
]


def test_a_signed_body_that_is_no_use_is_answered_field_by_field_and_kept(world: World) -> None:
    for number, (body, named) in enumerate(UNUSABLE):
        answer = world.post(body, webhook_id=f"msg_{number}")
        assert (answer.status_code, answer.json()["status"]) == (422, 422), body
        assert answer.headers["content-type"] == "application/problem+json"
        assert sorted(error["field"] for error in answer.json()["errors"]) == sorted(named), body
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        kept = (f"msg_{number}", sent.decode("utf-8", "replace").replace("\0", "\ufffd"))
        assert quarantined(world)[number][:2] == kept
        assert all(field in quarantined(world)[number][2] for field in named)
    assert not world.channel("leads-us")


def test_a_delivery_that_was_kept_is_taken_when_it_is_sent_again_mended(world: World) -> None:
    assert (
        world.post({"type": "lead.qualified", "data": {**PAT, "email": "pat"}}, webhook_id="msg_1").status_code == 422
    )
    assert len(quarantined(world)) == 1
    mended = world.post(QUALIFIED, webhook_id="msg_1")
    assert mended.status_code == 202
    assert quarantined(world) == []
    assert world.post(QUALIFIED, webhook_id="msg_1").json()["status"] == "duplicate"
    world.settle()
    assert len(world.channel("leads-us")) == 1


def test_a_delivery_that_was_taken_is_not_put_aside_by_a_bad_copy(world: World) -> None:
    assert world.post(QUALIFIED, webhook_id="msg_1").status_code == 202
    assert world.post(b"{", webhook_id="msg_1").status_code == 422
    assert world.post(QUALIFIED, webhook_id="msg_1").status_code == 200


def test_a_delivery_that_breaks_the_intake_is_kept_and_taken_when_it_is_sent_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    teams = world.service.policy.teams
    edit(world, teams={})  # the rules name teams that are not there
    for _ in range(2):
        answer = world.post(QUALIFIED, webhook_id="msg_1")
        assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
        told = "Something went wrong on Handoff's side. The log has the details."
        assert answer.json()["detail"] == f"{told} The body is kept for replay."
        assert quarantined(world) == [("msg_1", json.dumps(QUALIFIED), told)]
    (first, _) = [record for record in caplog.records if record.name == "handlers.webhooks"]
    assert (first.levelname, vars(first)["door"], vars(first)["webhook_id"]) == ("ERROR", "website", "msg_1")
    assert first.exc_info is not None
    assert PAT["email"] not in first.getMessage()

    edit(world, teams=teams)
    assert world.post(QUALIFIED, webhook_id="msg_1").status_code == 202
    assert quarantined(world) == []
    world.settle()
    assert len(world.channel("leads-us")) == 1


UNSIGNED: list[tuple[dict[str, str], int, str]] = [
    ({"webhook-signature": "v1,AAAA"}, 401, "does not match"),
    ({"webhook-signature": "v1,not base64"}, 401, "does not match"),
    ({"webhook-signature": ""}, 401, "does not match"),
    ({"webhook-timestamp": "yesterday"}, 401, "not a Unix time"),
    ({"webhook-timestamp": "-1"}, 401, "not a Unix time"),
    ({"webhook-timestamp": "1795446000"}, 401, "5 minutes"),
    ({"webhook-timestamp": "9" * 12}, 401, "5 minutes"),
    ({"webhook-timestamp": "9" * 400}, 401, "not a Unix time"),
    ({"webhook-timestamp": "9" * 5_000}, 401, "not a Unix time"),
    ({"webhook-id": ""}, 401, "webhook-id"),
    ({"webhook-id": "x" * 300}, 401, "webhook-id"),
]


def test_what_is_not_signed_as_it_should_be_is_turned_away_unread(world: World) -> None:
    for headers, status, why in UNSIGNED:
        answer = world.post(QUALIFIED, **headers)
        assert answer.status_code == status, headers
        assert answer.headers["content-type"] == "application/problem+json"
        assert why in answer.json()["detail"], headers
    assert quarantined(world) == []
    assert not world.channel("leads-us")


def test_a_body_that_is_not_called_json_is_refused_and_kept_if_it_is_signed(world: World) -> None:
    answer = world.post(QUALIFIED, "msg_text", **{"content-type": "text/plain"})
    assert answer.status_code == 415
    assert "application/json" in answer.json()["detail"]
    assert [kept[0] for kept in quarantined(world)] == ["msg_text"]
    assert world.post(QUALIFIED, "msg_text").status_code == 202


@pytest.mark.parametrize(("late", "status"), [(-301, 401), (-299, 202), (299, 202), (301, 401)])
def test_a_signature_is_good_for_five_minutes_either_way(world: World, late: int, status: int) -> None:
    signed_at = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    body = json.dumps(QUALIFIED).encode()
    headers = world.verifier.sign("msg_old", int(signed_at.timestamp()), body)
    with freeze_time(signed_at + timedelta(seconds=late), real_asyncio=True):
        answer = world.http.post(
            f"{world.bot.url}/webhooks/website", content=body, headers={"content-type": "application/json", **headers}
        )
    assert answer.status_code == status


def test_a_body_larger_than_256_kib_is_turned_away(world: World) -> None:
    answer = world.post({"type": "lead.qualified", "data": {**PAT, "message": "x" * 256 * 1024}})
    assert answer.status_code == 413
    assert "256 KiB" in answer.json()["detail"]
    fits = json.dumps({"type": "lead.qualified", "data": {**PAT, "message": "x" * 255 * 1024}})
    assert world.post(fits.encode()).status_code == 202


def test_a_source_that_the_policy_does_not_have_is_not_found(world: World) -> None:
    answer = world.http.post(f"{world.bot.url}/webhooks/hubspot", json=QUALIFIED)
    assert answer.status_code == 404
    assert "hubspot" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status", "detail"),
    [
        ("POST", "/webhooks/website/", 404, "There is nothing at /webhooks/website/."),
        ("GET", "/webhooks/website", 405, "GET is not what /webhooks/website answers to."),
    ],
)
def test_an_address_that_is_none_is_answered_like_everything_else(
    world: World, method: str, path: str, status: int, detail: str
) -> None:
    answer = world.http.request(method, f"{world.bot.url}{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["detail"] == detail
    assert ("allow" in answer.headers) == (status == 405)


def test_a_content_type_may_name_its_charset(world: World) -> None:
    assert world.post(QUALIFIED, **{"content-type": "Application/JSON; charset=utf-8"}).status_code == 202
