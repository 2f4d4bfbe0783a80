"""What happens in the demo: a week that has passed, and the leads of today.

The past is played before the page opens, by the real product with the clock moved by hand, so that reports and
`/sla` have something true to tell.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp

from bot.demo.cast import NEW_YORK
from bot.handoff import Handoff
from bot.stepping import MovableClock, Steps
from connectors.standard_webhooks import Verifier
from leads.desk import Desk
from storage.leads import load
from storage.transaction import Transaction

Lead = dict[str, Any]
QUALIFIED = {
    "budget": "Approved for this year",
    "authority": "Signs herself",
    "need": "Replacing a tool",
    "timeline": "First quarter",
}
CURTAIN_SECONDS = 30.0
"""How long the clock stands still for somebody to open the page."""


@dataclass
class Sender:
    """Marketing's website: sends leads through the real webhook, signed."""

    url: str
    verifier: Verifier
    sent: int = 0

    async def send(self, lead: Lead) -> tuple[int, dict[str, Any]]:
        """One lead; returns the status and the body of the answer."""
        self.sent += 1
        body = json.dumps({"type": "lead.qualified", "data": lead}).encode()
        signed = self.verifier.sign(f"demo_{self.sent}_{time.monotonic_ns()}", int(time.time()), body)
        headers = {"content-type": "application/json", **signed}
        async with aiohttp.ClientSession() as session, session.post(self.url, data=body, headers=headers) as answer:
            return answer.status, await answer.json(content_type=None)


@dataclass
class Story:
    """Plays the past and sends the leads of today."""

    service: Handoff
    clock: MovableClock
    sender: Sender
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def play_last_week(self, monday: datetime, scenes: Sequence[dict[str, Any]]) -> None:
        """Everything that happened before `monday`, each scene at its own time of the week before."""
        steps = Steps(self.service, self.clock)
        local = monday.astimezone(ZoneInfo(NEW_YORK)).replace(hour=0, minute=0, second=0, microsecond=0)
        doings: list[tuple[datetime, int, Callable[[], Awaitable[None]]]] = []
        for number, scene in enumerate(scenes):
            weekday, clock_time = scene["at"]
            hour, minute = map(int, clock_time.split(":"))
            arrives = local + timedelta(days=weekday - 7, hours=hour, minutes=minute)
            doings.append((arrives, number, partial(self._arrive, scene)))
            after = arrives
            for minutes, *what in scene["does"]:
                after += timedelta(minutes=minutes)
                doings.append((after, number, partial(self._do, scene, *what)))
        for instant, _, doing in sorted(doings, key=lambda one: one[:2]):
            await steps.forward_to(instant)
            await doing()
            await steps.settle()
        await steps.forward_to(monday)

    async def wait_for_somebody(self) -> None:
        """Return once somebody has opened the page, or when nobody seems to come."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.opened.wait(), CURTAIN_SECONDS)

    async def send_today(self, leads: Sequence[dict[str, Any]]) -> None:
        """The leads of today, by the demo's clock."""
        begun = self.clock.now()
        for scene in leads:
            while (left := self.clock.seconds_until(begun + timedelta(minutes=scene["minute"]))) > 0:
                # In short sleeps, because the viewer may change the clock's speed.
                await asyncio.sleep(min(left, 0.5))
            await self.sender.send(scene["lead"])

    async def _arrive(self, scene: dict[str, Any]) -> None:
        _, answer = await self.sender.send(scene["lead"])
        scene["id"] = answer["lead_id"]

    async def _do(self, scene: dict[str, Any], verb: str, *words: str) -> None:
        await self.service.office.run(act, self.service.desk, scene["id"], verb, words)


def act(tx: Transaction, desk: Desk, lead_id: str, verb: str, words: Sequence[str]) -> None:
    """What a rep did last week with the lead they had."""
    lead = load(tx, lead_id)
    if lead is None or lead.rep is None:
        return
    if verb == "accept":
        desk.accept(tx, lead_id, lead.rep)
    elif verb == "reject":
        desk.reject(tx, lead_id, lead.rep, *words)
    elif verb == "touch":
        desk.touch(tx, lead_id, lead.rep, *words)
    else:
        desk.qualify(tx, lead_id, lead.rep, QUALIFIED)
