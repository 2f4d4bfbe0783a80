"""Buttons: Accept and Resume act at once, the others open a form."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from connectors.slack.modals import FORMS
from connectors.slack.words import Action
from handlers import forms, home
from handlers.doors import Body, Doors, sentence_of


def register(app: AsyncApp, doors: Doors) -> None:
    """Listen to every button of a card."""

    async def act(ack: AsyncAck, body: Body, action: dict[str, Any]) -> None:
        await ack()
        await press(doors, body, Action(action["action_id"]), action.get("value", ""))

    async def follow(ack: AsyncAck) -> None:
        await ack()

    app.action(re.compile(f"^({'|'.join(Action)})$"))(act)
    # A link button sends its click too, and wants nothing but the answer.
    app.action(re.compile("^link"))(follow)


async def press(doors: Doors, body: Body, action: Action, lead_id: str) -> None:
    """Do what a button says, or tell the person who pressed it why not; on the Home tab either is seen there too."""
    try:
        actor = await doors.actor(body)
        if action in FORMS:
            await forms.open_form(doors, body, action, lead_id, actor)
            return
        if action is Action.ACCEPT:
            await doors.act(body, lambda tx: doors.office.desk.accept(tx, lead_id, actor))
        else:
            await doors.act(body, lambda tx: doors.office.desk.resume(tx, lead_id, actor))
    except Exception as error:
        doors.whisper(body, sentence_of(error))
    if home.is_home(body):
        home.redraw(doors, body)
