"""A week goes by, nights, weekend, holiday and all: every reminder comes when the calendar says, and comes once."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.model import Message
from sla_engine.calendar import Calendar
from sla_engine.clock import ESCALATED, REASSIGNED, Clock, Kind
from sla_engine.policy import Policy
from tests.journeys.conftest import Build
from tests.world import CHANNELS, PEOPLE, World

H = timedelta(hours=1)
WEEK = timedelta(days=7, hours=5)
TARGETS = {
    "Demo request": {Kind.ACCEPTANCE: H / 12, Kind.FIRST_TOUCH: H, Kind.QUALIFICATION: 40 * H},
    "Hot": {Kind.ACCEPTANCE: H / 4, Kind.FIRST_TOUCH: H, Kind.QUALIFICATION: 40 * H},
    "Standard": {Kind.ACCEPTANCE: 4 * H, Kind.FIRST_TOUCH: 24 * H, Kind.QUALIFICATION: 80 * H},
}
LEVELS = {50: ("rep",), 80: ("rep", "channel"), 100: ("rep", "channel", "manager"), 150: ("manager",)}
"""The acceptance policy's, in this test's own words."""
LEADS = {
    "Demo request": {"lead_type": "demo_request", "score": 70},
    "Hot": {"lead_type": "ebook", "score": 95},
    "Standard": {"lead_type": "ebook", "score": 70},
}
ARRIVALS = {
    timedelta(0): {"Demo request": "ignored called", "Hot": "accepted", "Standard": "ignored called"},
    timedelta(hours=19): {"Hot": "ignored"},
    timedelta(days=4, hours=6): {"Demo request": "ignored"},
    timedelta(days=4, hours=22): {"Demo request": "accepted", "Hot": "ignored", "Standard": "ignored"},
}
"""When leads come, after Friday 16:30 in New York, and what becomes of them: at once, on Saturday morning, on Tuesday
night, and on Wednesday afternoon."""
Reached = tuple[str, Clock, int, datetime]
"""The lead's name, the clock, the level in percent, and when the clock was there."""
REMINDER = re.compile(r" left to | Overdue by |Time is up: |'s time to .* ran out after ")
AT_MOST = timedelta(seconds=30)
"""As long may a reminder take: a channel takes one message a second, and several are due at once."""


@dataclass(frozen=True, order=True)
class Reminder:
    """Something said to somebody about a lead, and when."""

    conversation: str
    lead: str
    at: datetime


@dataclass
class Week:
    """A world with its leads, by name, as the week goes by."""

    world: World
    leads: dict[str, str]

    @property
    def policy(self) -> Policy:
        return self.world.service.policy

    def arrive(self, leads: dict[str, str]) -> None:
        """Leads of some SLAs: each is ignored, accepted, or accepted and called."""
        for sla, fates in leads.items():
            for fate in fates.split():
                name = f"{sla.split()[0]}{fate.capitalize()}{'ABCDEFGHIJ'[len(self.leads)]}"
                data: dict[str, Any] = {**LEADS[sla], "email": f"{name.lower()}@{name.lower()}.example"}
                sent = self.world.lead(external_id=name, first_name=name, **data)
                self.leads[name] = sent.json()["lead_id"]
                rep = self.world.view(self.leads[name]).lead.rep
                if fate != "ignored":
                    assert rep is not None
                    self.accept(rep.partition("@")[0], name, touch=fate == "called")

    def accept(self, rep: str, name: str, *, touch: bool) -> None:
        card = next(one for one in reversed(self.world.dm(rep)) if name in one.text)
        self.world.click(rep, "Accept", message=card)
        self.world.settle()
        if touch:
            self.world.click(rep, "Log touch", message=next(m for m in self.world.dm(rep) if m.ts == card.ts))
            self.world.submit(rep, how_were_you_in_contact="Meeting")
            self.world.settle()

    def calendar(self, clock: Clock) -> Calendar:
        """The rep's calendar, or the team's where a manager has the lead."""
        team = self.policy.teams[clock.team or ""]
        rep = team.rep(clock.rep or "")
        return rep.calendar if rep else team.calendar

    def reached(self) -> Iterator[Reached]:
        """Every level that the calendars say a clock reached before it stopped, or until now."""
        for name, lead_id in self.leads.items():
            for clock in self.world.view(lead_id).clocks:
                if clock.kind in ESCALATED:
                    target = TARGETS[clock.promise or ""][clock.kind]
                    for share in LEVELS:
                        counted = self.calendar(clock).explain(clock.started_at, target * share / 100)
                        assert counted.worked == target * share / 100
                        if counted.end <= (clock.stopped_at or self.world.clock.now()):
                            yield name, clock, share, counted.end

    def expected(self, reached: Sequence[Reached]) -> list[Reminder]:
        """What has to have been said at the levels that were reached."""
        found = []
        for name, clock, share, due in reached:
            team = self.policy.teams[clock.team or ""]
            places = {"rep": clock.rep or "", "channel": team.channel, "manager": team.manager}
            for audience in LEVELS[share]:
                if audience != "manager" or clock.rep != team.manager:
                    found.append(Reminder(places[audience].partition("@")[0], name, due))
        return sorted(found)

    def said(self) -> list[Reminder]:
        """What was said."""
        found: list[Reminder] = []
        conversations: dict[str, list[Message]] = {name: self.world.dm(name) for name in PEOPLE}
        conversations |= {f"#{name}": self.world.channel(name) for name in CHANNELS}
        for place, messages in conversations.items():
            for message in messages:
                if REMINDER.search(message.text):
                    name = next(name for name in self.leads if name in message.text)
                    found.append(Reminder(place, name, datetime.fromtimestamp(float(message.ts), UTC)))
        return sorted(found)


