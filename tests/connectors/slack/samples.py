"""A lead in every state a card can show, under the policy of the acceptance file."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from bot.policy import load_policy
from sla_engine.clock import Clock, Kind
from sla_engine.grounds import Ground
from sla_engine.lead import Lead, LeadData, Plan, Status
from sla_engine.policy import Policy
from sla_engine.turns import TURN
from storage.history import Entry
from storage.people import Person
from storage.queries import Kept, LeadView
from tests.sample import ACCEPTANCE

ALICE, BOB, DANA = "alice@acme.example", "bob@acme.example", "dana@acme.example"
MONDAY_NINE = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
"""09:00 in New York, when the team opens."""
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PAT = LeadData(
    external_id="00Q5e00000AbCdE",
    email="pat@northwind.example",
    first_name="Pat",
    last_name="Lee",
    company="Northwind",
    title="VP Operations",
    phone="+1 415 555 0123",
    website="northwind.example",
    country="US",
    state="CA",
    industry="logistics",
    employees=420,
    lead_type="demo_request",
    source="google_ads",
    campaign="q4-freight",
    score=92.0,
    interests=("pricing", "api"),
    message="Need 40 seats by January.\nCan we talk this week?",
)
PEOPLE = {
    ALICE: Person(ALICE, "U0ALICE", "Alice Ames", "America/New_York"),
    BOB: Person(BOB, "U0BOB", "Bob Brandt", "America/Chicago"),
    DANA: Person(DANA, None, None, None),
}
WHY = "Alice's turn in us-inbound · rule “Everyone else” · Carol off until Mon 09:00 London"


@lru_cache
def policy() -> Policy:
    """The acceptance file's policy."""
    return load_policy(ACCEPTANCE, date(2026, 11, 21))


def lead(**values: Any) -> Lead:
    """Pat's lead, offered to Alice at nine on Monday."""
    offered = Lead(
        id="L4x7k2m9qaz",
        door="website",
        data=PAT,
        received_at=MONDAY_NINE,
        status=Status.MQL,
        plan=Plan.ASSIGNED,
        team="us-inbound",
        rep=ALICE,
        rule="Everyone else",
        promise="Demo request",
        policy_hash="5d41402abc4b2a76b9719d911017c592",
        why=WHY,
        ground=Ground.TURN,
        mql_at=MONDAY_NINE,
        assigned_at=MONDAY_NINE,
    )
    return replace(offered, **values)


def clock(kind: Kind = Kind.ACCEPTANCE, target: timedelta = 5 * MINUTE, **values: Any) -> Clock:
    """A clock of Alice's that has run since nine on Monday."""
    running = Clock(kind, target, MONDAY_NINE, MONDAY_NINE, rep=ALICE, team="us-inbound", promise="Demo request", id=1)
    return replace(running, **values)


FOLLOW_UP = (clock(Kind.FIRST_TOUCH, HOUR), clock(Kind.QUALIFICATION, 40 * HOUR))


def view(*clocks: Clock, **values: Any) -> LeadView:
    """Pat's lead with these clocks, or with the one for acceptance."""
    newest = values.pop("newest", {})
    return LeadView(lead(**values), clocks or (clock(),), PEOPLE, newest)


def entry(event: str, actor: str = ALICE, at: datetime = MONDAY_NINE, **values: Any) -> Entry:
    """One line of Pat's history; what is not a column goes into the detail."""
    columns = {"on_behalf_of": None, "before": "MQL", "after": "MQL", "policy_hash": "5d41402abc4b2a76b9719d911017c592"}
    columns |= {name: values.pop(name) for name in list(values) if name in columns}
    return Entry(at=at, event=event, actor=actor, detail=values, **columns)


def stopped(one: Clock, **values: Any) -> Clock:
    """The clock, stopped four minutes past nine."""
    at = MONDAY_NINE + 4 * MINUTE
    return replace(one, **({"stopped_at": at, "running_since": None, "spent": 4 * MINUTE, "answered": True} | values))


