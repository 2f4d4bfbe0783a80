"""Whatever strangers write into a form, Slack takes what is made of it, and it obeys none of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle, islice

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.slack import cards, explanation, home, modals, reminders, replies, teams
from connectors.slack.buyers import introduction
from connectors.slack.markup import escape, flat
from connectors.slack.teams import Floor
from sla_engine.clock import Clock, Kind
from sla_engine.lead import LeadData, Plan, Status
from storage.history import Happened
from storage.queries import Kept, LeadView
from tests.connectors.slack.judge import assert_sound, assert_sound_view
from tests.connectors.slack.samples import ALICE, BOB, DANA, HISTORY, MONDAY_NINE, PEOPLE, entry, lead, policy

SAMPLES = {
    "channel": "<!channel>",
    "person": "<@U0MALLORY>",
    "group": "<!subteam^S1|all>",
    "entities": "&lt;!here&gt;",
    "marks": "*_~`bold`~_*",
    "link": "<https://evil.example|click>",
    "controls": "\n\r\n\u2028\x00\x07 control",
    "turned": "שלום \u202eעולם",
    "family": "👩\u200d👩\u200d👧\u200d👦🏳️\u200d🌈",
    "accents": "é\u0301" * 40,
    "brackets": "<>&" * 4000,
    "long": "x" * 10_000,
    "lines": "a\n" * 5000,
    "auto": ":fire: #general @here http://evil.example/?a=1&b=2",
    "surrogate": "\ud800 half",
    "script": "javascript:alert(1)",
    "blank": " ",
    "empty": "",
}
HOSTILE = st.sampled_from(sorted(SAMPLES)).map(SAMPLES.__getitem__)
TEXT = st.one_of(HOSTILE, st.text(max_size=60), st.lists(HOSTILE, max_size=3).map("".join))
MAYBE = st.none() | TEXT
INSTANT = st.timedeltas(timedelta(days=-20), timedelta(days=40)).map(lambda since: MONDAY_NINE + since)
DURATION = st.timedeltas(timedelta(0), timedelta(days=90))
REP = st.sampled_from([ALICE, BOB, DANA, "gone@acme.example"])
DATA = st.builds(
    LeadData,
    external_id=TEXT,
    email=TEXT,
    first_name=MAYBE,
    last_name=MAYBE,
    company=MAYBE,
    title=MAYBE,
    phone=MAYBE,
    website=MAYBE,
    country=MAYBE,
    state=MAYBE,
    industry=MAYBE,
    employees=st.none() | st.integers(0, 10**15),
    lead_type=MAYBE,
    source=MAYBE,
    campaign=MAYBE,
    score=st.none() | st.floats(),
    interests=st.lists(TEXT, max_size=4).map(tuple),
    message=MAYBE,
)
CLOCK = st.builds(
    Clock,
    kind=st.sampled_from(Kind),
    target=DURATION,
    started_at=INSTANT,
    running_since=st.none() | INSTANT,
    count=st.sampled_from(["working", "elapsed"]),
    rep=st.none() | REP,
    team=st.sampled_from([None, "us-inbound", "emea-inbound", "gone"]),
    spent=DURATION,
    stopped_at=st.none() | INSTANT,
    breached_at=st.none() | INSTANT,
)
LEAD = st.builds(
    lead,
    data=DATA,
    status=st.sampled_from(Status),
    plan=st.sampled_from(Plan),
    team=st.sampled_from([None, "us-inbound", "emea-inbound", "gone"]),
    rep=st.none() | REP,
    why=MAYBE,
    assigned_at=st.none() | INSTANT,
    sal_at=st.none() | INSTANT,
    first_response_at=st.none() | INSTANT,
    sql_at=st.none() | INSTANT,
    closed_at=st.none() | INSTANT,
    hold_until=st.none() | INSTANT,
    paused_at=st.none() | INSTANT,
    pause_reason=MAYBE,
    reason=st.none() | st.sampled_from(["no_budget", "bad_timing"]) | TEXT,
    note=MAYBE,
)
DETAIL = st.dictionaries(
    st.sampled_from(["note", "reason", "line", "rep", "label", "budget", "clock", "team", "channel", "due_now"]),
    TEXT,
    max_size=5,
)
TOLD = st.builds(lambda event, at, detail: entry(event, at=at, **detail), st.just("touched"), INSTANT, DETAIL)
NEWEST = st.dictionaries(st.sampled_from(["touched", "qualified", "paused"]), TOLD)
VIEW = st.builds(LeadView, LEAD, st.lists(CLOCK, max_size=4).map(tuple), st.just(PEOPLE) | st.just({}), NEWEST)
KEPT = st.lists(
    st.builds(
        Kept,
        REP,
        st.sampled_from(Kind),
        st.integers(0, 500),
        st.just(0),
        st.integers(0, 9),
        st.lists(DURATION, max_size=5).map(tuple),
    ),
    max_size=6,
)
ABOVE_THE_CAPS = 1 + max(home.MOST_LEADS, teams.MOST_LEADS, replies.MOST_LEADS)
hostile = settings(max_examples=80, deadline=None)


def named(view: LeadView, text: str) -> None:
    """The text says who the lead is, as far as anything printable was said."""
    words = flat(view.lead.data.name)
    assert introduction(view.lead.data) in text
    if words.isalnum() and len(words) < 60:
        assert escape(words) in text


@hostile
@given(VIEW, INSTANT)
def test_every_card_is_one_slack_takes_and_names_the_lead(view: LeadView, now: datetime) -> None:
    for rep in (ALICE, BOB, view.lead.rep):
        card = cards.lead_card(view, policy(), now, audience="rep", rep=rep)
        assert_sound(card)
        named(view, card.text)
    card = cards.lead_card(view, policy(), now, audience="channel")
    assert_sound(card)
    named(view, card.text)


@hostile
@given(VIEW, CLOCK, INSTANT)
def test_every_reminder_is_one_slack_takes_and_names_the_lead(view: LeadView, clock: Clock, now: datetime) -> None:
    for content in (
        reminders.reminder(view, clock, policy(), now, audience="rep"),
        reminders.reminder(view, clock, policy(), now, audience="channel"),
        reminders.reminder(view, clock, policy(), now, audience="manager"),
        reminders.taken(view, ALICE, policy(), now),
    ):
        assert_sound(content)
        named(view, content.text)


@hostile
@given(VIEW, INSTANT)
def test_every_form_is_one_slack_takes(view: LeadView, now: datetime) -> None:
    for action in modals.FORMS:
        assert_sound_view(modals.form(action, view, policy(), now))


@hostile
@given(
    st.lists(VIEW, max_size=3),
    st.sampled_from([1, 3, ABOVE_THE_CAPS]),
    st.sampled_from([(ALICE, 0), (ALICE, home.MOST_TEAMS), (DANA, home.MOST_TEAMS)]),
    KEPT,
    INSTANT,
)
def test_home_and_lists_fit_however_many_leads_there_are(
    views: list[LeadView], most: int, reader: tuple[str, int], kept: list[Kept], now: datetime
) -> None:
    repeated = islice(cycle(views), most)
    many = [replace(view, lead=replace(view.lead, id=f"L{n}")) for n, view in enumerate(repeated)]
    company = home.Company(PEOPLE, kept, policy(), now)
    rep, how_many = reader
    floors = [Floor(team, many) for team in islice(cycle(policy().teams.values()), how_many)]
    assert_sound_view(home.home(rep, many, floors, company, more=["a", "b", "c"]))
    assert_sound(replies.my_leads(ALICE, many, policy(), now))
    assert_sound(replies.my_numbers(ALICE, kept, many, policy(), now))
    assert_sound(replies.team_numbers(list(policy().teams.values()), kept, policy(), now, people=PEOPLE))


EVENTS = st.sampled_from([*map(str, Happened), "what an earlier version wrote"])


@hostile
@given(VIEW, st.lists(st.tuples(EVENTS, TEXT, DETAIL), max_size=5), st.sampled_from([1, 40]), INSTANT)
def test_the_account_of_a_lead_fits_however_long_its_history(
    view: LeadView, told: list[tuple[str, str, dict[str, str]]], times: int, now: datetime
) -> None:
    entries = [replace(entry(event, actor), detail=detail) for event, actor, detail in told * times]
    content = explanation.why(view, [*HISTORY, *entries], policy(), now)
    assert_sound(content)
    named(view, content.text)


@hostile
@given(TEXT.filter(lambda one: bool(flat(one))))
def test_a_plain_sentence_stays_plain(sentence: str) -> None:
    assert_sound(replies.plain(sentence))
