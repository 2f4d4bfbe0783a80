"""Whose turn it is, and the ledger of every turn: given, skipped, given back, and who joined or left."""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, union, update

from sla_engine.fairness import Entry, Kind, entries_of
from sla_engine.obstacles import Cause, Obstacle
from sla_engine.policy import Method
from sla_engine.turns import Book, Standing, Turn, pay
from storage.statements import Prepared, adding, numbered, one_of
from storage.tables import ASSIGNMENT
from storage.transaction import Transaction
from storage.turn_tables import BOOK, LEDGER, ROSTER

TURNS_LOCK = 0x48414E44
"""Any number that nothing else in the database locks (it spells HAND)."""
AT_ONCE = 1_000
MOST_ROSTERS = 10_000
"""How many rosters are kept at hand while a ledger is read."""
Roster = tuple[Mapping[str, int], Mapping[str, Obstacle]]
"""Who earned a share of a turn, by weight, and why others did not."""
NOBODY: Roster = ({}, {})
_COMMON = ("team", "method", "at", "kind", "rep")
_LOCK = Prepared(select(func.pg_advisory_xact_lock(TURNS_LOCK)))
_ONE_BOOK = (BOOK.c.team == bindparam("this_team"), BOOK.c.method == bindparam("this_method"))
_BOOK = Prepared(select(BOOK.c.standings).where(*_ONE_BOOK))
_SAVE = Prepared(update(BOOK).where(*_ONE_BOOK), ["standings"])
_OPEN_BOOK = adding(BOOK, BOOK.c.keys())
_LEVEL = adding(LEDGER, (*_COMMON, "credit", "weight"))
_GIVE = adding(LEDGER, (*_COMMON, "lead_id", "roster"), LEDGER.c.id)
_HAS_ROSTER = Prepared(select(ROSTER.c.key).where(ROSTER.c.key == bindparam("key")))
_KEEP_ROSTER = adding(ROSTER, ROSTER.c.keys())


def lock(tx: Transaction) -> None:
    """From here to the end of the transaction nobody else decides whose turn it is, or gives a lead to anybody.

    SQLite has one writer anyway; on PostgreSQL it is one advisory lock for all teams, so that decisions which
    look at several teams can't wait for each other in a circle.
    """
    if tx.dialect.name == "postgresql":
        _LOCK.run(tx)


def book(tx: Transaction, team: str, method: Method) -> Book:
    """The standings of a team's reps under one method; empty before its first turn."""
    return _to_book(_BOOK.value(tx, this_team=team, this_method=method.value))


@cache
def _books_of(number: int) -> Prepared:
    return Prepared(select(BOOK).where(one_of(BOOK.c.team, "team", number)))


def books(tx: Transaction, teams: Collection[str]) -> dict[tuple[str, Method], Book]:
    """Every book of these teams that had a turn; to be called under `lock` by whoever gives the next one."""
    found = _books_of(len(teams)).all(tx, **numbered("team", teams))
    return {(row["team"], Method(row["method"])): _to_book(row["standings"]) for row in found}


def _to_book(standings: Mapping[str, list[int]] | None) -> Book:
    return {rep: Standing(credit, weight) for rep, (credit, weight) in (standings or {}).items()}


def write(tx: Transaction, turn: Turn, lead_id: str, at: datetime) -> int:
    """Write down a turn that was given; returns its number in the ledger."""
    common = {"team": turn.team, "method": turn.method.value, "at": at}
    for kind, rep, credit, weight in entries_of(turn):
        values = {"kind": kind.value, "rep": rep, "credit": credit, "weight": weight}
        _LEVEL.run(tx, **common, **values)
    roster = _keep(tx, turn.weights, turn.skipped)
    values = {"kind": Kind.TURN.value, "rep": turn.rep, "lead_id": lead_id, "roster": roster}
    number: int = _GIVE.value(tx, **common, **values)
    _save(tx, turn.team, turn.method, turn.after)
    return number


def given_back(tx: Transaction, team: str, rep: str, since: datetime, outcome: str) -> int:
    """How many turns of a team a rep got back since an instant, of assignments that ended so."""
    mine = (LEDGER.c.rep == rep) & (LEDGER.c.team == team) & (LEDGER.c.at >= since)
    theirs = (ASSIGNMENT.c.lead_id == LEDGER.c.lead_id) & (ASSIGNMENT.c.turn == LEDGER.c.of)
    back = select(func.count()).select_from(LEDGER.join(ASSIGNMENT, theirs))
    ended_so = back.where(mine, LEDGER.c.kind == Kind.GIVEN_BACK.value, ASSIGNMENT.c.outcome == outcome)
    count: int = tx.connection.execute(ended_so).scalar_one()
    return count


