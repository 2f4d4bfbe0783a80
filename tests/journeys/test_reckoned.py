"""What `/lead why` says of turns is what the ledger gives when it is replayed up to that decision."""

import random
import re
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import cycle

import pytest

from leads.progress import WouldComeBack
from sla_engine.fairness import Kind, Tally
from sla_engine.lead import Plan, Status
from sla_engine.policy import Rep, Team
from sla_engine.turns import TURN
from storage import ledger
from storage.transaction import Transaction
from tests.dice import dice
from tests.journeys.conftest import edit
from tests.world import MONDAY, World

Owed = dict[str, int]
STEPS = 70
LINE = re.compile(r"• (\w+): .*? · owed (\S+) → (\S+) turns")


class Office:
    """People at work on leads, as chance will have it."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self.world, self.chance = world, chance
        self.leads: list[str] = []
        self.edits = cycle(["weigh", "join", "leave"])

    def step(self, number: int) -> None:
        """Something happens, and a minute passes."""
        self.world.clock.advance(timedelta(minutes=1))
        ways = [self.arrive] * 6 + [self.reject] * 4 + [self.rewrite] * 3 + [self.leave]
        self.chance.choice(ways)(number)

    def arrive(self, number: int) -> None:
        """A lead for one of the teams, by one of the methods."""
        said = {"employees": self.chance.choice([420, 5000]), "country": self.chance.choice(["US", "US", "GB"])}
        answer = self.world.lead(settle=False, external_id=f"lead {number}", **said)
        self.leads.append(answer.json()["lead_id"])

    def reject(self, _number: int) -> None:
        """A rep rejects a lead for a reason that gives the turn back, or keeps it when there were too many."""
        offered = [self.world.view(lead_id).lead for lead_id in self.leads]
        mine = [one for one in offered if one.plan is Plan.ASSIGNED and one.status is Status.MQL and one.rep]
        if mine:
            lead, office = self.chance.choice(mine), self.world.service.office
            with suppress(WouldComeBack):
                self.world.loop.run(office.run(office.desk.reject, lead.id, lead.rep or "", "wrong_territory", ""))

    def rewrite(self, number: int) -> None:
        """The policy is edited: somebody joins the team, leaves it, or has another weight."""
        policy = self.world.service.policy
        team = policy.teams["us-inbound"]
        reps, place = list(team.reps), self.chance.randrange(len(team.reps))
        way = next(self.edits)
        if way == "join":
            reps.append(Rep(f"joiner{number}@acme.example", team.calendar, team.calendar_name))
        elif way == "weigh":
            reps[place] = replace(reps[place], weight=self.chance.randint(1, 4))
        else:
            reps.pop(place)
        edit(self.world, teams={**policy.teams, team.name: replace(team, reps=tuple(reps))})

    def leave(self, _number: int) -> None:
        """Somebody goes away, or comes back."""
        team: Team = self.world.service.policy.teams["us-inbound"]
        rep, office = self.chance.choice(team.reps).email, self.world.service.office
        verb = self.chance.choice([office.desk.away, office.desk.back])
        self.world.loop.run(office.run(verb, rep, rep))


def replayed(tx: Transaction) -> tuple[dict[int, tuple[Owed, Owed]], list[Kind]]:
    """What each was owed before and after every turn, by its number, from the ledger alone; and what it records."""
    found: dict[int, tuple[Owed, Owed]] = {}
    kinds: list[Kind] = []
    for team, method in ledger.kept(tx):
        counted = Tally(MONDAY)
        for entry in ledger.entries(tx, team, method):
            before = {rep: one.credit for rep, one in counted.book.items()}
            counted.add(entry)
            kinds.append(entry.kind)
            if entry.kind is Kind.TURN:
                found[entry.id] = before, {rep: one.credit for rep, one in counted.book.items()}
        assert counted.book == ledger.book(tx, team, method)
    return found, kinds


def said(text: str) -> int:
    """Turns in words as units: `−0.25`."""
    return round(float(text.replace("−", "-")) * TURN)


@pytest.mark.parametrize("seed", range(2))
def test_what_is_shown_for_every_decision_is_what_the_ledger_gives(world: World, seed: int) -> None:
    office = Office(world, dice(seed))
    for number in range(STEPS):
        office.step(number)
    found, kinds = world.loop.run(world.service.office.read(replayed))
    assert set(kinds) == set(Kind), "everything a ledger can have happened"

    decided = [one for lead_id in office.leads for one in world.history(lead_id) if one.detail.get("turn")]
    assert {one.detail["turn"] for one in decided} == found.keys()
    for one in decided:
        assert (one.detail["owed_before"], one.detail["owed_after"]) == found[one.detail["turn"]]


def test_what_slack_says_of_a_turn_is_what_the_ledger_gives(world: World) -> None:
    office = Office(world, dice(3))
    for number in range(STEPS // 2):
        office.step(number)
    found, _ = world.loop.run(world.service.office.read(replayed))
    lines = 0
    for lead_id in office.leads:
        routed = [one for one in world.history(lead_id) if one.detail.get("rules")][-1]
        told = LINE.findall(world.say("zoe", f"/lead why {lead_id}"))
        before, after = found.get(routed.detail["turn"], ({}, {}))
        moved = {rep for rep, units in after.items() if before.get(rep, 0) != units}
        assert {name.lower() for name, _, _ in told} == {rep.partition("@")[0] for rep in moved}
        for name, owed, owes in told:
            rep = f"{name.lower()}@acme.example"
            assert abs(said(owed) - before.get(rep, 0)) <= TURN / 200 + 1
            assert abs(said(owes) - after[rep]) <= TURN / 200 + 1
            lines += 1
    assert lines > STEPS // 4
