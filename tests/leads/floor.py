"""A sales floor: the desk on a real database, and people, machines and time that do one numbered thing after another.

What a step does depends on nothing but its numbers and on what went before, so a history is a list of steps: it can be
made up at random, shortened to what matters, and played again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from leads import presence
from leads.desk import Desk
from leads.intake import Delivery, Event, UnknownExternalId
from sla_engine.lead import Lead, Status
from sla_engine.policy import Policy
from sla_engine.refusals import Refused
from storage import clocks, leads
from storage.database import Database
from storage.transaction import Transaction
from tests.leads.editions import EDITIONS, MANAGERS, OLGA, PEOPLE
from tests.sla_engine.samples import MONDAY, data

T = TypeVar("T")
DOOR = "website"
AT_ONCE = 200
"""More passes than any instant of a history has timers for: who needs more goes round in a circle."""
COUNTRIES = ("US", "GB", "FR", None)
OUTCOMES = ("recycle", "disqualify", "reroute", "territory")
STATUSES = tuple(Status)
HOURS = (0.01, 0.3, 1, 5, 16, 40, 100)


def run(database: Database, does: Callable[[Transaction], T]) -> T:
    """One transaction."""
    with database.writing.begin() as connection:
        return does(Transaction(connection))


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens: the verb, and two numbers that say to which lead and how."""

    verb: str
    which: int = 0
    how: int = 0


