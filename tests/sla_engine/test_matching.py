"""When a lead meets a rule's conditions."""

import pytest

from sla_engine.conditions import Bound, Condition
from sla_engine.lead import LeadData, Value
from sla_engine.matching import describe, failed, holds
from tests.sla_engine.samples import data


def one_of(*values: str | int | float | bool) -> Condition:
    return Condition("country", values)


def within(*bounds: Bound) -> Condition:
    return Condition("employees", bounds=bounds)


@pytest.mark.parametrize(
    ("value", "condition", "expected"),
    [
        ("US", one_of("US"), True),
        ("us ", one_of("US"), True),
        ("STRASSE", one_of("straße"), True),
        ("US", one_of("GB", "US"), True),
        ("US", one_of("GB", "IE"), False),
        ("USA", one_of("US"), False),
        (75.0, one_of(75), True),
        (75.5, one_of(75), False),
        ("75", one_of(75), True),
        (1000, within(Bound(">=", 1000)), True),
        (999, within(Bound(">=", 1000)), False),
        (1000, within(Bound(">", 1000)), False),
        (1001, within(Bound(">", 1000)), True),
        (1000, within(Bound("<=", 1000)), True),
        (1000, within(Bound("<", 1000)), False),
        (999, within(Bound("<", 1000)), True),
        (0, within(Bound("<", 1000)), True),
        (500, within(Bound(">=", 100), Bound("<", 1000)), True),
        (50, within(Bound(">=", 100), Bound("<", 1000)), False),
        (1000, within(Bound(">=", 100), Bound("<", 1000)), False),
        ("many", within(Bound(">=", 1)), False),
        (("api", "Pricing"), one_of("pricing"), True),
        (("api", "pricing"), one_of("sso"), False),
        ((), one_of("api"), False),
        (None, one_of("US"), False),
        (None, within(Bound("<", 1000)), False),
    ],
)
def test_a_value_meets_a_condition_or_does_not(value: Value, condition: Condition, expected: bool) -> None:
    assert holds(value, condition) is expected


def test_all_conditions_must_hold_and_the_first_that_does_not_is_named() -> None:
    here, big, hot = one_of("US"), within(Bound(">=", 1000)), Condition("score", bounds=(Bound(">=", 90),))
    said = data(country="US", employees=420, score=50)
    assert failed(said, (here, big, hot)) is big
    assert failed(said, (here,)) is None
    assert failed(said, ()) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "missing"),
        ((), "missing"),
        ("", "missing"),
        ("US", "US"),
        (0, "0"),
        (420, "420"),
        (90.0, "90"),
        (1234567.5, "1234567.5"),
        (("api", "sso"), "api, sso"),
    ],
)
def test_a_value_has_words(value: Value, words: str) -> None:
    assert describe(value) == words


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (one_of("US"), "country is US"),
        (one_of("GB", "IE"), "country is one of GB, IE"),
        (within(Bound(">=", 1000)), "employees >=1000"),
        (within(Bound(">=", 100), Bound("<", 2_500_000)), "employees >=100 and <2500000"),
    ],
)
def test_a_condition_has_words(condition: Condition, words: str) -> None:
    assert str(condition) == words


def test_later_news_of_a_buyer_keeps_what_it_does_not_mention() -> None:
    known = data(company="Northwind", country="US", interests=("api",), score=80.0)
    later = LeadData("00Q5", "pat@northwind.example", company="Northwind Traders", country="", score=0.0)
    told = known.updated(later)
    assert (told.company, told.country, told.interests, told.score) == ("Northwind Traders", "US", ("api",), 0.0)


def test_a_buyer_goes_by_their_name_or_else_their_address() -> None:
    assert data(first_name="Pat", last_name="Lee").name == "Pat Lee"
    assert data(last_name="Lee").name == "Lee"
    assert data().name == "pat@northwind.example"
