"""Buttons: Accept and Resume act at once, the others open a form."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from connectors.slack import modals
from connectors.slack.words import FORMS, Action
from handlers.doors import Body, Doors, sentence_of
from sla_engine.lead import Lead
from sla_engine.lifecycle import Verb
from sla_engine.permission import looked_after
from sla_engine.refusals import UnknownLead
from storage import queries
from storage.queries import LeadView
from storage.transaction import Transaction

VERBS = {
    Action.REJECT: Verb.REJECT,
    Action.TOUCH: Verb.TOUCH,
    Action.QUALIFY: Verb.QUALIFY,
    Action.RECYCLE: Verb.RECYCLE,
    Action.DISQUALIFY: Verb.DISQUALIFY,
    Action.REASSIGN: Verb.REASSIGN,
    Action.PAUSE: Verb.PAUSE,
}
NONE = modals.Choice()


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
    """Do what a button says, or tell the person who pressed it why not."""
    try:
        actor = await doors.actor(body)
        if action in FORMS:
            await open_form(doors, body, action, lead_id, actor)
        elif action is Action.ACCEPT:
            await doors.act(body, lambda tx: doors.office.desk.accept(tx, lead_id, actor))
        else:
            await doors.act(body, lambda tx: doors.office.desk.resume(tx, lead_id, actor))
    except Exception as error:
        doors.whisper(body, sentence_of(error))


async def open_form(doors: Doors, body: Body, action: Action, lead_id: str, actor: str) -> None:
    """Open a form, if this person may do this now. The trigger lives three seconds, so all before it is local."""

    def look(tx: Transaction) -> tuple[LeadView | None, modals.Choice]:
        lead = doors.office.desk.check(tx, lead_id, actor, VERBS[action])
        return queries.lead_view(tx, lead_id), _choice(doors, tx, lead, actor) if action is Action.REASSIGN else NONE

    view, choice = await doors.office.read(look)
    if view is None:
        raise UnknownLead(lead=lead_id)
    form = modals.form(action, view, doors.policy(), doors.now(), choice)
    await doors.slack.call("views.open", trigger_id=body["trigger_id"], view=form)


def _choice(doors: Doors, tx: Transaction, lead: Lead, actor: str) -> modals.Choice:
    managed = [team.name for team in looked_after(doors.policy(), actor)]
    return modals.Choice(doors.office.desk.obstacles(tx, lead.team or ""), by_the_rules=lead.team in managed)
