"""Opening hours as people write them: `{"mon-fri": "09:00-12:00, 13:00-18:00"}`.

A span is a pair of minutes counted from local midnight of the day it starts on. `24:00` is the midnight that ends the
day; a night shift such as `22:00-06:00` belongs to the day it starts on and ends past 24:00.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from sla_engine.errors import EngineError

Span = tuple[int, int]
Spans = tuple[Span, ...]
Week = tuple[Spans, ...]
"""Seven days from Monday, each with its spans in order."""

DAY = 24 * 60
LONGEST_NIGHT = 12 * 60
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = {name: number for names in (DAYS, _NAMES) for number, name in enumerate(names)}
_SPAN = re.compile(r"(\d{1,2}):([0-5]\d)\s*[-–]\s*(\d{1,2}):([0-5]\d)", re.ASCII)


class UnreadableHours(EngineError):
    """The hours “{text}” can't be read: write spans like “09:00-12:00, 13:00-18:00”, from 00:00 to 24:00."""


class UnreadableDays(EngineError):
    """The days “{text}” can't be read: write “mon”, “mon-fri” or “sat, sun”."""


class RepeatedDay(EngineError):
    """{day} is given hours twice, the second time by “{text}”."""


class EmptySpan(EngineError):
    """The span “{span}” ends when it starts: for a whole day write “00:00-24:00”."""


class BackwardSpan(EngineError):
    """The span “{span}” runs backwards: as a night shift it would last more than 12 hours.
    If that is meant, split it at midnight into two spans on two days."""


class OverlappingSpans(EngineError):
    """The spans “{first}” and “{second}” overlap{where}."""


def parse_week(hours: Mapping[str, str]) -> Week:
    """The spans of each weekday, from Monday. A day that isn't named has none.

    Raises UnreadableDays, RepeatedDay, and what `parse_spans` raises.
    """
    week: dict[int, Spans] = {}
    for days, text in hours.items():
        spans = parse_spans(text)
        for day in parse_days(days):
            if day in week:
                raise RepeatedDay(day=_NAMES[day].capitalize(), text=days)
            week[day] = spans
    result = tuple(week.get(day, ()) for day in range(7))
    _refuse_nights_that_meet_mornings(result)
    return result


def parse_days(text: str) -> Iterator[int]:
    """Weekday numbers (Monday is 0) of `mon`, `mon-fri`, `sat, sun`; `fri-mon` runs over the weekend."""
    for part in str(text).lower().split(","):
        ends = [_NUMBERS.get(name.strip()) for name in re.split("[-–]", part)]
        first, last = ends[0], ends[-1]
        if first is None or last is None or len(ends) > 2:
            raise UnreadableDays(text=text)
        yield from ((first + step) % 7 for step in range((last - first) % 7 + 1))


def parse_spans(text: str) -> Spans:
    """The spans of one day in order; spans that touch become one.

    Raises UnreadableHours, EmptySpan, BackwardSpan, OverlappingSpans.
    """
    spans = sorted(_parse_span(part.strip(), text) for part in str(text).split(","))
    joined = spans[:1]
    for before, span in pairwise(spans):
        if span[0] < before[1]:
            raise OverlappingSpans(first=write_span(before), second=write_span(span), where="")
        if span[0] == before[1]:
            joined[-1] = (joined[-1][0], span[1])
        else:
            joined.append(span)
    return tuple(joined)


def _parse_span(part: str, text: str) -> Span:
    found = _SPAN.fullmatch(part)
    if not found:
        raise UnreadableHours(text=text)
    hour, minute, end_hour, end_minute = map(int, found.groups())
    start, end = hour * 60 + minute, end_hour * 60 + end_minute
    if start >= DAY or end > DAY:
        raise UnreadableHours(text=text)
    if start == end:
        raise EmptySpan(span=part)
    if end < start:
        end += DAY
        if end - start > LONGEST_NIGHT:
            raise BackwardSpan(span=part)
    return start, end


def _refuse_nights_that_meet_mornings(week: Week) -> None:
    for day, spans in enumerate(week):
        morning = week[(day + 1) % 7]
        if spans and morning and spans[-1][1] - DAY > morning[0][0]:
            where = f" on {_NAMES[(day + 1) % 7].capitalize()}"
            raise OverlappingSpans(first=write_span(spans[-1]), second=write_span(morning[0]), where=where)


def write_span(span: Span) -> str:
    """`(1320, 1800)` as `22:00-06:00`."""
    start, end = span
    end = end - DAY if end > DAY else end
    return f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
