"""Days of a company, played on a clock that skips from one due instant to the next, with trouble at random.

Leads come in, reps accept, reject, work or ignore them, Slack fails in all the ways it can, and the product itself is
away now and then. The seed decides everything that happens, so that what is found can be played again.
"""

import heapq
import itertools
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import select

from sandbox.errors import SandboxError
from sla_engine.lead import Status
from storage import leads, outbox
from storage.tables import LEAD, MESSAGE
from tests.dice import dice
from tests.faults.evidence import Answer, Evidence, Span, all_messages, gather
from tests.soak.company import Company
from tests.world import World

A_DAY, A_QUARTER = timedelta(days=1), timedelta(hours=6)
BUSY_HOURS = (13, 22)
"""When most leads come, in UTC: the morning in New York and the afternoon in London."""
LONGEST_BACKLOG = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much happens; `troubles` is how many a day, `minutes` after how many real ones no more is begun."""

    days: int = 30
    leads: int = 5_000
    reps: int = 200
    troubles: int = 24
    seed: int = 1
    minutes: int = 7 * 24 * 60


class Days:
    """What happens, and what was seen of it."""

    def __init__(self, world: World, company: Company, plan: Plan) -> None:
        self.world, self.company, self.plan = world, company, plan
        self.dice = dice(plan.seed)
        self.answers: list[Answer] = []
        self.outages: list[Span] = []
        self.done: Counter[str] = Counter()
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order, self._numbers = itertools.count(), itertools.count()
        self._unsent: list[tuple[str, dict[str, Any]]] = []
        self._down_since: datetime | None = None

    def play(self, tell: Callable[[str], None] = lambda _: None) -> Evidence:
        """Play all days to their end; returns the evidence."""
        first, world, began = self.world.clock.now(), self.world, time.monotonic()
        for quarter in range(4 * self.plan.days):
            start = first + quarter * A_QUARTER
            if quarter % 4 == 0:
                self._plan(start)
                self._thin_out(start - A_DAY)
            self._go_on(start + A_QUARTER)
            tell(f"day {(quarter + 1) / 4:g}: {self.done['leads']} leads, {sum(self.done.values())} events")
            if time.monotonic() - began > self.plan.minutes * 60:
                break
        self._calm()
        return gather(world.service.database, world.workspace, self.answers, world.clock.now(), outages=self.outages)

    def _plan(self, start: datetime) -> None:
        for _ in range(self.plan.leads):
            self.at(self._moment(start), lambda: self.arrive(next(self._numbers)))
        for _ in range(self.plan.troubles):
            self.at(start + A_DAY * self.dice.random(), self.trouble)

    def _thin_out(self, before: datetime) -> None:
        """Forget how old messages look that have nothing to press: a day of 5,000 leads is a gigabyte of them."""
        for message in all_messages(self.world.workspace):
            is_old = float(message.ts) < before.timestamp()
            if is_old and message.blocks and not any(block["type"] == "actions" for block in message.blocks):
                message.blocks = []

    def at(self, instant: datetime, happens: Callable[[], None]) -> None:
        """Something will happen at an instant."""
        heapq.heappush(self._agenda, (instant, next(self._order), happens))

    def after(self, seconds: float, happens: Callable[[], None]) -> None:
        """Something will happen so many seconds from now."""
        self.at(self.world.clock.now() + timedelta(seconds=seconds), happens)

    def _moment(self, start: datetime) -> datetime:
        if self.dice.random() < 0.8:
            moment = start.replace(hour=0) + timedelta(hours=self.dice.uniform(*BUSY_HOURS))
            # A day that begins in the middle of the busy hours has the rest of them at its end.
            return moment if moment >= start else moment + A_DAY
        return start + A_DAY * self.dice.random()

    def _go_on(self, until: datetime) -> None:
        while self._agenda and self._agenda[0][0] <= until:
            instant, _, happens = heapq.heappop(self._agenda)
            self._pass_time(instant)
            happens()
        self._pass_time(until)

    def _pass_time(self, instant: datetime) -> None:
        if self._down_since is None:
            self.world.forward_to(instant)
        else:
            self.world.clock.instant = max(instant, self.world.clock.now())

    def _calm(self) -> None:
        """No more trouble: what is under way comes to its end."""
        self.world.workspace.down = False
        self.world.workspace.faults.clear()
        if self._down_since is not None:
            self._come_back()
        give_up = self.world.clock.now() + LONGEST_BACKLOG
        while self.world.loop.run(self.world.service.office.read(outbox.next_due)) and self.world.clock.now() < give_up:
            # Timers go on telling people of the leads they have: nothing waits for moments only.
            self.world.forward(seconds=5)

    # Marketing

    def arrive(self, number: int) -> None:
        """A lead comes in, and somebody will do something about it."""
        self.done["leads"] += 1
        data = self.company.lead(number, self.dice)
        self.deliver(f"lead-{number}", {"type": "lead.qualified", "data": data})
        if self.dice.random() < 0.05:
            self.deliver(f"lead-{number}", {"type": "lead.qualified", "data": data})
        self.work_later(str(data["external_id"]), 1_500)

    def deliver(self, webhook_id: str, body: dict[str, Any]) -> None:
        """A webhook; while nobody answers it is kept for later, as senders do."""
        if self._down_since is not None:
            self._unsent.append((webhook_id, body))
            return
        response: httpx.Response = self.world.post(body, webhook_id)
        self.done[f"answered {response.status_code}"] += 1
        self.answers.append(Answer(webhook_id, response.status_code, response.json().get("lead_id")))

    # Reps

    def work_later(self, external_id: str, seconds: float) -> None:
        """Whoever has the lead by then looks at it, after so long on average."""
        self.after(self.dice.expovariate(1 / seconds), lambda: self.work(external_id))

    def work(self, external_id: str) -> None:
        """The rep who has the lead accepts it, rejects it, or lets it lie; so does the next, until one accepts."""
        if self._down_since is None and not self._is_offered(external_id):
            return
        found = None if self._down_since else self._card(external_id)
        if found is None:
            self.work_later(external_id, 4_000)
            return
        rep, channel, ts = found
        choice = self.dice.random()
        if choice < 0.7 and self._press(rep, channel, ts, "Accept"):
            self.after(self.dice.expovariate(1 / 3_000), lambda: self.follow_up(external_id))
            return
        if 0.7 <= choice < 0.85 and self._press(rep, channel, ts, "Reject"):
            self._turn_down(rep)
        elif choice >= 0.85:
            self.done["ignored"] += 1
        self.work_later(external_id, 4_000)

    def follow_up(self, external_id: str) -> None:
        """Another system tells of a contact, a reply or a verdict."""
        kind = self.dice.choice(["lead.contacted", "lead.contacted", "lead.replied", "lead.updated"])
        self.done[kind] += 1
        name = f"{external_id}-{self.dice.getrandbits(40)}"
        self.deliver(name, {"type": kind, "data": {"external_id": external_id, "title": "VP"}})
        if self.dice.random() < 0.6:
            status = self.dice.choice(["SQL", "Recycled", "Disqualified"])
            body = {"type": "lead.status_changed", "data": {"external_id": external_id, "status": status}}
            self.after(self.dice.expovariate(1 / 40_000), lambda: self.deliver(f"{name}-end", body))

    def _is_offered(self, external_id: str) -> bool:
        """Whether the lead waits for somebody to accept it."""
        with self.world.service.database.read() as tx:
            lead = leads.latest(tx, "website", external_id, locked=False)
        return lead is not None and lead.status is Status.MQL

    def _card(self, external_id: str) -> tuple[str, str, str] | None:
        """The rep of a lead that waits to be accepted, and where the card stands that offers it to them."""
        sent = (LEAD.c.door == "website", LEAD.c.external_id == external_id)
        mine = (*sent, LEAD.c.status == "MQL", LEAD.c.id == MESSAGE.c.lead_id)
        query = select(LEAD.c.rep, MESSAGE.c.channel, MESSAGE.c.ts, MESSAGE.c.lane).where(*mine)
        cards = query.where(MESSAGE.c.kind == "card", MESSAGE.c.ts.is_not(None)).order_by(MESSAGE.c.id.desc())
        with self.world.service.database.read() as tx:
            for rep, channel, ts, lane in tx.connection.execute(cards):
                if lane == f"person:{rep}":
                    return rep.partition("@")[0], channel, ts
        return None

    def _press(self, rep: str, channel: str, ts: str, label: str) -> bool:
        world = self.world
        try:
            world.loop.run(world.workspace.click(world.ids[rep], channel, ts, label=label))
        except SandboxError:
            return False
        self.done[label] += 1
        return True

    def _turn_down(self, rep: str) -> None:
        # While Slack is in trouble no form opens.
        if self.world.workspace.modal(self.world.ids[rep]) is not None:
            reason = self.dice.choice(["No budget", "Wrong industry", "Wrong territory"])
            self.world.submit(rep, reason=reason)
            self.done[f"rejected: {reason}"] += 1

    # Trouble

    def trouble(self) -> None:
        """Something goes wrong."""
        faults, dice = self.world.workspace.faults, self.dice
        method, times = dice.choice(["chat.postMessage", "chat.postMessage", "chat.update", "*"]), dice.randint(1, 4)
        kinds: dict[str, Callable[[], None]] = {
            "429": lambda: faults.ratelimit(method, dice.choice([1, 10, 60]), times),
            "500": lambda: faults.status(method, 500, times, accepts=dice.random() < 0.5),
            "503": lambda: faults.status(method, 503, times),
            "lost answers": lambda: faults.accept_then_drop(method, times),
            "dropped calls": lambda: faults.drop(method, times),
            "internal errors": lambda: faults.error(method, "internal_error", times, accepts=dice.random() < 0.5),
            "Slack away": self._lose_slack,
            "product away": self._go_away,
        }
        kind = dice.choice(list(kinds))
        self.done[f"trouble: {kind}"] += 1
        kinds[kind]()

    def _lose_slack(self) -> None:
        self.world.workspace.down = True
        self.after(self.dice.uniform(10, 4_000), self._find_slack)

    def _find_slack(self) -> None:
        self.world.workspace.down = False

    def _go_away(self) -> None:
        if self._down_since is None:
            self._down_since = self.world.clock.now()
            self.world.stop_bot()
            self.after(self.dice.uniform(1, 3_000), self._come_back)

    def _come_back(self) -> None:
        if self._down_since is None:
            return
        self.world.start_bot()
        self.outages.append(Span(self._down_since, self.world.clock.now()))
        self._down_since = None
        self.world.forward(seconds=0)
        unsent, self._unsent = self._unsent, []
        for webhook_id, body in unsent:
            self.deliver(webhook_id, body)
