"""The bar a lead must reach."""

from sla_engine.policy import Qualification
from sla_engine.qualification import shortfalls
from tests.sla_engine.samples import data

BAR = Qualification(minimum_score=60, required_fields=("email", "company", "interests", "employees"))
FULL = {"company": "Northwind", "interests": ("api",), "employees": 0}


def test_a_lead_at_the_bar_is_qualified() -> None:
    assert shortfalls(data(**FULL, score=60), BAR) == []


def test_every_shortfall_is_told_at_once() -> None:
    assert shortfalls(data(company="", score=59.5), BAR) == [
        "company is missing",
        "interests is missing",
        "employees is missing",
        "score 59.5 is below the minimum of 60",
    ]


def test_a_lead_without_a_score_is_told_what_the_minimum_is() -> None:
    assert shortfalls(data(**FULL), BAR) == ["score is missing; the minimum is 60"]


def test_a_score_just_below_the_bar_is_not_rounded_up_to_it() -> None:
    assert shortfalls(data(**FULL, score=59.9999999), BAR) == ["score 59.9999999 is below the minimum of 60"]


def test_without_a_bar_every_lead_is_qualified() -> None:
    assert shortfalls(data(), Qualification()) == []


def test_a_minimum_of_zero_still_asks_for_a_score() -> None:
    assert shortfalls(data(), Qualification(minimum_score=0)) == ["score is missing; the minimum is 0"]
    assert shortfalls(data(score=0), Qualification(minimum_score=0)) == []
