"""What is known of a lead that comes in more than once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from leads.intake import Answer
from sla_engine.lead import Status
from sla_engine.policy import Outcome, Qualification, Reason
from storage import lanes
from storage.database import Database
from tests.leads.counter import Counter
from tests.leads.shop import Shop
from tests.sla_engine.samples import CLAIM, EVENING, email, policy, rep, team

POLICY = replace(
    policy(team("us", rep("alice"))),
    reasons=(Reason("recycle", "No budget", Outcome.RECYCLE),),
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


def test_the_newest_cycle_is_meant_though_the_clock_was_set_back(counter: Counter) -> None:
    first = counter.lead(company="Northwind").lead_id
    counter.recycle(first)
    counter.now -= timedelta(hours=4)
    second = counter.lead(company="Northwind").lead_id
    assert counter.lead(company="Northwind").answer is Answer.DUPLICATE
    assert counter.news("lead.contacted") == second
    counter.recycle(second)
    below = counter.lead(company=None).lead_id
    assert counter.get(counter.news("lead.updated", company="Northwind")).status is Status.MQL
    ids = [first, second, below]
    assert [counter.get(lead_id).previous for lead_id in ids] == [None, first, second]
    assert sorted(ids, key=lambda lead_id: counter.get(lead_id).received_at) == ids


@pytest.mark.parametrize("kind", ["lead.status_changed", "lead.contacted"])
def test_what_another_system_does_in_a_rep_s_place_bears_its_own_name_and_its_note(counter: Counter, kind: str) -> None:
    lead_id = counter.lead(company="Northwind").lead_id
    counter.news(kind, status=Status.SAL, actor="crm@acme.example", note="Called them")
    done = [entry for entry in counter.history(lead_id) if entry.event in ("accepted", "touched")]
    assert {(entry.actor, entry.on_behalf_of) for entry in done} == {("crm@acme.example", email("alice"))}
    assert done[-1].detail["note"] == "Called them"


def test_what_a_rep_does_in_another_system_is_their_own(counter: Counter) -> None:
    lead_id = counter.lead(company="Northwind").lead_id
    counter.news("lead.contacted", actor=email("alice"))
    done = [entry for entry in counter.history(lead_id) if entry.event in ("accepted", "touched")]
    assert [(entry.actor, entry.on_behalf_of) for entry in done] == [(email("alice"), None)] * 2


def test_a_system_that_names_nobody_is_called_by_its_door(counter: Counter) -> None:
    lead_id = counter.lead(company="Northwind").lead_id
    counter.news("lead.status_changed", status=Status.SAL)
    last = counter.history(lead_id)[-1]
    assert (last.event, last.actor, last.on_behalf_of) == ("accepted", "website", email("alice"))


def test_the_company_s_domain_is_that_of_the_address_else_of_the_website_whatever_was_said_last(
    counter: Counter,
) -> None:
    lead_id = counter.lead(company="Northwind", email="pat@northwind.example", domain="northwind.example").lead_id

    def after(**said: Any) -> str | None:
        counter.news("lead.updated", **said)
        return counter.get(lead_id).data.domain

    assert after(website="linktr.ee/pat", domain="linktr.ee") == "northwind.example"
    assert after(email="pat@gmail.com") == "linktr.ee"
    assert after(email="pat@contoso.example", domain="contoso.example") == "contoso.example"
    assert after(phone="+1") == "contoso.example"


def test_an_admin_who_took_a_lead_that_was_free_hears_that_its_buyer_asks_again(database: Database) -> None:
    olga = email("olga")
    free = policy(team("us", rep("alice")), admins=(olga,), when_nobody_is_available=CLAIM)
    shop = Shop(database, free, EVENING)
    lead_id = shop.lead()
    shop.do(shop.desk.accept, lead_id, olga)
    shop.do(shop.desk.qualify, lead_id, olga, {})
    for admins, told in (((olga,), [olga]), ((), [olga, email("dana")])):
        shop.policy, shop.now = replace(free, admins=admins), shop.now + timedelta(days=1)
        shop.lead()
        assert [one.lane for one in shop.messages("return")] == [lanes.to_person(one) for one in told]
