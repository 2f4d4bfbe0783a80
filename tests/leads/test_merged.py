"""A buyer whom a sender knows under two ids: from the merge on, either id means the lead that is open."""

from dataclasses import replace
from datetime import timedelta

import pytest

from leads.intake import Answer, Taken
from leads.retention import Progress
from sla_engine.lead import Status
from sla_engine.policy import Outcome, Qualification, Reason
from storage.database import Database
from tests.leads.counter import Counter
from tests.sla_engine.samples import policy, rep, team

POLICY = replace(
    policy(team("us", rep("alice"), rep("bob"))),
    reasons=(Reason("recycle", "No budget", Outcome.RECYCLE),),
    duplicates_by_email=True,
    qualification=Qualification(50),
    personal_data_after=timedelta(days=30),
)


@pytest.fixture
def counter(database: Database) -> Counter:
    return Counter(database, POLICY)


def test_an_id_with_a_closed_lead_of_its_own_means_the_open_one_it_was_merged_with(counter: Counter) -> None:
    closed = counter.lead("A").lead_id
    counter.recycle(closed)
    merged = counter.lead("B").lead_id
    assert counter.lead("A") == Taken(Answer.DUPLICATE, merged)
    assert counter.news("lead.updated", "A", title="CEO") == merged
    assert counter.news("lead.contacted", "A") == merged
    assert (counter.get(merged).data.title, counter.get(closed).data.title) == ("CEO", None)
    counter.news("lead.updated", "B", email="pat@elsewhere.example")
    assert counter.lead("A") == Taken(Answer.DUPLICATE, merged), "though the address is another by now"


@pytest.mark.parametrize("kind", ["lead.updated", "lead.status_changed"])
def test_what_waits_below_the_bar_is_not_handed_over_beside_an_open_lead_of_its_address(
    counter: Counter, kind: str
) -> None:
    waits = counter.lead("A", score=10.0)
    assert waits.answer is Answer.NOT_QUALIFIED
    merged = counter.lead("B").lead_id
    assert counter.news(kind, "A", Status.MQL, score=95.0) == merged
    assert counter.get(waits.lead_id).status is Status.NEW
    assert counter.get(merged).data.score == (95 if kind == "lead.updated" else 90)
    assert counter.news("lead.contacted", "A") == merged


def test_news_of_an_id_that_waits_below_the_bar_are_of_the_open_lead_it_came_again_as(counter: Counter) -> None:
    waits = counter.lead("A", score=10.0).lead_id
    merged = counter.lead("B").lead_id
    assert counter.lead("A", score=95.0) == Taken(Answer.DUPLICATE, merged)
    assert counter.news("lead.updated", "A", score=96.0) == merged
    assert (counter.get(waits).status, counter.get(merged).data.score) == (Status.NEW, 96)
    counter.recycle(merged)
    assert counter.lead("A", score=20.0).lead_id == waits


def test_a_new_cycle_of_a_merged_lead_is_meant_by_either_id(counter: Counter) -> None:
    first = counter.lead("A").lead_id
    counter.lead("B")
    counter.recycle(first)
    second = counter.lead("B", email="pat@elsewhere.example").lead_id
    assert counter.get(second).previous == first
    assert [counter.news("lead.replied", name) for name in ("A", "B")] == [second, second]


def test_the_other_id_of_a_lead_outlives_the_erasure_of_its_first_cycle(counter: Counter) -> None:
    first = counter.lead("A").lead_id
    counter.lead("B")
    counter.recycle(first)
    counter.now += timedelta(days=31)
    second = counter.lead("A").lead_id
    counter.run(counter.desk.let_go, Progress())
    assert counter.get(first).data.email == "erased"
    assert counter.news("lead.replied", "B") == second
