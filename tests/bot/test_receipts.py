"""`handoff receipts`: what could not be used goes through the intake again once its cause is gone, with one effect."""

from typing import Any

import httpx
import pytest

from leads.desk import Desk
from leads.intake import Delivery, Taken
from sla_engine.lead import LeadData
from storage.transaction import Transaction
from tests.bot.stage import Running, Stage, eventually
from tests.sample import PAT, always_open, signed


def deliver(running: Running, body: dict[str, Any], webhook_id: str, kind: str = "application/json") -> httpx.Response:
    """A signed delivery."""
    content, headers = signed(webhook_id, body)
    sent = {**headers, "content-type": kind}
    return httpx.post(f"{running.url}/webhooks/website", content=content, headers=sent, timeout=20)


def test_news_that_came_before_their_lead_are_replayed_once_it_is_there(stage: Stage) -> None:
    news = {"type": "lead.updated", "data": {"external_id": PAT["external_id"], "company": "Northwind Freight"}}
    stage.environment["HANDOFF_CONFIG"] = str(always_open(stage.folder))
    with stage.running() as running:
        assert deliver(running, news, "early").status_code == 422
        listed = stage.handoff("receipts", "list").stdout
        assert "early" in listed
        assert "no lead with this id has come through website yet" in listed

        tried = stage.handoff("receipts", "replay", "1")
        assert tried.returncode == 1, tried.stderr
        assert "Receipt 1 still can't be used: data.external_id: no lead with this id" in tried.stdout
        assert "early" in stage.handoff("receipts", "list").stdout

        lead_id = deliver(running, {"type": "lead.qualified", "data": PAT}, "lead").json()["lead_id"]
        tried = stage.handoff("receipts", "replay", "1")
        assert (tried.returncode, tried.stdout) == (0, f"Receipt 1: taken in as {lead_id}.\n"), tried.stderr
        assert stage.handoff("receipts", "list").stdout == "No delivery is put aside.\n"

        again = stage.handoff("receipts", "replay", "1")
        assert again.returncode == 2
        assert again.stderr == f"handoff: Receipt 1 is not put aside any more: it was taken in as {lead_id}.\n"
        assert deliver(running, news, "early").json() == {"status": "duplicate", "lead_id": lead_id}


def test_a_lead_that_came_with_the_wrong_content_type_reaches_its_rep_by_replay(stage: Stage) -> None:
    stage.environment["HANDOFF_CONFIG"] = str(always_open(stage.folder))
    with stage.running() as running:
        body = {"type": "lead.qualified", "data": PAT}
        assert deliver(running, body, "plain", "text/plain").status_code == 415
        done = stage.installed("receipts", "replay", "1")
        assert done.returncode == 0, done.stderr
        eventually(lambda: running.dm("alice"), "Alice's card")
        assert deliver(running, body, "plain").json()["status"] == "duplicate"
        assert len(running.dm("alice")) == 1


def test_none_of_several_is_replayed_when_one_is_not_there(stage: Stage) -> None:
    stage.environment["HANDOFF_CONFIG"] = str(always_open(stage.folder))
    with stage.running() as running:
        assert deliver(running, {"type": "lead.qualified", "data": PAT}, "plain", "text/plain").status_code == 415
    done = stage.handoff("receipts", "replay", "1", "999")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("handoff: There is no receipt 999:")
    assert "plain" in stage.handoff("receipts", "list").stdout


def test_one_that_meets_a_mistake_of_ours_stays_put_aside_and_the_next_has_its_turn(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.environment["HANDOFF_CONFIG"] = str(always_open(stage.folder))
    with stage.running() as running:
        for name in ("first", "second"):
            body = {"type": "lead.qualified", "data": {**PAT, "external_id": name}}
            assert deliver(running, body, name, "text/plain").status_code == 415
        taking_in = Desk.ingest

        def breaks_once(desk: Desk, tx: Transaction, delivery: Delivery, data: LeadData) -> Taken:
            if data.external_id == "first":
                raise ZeroDivisionError
            return taking_in(desk, tx, delivery, data)

        monkeypatch.setattr(Desk, "ingest", breaks_once)
        done = stage.handoff("receipts", "replay", "1", "2")
        assert done.returncode == 1
        first, second = done.stdout.splitlines()
        assert first == "Receipt 1 meets a mistake of Handoff's own (ZeroDivisionError), and stays put aside."
        assert second.startswith("Receipt 2: taken in as ")
        assert "first" in stage.handoff("receipts", "list").stdout


def test_a_source_that_the_policy_no_longer_has_is_named(stage: Stage) -> None:
    policy = always_open(stage.folder)
    with stage.running(HANDOFF_CONFIG=str(policy)) as running:
        assert deliver(running, {"type": "nonsense"}, "odd").status_code == 422
    policy = always_open(stage.folder, ("  website:", "  landing:"))
    done = stage.handoff("receipts", "replay", "1", HANDOFF_CONFIG=str(policy))
    assert done.returncode == 2
    assert done.stderr == "handoff: Receipt 1 came through the source “website”, which the policy no longer has.\n"
    assert stage.handoff("receipts", "replay", "9").stderr.startswith("handoff: There is no receipt 9")