def give_back(tx: Transaction, number: int, at: datetime, *, is_given: bool = True) -> None:
    """Undo a turn, or write down that it was to be given back and was kept. To be called under `lock`."""
    row = tx.connection.execute(select(LEDGER).where(LEDGER.c.id == number)).one()
    values = {name: row._mapping[name] for name in ("team", "method", "rep", "lead_id", "roster")}
    kind = Kind.GIVEN_BACK if is_given else Kind.KEPT
    tx.connection.execute(insert(LEDGER), values | {"at": at, "kind": kind.value, "of": number})
    if is_given:
        method = Method(row.method)
        weights = dict(tx.connection.execute(select(ROSTER.c.weights).where(ROSTER.c.key == row.roster)).scalar_one())
        _save(tx, row.team, method, pay(book(tx, row.team, method), weights, row.rep, turns=-1))


def excused(tx: Transaction, lead_id: str) -> frozenset[str]:
    """The reps who got their last turn at this lead back."""
    theirs = (LEDGER.c.lead_id == lead_id) & LEDGER.c.kind.in_([Kind.TURN.value, Kind.GIVEN_BACK.value])
    rows = list(
        tx.connection.execute(select(LEDGER.c.id, LEDGER.c.rep, LEDGER.c.of).where(theirs).order_by(LEDGER.c.id))
    )
    last, back = {row.rep: row.id for row in rows if row.of is None}, {row.of for row in rows}
    return frozenset(rep for rep, number in last.items() if number in back)


def entries(tx: Transaction, team: str, method: Method) -> Iterator[Entry]:
    """The whole ledger of a team under one method, oldest first, without ever holding more than a part of it."""
    query = select(LEDGER).where(LEDGER.c.team == team, LEDGER.c.method == method.value).order_by(LEDGER.c.id)
    rosters: dict[str, Roster] = {}
    for rows in tx.connection.execute(query.execution_options(yield_per=AT_ONCE)).partitions():
        if len(rosters) > MOST_ROSTERS:
            rosters.clear()
        if missing := {row.roster for row in rows if row.roster is not None} - rosters.keys():
            _fetch(tx, rosters, missing)
        for row in rows:
            yield _to_entry(row, rosters.get(row.roster, NOBODY))


def turn(tx: Transaction, number: int) -> Entry | None:
    """One entry of the ledger."""
    row = tx.connection.execute(select(LEDGER).where(LEDGER.c.id == number)).first()
    if row is None:
        return None
    rosters: dict[str, Roster] = {}
    _fetch(tx, rosters, {row.roster})
    return _to_entry(row, rosters.get(row.roster, NOBODY))


def kept(tx: Transaction) -> list[tuple[str, Method]]:
    """Every team and method that has a ledger or a book."""
    asked = union(select(LEDGER.c.team, LEDGER.c.method), select(BOOK.c.team, BOOK.c.method))
    return sorted((row.team, Method(row.method)) for row in tx.connection.execute(asked))


def _to_entry(row: Row[Any], roster: Roster) -> Entry:
    kind, credit, weight = Kind(row.kind), row.credit or 0, row.weight or 0
    return Entry(row.id, row.at, kind, row.rep, row.lead_id, *roster, credit, weight, row.of)


def _fetch(tx: Transaction, rosters: dict[str, Roster], keys: Collection[str]) -> None:
    for row in tx.connection.execute(select(ROSTER).where(ROSTER.c.key.in_(keys))):
        rosters[row.key] = _to_roster(row)


def _save(tx: Transaction, team: str, method: Method, standings: Book) -> None:
    written = {rep: [one.credit, one.weight] for rep, one in standings.items()}
    if not _SAVE.run(tx, this_team=team, this_method=method.value, standings=written):
        _OPEN_BOOK.run(tx, team=team, method=method.value, standings=written)


def _keep(tx: Transaction, weights: Mapping[str, int], skipped: Mapping[str, Obstacle]) -> str:
    """The key of a roster, which is kept once: who is there changes far less often than turns are given."""
    listed = [[rep, weight] for rep, weight in weights.items()]
    told = {rep: list(obstacle.lasting) for rep, obstacle in skipped.items()}
    key = sha256(json.dumps([listed, told]).encode()).hexdigest()[:32]
    if _HAS_ROSTER.first(tx, key=key) is None:
        _KEEP_ROSTER.run(tx, key=key, weights=listed, skipped=told)
    return key


def _to_roster(row: Row[Any]) -> Roster:
    return dict(row.weights), {rep: _to_obstacle(kept) for rep, kept in row.skipped.items()}


def _to_obstacle(kept: str | list[str]) -> Obstacle:
    if isinstance(kept, str):
        return _worded(kept)
    cause, detail = kept
    return Obstacle(Cause(cause), detail)


def _worded(words: str) -> Obstacle:
    """Rosters kept the words alone at first. This can go once a migration has rewritten those."""
    said = words.split(" until ")[0].split(" (")[0]
    cause = next(cause for cause in Cause if said.startswith(cause.words))
    return Obstacle(cause, said.removeprefix(cause.words).strip())
