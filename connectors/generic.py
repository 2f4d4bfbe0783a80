"""The generic source: JSON in the shape of Handoff's own webhook, signed by the Standard Webhooks scheme."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite
from typing import Any

from email_validator import EmailNotValidError, validate_email

from leads.domains import company_domain
from leads.intake import Event
from sla_engine.lead import LeadData, Status

PERSON = ("first_name", "last_name", "title", "phone")
COMPANY = ("company", "website", "country", "state", "postal_code", "industry")
TEXTS = (*PERSON, *COMPANY, "lead_type", "source", "campaign", "message")
EVENTS = ("lead.contacted", "lead.replied", "lead.updated", "lead.status_changed")
QUALIFIED = "lead.qualified"
LONGEST_KEY = 255
"""How long an external_id may be: it is looked up by an index, whose entries have a limit."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One field that can't be used, by its path in the body."""

    field: str
    problem: str


class Unusable(Exception):
    """A signed body that can't be used, with every mistake in it."""

    def __init__(self, *mistakes: Mistake) -> None:
        self.mistakes = mistakes
        super().__init__("; ".join(f"{mistake.field}: {mistake.problem}" for mistake in mistakes))


def parse(body: bytes) -> LeadData | Event:
    """A lead or news of one from a request's body. Raises `Unusable` with all that is wrong."""
    try:
        return _parsed(body)
    except RecursionError as error:
        # Not only of the reader: what it can just read may be too deep for the sentence that would show it.
        raise Unusable(Mistake("body", "is nested too deeply")) from error


def _parsed(body: bytes) -> LeadData | Event:
    try:
        document = json.loads(body.decode("utf-8-sig"))  # bytes would be taken for UTF-16 too, and be kept as UTF-8
    except UnicodeDecodeError as error:
        raise Unusable(Mistake("body", "is not UTF-8")) from error
    except ValueError as error:
        raise Unusable(Mistake("body", "is not JSON")) from error
    if not isinstance(document, dict) or not isinstance(document.get("data"), dict):
        raise Unusable(Mistake("data", "is missing or is not an object"))
    kind, data = document.get("type"), document["data"]
    _refuse_odd_time(document.get("timestamp"))
    if kind == QUALIFIED:
        return _lead(data)
    if kind in EVENTS:
        return _event(kind, data)
    known = ", ".join((QUALIFIED, *EVENTS))
    raise Unusable(Mistake("type", f"is {_shown(kind)}, expected one of {known}"))


def _refuse_odd_time(stamp: object) -> None:
    if stamp is None:
        return
    try:
        aware = isinstance(stamp, str) and datetime.fromisoformat(stamp).tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        raise Unusable(Mistake("timestamp", f"is {_shown(stamp)}, expected an ISO 8601 instant with its zone"))


@dataclass
class _Reader:
    data: Mapping[str, Any]
    mistakes: list[Mistake] = field(default_factory=list)

    def wrong(self, name: str, problem: str) -> None:
        self.mistakes.append(Mistake(f"data.{name}", problem))

    def text(self, name: str) -> str | None:
        value = self.data.get(name)
        if value is None:
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value):
            # A CRM's ids and phone numbers often come as numbers.
            value = str(int(value) if value == int(value) else value)
        if isinstance(value, str):
            return _cleaned(value) or None
        self.wrong(name, f"is {_shown(value)}, expected text")
        return None

    def required(self, name: str) -> str:
        value = self.text(name)
        if value is None and not any(mistake.field == f"data.{name}" for mistake in self.mistakes):
            self.wrong(name, "is required")
        return value or ""

    def key(self, name: str) -> str:
        value = self.required(name)
        if len(value) > LONGEST_KEY:
            self.wrong(name, f"has {len(value):,} characters, expected at most {LONGEST_KEY}")
        return value

    def email(self, name: str, value: str | None) -> str | None:
        if not value:
            return None
        try:
            return validate_email(value, check_deliverability=False, test_environment=True).normalized
        except EmailNotValidError:
            self.wrong(name, f"is {_shown(value)}, expected an e-mail address")
            return None

    def number(self, name: str) -> float | None:
        value = self.data.get(name)
        if value is None or value == "":
            return None
        try:
            number = float(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else None
        except (ValueError, OverflowError):
            number = None
        if number is None or not abs(number) < 1e15:
            self.wrong(name, f"is {_shown(value)}, expected a number")
            return None
        return number

    def words(self, name: str) -> tuple[str, ...]:
        value = self.data.get(name)
        if value is None:
            return ()
        if isinstance(value, str):
            value = value.split(",")
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.wrong(name, f"is {_shown(value)}, expected a list of texts")
            return ()
        return tuple(filter(None, map(_cleaned, value)))

    def finish(self) -> None:
        if self.mistakes:
            raise Unusable(*self.mistakes)


def _lead(data: Mapping[str, Any], *, partial: bool = False) -> LeadData:
    reader = _Reader(data)
    external_id = reader.key("external_id")
    address = reader.text("email") if partial else reader.required("email")
    email = reader.email("email", address) or ""
    texts = {name: reader.text(name) for name in TEXTS}
    employees = reader.number("employees")
    found = LeadData(
        external_id=external_id,
        email=email,
        employees=None if employees is None else int(employees),
        score=reader.number("score"),
        interests=reader.words("interests"),
        owner_email=reader.email("owner_email", reader.text("owner_email")),
        domain=company_domain(email, texts["website"]),
        **texts,
    )
    reader.finish()
    return found


def _event(kind: str, data: Mapping[str, Any]) -> Event:
    reader = _Reader(data)
    external_id = reader.key("external_id")
    actor, note = reader.text("actor"), reader.text("note")
    status = _status(reader) if kind == "lead.status_changed" else None
    reader.finish()
    lead = _lead(data, partial=True) if kind == "lead.updated" else None
    return Event(kind, external_id, lead, status, actor, note)


def _status(reader: _Reader) -> Status | None:
    wanted = reader.required("status")
    found = next((status for status in Status if status.casefold() == wanted.casefold()), None)
    if wanted and found is None:
        reader.wrong("status", f"is {_shown(wanted)}, expected one of {', '.join(Status)}")
    return found


def _cleaned(text: str) -> str:
    """PostgreSQL's text has no room for NUL, nor UTF-8 for half a surrogate pair, which JSON can spell."""
    return text.replace("\0", "").encode("utf-8", "replace").decode().strip()


def _shown(value: object) -> str:
    text = _cleaned(json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= 60 else f"{text[:57]}…"
