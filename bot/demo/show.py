"""Puts the demo on: the workspace, the bot, the past week, and the page to watch it on."""

import asyncio
import base64
import logging
import secrets
import socket
import tempfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.clock import AdjustableClock
from bot.demo.cast import NEW_YORK, company, sample_leads
from bot.demo.stage import StageClock, play_skips
from bot.demo.story import Sender, Story
from bot.handoff import Handoff
from bot.policy import load_policy
from bot.serving import listen, server, until_told_to_stop
from bot.settings import read_settings
from connectors.standard_webhooks import Verifier
from sandbox.app import create_app
from sla_engine.policy import Policy
from storage import schema
from storage.database import open_database

HERE = Path(__file__).parent
HOST = "127.0.0.1"
OPENS = time(9, 59)
"""The demo's clock starts a minute before the weekly digest, New York time."""


def run(port: int, speed: float, *, sample_leads: bool) -> None:
    """Put the demo on until Ctrl-C. Raises `PortTaken`."""
    # Whoever tries it reads the address to open, not a line for each message of the past week, nor at the end that
    # Slack has gone: here both go together.
    logging.getLogger().setLevel(logging.ERROR)
    other = port + 1 if port < 65_535 else port - 1
    page = listen(HOST, port, f'choose another --port, as in `make demo ARGS="--port {other}"`')
    bot = listen(HOST, 0)
    with tempfile.TemporaryDirectory(prefix="handoff-demo-") as folder:
        asyncio.run(Show(page, bot, Path(folder), speed).run(with_leads=sample_leads))
    click.echo("\nThe demo is over; nothing of it is kept.")


class Show:
    """One run of the demo, with its database in `folder`."""

    def __init__(self, page: socket.socket, bot: socket.socket, folder: Path, speed: float) -> None:
        self._page, self._bot = page, bot
        policy = load_policy(HERE / "handoff.yaml", datetime.now(UTC).date())
        self.monday = a_working_monday(policy, datetime.now(UTC).date())
        self.clock = AdjustableClock(self.monday - timedelta(days=7, hours=1), speed=0)
        self.stage = StageClock(self.clock, speed)
        self.workspace = company(self.stage)
        secret = "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
        self.service = self._service(policy, folder, secret)
        self.sender = Sender(f"{address(bot)}/webhooks/website", Verifier.of(secret))

    def _service(self, policy: Policy, folder: Path, secret: str) -> Handoff:
        environment = {
            "DATABASE_URL": f"sqlite:///{folder / 'handoff.db'}",
            "SLACK_BOT_TOKEN": self.workspace.bot_token,
            "SLACK_SIGNING_SECRET": self.workspace.signing_secret,
            "SLACK_API_URL": f"{address(self._page)}/api/",
            "HANDOFF_WEBSITE_SECRET": secret,
        }
        # No .env file: the demo must not meet the reader's own tokens.
        settings = read_settings(environment, folder / "none.env")
        database = open_database(settings.database_url)
        schema.migrate(database)
        return Handoff(settings, policy, database, self.clock)

    async def run(self, *, with_leads: bool) -> None:
        """Serve both parts, play the past, then let the clock run."""
        story = Story(self.service, self.clock, self.sender)
        app = create_app(self.workspace, (HERE / "panel.html").read_text("utf-8"), self._routes(story))
        servers = [(server(app), self._page), (server(self.service.app(beating=False)), self._bot)]
        self.workspace.connect(f"{address(self._bot)}/slack/events")
        playing = asyncio.create_task(self._play(story, servers, with_leads=with_leads))
        try:
            await until_told_to_stop(servers, before_stop=self.workspace.stop)
        finally:
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)

    async def _play(
        self, story: Story, servers: list[tuple[uvicorn.Server, socket.socket]], *, with_leads: bool
    ) -> None:
        while not all(one.started for one, _ in servers):
            await asyncio.sleep(0.01)
        click.echo("Starting the bot and a Slack workspace …")
        if with_leads:
            click.echo("Playing last week at Acme …")
            await story.play_last_week(self.monday, sample_leads("last_week"))
        else:
            self.clock.advance(self.monday - self.clock.now())
        self.service.metronome.start()
        self._announce(with_leads=with_leads)
        await story.wait_for_somebody()
        self.stage.run()
        leads = sample_leads("today") if with_leads else []
        skips = play_skips(self.stage, self.clock, self.service, self.workspace.feed.touch)
        await asyncio.gather(skips, story.send_today(leads))

    def _announce(self, *, with_leads: bool) -> None:
        start = self.monday.astimezone(ZoneInfo(NEW_YORK))
        lines = [
            "",
            f"  Open  {address(self._page)}  in a browser.",
            "",
            f"  It is {start:%A %H:%M} in New York, and the clock runs {self.stage.speed:g} times faster than yours.",
            f"  You are Alice, who sells. {'A lead comes when you are there.' if with_leads else 'Send a lead.'}",
            f"  The bot itself listens on {address(self._bot)}: it is the real one, on SQLite.",
            "  Ctrl-C ends it.",
            "",
        ]
        click.echo("\n".join(lines))

    def _routes(self, story: Story) -> list[Route]:
        async def opened(_request: Request) -> Response:
            story.opened.set()
            return JSONResponse({"ok": True})

        async def send(request: Request) -> Response:
            story.opened.set()
            status, answer = await self.sender.send(await request.json())
            return JSONResponse(answer, status)

        return [
            Route("/demo/opened", opened, methods=["POST"]),
            Route("/demo/leads", send, methods=["POST"]),
        ]


def a_working_monday(policy: Policy, today: date) -> datetime:
    """The first Monday from this week on, a minute to ten in New York, on which every team works; in UTC."""
    monday = today - timedelta(days=today.weekday())
    while True:
        opens = datetime.combine(monday, OPENS, ZoneInfo(NEW_YORK)).astimezone(UTC)
        if all(team.calendar.is_open(opens) for team in policy.teams.values()):
            return opens
        monday += timedelta(days=7)


def address(listening: socket.socket) -> str:
    """Where a socket is reached."""
    return f"http://{HOST}:{listening.getsockname()[1]}"
