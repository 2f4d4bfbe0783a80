"""Two processes on one PostgreSQL: they share the work, race for it, take over from each other and are replaced."""

import asyncio
import signal
import time

import psycopg
import pytest

from storage import history
from storage.database import open_database
from tests.bot.stage import Stage, eventually
from tests.faults.auditor import doubled
from tests.faults.siege import REFUSED, Senders, Service, a_lead, clicking, hurried, services, verdict
from tests.faults.test_killed import cards
from tests.hosting import client

LEADS = 12


def hasty(stage: Stage, accept_within: str) -> Stage:
    """The same with promises of seconds."""
    stage.environment["HANDOFF_CONFIG"] = hurried(stage.folder, accept_within)
    return stage


def unfinished(stage: Stage) -> int:
    """How many rows of the outbox have not come to their end."""
    with psycopg.connect(stage.environment["DATABASE_URL"]) as connection:
        found = connection.execute("SELECT count(*) FROM message WHERE done_at IS NULL").fetchone()
    return int(found[0]) if found else 0


@pytest.mark.slow
def test_two_processes_race_for_every_timer_and_each_fires_once(postgres_stage: Stage) -> None:
    stage = hasty(postgres_stage, "4s")
    with services(Service(stage, "one"), Service(stage, "two")) as (one, two):
        senders = Senders([one.url, two.url])
        with client() as http:
            for number in range(LEADS):
                senders.insist(http, f"msg_{number}", {"type": "lead.qualified", "data": a_lead(number)})
        eventually(lambda: len(stage.workspace.messages(stage.dm_id("dana"))) > 4, "levels to fire", within=60)
        one.kill()
        two.kill()
    evidence = verdict(stage, senders.answers, [*one.outages, *two.outages])
    assert len(evidence.posts) > LEADS
    assert not doubled(evidence)


def test_two_people_who_press_accept_at_once_at_two_processes_are_one_acceptance(postgres_stage: Stage) -> None:
    stage = postgres_stage
    with services(Service(stage, "one"), Service(stage, "two")) as (one, two):
        senders = Senders([one.url, two.url])
        with client() as http:
            senders.insist(http, "msg_0", {"type": "lead.qualified", "data": a_lead(0)})
        eventually(lambda: cards(stage, "alice"), "the card", within=60)
        card = stage.workspace.messages(stage.dm_id("alice"))[0]

        async def press(url: str) -> None:
            stage.workspace.connect(f"{url}/slack/events")
            await stage.workspace.click(stage.ids["alice"], card.channel, card.ts, label="Accept")

        async def both() -> None:
            await asyncio.gather(*(press(service.url) for service in [one, two] * 3), return_exceptions=True)

        stage.loop.run(both())
        database = open_database(stage.environment["DATABASE_URL"])
        with database.read() as tx:
            events = [entry.event for entry in history.of(tx, senders.answers[0].lead_id or "")]
        database.close()
    assert events.count("accepted") == 1
    verdict(stage, senders.answers, [*one.outages, *two.outages])


@pytest.mark.slow
def test_what_a_dead_process_had_in_hand_is_taken_over_within_thirty_seconds(postgres_stage: Stage) -> None:
    stage = postgres_stage
    with services(Service(stage, "one"), Service(stage, "two")) as (one, two):
        stage.workspace.faults.delay("chat.postMessage", seconds=5, times=2)
        senders = Senders([one.url])
        with client() as http:
            senders.insist(http, "msg_0", {"type": "lead.qualified", "data": a_lead(0)})
        eventually(lambda: cards(stage, "alice"), "Slack to have the card")
        one.kill()
        two.kill()  # either may have sent it
        one.start()
        eventually(lambda: not unfinished(stage), "both rows to come to their end", within=32)
        one.kill()
    verdict(stage, senders.answers, [*one.outages, *two.outages])


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_rolling_restart_fails_no_delivery(postgres_stage: Stage) -> None:
    stage = postgres_stage
    with services(Service(stage, "one"), Service(stage, "two")) as (one, two):
        senders = Senders([one.url, two.url])
        with senders.sending(threads=2, pause=0.2), clicking(stage):
            for service in (one, two, one):
                time.sleep(1)
                began = time.monotonic()
                assert service.end(signal.SIGTERM) == 0
                assert time.monotonic() - began < 10
                service.start()
        one.kill()
        two.kill()
    evidence = verdict(stage, senders.answers, [*one.outages, *two.outages])
    assert set(senders.statuses) <= {200, 202, REFUSED}
    assert not doubled(evidence)


def test_who_is_told_to_stop_while_slack_is_slow_is_gone_in_ten_seconds_and_doubles_nothing(
    postgres_stage: Stage,
) -> None:
    stage = postgres_stage
    with services(Service(stage)) as (service,):
        stage.workspace.faults.delay("chat.postMessage", seconds=9, times=2)
        senders = Senders([service.url])
        with client() as http:
            senders.insist(http, "msg_0", {"type": "lead.qualified", "data": a_lead(0)})
        eventually(lambda: cards(stage, "alice"), "the card", within=60)
        began = time.monotonic()
        assert service.end(signal.SIGTERM) == 0
        assert time.monotonic() - began < 9
        assert "Traceback" not in service.log.read_text()
    assert not doubled(verdict(stage, senders.answers, service.outages))