ACCEPTED: dict[str, Any] = {"status": Status.SAL, "sal_at": MONDAY_NINE + 4 * MINUTE}
CLOSED: dict[str, Any] = {"plan": Plan.NONE, "closed_at": MONDAY_NINE + 4 * MINUTE}
STATES: dict[str, LeadView] = {
    "offered": view(),
    "overdue": view(clock(breached_at=MONDAY_NINE + 5 * MINUTE)),
    "offered and paused": view(
        clock(running_since=None, spent=2 * MINUTE), paused_at=MONDAY_NINE + 2 * MINUTE, pause_reason="the rep is away"
    ),
    "with the manager": view(
        clock(rep=DANA),
        rep=DANA,
        why="Dana manages us-inbound · it was passed on 4 times",
        ground=Ground.MANAGER,
        reassignments=4,
    ),
    "held": view(
        stopped(clock(), answered=False),
        rep=None,
        plan=Plan.HELD,
        hold_until=MONDAY_NINE + timedelta(days=1),
        why="Nobody in us-inbound or its backup emea-inbound is at work: Alice is first back, Tue 09:00 New York",
    ),
    "claimable": view(
        stopped(clock(), answered=False),
        rep=None,
        plan=Plan.CLAIMABLE,
        why="Nobody in us-inbound or its backup emea-inbound is available: the first to take it has it",
    ),
    "accepted": view(stopped(clock()), *FOLLOW_UP, **ACCEPTED),
    "touched": view(
        stopped(clock()),
        stopped(FOLLOW_UP[0]),
        FOLLOW_UP[1],
        **ACCEPTED,
        first_response_at=MONDAY_NINE + 9 * MINUTE,
        newest={"touched": entry("touched", at=MONDAY_NINE + 9 * MINUTE, channel="Call", note="Left a message")},
    ),
    "accepted and paused": view(
        stopped(clock()),
        *(replace(one, running_since=None, spent=10 * MINUTE) for one in FOLLOW_UP),
        **ACCEPTED,
        paused_at=MONDAY_NINE + 10 * MINUTE,
        pause_reason="They travel until Thursday",
        newest={"paused": entry("paused", DANA, MONDAY_NINE + 10 * MINUTE, on_behalf_of=ALICE)},
    ),
    "qualified": view(
        stopped(clock()),
        status=Status.SQL,
        sal_at=MONDAY_NINE,
        sql_at=MONDAY_NINE + HOUR,
        newest={"qualified": entry("qualified", budget="40k", authority="The CFO", need="40 seats", timeline="")},
    ),
    "opportunity": view(stopped(clock()), status=Status.OPPORTUNITY, sal_at=MONDAY_NINE),
    "customer": view(stopped(clock()), status=Status.CUSTOMER, sal_at=MONDAY_NINE),
    "rejected": view(
        stopped(clock()),
        status=Status.RECYCLED,
        reason="bad_timing",
        note="They buy again in spring.\nAsk in March.",
        **CLOSED,
    ),
    "disqualified": view(
        stopped(clock()), status=Status.DISQUALIFIED, sal_at=MONDAY_NINE, reason="duplicate", **CLOSED
    ),
    "recycled elsewhere": view(stopped(clock()), status=Status.RECYCLED, sal_at=MONDAY_NINE, **CLOSED),
    "not qualified": view(status=Status.NEW, plan=Plan.NONE, rep=None, team=None, why=None),
}


ROUTED = entry(
    "assigned",
    "Handoff",
    before="New",
    rep=ALICE,
    line=WHY,
    rule="Everyone else",
    team="us-inbound",
    rules=[
        {"subject": "Named accounts", "obstacle": "nobody owns this account yet"},
        {"subject": "EMEA territory", "obstacle": "needs country GB or IE; it has US"},
        {"subject": "Everyone else", "obstacle": ""},
    ],
    considered={
        "off until Mon 09:00 London": ["carol@acme.example"],
        "free, but not next in turn": [BOB],
        "": [ALICE],
    },
    owed_before={ALICE: 0, BOB: 0, "carol@acme.example": TURN // 2},
    owed_after={ALICE: -TURN // 2, BOB: TURN // 2, "carol@acme.example": TURN // 2},
)
HISTORY = [
    entry("received", "Handoff", before="New", after="New", reasons=[], webhook_id="msg_1"),
    ROUTED,
    entry("level reached", "Handoff", MONDAY_NINE + 2.5 * MINUTE, clock="acceptance", share=50, rep=ALICE),
    entry("accepted", DANA, MONDAY_NINE + 4 * MINUTE, on_behalf_of=ALICE, after="SAL", rep=ALICE),
    entry("touched", ALICE, MONDAY_NINE + 9 * MINUTE, channel="Call", note="Left a message"),
    entry("paused", ALICE, MONDAY_NINE + 10 * MINUTE, reason="They travel until Thursday"),
]
KEPT = [
    Kept(ALICE, Kind.ACCEPTANCE, 12, 1, 0, tuple(n * MINUTE for n in range(1, 12))),
    Kept(ALICE, Kind.FIRST_TOUCH, 10, 2, 1, tuple(n * 10 * MINUTE for n in range(1, 11))),
    Kept(BOB, Kind.ACCEPTANCE, 3, 0, 0, (MINUTE, 2 * MINUTE, 3 * MINUTE)),
]
