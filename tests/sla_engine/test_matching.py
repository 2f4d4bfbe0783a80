"""When a lead meets a rule's conditions."""

from typing import Any

import pytest

from sla_engine.conditions import AnyOf, Bound, Condition, Not, Test
from sla_engine.lead import LeadData, Value
from sla_engine.matching import asked, describe, failed, holds, passes, unmet
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


US, CA = one_of("US"), Condition("state", ("CA",))
BANK = Condition("company", contains=("bank", "credit"))
AT_ACME = Condition("email", domains=("acme.com", "acme.co.uk"))


@pytest.mark.parametrize(
    ("test", "said", "expected"),
    [
        (US.opposite(), {"country": "us"}, False),
        (US.opposite(), {"country": "FR"}, True),
        (US.opposite(), {}, True),
        (within(Bound(">=", 10)).opposite(), {"employees": 9}, True),
        (within(Bound(">=", 10)).opposite(), {"employees": 10}, False),
        (Condition("interests", ("api",), negated=True), {"interests": ("sso", "API")}, False),
        (BANK, {"company": "Deutsche BANK AG"}, True),
        (BANK, {"company": "Sparkasse"}, False),
        (BANK, {}, False),
        (BANK.opposite(), {}, True),
        (BANK.opposite(), {"company": "Creditreform"}, False),
        (AT_ACME, {"email": "pat@ACME.com"}, True),
        (AT_ACME, {"email": "pat@mail.acme.co.uk"}, True),
        (AT_ACME, {"email": "pat@notacme.com"}, False),
        (AT_ACME, {"email": "acme.com@evil.example"}, False),
        (AT_ACME.opposite(), {"email": "pat@acme.com"}, False),
        (Condition("website", domains=("acme.com",)), {"website": "HTTPS://www.acme.com:443/en?x=@b.c"}, True),
        (Condition("website", domains=("acme.com",)), {"website": "acme.com/about"}, True),
        (Condition("website", domains=("acme.com",)), {"website": "https://evil.example/acme.com"}, False),
        (Condition("website", domains=("acme.com",)), {}, False),
        (Condition("owner_email", domains=("acme.com",)), {"owner_email": "@acme.com"}, True),
        (AnyOf(((US,), (CA,))), {"state": "CA"}, True),
        (AnyOf(((US, CA), (BANK,))), {"country": "US"}, False),
        (AnyOf(((US, CA), (BANK,))), {"country": "US", "state": "ca"}, True),
        (Not((US, CA)), {"country": "US", "state": "CA"}, False),
        (Not((US, CA)), {"country": "US"}, True),
        (Not((AnyOf(((US,), (CA,))),)), {"state": "CA"}, False),
    ],
)
def test_a_test_is_passed_or_not(test: Test, said: dict[str, Any], expected: bool) -> None:
    assert passes(data(**said), test) is expected


@pytest.mark.parametrize(
    ("test", "said", "words"),
    [
        (US, {"country": "FR"}, "needs country US; it has FR"),
        (one_of("US", "CA"), {}, "needs country US or CA; it has none"),
        (US.opposite(), {"country": "US"}, "needs country other than US; it has US"),
        (within(Bound(">=", 1000)), {"employees": 420}, "needs employees >=1000; it has 420"),
        (within(Bound(">=", 10), Bound("<", 2_500_000)), {}, "needs employees >=10 and <2500000; it has none"),
        (within(Bound(">=", 10)).opposite(), {"employees": 12}, "needs employees not >=10; it has 12"),
        (BANK, {"company": "Acme"}, "needs company containing bank or credit; it has Acme"),
        (BANK.opposite(), {"company": "A bank"}, "needs company not containing bank or credit; it has A bank"),
        (AT_ACME, {"email": "pat@b.c"}, "needs email at acme.com or acme.co.uk; it has pat@b.c"),
        (
            AnyOf(((US,), (Condition("state", ("BC",)), BANK))),
            {"country": "FR"},
            "needs one of: country US; or state BC and company containing bank or credit; "
            "it has country FR, no state and no company",
        ),
        (
            Not((US, CA)),
            {"country": "US", "state": "CA"},
            "needs anything but country US and state CA; it has country US and state CA",
        ),
        (
            Condition("lead_type", tuple("abcdefghij")),
            {"lead_type": "x" * 99},
            f"needs lead type a, b, c, d, e, f, g, h or 2 more; it has {'x' * 59}…",
        ),
        (Condition("message", ("a",)), {"message": "two\nlines"}, "needs message a; it has two lines"),
    ],
)
def test_what_is_asked_and_what_the_lead_has_are_told(test: Test, said: dict[str, Any], words: str) -> None:
    assert not passes(data(**said), test)
    assert unmet(test, data(**said)) == words


def test_groups_among_other_conditions_are_set_apart() -> None:
    assert (
        asked(US, AnyOf(((CA,), (BANK,)))) == "country US and (one of: state CA; or company containing bank or credit)"
    )
    assert asked(AnyOf(((CA,),))) == "one of: state CA"


def test_later_news_of_a_buyer_keeps_what_it_does_not_mention() -> None:
    known = data(company="Northwind", country="US", interests=("api",), score=80.0)
    later = LeadData("00Q5", "pat@northwind.example", company="Northwind Traders", country="", score=0.0)
    told = known.updated(later)
    assert (told.company, told.country, told.interests, told.score) == ("Northwind Traders", "US", ("api",), 0.0)


def test_a_buyer_goes_by_their_name_or_else_their_address() -> None:
    assert data(first_name="Pat", last_name="Lee").name == "Pat Lee"
    assert data(last_name="Lee").name == "Lee"
    assert data().name == "pat@northwind.example"
