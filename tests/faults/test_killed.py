"""`kill -9`: at each moment at which something is half done, and at random ones."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import psycopg
import pytest

from tests.bot.stage import Stage, eventually
from tests.faults.auditor import doubled
from tests.faults.evidence import Evidence
from tests.faults.siege import CHANCE, DROPPED, REFUSED, Senders, Service, a_lead, clicking, hurried, services, verdict
from tests.hosting import client
from tests.screens import buttons

KILLS = 3
BODY = {"type": "lead.qualified", "data": a_lead(0)}


@contextmanager
def held(stage: Stage) -> Iterator[None]:
    """Nobody else can write a lead until the block ends; whoever tries waits in the middle of their transaction."""
    url = stage.environment["DATABASE_URL"]
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")
        connection.close()
    else:
        with psycopg.connect(url) as server:
            server.execute("LOCK TABLE lead IN EXCLUSIVE MODE")
            yield


def cards(stage: Stage, name: str) -> int:
    """How many offers stand in somebody's DM."""
    return sum("Accept" in buttons(message) for message in stage.workspace.messages(stage.dm_id(name)))


def sent(service: Service, evidence_of: list[Senders], number: str = "msg_0") -> int | None:
    """Deliver the same lead once; returns the status."""
    senders = Senders([service.url])
    evidence_of.append(senders)
    with client() as http:
        answer = senders.deliver(http, number, BODY)
    return answer.status if answer else None


def judged(stage: Stage, service: Service, deliveries: list[Senders]) -> Evidence:
    """The verdict on everything that was delivered."""
    return verdict(stage, [one for each in deliveries for one in each.answers], service.outages)


def test_a_kill_before_the_commit_leaves_nothing_and_the_repeat_is_taken_once(stage: Stage) -> None:
    deliveries: list[Senders] = []
    with services(Service(stage)) as (service,):
        with held(stage):
            waiting = threading.Thread(target=sent, args=[service, deliveries])
            waiting.start()
            time.sleep(0.5)
            service.kill()
            waiting.join()
        assert not deliveries[0].answers
        service.start()
        assert sent(service, deliveries) == 202, "nothing of the first try was there"
        assert sent(service, deliveries) == 200
    assert len(judged(stage, service, deliveries).posts) == 2


def test_a_kill_between_commit_and_sending_sends_once_after_the_restart_and_knows_a_repeat(
    stage: Stage,
) -> None:
    deliveries: list[Senders] = []
    with services(Service(stage)) as (service,):
        stage.workspace.down = True
        assert sent(service, deliveries) == 202
        service.kill()
        stage.workspace.down = False
        service.start()
        assert sent(service, deliveries) == 200, "as a sender whose answer was lost would hear it"
    assert not doubled(judged(stage, service, deliveries))
    assert cards(stage, "alice") == 1


def test_a_kill_after_sending_before_that_is_recorded_does_not_send_again_and_the_cards_live(stage: Stage) -> None:
    messages = stage.workspace.messages
    standing = [partial(messages, stage.dm_id("alice")), partial(messages, stage.channels["leads-us"])]
    deliveries: list[Senders] = []
    with services(Service(stage)) as (service,):
        stage.workspace.faults.delay("chat.postMessage", seconds=4, times=2)
        assert sent(service, deliveries) == 202
        eventually(lambda: [len(place()) for place in standing] == [1, 1], "both cards to stand in Slack")
        service.kill()
        service.start()
        card = standing[0]()[0]
        stage.loop.run(stage.workspace.click(stage.ids["alice"], card.channel, card.ts, label="Accept"))
    assert not doubled(judged(stage, service, deliveries)), "the post was looked for before it was sent again"
    assert "conversations.history" in {call.method for call in stage.workspace.calls}
    assert [[buttons(card)[0] for card in place()] for place in standing] == [["Log touch"], ["Log touch"]]


def test_a_kill_while_timers_are_claimed_fires_each_of_them_once_after_the_restart(stage: Stage) -> None:
    deliveries: list[Senders] = []
    stage.environment["HANDOFF_CONFIG"] = hurried(stage.folder, "4s")
    with services(Service(stage)) as (service,):
        assert sent(service, deliveries) == 202
        time.sleep(1)
        with held(stage):
            time.sleep(1.5)
            service.kill()
        service.start()
        eventually(lambda: cards(stage, "bob"), "the lead to pass on to Bob")
    judged(stage, service, deliveries)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_kills_at_random_moments_under_load_lose_nothing_and_double_nothing(stage: Stage) -> None:
    stage.environment["HANDOFF_CONFIG"] = hurried(stage.folder, "10s")
    with services(Service(stage)) as (service,):
        senders = Senders([service.url])
        with senders.sending(threads=1, pause=0.4), clicking(stage):
            for _ in range(KILLS):
                time.sleep(CHANCE.uniform(0.3, 1.5))
                service.kill()
                service.start()
            time.sleep(0.5)
        service.kill()
    evidence = verdict(stage, senders.answers, service.outages)
    assert len(senders.answers) > KILLS
    assert set(senders.statuses) <= {REFUSED, DROPPED, 200, 202, 503}
    assert not doubled(evidence)
