"""The composition root: builds every part from settings and policy, starts and stops them."""

import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import datetime

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from starlette.applications import Starlette

from bot.clock import Clock
from bot.scheduler import Beat, Metronome
from bot.settings import Settings, verifiers
from connectors.delivery import Delivery
from connectors.domains import suffixes
from connectors.slack.client import SlackClient
from connectors.slack.directory import Directory
from handlers import health, slack
from handlers.doors import Doors
from handlers.webhooks import Webhooks
from leads.desk import Desk
from leads.office import Office
from sla_engine.policy import Policy
from storage import clocks, outbox
from storage.database import Database
from storage.writer import Writer

log = logging.getLogger(__name__)
LATE_SECONDS = 15.0
"""A part that has not been asked for this long makes the service unready."""


class Handoff:
    """The running product. Build it anywhere; `start` and `stop` belong to one event loop."""

    def __init__(self, settings: Settings, policy: Policy, database: Database, clock: Clock) -> None:
        self.policy, self.clock, self._settings = policy, clock, settings
        self.database = database
        self.desk = Desk(lambda: self.policy, clock.now)
        self.writer = Writer(database, self._news)
        self.office = Office(self.desk, self.writer, database)
        self.slack = SlackClient(settings.bot_token, settings.slack_api_url)
        self.directory = Directory(self.slack, self.office, lambda: self.policy, clock.now)
        self.delivery = Delivery(self.office, self.slack, self.directory, lambda: self.policy, clock.now)
        beats = [Beat("timers", self.fire_due), Beat("delivery", self.deliver_due), Beat("people", self.meet, every=60)]
        self.metronome = Metronome(clock, beats)
        self._socket: AsyncSocketModeHandler | None = None
        suffixes()
        self.doors = Doors(self.office, self.slack, self.directory, lambda: self.policy, clock.now)
        self._webhooks = Webhooks(self.office, verifiers(settings, policy))

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
        if beating:
            self.metronome.start()
        if self._settings.socket_mode:
            bolt = slack.bolt_app(self.doors, self._settings.signing_secret or "unused in Socket Mode")
            self._socket = AsyncSocketModeHandler(bolt, self._settings.app_token, web_client=self.slack.web)
            await self._socket.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it bare

    async def stop(self) -> None:
        """Stop asking, finish what is being written, and give every connection back."""
        await self.metronome.stop()
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it bare
        await self.doors.finish()
        await self.slack.close()
        self.writer.close()
        self.database.close()

    async def fire_due(self) -> datetime | None:
        """Fire the timers that are due; returns when the next one is."""
        while (due := await self.office.read(clocks.next_due)) is not None and due <= self.clock.now():
            await self.office.run(self.desk.tick)
        return due

    async def deliver_due(self) -> datetime | None:
        """Send the messages that are due; returns when the next one may be sent."""
        while (due := await self.office.read(outbox.next_due)) is not None and due <= self.clock.now():
            if not await self.delivery.deliver_due():
                return self.delivery.next_free()
        return due

    async def meet(self) -> datetime | None:
        """Look up everybody whom the policy names and Slack has not been asked about."""
        await self.directory.introduce()
        return None

    async def troubles(self) -> list[str]:
        """What keeps the service from doing its work, each in one sentence; empty when it is ready."""
        return await health.database_troubles(self.office) + self.metronome.troubles(LATE_SECONDS)

    def _news(self, news: set[str]) -> None:
        names = {"message": "delivery", "timer": "timers"}
        self.metronome.wake(*(names[item] for item in news))
