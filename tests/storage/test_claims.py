"""Timers are claimed from an index, past what has fired, and by one process each."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from storage import claims, clocks, leads, outbox
from storage.clocks import Purpose
from storage.database import Database, open_database
from storage.transaction import Transaction
from storage.writer import Writer
from tests.past import fill as fill_past
from tests.storage.plans import plan

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)
MANY = 5_000


def fill(tx: Transaction, count: int) -> None:
    """Timers of one lead's clock, a second apart, the first of them due at noon."""
    clocks.set_levels(tx, "lead", 1, [(number, NOON + number * A_SECOND, {}) for number in range(count)])


@pytest.mark.parametrize("since", [None, NOON])
def test_due_timers_and_the_next_are_found_through_the_index_of_pending_ones(
    database: Database, writer: Writer, since: datetime | None
) -> None:
    writer.call(lambda tx: fill(tx, MANY))
    for query in (lambda tx: clocks.due(tx, NOON, 100, since), lambda tx: clocks.next_due(tx, since)):
        found = plan(database, query, tiny=True)
        assert "timer_due" in found, found
        assert "TEMP B-TREE" not in found, found


def test_a_clocks_timers_are_found_without_reading_everybody_elses(database: Database, writer: Writer) -> None:
    def fill_many(tx: Transaction) -> None:
        for number in range(999):
            clocks.set_levels(tx, "lead", number, [(50, NOON, {}), (80, NOON, {})])

    writer.call(fill_many)
    assert "timer_of_clock" in plan(database, lambda tx: clocks.pending(tx, 7), tiny=True)


UNTIL = NOON + 30 * A_SECOND
QUESTIONS: dict[str, tuple[Callable[[Transaction], object], str, str]] = {
    "posts": (lambda tx: claims.claim_posts(tx, NOON, "lease", UNTIL, 10, ["a"]), "message_lane", "message_due"),
    "redrawings": (
        lambda tx: claims.claim_redrawings(tx, NOON, "lease", UNTIL, 10, [1]),
        "message_lane",
        "message_due",
    ),
    "next message": (outbox.next_due, "message_due", "message_lane"),
    "due timers": (lambda tx: clocks.due(tx, NOON, 100), "timer_due", "timer_of_clock"),
    "next timer": (clocks.next_due, "timer_due", "timer_of_clock"),
    "a clock's timers": (lambda tx: clocks.pending(tx, 7), "timer_of_clock", "timer_due"),
    "a lead's clocks": (lambda tx: clocks.unstopped(tx, "lead"), "clock_of_lead", "clock_unstopped"),
    "a buyer's lead": (lambda tx: leads.open_with_email(tx, "a@b.example"), "lead_of_email", "lead_open_once"),
}
"""What is asked all the time, the index that finds it, and one that would do while there is little to do."""


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_plan_made_while_nothing_waits_is_good_when_much_does(database: Database, question: str) -> None:
    fill_past(database.url.render_as_string(hide_password=False), 1_000)
    query, its_own, another = QUESTIONS[question]
    found = plan(database, query, tiny=True)
    assert its_own in found, found
    assert another not in found, found


def test_below_the_mark_nothing_is_looked_for(writer: Writer) -> None:
    writer.call(lambda tx: fill(tx, 10))
    found = writer.call(lambda tx: clocks.due(tx, NOON + 5 * A_SECOND, 100, NOON + 3 * A_SECOND))
    assert [timer.share for timer in found] == [3, 4, 5]
    assert writer.call(lambda tx: clocks.next_due(tx, NOON + 3 * A_SECOND)) == NOON + 3 * A_SECOND
    assert writer.call(clocks.next_due) == NOON


def test_a_timer_that_sleeps_is_never_the_next(writer: Writer) -> None:
    writer.call(lambda tx: clocks.set_levels(tx, "lead", 1, [(50, None, {})]))
    assert writer.call(clocks.next_due) is None


def test_two_processes_share_what_is_due_and_claim_nothing_twice(fresh_postgres_url: Callable[[], str]) -> None:
    here = open_database(fresh_postgres_url())
    there = open_database(here.url.render_as_string(hide_password=False))
    with here.writing.begin() as connection:
        fill(Transaction(connection), 150)
    with here.writing.begin() as one, there.writing.begin() as other:
        first = clocks.due(Transaction(one), NOON + 999 * A_SECOND, 100)
        second = clocks.due(Transaction(other), NOON + 999 * A_SECOND, 100)
    assert (len(first), len(second)) == (100, 50)
    assert not {timer.id for timer in first} & {timer.id for timer in second}
    here.close()
    there.close()


def test_a_transaction_tells_of_the_earliest_it_wrote(database: Database, writer: Writer) -> None:
    told: list[object] = []
    writer.on_news = told.append
    writer.call(lambda tx: fill(tx, 3))
    writer.call(lambda tx: tx.connection.execute(text("SELECT 1")).scalar())
    writer.call(lambda tx: clocks.set_timer(tx, Purpose.DIGEST, "weekly", NOON - A_SECOND))
    writer.close()
    assert told == [{"timer": NOON}, {"timer": NOON - A_SECOND}]


def test_a_timer_is_known_by_what_it_is_for_and_about_and_keeps_the_name_it_had(writer: Writer) -> None:
    writer.call(lambda tx: clocks.set_timer(tx, Purpose.RELEASE, "emea: inbound", NOON + A_SECOND))
    writer.call(lambda tx: clocks.bring_forward(tx, Purpose.RELEASE, "emea: inbound", NOON))
    writer.call(lambda tx: clocks.bring_forward(tx, Purpose.RELEASE, "emea: inbound", NOON + A_SECOND))
    [timer] = writer.call(lambda tx: clocks.due(tx, NOON, 9))
    assert (timer.kind, timer.subject, timer.key) == (Purpose.RELEASE, "emea: inbound", "release:emea: inbound")
    writer.call(lambda tx: clocks.drop_timer(tx, Purpose.RELEASE, "emea: inbound"))
    assert writer.call(lambda tx: clocks.pending_at(tx, Purpose.RELEASE, "emea: inbound")) is None