def test_every_reminder_of_a_week_is_where_the_calendar_says_and_comes_once(make_world: Build) -> None:
    start = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)
    check(Week(make_world(start=start), {}), start, datetime(2026, 11, 23, 17, 30, tzinfo=UTC))


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("start", "monday"),
    [
        (datetime(2026, 10, 30, 20, 30, tzinfo=UTC), datetime(2026, 11, 2, 17, 30, tzinfo=UTC)),
        (datetime(2027, 3, 12, 21, 30, tzinfo=UTC), datetime(2027, 3, 15, 16, 30, tzinfo=UTC)),
    ],
    ids=["clocks go back", "clocks go forward"],
)
def test_every_reminder_is_in_its_place_in_a_week_in_which_the_clocks_are_changed(
    make_world: Build, start: datetime, monday: datetime
) -> None:
    check(Week(make_world(start=start), {}), start, monday)


def check(week: Week, start: datetime, monday: datetime) -> None:
    """The week goes by; `monday` is when the time of a lead that nobody took since Friday 16:30 is up."""
    for after, leads in ARRIVALS.items():
        week.world.forward_to(max(start + after, week.world.clock.now()))
        week.arrive(leads)
    week.world.forward_to(start + WEEK)
    week.world.settle()

    reached = list(week.reached())
    expected, said = week.expected(reached), week.said()
    assert [(one.conversation, one.lead) for one in said] == [(one.conversation, one.lead) for one in expected]
    late = [
        (heard, due.at) for heard, due in zip(said, expected, strict=True) if not due.at <= heard.at <= due.at + AT_MOST
    ]
    assert not late
    assert len(expected) > 60, "the week is not empty"
    assert {share for _, _, share, _ in reached} == set(LEVELS)
    assert {clock.kind for _, clock, _, _ in reached} == ESCALATED
    check_history(week, reached)
    first = week.world.view(week.leads["StandardIgnoredD"]).clocks
    broken = next(clock.breached_at for clock in first if clock.kind is Kind.ACCEPTANCE)
    assert broken is not None
    assert monday <= broken <= monday + timedelta(minutes=2), "4 h from Friday 16:30 are Monday 12:30 in New York"


def check_history(week: Week, reached: Sequence[Reached]) -> None:
    """The history has each level that was reached once, and each breach where it fell due."""
    for name, lead_id in week.leads.items():
        told = [
            (entry.detail["clock"], entry.detail["rep"], entry.detail["share"], entry.at)
            for entry in week.world.history(lead_id)
            if entry.event == "level reached"
        ]
        due = [(clock.kind.value, clock.rep, share, at) for other, clock, share, at in reached if other == name]
        assert sorted(told) == sorted(due)
        for clock in week.world.view(lead_id).clocks:
            broken: list[datetime | None] = [
                at for other, one, share, at in reached if other == name and one == clock and share == 100
            ]
            assert [clock.breached_at] == (broken or [None])
            if clock.kind in REASSIGNED and clock.stopped_at and not clock.answered:
                assert clock.stopped_at - due_at(week, clock) < AT_MOST


def due_at(week: Week, clock: Clock) -> datetime:
    """When the lead is to be taken away."""
    target = TARGETS[clock.promise or ""][clock.kind]
    return week.calendar(clock).after(clock.started_at, target * 1.5)
