"""Limits of reps that people set beside the policy's."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import delete, select

from sla_engine.limits import NAMES, Caps, Limits
from storage.presence_tables import CAP
from storage.statements import Prepared, numbered, one_of, putting
from storage.transaction import Transaction

_PUT = putting(CAP, ("rep", "own", *NAMES), ["rep", "own"], NAMES)


@cache
def _of_reps(number: int) -> Prepared:
    return Prepared(select(CAP).where(one_of(CAP.c.rep, "rep", number)))


def of(tx: Transaction, reps: Collection[str]) -> dict[str, Caps]:
    """What was set for each of these reps; those for whom nothing was set are left out."""
    found: dict[str, Caps] = {}
    for row in _of_reps(len(reps)).all(tx, **numbered("rep", reps)):
        limits = Limits(row["max_open"], row["max_per_day"], row["max_per_week"])
        before = found.get(row["rep"], Caps())
        found[row["rep"]] = Caps(before.given, limits) if row["own"] else Caps(limits, before.own)
    return found


def put(tx: Transaction, rep: str, limits: Limits, *, own: bool) -> None:
    """Set a rep's own limits, or those they are given, which take the place of both."""
    if not own:
        tx.connection.execute(delete(CAP).where(CAP.c.rep == rep, CAP.c.own))
    _PUT.run(tx, rep=rep, own=own, **{name: limits.of(name) for name in NAMES})
