"""Two processes on one PostgreSQL: whatever one of them changes while the other takes the lead's cards is shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from storage import backlog, claims, outbox, retention
from storage.database import Database
from storage.lanes import REDRAWING
from storage.outbox import Message, Rank
from storage.transaction import Transaction

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)
LEAD, LEASE = "L1", "lease"


@contextmanager
def working(database: Database) -> Iterator[Transaction]:
    """A transaction of one process, committed at the end."""
    with database.writing.begin() as connection:
        yield Transaction(connection)


def claimed(database: Database) -> list[Message]:
    """What a process that delivers takes in hand."""
    with working(database) as tx:
        return taken(tx)


def taken(tx: Transaction) -> list[Message]:
    """The same in a transaction that goes on."""
    found = claims.claim_posts(tx, NOON, LEASE, NOON + A_MINUTE, 9, [])
    return found + claims.claim_redrawings(tx, NOON, LEASE, NOON + A_MINUTE, 9, [])


def waiting(database: Database) -> list[str]:
    """The kinds of all that has yet to be told and that nobody has in hand."""
    with database.read() as tx:
        return sorted(
            line.kind for line in backlog.listed(tx, None, 99) if line.done_at is None and line.due_at <= NOON
        )


def finish(database: Database, messages: list[Message], state: str = outbox.SENT) -> None:
    """They were sent, or could not be."""
    with working(database) as tx:
        for message in messages:
            ts = "1.0" if message.kind == "card" and state == outbox.SENT else None
            assert claims.finish(tx, message, LEASE, NOON, state, channel="C1", ts=ts)


def change(tx: Transaction) -> None:
    """Something happens to the lead."""
    outbox.refresh(tx, NOON, LEAD, Rank.REDRAW)


@pytest.fixture
def card(databases: tuple[Database, Database]) -> tuple[Database, Database]:
    """A lead's card waits to be sent."""
    with working(databases[0]) as tx:
        outbox.post(tx, NOON, key="card", kind="card", lane="person:a", rank=Rank.OFFER, lead_id=LEAD)
    return databases


@pytest.fixture
def standing(card: tuple[Database, Database]) -> tuple[Database, Database]:
    """A lead's card stands in Slack."""
    finish(card[1], claimed(card[1]))
    return card


def test_a_redrawing_that_waits_is_not_taken_until_the_change_it_shows_is_committed(
    standing: tuple[Database, Database],
) -> None:
    here, there = standing
    with working(here) as tx:
        change(tx)
    with working(here) as tx:
        change(tx)
        assert claimed(there) == []
    assert [message.lane for message in claimed(there)] == [REDRAWING]
    assert waiting(here) == []


def test_a_first_card_is_not_taken_until_the_change_it_shows_is_committed(card: tuple[Database, Database]) -> None:
    here, there = card
    with working(here) as tx:
        change(tx)
        assert claimed(there) == []
        assert tx.news == {"message": NOON}, "whoever has found nothing looks again"
    assert [message.kind for message in claimed(there)] == ["card"]
    assert waiting(here) == []


def test_a_change_while_the_first_card_is_being_taken_is_drawn_afterwards(card: tuple[Database, Database]) -> None:
    here, there = card
    with working(there) as other:
        assert [message.kind for message in taken(other)] == ["card"]
        with working(here) as tx:
            change(tx)
    assert waiting(here) == ["cards"]


def test_a_change_while_the_redrawing_is_being_taken_is_drawn_by_another(standing: tuple[Database, Database]) -> None:
    here, there = standing
    with working(here) as tx:
        change(tx)
    with working(there) as other:
        [first] = taken(other)
        with working(here) as tx:
            change(tx)
    assert waiting(here) == ["cards"]
    assert claimed(there) == [], "the two must not be under way at once"
    finish(there, [first])
    assert len(claimed(there)) == 1


def test_of_two_who_want_the_cards_drawn_at_once_neither_waits_for_the_other(
    standing: tuple[Database, Database],
) -> None:
    here, there = standing
    with working(here) as tx:
        change(tx)
        with working(there) as other:
            change(other)
        finish(there, claimed(there))
    assert waiting(here) == ["cards"], "what was drawn meanwhile did not show the later of the two"


def test_a_card_that_is_tried_again_by_hand_while_the_lead_changes_shows_the_change(
    card: tuple[Database, Database],
) -> None:
    here, there = card
    finish(there, claimed(there), outbox.PARKED)
    with working(there) as other:
        assert backlog.retry_parked(other, NOON) == 1
        with working(here) as tx:
            change(tx)
    assert waiting(here) == ["card", "cards"]


def test_what_is_told_of_an_old_lead_while_its_messages_are_let_go_is_still_told(
    standing: tuple[Database, Database],
) -> None:
    here, there = standing
    came: list[str] = []

    def news(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("DELETE FROM message WHERE message.lead_id") and not came:
            came.append(statement)
            with working(there) as tx:
                change(tx)

    event.listen(here.writing, "before_cursor_execute", news)
    with working(here) as tx:
        retention.drop_messages(tx, 0, NOON + A_MINUTE, 99)
    assert came
    assert waiting(here) == ["cards"]