class Floor:
    """The desk at an instant of ours, under a policy of ours."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, MONDAY
        self.edition = 0
        self.desk = Desk(lambda: self.policy, lambda: self.now)
        self._deliveries = 0
        self._sent: list[str] = []
        self.passes = 0
        # An interval begun under the last edition is waited for to its end.
        self.released_by = MONDAY

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return EDITIONS[self.edition]

    def do(self, step: Step) -> None:
        """One step, a little later than the last; what the product refuses leaves everything as it was."""
        self.now += timedelta(seconds=1)
        verb = VERBS[step.verb]
        try:
            with self.database.writing.begin() as connection:
                verb(self, Transaction(connection), step.which, step.how)
        except (Refused, UnknownExternalId):
            pass

    def delivery(self) -> Delivery:
        """The next webhook."""
        self._deliveries += 1
        return Delivery(DOOR, f"msg_{self._deliveries}")

    def external_id(self, which: int) -> str:
        """One of the senders' leads."""
        return self._sent[which % len(self._sent)] if self._sent else "none"

    def lead(self, tx: Transaction, which: int) -> Lead:
        """The newest cycle of one of the leads; raises `Refused` while there is none."""
        found = leads.latest(tx, DOOR, self.external_id(which))
        if found is None:
            raise Refused
        return found

    def new(self, tx: Transaction, which: int, how: int) -> None:
        """A lead arrives that nobody has heard of."""
        self._sent.append(f"00Q{len(self._sent)}")
        self.arrive(tx, len(self._sent) - 1, which, how)

    def again(self, tx: Transaction, which: int, how: int) -> None:
        """A sender sends a lead again."""
        if self._sent:
            self.arrive(tx, which, which, how)

    def arrive(self, tx: Transaction, which: int, kind: int, how: int) -> None:
        """A webhook; whatever its numbers say is in it."""
        said = data(
            external_id=self.external_id(which),
            email=f"pat{which}@buyer{kind % 5}.example",
            domain=f"buyer{kind % 5}.example" if kind % 2 else None,
            country=COUNTRIES[how % 4],
            employees=2000 if how % 3 == 0 else 20,
            score=float(how),
            owner_email=PEOPLE[kind % len(PEOPLE)] if how % 7 == 0 else None,
        )
        self.desk.ingest(tx, self.delivery(), said)

    def news(self, tx: Transaction, which: int, how: int) -> None:
        """News of a lead: contacted, replied, updated, or moved elsewhere."""
        kind = ("lead.contacted", "lead.replied", "lead.updated", "lead.status_changed")[how % 4]
        if self._sent:
            later = data(external_id=self.external_id(which), score=float(how))
            status = STATUSES[(how // 4) % len(STATUSES)]
            event = Event(kind, self.external_id(which), data=later, status=status)
            self.desk.apply(tx, self.delivery(), event)

    def actor(self, lead: Lead, how: int) -> str:
        """Mostly who has the lead; sometimes a manager, an admin, or anybody."""
        others = (MANAGERS[how % len(MANAGERS)], OLGA, PEOPLE[how % len(PEOPLE)])
        return others[how % 3] if how % 5 == 0 or lead.rep is None else lead.rep

    def on_lead(self, tx: Transaction, verb: str, which: int, how: int) -> None:
        """Somebody does something to a lead."""
        lead = self.lead(tx, which)
        actor, desk, at = self.actor(lead, how), self.desk, lead.id
        doings: dict[str, Callable[[], object]] = {
            "accept": lambda: desk.accept(tx, at, actor),
            "reject": lambda: desk.reject(tx, at, actor, OUTCOMES[how % 4], "because"),
            "touch": lambda: desk.touch(tx, at, actor, "phone", ""),
            "qualify": lambda: desk.qualify(tx, at, actor, {"budget": "yes"}),
            "recycle": lambda: desk.recycle(tx, at, actor, "recycle", ""),
            "disqualify": lambda: desk.disqualify(tx, at, actor, "disqualify", ""),
            "reassign": lambda: desk.reassign(tx, at, actor, PEOPLE[how % len(PEOPLE)]),
            "pause": lambda: desk.pause(tx, at, actor, "waiting"),
            "resume": lambda: desk.resume(tx, at, actor),
        }
        doings[verb]()

    def away(self, tx: Transaction, which: int, how: int) -> None:
        """A rep goes away: now, or in a while and for a while."""
        rep = PEOPLE[which % len(PEOPLE)]
        if how % 3:
            self.desk.away(tx, rep, rep, self.now + timedelta(hours=how) if how % 2 else None)
        else:
            # Planned ahead, as the form on the Home tab does it.
            presence.away(
                self.desk.work(tx), rep, rep, self.now + timedelta(hours=1 + how), self.now + timedelta(days=3)
            )

    def back(self, tx: Transaction, which: int, how: int) -> None:
        """A rep comes back, or somebody says so for them."""
        rep = PEOPLE[which % len(PEOPLE)]
        self.desk.back(tx, rep if how % 2 else OLGA, rep)

    def edit(self, tx: Transaction, which: int, _how: int) -> None:
        """The policy file is edited, and the service starts on it."""
        self.released_by = max(self.released_by, self.now + self.policy.release_every)
        self.edition = which % len(EDITIONS)
        self.desk.open(tx)

    def next(self, tx: Transaction, _which: int, _how: int) -> None:
        """Time passes until something is due."""
        due = clocks.next_due(tx)
        self.now = max(self.now, due) if due else self.now
        self.tick(tx)

    def jump(self, tx: Transaction, which: int, _how: int) -> None:
        """The service is down for a while; then everything that fell due happens at once."""
        self.now += timedelta(hours=HOURS[which % len(HOURS)])
        self.tick(tx)

    def tick(self, tx: Transaction, _which: int = 0, _how: int = 0) -> None:
        """Everything that is due happens."""
        self.passes = 0
        while self.passes < AT_ONCE and self.desk.tick(tx):
            self.passes += 1


Doing = Callable[[Floor, Transaction, int, int], None]


def doing(verb: str) -> Doing:
    """A step that does one verb of the desk to a lead."""

    def do(floor: Floor, tx: Transaction, which: int, how: int) -> None:
        floor.on_lead(tx, verb, which, how)

    return do


ON_LEADS = ("accept", "reject", "touch", "qualify", "recycle", "disqualify", "reassign", "pause", "resume")
VERBS: dict[str, Doing] = {
    "new": Floor.new,
    "again": Floor.again,
    "news": Floor.news,
    "away": Floor.away,
    "back": Floor.back,
    "edit": Floor.edit,
    "next": Floor.next,
    "jump": Floor.jump,
    "tick": Floor.tick,
} | {verb: doing(verb) for verb in ON_LEADS}
