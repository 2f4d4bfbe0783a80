"""The composition root: builds every part from settings and policy, starts and stops them."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import date, datetime, timedelta

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from bot.clock import Clock
from bot.figures import Figures
from bot.policy import PolicyMistakes
from bot.readiness import Readiness
from bot.roles import EVERYTHING, TALKING, Role
from bot.scheduler import LONGEST_SLEEP, Beat, Metronome
from bot.settings import Settings, verifiers
from connectors.delivery import Delivery
from connectors.slack.client import SlackClient
from connectors.slack.directory import Directory
from handlers import health, slack
from handlers.doors import Doors
from handlers.problems import nothing_there
from handlers.socket_mode import SocketMode
from handlers.webhooks import Webhooks, open_inlet
from leads.desk import Desk
from leads.domains import suffixes
from leads.office import Office
from leads.retention import Progress
from sla_engine.policy import Policy
from storage.database import Database
from storage.news import Listener
from storage.writer import Writer

log = logging.getLogger(__name__)
FINISHING_SECONDS, GIVING_UP_SECONDS = 3.0, 1.0
"""How long the stop waits for what is being sent or answered: an orchestrator kills who is not gone in ten seconds."""
A_MOMENT = timedelta(milliseconds=50)
A_BREATH = 0.02
"""Seconds between passes of delivery: leads that come by the hundred wake it once, one that comes alone at once."""
A_SECOND = timedelta(seconds=1)
BATCHES = 10
"""How many batches of what has had its use are let go before others have a second to themselves."""
NEWS = {"message": "delivery", "timer": "timers"}
"""Which part each kind of news is for."""


class Handoff:
    """The running product. Build it anywhere; `start` and `stop` belong to one event loop."""

    def __init__(
        self,
        settings: Settings,
        policy: Policy,
        database: Database,
        clock: Clock,
        *,
        longest_sleep: float = LONGEST_SLEEP,
        renewed: Callable[[date], Policy] | None = None,
        roles: frozenset[Role] = EVERYTHING,
    ) -> None:
        self.roles = roles
        self.policy, self.clock, self._settings = policy, clock, settings
        self._renewed, self._year = renewed, clock.now().year
        self.database = database
        self.desk = Desk(lambda: self.policy, clock.now)
        name = secrets.token_hex(8)
        self.figures = Figures(policy.sources if Role.WEB in roles else ())
        self.writer = Writer(database, self._news, name, self.figures.committed)
        self.listener = Listener(database, name, self._news)
        self.office = Office(self.desk, self.writer, database)
        self.slack = SlackClient(settings.bot_token, settings.slack_api_url, self.figures.called)
        self.directory = Directory(self.slack, self.office, lambda: self.policy, clock.now)
        self.delivery = Delivery(
            self.office,
            self.slack,
            self.directory,
            lambda: self.policy,
            clock.now,
            alive=lambda: self.metronome.alive(Role.DELIVERY),
        )
        self._upkeep = Progress()
        self.metronome = Metronome(clock, self._beats(longest_sleep))
        self.readiness = Readiness(self.office, self.metronome, self.slack, clock, roles, self._hears)
        self._socket: SocketMode | None = None
        suffixes()
        self.doors = Doors(self.office, self.slack, self.directory, lambda: self.policy, clock.now)
        known = verifiers(settings, policy) if Role.WEB in roles else {}
        inlets = {name: open_inlet(one, policy.sources[name].rate, clock.now) for name, one in known.items()}
        self._webhooks = Webhooks(self.office, inlets, self.figures.answered)

    def _beats(self, longest_sleep: float) -> list[Beat]:
        """What this process asks of itself again and again, by its roles."""
        beats = [Beat("policy", self.renew, every=3_600)]
        if Role.TIMERS in self.roles:
            beats.append(Beat("timers", self.fire_due, every=longest_sleep))
            beats.append(Beat("upkeep", self.let_go, every=3_600))
        if Role.DELIVERY in self.roles:
            beats.append(Beat("delivery", self.deliver_due, every=longest_sleep, rest=A_BREATH))
        if self.roles & TALKING:
            beats.append(Beat("people", self.meet, every=60))
        return beats

    def app(self, *, beating: bool = True) -> Starlette:
        """The ASGI application; `beating=False` leaves it to the caller to ask what is due."""

        @contextlib.asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            await self.start(beating=beating)
            try:
                yield
            finally:
                await self.stop()

        routes = health.routes(self.readiness.look, lambda: self.figures.text(self.readiness, self.metronome))
        if Role.WEB in self.roles:
            routes += self._webhooks.routes()
        if Role.SLACK in self.roles and not self._settings.socket_mode:
            routes += slack.routes(slack.bolt_app(self.doors), self._settings.signing_secret)
        app = Starlette(routes=routes, lifespan=lifespan, exception_handlers={HTTPException: nothing_there})
        # It would send a delivery to `/webhooks/website/` on to plain HTTP: what is behind a proxy doesn't know of TLS.
        app.router.redirect_slashes = False
        return app

    async def start(self, *, beating: bool = True) -> None:
        """Open Slack's session, see to the digests' timers, and start asking what is due."""
        await self.slack.open()
        if Role.TIMERS in self.roles:
            await self.office.run(self.desk.open)
        if Role.DELIVERY in self.roles:
            await self.delivery.open()
        if beating:
            self.metronome.start()
            self.listener.start()
        if Role.SLACK in self.roles and self._settings.socket_mode:
            gate = SlackClient(self._settings.app_token, self._settings.slack_api_url, self.figures.called)
            self._socket = SocketMode(slack.bolt_app(self.doors), gate)
            self._socket.start()

    async def stop(self) -> None:
        """Stop asking, finish what is being written, and give every connection back."""
        await self.listener.stop()
        # Both at once: what is in hand may take as long as one of them.
        await asyncio.gather(self.metronome.stop(FINISHING_SECONDS), self._hang_up())
        await self.doors.finish(GIVING_UP_SECONDS)
        await self.slack.close()
        # Whoever still waited for Slack gives up now, and writes down that nobody knows what became of it.
        await self.metronome.idle(GIVING_UP_SECONDS)
        self.metronome.close()
        await asyncio.to_thread(self.writer.close, GIVING_UP_SECONDS)
        self.database.close()

    async def _hang_up(self) -> None:
        if self._socket is not None:
            await self._socket.close(FINISHING_SECONDS)

    async def _hears(self) -> bool | None:
        return None if self._socket is None else await self._socket.is_connected()

    async def fire_due(self) -> datetime | None:
        """Fire the timers that are due; returns when the next one is."""
        while (due := await self.office.read(self.desk.next_due)) is not None and due <= self.clock.now():
            self.metronome.alive(Role.TIMERS)
            if not await self.office.run(self.desk.tick):
                # Another process is at it: asked again at once, this one would only be in its way.
                return self.clock.now() + A_MOMENT
        return due

    async def deliver_due(self) -> datetime | None:
        """Send the messages that are due; returns when the next one may be sent."""
        return await self.delivery.deliver_due()

    async def meet(self) -> datetime | None:
        """Look up everybody whom the policy names and Slack has not been asked about."""
        await self.directory.introduce()
        return None

    async def renew(self) -> datetime | None:
        """When the year turns, look further ahead for public holidays, in the same edition of the policy.

        Raises `StoreError` when the database is away; until all of it is done each pass begins anew.
        """
        today = self.clock.now().date()
        if self._renewed is None or today.year == self._year:
            return None
        try:
            # Large tables take seconds to read: not on the loop, where buttons wait for an answer.
            self.policy = await asyncio.to_thread(self._renewed, today)
        except PolicyMistakes as mistakes:
            log.error("the calendars keep last year's holidays, and are asked for again within the hour: %s", mistakes)
            return None
        if Role.TIMERS in self.roles:
            await self.office.run(self.desk.follow)
        # Last of all: what failed until here is tried again by the next pass.
        self._year = today.year
        return None

    async def let_go(self) -> datetime | None:
        """Erase and drop what has had its use, some of it at a time; returns when to go on, if there is more."""
        for _ in range(BATCHES):
            self._upkeep = await self.office.run(self.desk.let_go, self._upkeep)
            if self._upkeep.is_done:
                self._upkeep = Progress()
                return None
        return self.clock.now() + A_SECOND

    def _news(self, news: Mapping[str, datetime]) -> None:
        if "timer" in news:
            self.desk.hear(news["timer"])
        for kind, due in news.items():
            self.metronome.hear(NEWS[kind], due)
