"""What is known of a lead that comes in more than once."""

from dataclasses import replace

import pytest

from leads.intake import Answer
from sla_engine.policy import Qualification
from storage.database import Database
from tests.leads.counter import Counter
from tests.sla_engine.samples import policy, rep, team

POLICY = replace(
    policy(team("us", rep("alice"))),
    qualification=Qualification(50, ("company",)),
)


@pytest.fixture
def counter(database: Database) -> Counter:
    return Counter(database, POLICY)


def test_a_lead_below_the_bar_that_comes_again_is_still_known_by_what_is_not_said_again(counter: Counter) -> None:
    waits = counter.lead(score=10.0, company="Northwind", phone="+1")
    again = counter.lead(score=80.0)
    assert (again.answer, again.lead_id) == (Answer.ACCEPTED, waits.lead_id)
    known = counter.get(waits.lead_id).data
    assert (known.company, known.phone, known.score) == ("Northwind", "+1", 80)
