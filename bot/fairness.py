"""`handoff fairness`: what each rep was owed, what they had and why they were skipped; and that the ledger adds up."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from textwrap import wrap

import click

from bot.places import UnknownTeam, UnreadableDate, UnreadableMoment, instant_at, typed_moment
from bot.serving import read_policy
from bot.settings import read_settings
from sla_engine.calendar import Calendar
from sla_engine.fairness import Balance, Discrepancy, Tally, discrepancies, tally
from sla_engine.names import place_of
from sla_engine.policy import Method, Policy
from sla_engine.turns import TURN, Standing, in_turns
from storage import ledger, schema
from storage.database import Database, open_database
from storage.transaction import Transaction

PERIOD = timedelta(days=30)
WIDTH = 100
SHORTEST_NAME, NARROWEST = 12, 24
"""How far names and reasons may be narrowed; a table with more digits than that leaves room for is wider."""
HEADINGS = ("rep", "weight", "free", "before", "ideal", "given", "back", "owed", "skipped")


@dataclass(frozen=True, slots=True)
class Ledger:
    """One team's ledger under one method, gone through; `wrong` is where the book says otherwise."""

    team: str
    method: Method
    calendar: Calendar
    tally: Tally
    wrong: Sequence[Discrepancy]


@click.command()
@click.option("--team", metavar="NAME", help="This team only.")
@click.option("--since", metavar="DATE", help="Such as 2026-11-01, local to the team. Default: 30 days ago.")
@click.option("--method", type=click.Choice([one.value for one in Method]), help="Turns given by this method only.")
def fairness(team: str | None, since: str | None, method: str | None) -> None:
    """Say what each rep was owed, what they had and why they were skipped."""
    start = None if since is None else _date(since)
    settings = read_settings()
    policy = read_policy(settings)
    with closing(open_database(settings.database_url)) as database:
        found = read(database, policy, team, method, start)
    if not found:
        where = "".join([f" in {team}" if team else "", f" by {method}" if method else ""])
        click.echo(f"No turn has been given{where} yet.")
    for one in found:
        click.echo("\n".join([*table(one), ""]))
    if wrong := [sentence(one, each) for one in found for each in one.wrong]:
        click.echo("\n".join(wrong))
        sys.exit(1)
    if found:
        entries = sum(one.tally.entries for one in found)
        click.echo(f"The ledger gives the book to the last unit: {entries:,} {'entry' if entries == 1 else 'entries'}.")


def read(
    database: Database, policy: Policy, team: str | None, method: str | None, start: datetime | None
) -> list[Ledger]:
    """The ledgers asked for, all as they were at one instant; none before the first turn. Raises UnknownTeam."""
    found: list[Ledger] = []
    if not schema.is_unused(database):
        schema.check(database)
        with database.snapshot() as tx:
            kept = ledger.kept(tx)
            wanted = [one for one in kept if team in (None, one[0]) and method in (None, one[1].value)]
            found = [_read(tx, policy, name, way, start) for name, way in wanted]
    if team is not None and team not in policy.teams and not found:
        raise UnknownTeam(policy, team)
    return found


def _read(tx: Transaction, policy: Policy, team: str, method: Method, start: datetime | None) -> Ledger:
    # Who had turns in a team that the policy no longer has is told of all the same, in UTC.
    calendar = policy.teams[team].calendar if team in policy.teams else Calendar.elapsed()
    since = datetime.now(UTC) - PERIOD if start is None else instant_at(start, calendar)
    counted = tally(ledger.entries(tx, team, method), since)
    return Ledger(team, method, calendar, counted, discrepancies(ledger.book(tx, team, method), counted.book))


def table(one: Ledger) -> Iterator[str]:
    """The lines for one ledger: a heading, then a line or more for each rep."""
    local = one.calendar.rota.local(one.tally.since)
    since = f"{local:%a} {local.day} {local:%b %Y %H:%M} {place_of(one.calendar.timezone)}"
    count = one.tally.turns
    yield f"{one.team} by {one.method}, since {since}: {count:,} {'turn' if count == 1 else 'turns'}"
    rows = [HEADINGS, *(_cells(balance) for balance in one.tally.balances.values())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    widths[0] = min(widths[0], max(SHORTEST_NAME, WIDTH - NARROWEST - sum(widths[1:]) - 2 * len(widths)))
    indent = sum(widths) + 2 * len(widths)
    for name, *numbers, skipped in rows:
        cells = [shortened(name, widths[0]).ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(numbers, widths[1:], strict=True)]
        first, *more = wrap(skipped, max(NARROWEST, WIDTH - indent), break_long_words=False) or [""]
        yield "  ".join([*cells, first]).rstrip()
        yield from (" " * indent + line for line in more)


def _cells(balance: Balance) -> tuple[str, ...]:
    skipped = [(why, times) for why, times in balance.skipped.most_common() if times > 0]
    return (
        balance.rep,
        str(balance.weight) if balance.weight else "left",
        f"{balance.free:,}",
        in_turns(balance.start),
        in_turns(balance.ideal),
        f"{balance.given:,}",
        f"{balance.given_back:,}",
        in_turns(balance.owed),
        ", ".join(f"{why.words} {times:,}" for why, times in skipped),
    )


def shortened(email: str, most: int) -> str:
    """An address in so many characters: first its domain goes, then the middle of the name."""
    if len(email) <= most:
        return email
    name = email.partition("@")[0]
    if len(name) <= most - 2:
        return f"{name}@…"
    half = (most - 3) // 2
    return f"{name[:half]}…{name[-half:]}@…"


def sentence(one: Ledger, wrong: Discrepancy) -> str:
    """Where the book of a team says otherwise than its ledger."""
    said = f"{_said(wrong.book)} in the book and {_said(wrong.ledger)} by the ledger"
    apart = (wrong.book.credit if wrong.book else 0) - (wrong.ledger.credit if wrong.ledger else 0)
    told = f"The ledger does not give the book of {one.team} by {one.method}: {wrong.rep} {said}"
    return f"{told}, {abs(apart):,} {'unit' if abs(apart) == 1 else 'units'} apart (a turn is {TURN:,})."


def _said(standing: Standing | None) -> str:
    if standing is None:
        return "is not there"
    return f"has weight {standing.weight} and is owed {in_turns(standing.credit)} turns"


def _date(text: str) -> datetime:
    try:
        return typed_moment(text)
    except UnreadableMoment:
        raise UnreadableDate(text) from None
