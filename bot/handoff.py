"""The composition root: builds every part from settings and policy, starts and stops them."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import date, datetime, timedelta

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from starlette.applications import Starlette

from bot.clock import Clock
from bot.policy import PolicyMistakes
from bot.scheduler import LONGEST_SLEEP, Beat, Metronome
from bot.settings import Settings, verifiers
from connectors.delivery import Delivery
from connectors.domains import suffixes
from connectors.slack.client import SlackClient
from connectors.slack.directory import Directory
from handlers import health, slack
from handlers.doors import Doors
from handlers.limits import Allowance
from handlers.webhooks import Webhooks
from leads.desk import Desk
from leads.office import Office
from leads.retention import Progress
from sla_engine.policy import Policy
from storage.database import Database
from storage.news import Listener
from storage.writer import Writer

log = logging.getLogger(__name__)
LATE_SECONDS = 15.0
"""A part that has not been asked for this long makes the service unready."""
A_MOMENT = timedelta(milliseconds=50)
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
    ) -> None:
        self.policy, self.clock, self._settings = policy, clock, settings
        self._renewed, self._year = renewed, clock.now().year
        self.database = database
        self.desk = Desk(lambda: self.policy, clock.now)
        name = secrets.token_hex(8)
        self.writer = Writer(database, self._news, name)
        self.listener = Listener(database, name, self._news)
        self.office = Office(self.desk, self.writer, database)
        self.slack = SlackClient(settings.bot_token, settings.slack_api_url)
        self.directory = Directory(self.slack, self.office, lambda: self.policy, clock.now)
        self.delivery = Delivery(self.office, self.slack, self.directory, lambda: self.policy, clock.now)
        due = {"timers": self.fire_due, "delivery": self.deliver_due}
        beats = [Beat(name, run, every=longest_sleep) for name, run in due.items()]
        seldom = [Beat("people", self.meet, every=60), Beat("policy", self.renew, every=3_600)]
        seldom.append(Beat("upkeep", self.let_go, every=3_600))
        self._upkeep = Progress()
        self.metronome = Metronome(clock, [*beats, *seldom])
        self._socket: AsyncSocketModeHandler | None = None
        suffixes()
        self.doors = Doors(self.office, self.slack, self.directory, lambda: self.policy, clock.now)
        self._webhooks = Webhooks(
            self.office,
            verifiers(settings, policy),
            {source.name: Allowance(source.rate) for source in policy.sources.values()},
        )

    def app(self, *, beating: bool = True) -> Starlette:
        """The ASGI application; `beating=False` leaves it to the caller to ask what is due."""

        @contextlib.asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            await self.start(beating=beating)
            try:
                yield
            finally:
                await self.stop()

        routes = [*self._webhooks.routes(), *health.routes(self.troubles)]
        if not self._settings.socket_mode:
            bolt = slack.bolt_app(self.doors, self._settings.signing_secret)
            routes += slack.routes(bolt)
        return Starlette(routes=routes, lifespan=lifespan)

    async def start(self, *, beating: bool = True) -> None:
        """Open Slack's session, see to the digests' timers, and start asking what is due."""
        await self.slack.open()
        await self.office.run(self.desk.open)
        await self.delivery.open()
        if beating:
            self.metronome.start()
            self.listener.start()
        if self._settings.socket_mode:
            bolt = slack.bolt_app(self.doors, self._settings.signing_secret or "unused in Socket Mode")
            self._socket = AsyncSocketModeHandler(bolt, self._settings.app_token, web_client=self.slack.web)
            await self._socket.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it bare

    async def stop(self) -> None:
        """Stop asking, finish what is being written, and give every connection back."""
        await self.listener.stop()
        await self.metronome.stop()
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it bare
        await self.doors.finish()
        await self.slack.close()
        self.writer.close()
        self.database.close()

    async def fire_due(self) -> datetime | None:
        """Fire the timers that are due; returns when the next one is."""
        while (due := await self.office.read(self.desk.next_due)) is not None and due <= self.clock.now():
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
        """When the year turns, look further ahead for public holidays, in the same edition of the policy."""
        today = self.clock.now().date()
        if self._renewed is None or today.year == self._year:
            return None
        self._year = today.year
        try:
            # Large tables take seconds to read: not on the loop, where buttons wait for an answer.
            self.policy = await asyncio.to_thread(self._renewed, today)
        except PolicyMistakes as mistakes:
            log.error("the calendars keep last year's holidays: %s", mistakes)
        else:
            await self.office.run(self.desk.follow)
        return None

    async def let_go(self) -> datetime | None:
        """Erase and drop what has had its use, some of it at a time; returns when to go on, if there is more."""
        for _ in range(BATCHES):
            self._upkeep = await self.office.run(self.desk.let_go, self._upkeep)
            if self._upkeep.is_done:
                self._upkeep = Progress()
                return None
        return self.clock.now() + A_SECOND

    async def troubles(self) -> list[str]:
        """What keeps the service from doing its work, each in one sentence; empty when it is ready."""
        return await health.database_troubles(self.office) + self.metronome.troubles(LATE_SECONDS)

    def _news(self, news: Mapping[str, datetime]) -> None:
        if "timer" in news:
            self.desk.hear(news["timer"])
        self.metronome.wake(*(NEWS[kind] for kind in news))
