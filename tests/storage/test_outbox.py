"""The outbox: what goes first, what keeps its order, and who may write down what became of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from storage import claims, outbox
from storage.database import Database
from storage.outbox import Message, Rank
from storage.transaction import Transaction
from storage.writer import Writer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)


def queue(writer: Writer, key: str, lane: str, lead: str, rank: Rank = Rank.NEWS) -> None:
    """A message is written."""
    writer.call(lambda tx: outbox.post(tx, NOON, key=key, kind="card", lane=lane, rank=rank, lead_id=lead))


def claimed(writer: Writer, *busy: str, now: datetime = NOON, limit: int = 20, lease: str = "one") -> list[Message]:
    """What is leased next."""
    return writer.call(lambda tx: claims.claim_posts(tx, now, lease, now + A_MINUTE, limit, busy))


def sent(writer: Writer, message: Message, **place: str) -> bool:
    """A leased message arrived."""
    return writer.call(lambda tx: claims.finish(tx, message, "one", NOON, outbox.SENT, **place))


def told(writer: Writer, limit: int = 20) -> list[str]:
    """The keys in the order they go, one pass after the other."""
    found: list[str] = []
    while messages := claimed(writer, limit=limit):
        for message in messages:
            sent(writer, message)
        found += [message.key for message in messages]
    return found


def test_an_offer_goes_before_reminders_and_these_before_the_digest(writer: Writer) -> None:
    queue(writer, "digest", "channel:#a", "", Rank.DIGEST)
    for number in range(3):
        queue(writer, f"reminder {number}", "channel:#a", f"L{number}")
    queue(writer, "offer", "channel:#a", "L9", Rank.OFFER)
    assert told(writer) == ["offer", "reminder 0", "reminder 1", "reminder 2", "digest"]


def test_an_offer_goes_first_among_conversations_too(writer: Writer) -> None:
    for number in range(30):
        queue(writer, f"reminder {number}", f"person:{number}", f"L{number}")
    queue(writer, "offer", "person:z", "L99", Rank.OFFER)
    assert [message.key for message in claimed(writer, limit=1)] == ["offer"]


def test_news_of_one_lead_keep_their_order_and_are_as_urgent_as_the_last_of_them(writer: Writer) -> None:
    queue(writer, "other", "person:a", "L1")
    queue(writer, "reminder", "person:a", "L2")
    queue(writer, "offer", "person:a", "L2", Rank.OFFER)
    assert told(writer) == ["reminder", "offer", "other"]


def test_a_conversation_that_is_busy_or_speaking_is_left_alone(writer: Writer) -> None:
    for lane in ("person:a", "person:b", "person:c"):
        queue(writer, f"{lane} 1", lane, "L1")
        queue(writer, f"{lane} 2", lane, "L2")
    assert [message.lane for message in claimed(writer, "person:a")] == ["person:b", "person:c"]
    assert [message.lane for message in claimed(writer)] == ["person:a"]
    assert claimed(writer) == []


def test_a_lease_that_ran_out_is_taken_over_in_doubt_and_its_late_owner_writes_nothing(writer: Writer) -> None:
    queue(writer, "card", "person:a", "L1")
    (first,) = claimed(writer)
    (again,) = claimed(writer, now=NOON + A_MINUTE, lease="two")
    assert (first.in_doubt, again.in_doubt, again.tried_at) == (False, True, NOON)
    assert not writer.call(lambda tx: claims.finish(tx, first, "one", NOON, outbox.SENT))
    assert writer.call(lambda tx: claims.finish(tx, again, "two", NOON, outbox.SENT))


def test_what_was_not_tried_keeps_its_place_and_its_attempts(writer: Writer) -> None:
    queue(writer, "first", "person:a", "L1")
    queue(writer, "second", "person:a", "L2")
    (first,) = claimed(writer)
    writer.call(lambda tx: claims.give_back(tx, first, "one"))
    (again,) = claimed(writer)
    assert (again.key, again.attempts, again.in_doubt) == ("first", 0, False)


def test_changes_of_one_lead_wait_as_one_redrawing_and_live_leads_are_drawn_first(writer: Writer) -> None:
    def change(lead: str, rank: Rank) -> None:
        writer.call(lambda tx: outbox.refresh(tx, NOON, lead, rank))

    for lead in ("L1", "L2"):
        queue(writer, f"card {lead}", f"person:{lead}", lead)
    for message in claimed(writer):
        sent(writer, message, channel="D1", ts="1.0")
    for lead, rank in (("L1", Rank.REDRAW), ("L2", Rank.REDRAW), ("L1", Rank.REDRAW_OF_THE_PAST)):
        change(lead, rank)
    found = writer.call(lambda tx: claims.claim_redrawings(tx, NOON, "one", NOON + A_MINUTE, 9, []))
    assert [message.lead_id for message in found] == ["L2", "L1"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_claim_and_the_next_instant_do_not_read_the_backlog(database: Database, writer: Writer) -> None:
    """SQLite counts the steps of its machine: as many for a backlog a hundred times as long."""

    def steps(unit: Callable[[Transaction], object]) -> int:
        counted = 0

        def count() -> None:
            nonlocal counted
            counted += 1

        with database.reading.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.set_progress_handler(count, 10)
            unit(Transaction(connection))
            raw.set_progress_handler(None, 0)
        return counted

    def look(tx: Transaction) -> None:
        assert len(claims.posts(1).all(tx, now=NOON, limit=5, busy_0="person:0")) == 5
        outbox.next_due(tx)

    def fill(tx: Transaction, start: int, end: int) -> None:
        for number in range(start, end):
            outbox.post(tx, NOON, key=str(number), kind="card", lane=f"person:{number % 10}", lead_id=f"L{number}")

    writer.call(lambda tx: fill(tx, 0, 30))
    few = steps(look)
    writer.call(lambda tx: fill(tx, 30, 3_000))
    assert steps(look) <= few * 1.5
