"""What the generic webhook's body says of a buyer."""

import json
from typing import Any

import pytest

from connectors.generic import Unusable, parse
from leads.domains import registrable_domain
from sla_engine.lead import LeadData


def lead(**said: Any) -> LeadData:
    """The lead in a body."""
    body = {"type": "lead.qualified", "data": {"external_id": "00Q5", "email": "pat@northwind.example", **said}}
    found = parse(json.dumps(body).encode())
    assert isinstance(found, LeadData)
    return found


def test_numbers_are_taken_for_text_without_what_a_sender_did_not_write() -> None:
    assert [lead(postal_code=sent).postal_code for sent in (94107.0, 1.5)] == ["94107", "1.5"]
    with pytest.raises(Unusable):
        lead(postal_code=float("inf"))


@pytest.mark.parametrize(("encoding", "problem"), [("utf-16", "is not UTF-8"), ("utf-16-le", "is not JSON")])
def test_a_body_in_another_encoding_than_it_would_be_kept_in_is_not_read(encoding: str, problem: str) -> None:
    with pytest.raises(Unusable, match=problem):
        parse('{"type": "lead.replied", "data": {"external_id": "00Q5"}}'.encode(encoding))


@pytest.mark.parametrize(
    ("sent", "kept"), [("01067", "01067"), (94107, "94107"), (" SW1A 1AA ", "SW1A 1AA"), ("", None), (None, None)]
)
def test_a_postal_code_comes_as_text_or_as_a_number(sent: object, kept: str | None) -> None:
    assert lead(postal_code=sent).postal_code == kept


@pytest.mark.parametrize(
    ("host", "domain"),
    [("mail.Acme.co.uk", "acme.co.uk"), ("acme.example", "acme.example"), ("co.uk", None), ("", None), ("a..b", None)],
)
def test_a_host_belongs_to_what_was_registered_under_a_public_suffix(host: str, domain: str | None) -> None:
    assert registrable_domain(host) == domain


@pytest.mark.parametrize(
    "website",
    [
        "northwind.example",
        "https://www.Northwind.example/en",
        "https://northwind.example?utm_source=ads",
        "northwind.example#top",
        "https://me@northwind.example:8080/x",
        "//northwind.example.",
    ],
)
def test_whose_address_is_free_mail_is_of_the_company_of_the_website(website: str) -> None:
    assert lead(email="pat@gmail.com", website=website).domain == "northwind.example"
    assert lead(email="pat@acme.example", website=website).domain == "acme.example"


@pytest.mark.parametrize("name", ["first_name", "interests"])
def test_a_value_nested_to_any_depth_is_a_mistake_of_the_body_or_of_its_field(name: str) -> None:
    body = json.dumps({"type": "lead.qualified", "data": {"external_id": "d", "email": "d@x.example", name: "@@"}})
    named: set[str] = set()
    # Where the reader gives up depends on how deep the test itself is called.
    for depth in (2, *range(600, 1_100)):
        with pytest.raises(Unusable) as caught:
            parse(body.replace('"@@"', "[" * depth + "]" * depth).encode())
        named.update(mistake.field for mistake in caught.value.mistakes)
    assert named <= {"body", f"data.{name}"}
