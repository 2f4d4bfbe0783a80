"""`handoff outbox`, beside the running service: what is stuck is seen, tried again once, or given up."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from storage import backlog, claims, outbox
from storage.database import open_database
from storage.statements import adding
from storage.tables import MESSAGE
from storage.transaction import Transaction
from storage.writer import Writer
from tests.bot.stage import Stage, eventually
from tests.bot.test_running import send
from tests.sample import always_open

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
HUGE = "9" * 23


@pytest.mark.slow
def test_what_slack_would_not_take_is_listed_and_sent_once_when_it_is_tried_again(stage: Stage) -> None:
    stage.workspace.faults.error("chat.postMessage", "is_archived", channel="#leads-us")
    stage.environment["HANDOFF_CONFIG"] = str(always_open(stage.folder))
    with stage.running() as running:
        lead_id = send(running).json()["lead_id"]
        eventually(lambda: "is_archived" in stage.handoff("outbox", "list", "--state", "parked").stdout, "the card")
        listed = stage.handoff("outbox", "list", "--state", "parked").stdout
        assert lead_id in listed
        assert "channel:#leads-us" in listed

        tried = stage.installed("outbox", "retry", "--all-parked")
        assert (tried.returncode, tried.stdout) == (
            0,
            "1 message is tried again as soon as `handoff run` is at it.\n",
        ), tried.stderr
        eventually(lambda: running.channel("leads-us"), "the card in the channel")
        number = re.findall(r"^(\d+) +parked", listed, re.MULTILINE)[0]
        eventually(lambda: f"{number} " in stage.handoff("outbox", "list", "--state", "sent").stdout, "its end")
        again = stage.handoff("outbox", "retry", number)
    assert again.returncode == 2
    assert f"Message {number} was sent already: nothing was changed." in again.stderr
    assert len(running.channel("leads-us")) == 1


def test_a_message_that_is_dropped_is_never_sent_and_keeps_the_reason(stage: Stage) -> None:
    queue(stage.environment["DATABASE_URL"])
    assert "pending" in stage.handoff("outbox", "list").stdout
    refused = stage.handoff("outbox", "drop", "1")
    assert refused.returncode == 2
    assert "--reason" in refused.stderr
    assert stage.installed("outbox", "drop", "1", "--reason", "the channel is gone").stdout == "Message 1 is dropped.\n"
    assert "dropped by hand: the channel is gone" in stage.handoff("outbox", "list", "--state", "dropped").stdout
    assert stage.handoff("outbox", "list").stdout == "The outbox is empty: everything was delivered.\n"
    again = stage.handoff("outbox", "drop", "1", "--reason", "twice")
    assert (again.returncode, again.stderr) == (2, "handoff: Message 1 was dropped already: nothing was changed.\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("outbox", "retry"), "Name messages by their ids, or say --all-parked."),
        (("outbox", "retry", "7", "--all-parked"), "Name messages by their ids, or say --all-parked."),
        (("outbox", "retry", "7"), "handoff: The outbox has no message 7: nothing was changed."),
        (("outbox", "drop", "7", "--reason", " "), "Say why with --reason."),
        (("outbox", "retry", "7", HUGE), f"Invalid value for '[ID…]': {HUGE} is not in the range"),
        (("outbox", "drop", HUGE, "--reason", "x"), f"Invalid value for 'ID': {HUGE} is not in the range"),
        (("outbox", "list", "--limit", HUGE), f"Invalid value for '--limit': {HUGE} is not in the range"),
        (("receipts", "replay", HUGE), f"Invalid value for 'ID…': {HUGE} is not in the range"),
        (("receipts", "list", "--limit", HUGE), f"Invalid value for '--limit': {HUGE} is not in the range"),
    ],
)
def test_a_slip_is_answered_with_a_sentence(stage: Stage, words: tuple[str, ...], said: str) -> None:
    done = stage.handoff(*words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_not_there_is_said_and_not_made(stage: Stage) -> None:
    nowhere = stage.folder / "nowhere.db"
    for words in (("outbox", "list"), ("receipts", "list"), ("backup", "copy.db")):
        done = stage.handoff(*words, DATABASE_URL=f"sqlite:///{nowhere}")
        assert done.returncode == 2
        assert "is not there: DATABASE_URL names the database" in done.stderr
    assert not nowhere.exists()


def queue(url: str) -> None:
    """One message waits in a database."""
    database = open_database(url)
    writer = Writer(database)
    writer.call(lambda tx: outbox.post(tx, NOW, key="k", kind="card", lane="channel:#gone", lead_id="L1"))
    writer.close()
    database.close()


def test_what_is_being_sent_is_left_alone_and_none_of_several_is_changed(fresh_database_url: Callable[[], str]) -> None:
    database = open_database(fresh_database_url())
    writer = Writer(database)
    for number, lane in enumerate(("channel:#a", "channel:#b")):
        writer.call(partial(outbox.post, now=NOW, key=f"k{number}", kind="card", lane=lane))
    until = NOW + timedelta(minutes=1)
    taken = writer.call(lambda tx: claims.claim_posts(tx, NOW, "one", until, 1, ()))[0]
    other = 3 - taken.id
    with pytest.raises(backlog.IsBeingSent, match=f"Message {taken.id} is being sent just now"):
        writer.call(lambda tx: backlog.retry(tx, [other, taken.id], NOW))
    with database.read() as tx:
        assert [line.state for line in backlog.listed(tx, "pending", 9)] == ["pending"]
    # Once its time is up, whoever had it is taken to be gone; should they come back, they write nothing.
    assert writer.call(lambda tx: backlog.retry(tx, [taken.id], until)) == 1
    assert not writer.call(lambda tx: claims.finish(tx, taken, "one", until, outbox.SENT))
    with database.read() as tx:
        assert [line.id for line in backlog.listed(tx, "unknown", 9)] == [taken.id]
    writer.close()
    database.close()


def test_more_than_a_statement_takes_values_is_tried_again_at_once(fresh_database_url: Callable[[], str]) -> None:
    # PostgreSQL takes 65,535 values, SQLite 32,766.
    database = open_database(fresh_database_url())
    writer = Writer(database)
    writer.call(partial(park, count=70_000))
    assert writer.call(lambda tx: backlog.retry_parked(tx, NOW)) == 70_000
    with database.read() as tx:
        assert not backlog.listed(tx, outbox.PARKED, 1)
        assert [line.due_at for line in backlog.listed(tx, outbox.UNKNOWN, 1)] == [NOW]
    writer.close()
    database.close()


def park(tx: Transaction, count: int) -> None:
    """So many messages that Slack would not take."""
    long_ago = NOW - timedelta(days=1)
    row = {"kind": "card", "detail": {}, "rank": outbox.Rank.NEWS.value, "state": outbox.PARKED, "attempts": 5}
    row |= {"created_at": long_ago, "due_at": long_ago, "done_at": long_ago, "problem": "is_archived"}
    adding(MESSAGE, ("key", "lane", *row)).run_each(
        tx, ({"key": f"k{number}", "lane": f"channel:#{number % 100}", **row} for number in range(count))
    )
