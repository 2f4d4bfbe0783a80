"""A calendar written down: the one text of its definition, so that a promise can keep the calendar it was made on.

Equal calendars have equal texts, on any machine and in any version of Python. The text is JSON in ASCII: spans are
minutes from local midnight, dates and instants ISO 8601, instants in UTC; what a calendar doesn't have is left out.
"""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sla_engine.calendar import Calendar
from sla_engine.errors import EngineError
from sla_engine.hours import Spans
from sla_engine.rota import Away, Rota

KEPT = 512
"""Texts and calendars kept at hand: as many as there are calendars that share what they work out."""
PARTS = ("timezone", "week", "closed", "special", "breaks", "leave")


class UnreadableCalendar(EngineError):
    """This is no calendar as Handoff writes it down: {text}"""


@lru_cache(maxsize=KEPT)
def write(calendar: Calendar) -> str:
    """The calendar's whole definition, leave included; `read` makes the same calendar of it."""
    rota = calendar.rota
    parts = {
        "timezone": rota.timezone,
        "week": rota.week,
        "closed": [(day.isoformat(), name) for day, name in rota.closed],
        "special": [(day.isoformat(), spans) for day, spans in rota.special],
        "breaks": [(day.isoformat(), spans, name) for day, spans, name in rota.breaks],
        "leave": [(start.isoformat(), end and end.isoformat()) for start, end in rota.leave],
    }
    return json.dumps({name: parts[name] for name in PARTS if parts[name]}, separators=(",", ":"))


@lru_cache(maxsize=KEPT)
def read(text: str) -> Calendar:
    """The calendar that was written down, the one that is shared by all of its definition.

    Raises UnreadableCalendar for a text that `write` did not give, and for a time zone this machine doesn't know.
    """
    try:
        calendar = Calendar.on(_rota(json.loads(text)))
    except (LookupError, TypeError, ValueError, AttributeError, OSError) as error:
        raise UnreadableCalendar(text=text[:80]) from error
    if write(calendar) != text:
        raise UnreadableCalendar(text=text[:80])
    return calendar


@lru_cache(maxsize=KEPT)
def key(calendar: Calendar) -> str:
    """A short name for the definition: 12 hexadecimal digits of SHA-256 over its text."""
    return sha256(write(calendar).encode()).hexdigest()[:12]


def _rota(parts: dict[str, Any]) -> Rota:
    return Rota(
        timezone=ZoneInfo(parts["timezone"]).key,  # an unknown zone is refused here, not at the first question
        week=tuple(map(_spans, parts["week"])),
        closed=tuple((date.fromisoformat(day), str(name)) for day, name in parts.get("closed", ())),
        special=tuple((date.fromisoformat(day), _spans(spans)) for day, spans in parts.get("special", ())),
        breaks=tuple(
            (date.fromisoformat(day), _spans(spans), str(name)) for day, spans, name in parts.get("breaks", ())
        ),
        leave=tuple(_away(start, end) for start, end in parts.get("leave", ())),
    )


def _spans(spans: Sequence[Sequence[int]]) -> Spans:
    return tuple((int(start), int(end)) for start, end in spans)


def _away(start: str, end: str | None) -> Away:
    return _utc(start), None if end is None else _utc(end)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
