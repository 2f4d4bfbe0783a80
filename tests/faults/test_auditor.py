"""The auditor is shown evidence that is sound but for one row: it finds what is wrong, and says so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Table

from sla_engine.clock import Kind
from storage.tables import ASSIGNMENT, CLOCK, HISTORY, LEAD, MESSAGE, RECEIPT, TIMER
from tests.faults.auditor import CHECKS, findings
from tests.faults.evidence import Answer, Evidence, gather
from tests.world import World


def sound(world: World) -> Evidence:
    """One lead was accepted late, after two reminders; another was left alone for as long."""
    answers = [world.lead(external_id=name) for name in ("late", "left")]
    world.forward(minutes=4, seconds=30)
    world.click("alice", "Accept", message=world.dm("alice")[0])
    world.settle()
    told = [Answer(f"msg_{number}", one.status_code, one.json()["lead_id"]) for number, one in enumerate(answers, 1)]
    return gather(world.service.database, world.workspace, told, world.clock.now())


def without(evidence: Evidence, table: Table, **wanted: Any) -> None:
    """One row is gone."""
    evidence.rows[table.name].remove(row_of(evidence, table, **wanted))


def changed(evidence: Evidence, table: Table, changes: dict[str, Any], **wanted: Any) -> None:
    """One row says something else."""
    row, rows = row_of(evidence, table, **wanted), evidence.rows[table.name]
    spoiled: Any = SimpleNamespace(**{**row._mapping, **changes})
    rows[rows.index(row)] = spoiled


def row_of(evidence: Evidence, table: Table, **wanted: Any) -> Any:
    """The first row that says what is wanted."""
    return next(row for row in evidence[table] if all(getattr(row, name) == value for name, value in wanted.items()))


def accepted(evidence: Evidence) -> Any:
    """The clock of the acceptance that came late."""
    return row_of(evidence, CLOCK, kind=Kind.ACCEPTANCE.value, answered=True)


def move_post(evidence: Evidence, by: timedelta, **wanted: Any) -> None:
    """A message stands in Slack at another instant."""
    number = row_of(evidence, MESSAGE, **wanted).id
    evidence.posts = {**evidence.posts, number: [at + by for at in evidence.posts[number]]}


def lose_the_history(evidence: Evidence) -> None:
    """Of one lead nothing is written down."""
    lead = evidence[LEAD][0].id
    evidence.rows[HISTORY.name] = [row for row in evidence[HISTORY] if row.lead_id != lead]


def lose_what_was_reached(evidence: Evidence) -> None:
    """That a level was reached is not written down."""
    entries = evidence.rows[HISTORY.name]
    entries.remove(next(row for row in entries if row.event == "level reached"))


SPOILINGS: dict[str, tuple[Callable[[Evidence], None], str]] = {
    "kept": (lambda one: without(one, RECEIPT, webhook_id="msg_1"), "msg_1 was answered 202 with lead"),
    "whole": (lose_the_history, "is half written"),
    "in_hand": (
        lambda one: changed(one, ASSIGNMENT, {"ended_at": one.now}, ended_at=None),
        "and its live assignments are []",
    ),
    "timed": (lambda one: changed(one, CLOCK, {"stopped_at": one.now}, stopped_at=None), "and its clocks are"),
    "told": (lambda one: changed(one, MESSAGE, {"done_at": None}), "has not come to its end"),
    "in_order": (
        lambda one: move_post(one, timedelta(hours=1), kind="card", lane="channel:#leads-us"),
        "was overtaken by an older one of its lead",
    ),
    "punctual": (
        lambda one: changed(one, TIMER, {"fired_at": one.now - timedelta(hours=1)}, kind="level", share=50),
        "early",
    ),
    "complete": (
        lambda one: without(one, TIMER, clock_id=accepted(one).id, share=80),
        "passed 80 % and nobody was told",
    ),
    "effective": (lose_what_was_reached, "had its effect 0 times"),
    "quiet": (
        lambda one: move_post(one, timedelta(hours=1), kind="reminder", lead_id=accepted(one).lead_id),
        "after the end of its clock",
    ),
    "consistent": (lambda one: changed(one, LEAD, {"status": "SQL"}, status="SAL"), "is SQL, its history says SAL"),
}
"""For each check what it is to find, and how it says so."""


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_each_check_finds_the_one_row_that_is_wrong(world: World) -> None:
    evidence = sound(world)
    assert findings(evidence) == []
    assert [check.__name__ for check in CHECKS] == list(SPOILINGS)
    for check in CHECKS:
        spoil, sentence = SPOILINGS[check.__name__]
        spoiled = replace(evidence, rows={name: list(rows) for name, rows in evidence.rows.items()})
        spoil(spoiled)
        assert any(sentence in found for found in check(spoiled)), f"{check.__name__}: {list(check(spoiled))}"
    assert findings(evidence) == [], "what was spoiled was a copy"
