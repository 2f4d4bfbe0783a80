"""The figures of `/metrics`: what this process did is counted here, what waits is asked of the database when read.

Names and units are Prometheus' conventions: https://prometheus.io/docs/practices/naming/ . No label holds anything a
buyer or a sender wrote.
"""

from collections.abc import Iterable, Sequence
from itertools import product

from prometheus_client import (
    GC_COLLECTOR,
    PLATFORM_COLLECTOR,
    PROCESS_COLLECTOR,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from bot.readiness import Readiness
from bot.scheduler import Metronome
from connectors.slack.client import Answer
from connectors.slack.drawing import KINDS
from storage.errors import StoreError
from storage.outbox import DROPPED, PARKED, SENT
from storage.transaction import Fact

CALLS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Seconds; a call is given up after ten."""
WAITS = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600)
"""Seconds, from what nobody notices to what breaks a promise."""
METHODS = (
    "apps.connections.open",
    "auth.test",
    "chat.postEphemeral",
    "chat.postMessage",
    "chat.update",
    "conversations.history",
    "conversations.list",
    "conversations.open",
    "conversations.replies",
    "users.info",
    "users.lookupByEmail",
    "views.open",
    "views.publish",
    "views.update",
)
"""What Slack is called for."""


class Figures:
    """Counts what happens in one process; `sources` are those whose webhooks it answers."""

    def __init__(self, sources: Iterable[str] = ()) -> None:
        self.registry = CollectorRegistry()
        for collector in (PROCESS_COLLECTOR, PLATFORM_COLLECTOR, GC_COLLECTOR):
            self.registry.register(collector)
        self._webhooks = self._counter("handoff_webhook_answers", "Answers to webhooks.", "source", "status")
        self._calls = self._counter("handoff_slack_calls", "Calls to Slack by how they ended.", "method", "outcome")
        self._call_seconds = self._histogram("handoff_slack_call_seconds", "What calls to Slack take.", CALLS, "method")
        self._messages = self._counter("handoff_messages", "Messages that are done with.", "kind", "state")
        self._told = self._histogram(
            "handoff_receipt_to_dm_seconds",
            "From a lead's receipt to its rep's DM, when it is not held.",
            WAITS,
        )
        self._late = self._histogram("handoff_timer_late_seconds", "How late timers fired.", WAITS, "kind")
        self._breaches = self._counter("handoff_breaches", "Promises broken.", "clock", "team")
        self._unsent = self._gauge("handoff_outbox_messages", "Messages not yet sent.", "state")
        self._unsent_age = self._gauge("handoff_outbox_oldest_seconds", "Age of the oldest unsent message.", "state")
        self._overdue = self._gauge("handoff_outbox_overdue_seconds", "How long the oldest message could have gone.")
        self._timers = self._gauge("handoff_timers_overdue_seconds", "How late the oldest timer is that has not fired.")
        self._socket = self._gauge("handoff_socket_mode_up", "1 while Socket Mode is connected, NaN in HTTP mode.")
        self._up = self._gauge("handoff_database_up", "1 when the database answers.")
        self._database = self._gauge("handoff_database_answer_seconds", "What the database took to answer just now.")
        self._ticked = self._gauge("handoff_last_tick_seconds", "Seconds since a part last ran.", "part")
        self._begin(sources)

    def answered(self, source: str, status: int) -> None:
        """A webhook was answered."""
        self._webhooks.labels(source, str(status)).inc()

    def called(self, answer: Answer) -> None:
        """A call to Slack has ended."""
        self._calls.labels(answer.method, answer.outcome).inc()
        self._call_seconds.labels(answer.method).observe(answer.seconds)

    def committed(self, facts: Sequence[Fact]) -> None:
        """A transaction has made these true; called on the writer's thread."""
        for fact in facts:
            if fact.event == "breach":
                self._breaches.labels(**fact.labels).inc()
            elif fact.event == "message done":
                self._messages.labels(**fact.labels).inc()
            elif fact.event == "timer fired":
                self._late.labels(**fact.labels).observe(fact.seconds)
            elif fact.event == "rep told":
                self._told.observe(fact.seconds)

    async def text(self, readiness: Readiness, metronome: Metronome) -> bytes:
        """Everything, as Prometheus reads it; without the backlog's figures when the database does not answer."""
        self._unsent.clear()
        self._unsent_age.clear()
        for part, seconds in metronome.silence().items():
            if seconds is not None:
                self._ticked.labels(part).set(seconds)
        connected = await readiness.hears()
        self._socket.set(float("nan") if connected is None else connected)
        try:
            sight = await readiness.database()
        except StoreError:
            self._up.set(0)
            for gauge in (self._overdue, self._timers, self._database):
                gauge.set(float("nan"))
        else:
            self._up.set(1)
            self._database.set(sight.seconds)
            self._overdue.set(readiness.age(sight.messages))
            self._timers.set(readiness.age(sight.timers))
            for state, waiting in sight.unsent.items():
                self._unsent.labels(state).set(waiting.count)
                self._unsent_age.labels(state).set(readiness.age(waiting))
        return generate_latest(self.registry)

    def _begin(self, sources: Iterable[str]) -> None:
        """Set at 0 what alerts are built on: Prometheus sees no increase in a figure that it first meets at 1."""
        for kind, state in product(KINDS, (SENT, DROPPED, PARKED)):
            self._messages.labels(kind, state)
        for method in METHODS:
            self._calls.labels(method, "locked_out")
        for source, status in product(sources, ("500", "503")):
            self._webhooks.labels(source, status)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(name, meaning, labels, registry=self.registry)

    def _histogram(self, name: str, meaning: str, buckets: Sequence[float], *labels: str) -> Histogram:
        return Histogram(name, meaning, labels, buckets=buckets, registry=self.registry)
