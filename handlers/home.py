"""The Home tab: a rep's open leads and deadlines, drawn when it is opened."""

import asyncio
import logging
from typing import Any
from weakref import WeakValueDictionary

from slack_bolt.async_app import AsyncApp

from connectors.slack.client import SlackProblem
from connectors.slack.drawing import draw_home
from handlers.doors import Body, Doors, user_of

log = logging.getLogger(__name__)
_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
"""Whose tab is being drawn; a turn is gone once nobody waits for it."""


def register(app: AsyncApp, doors: Doors) -> None:
    """Listen to the tab being opened, and to what people say of themselves in their profile."""

    async def opened(event: dict[str, Any]) -> None:
        if event.get("tab", "home") == "home":
            doors.later(publish(doors, event["user"]))

    async def changed(event: dict[str, Any]) -> None:
        doors.later(doors.directory.changed(event["user"]))

    app.event("app_home_opened")(opened)
    app.event("user_change")(changed)


def is_home(body: Body) -> bool:
    """Whether something was pressed on the Home tab."""
    return bool((body.get("view") or {}).get("type") == "home")


def redraw(doors: Doors, body: Body) -> None:
    """Draw the Home tab of whoever pressed or sent something anew, after the answer."""
    doors.later(publish(doors, user_of(body)))


async def publish(doors: Doors, user: str) -> None:
    """Draw a person's Home tab as it is now.

    One drawing after the other, each of what there is when its turn comes: Slack keeps the one that reaches it last,
    and an earlier one might be slower on its way.
    """
    turn = _turns.setdefault(user, asyncio.Lock())
    try:
        async with turn:
            email = await doors.directory.email(user)
            view = await doors.office.read(draw_home, email or "", doors.policy(), doors.now())
            await doors.slack.call("views.publish", user_id=user, view=view)
    except SlackProblem as problem:
        log.warning("a Home tab was not published: %s", problem)
