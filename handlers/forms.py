"""The forms behind a card's buttons: opened if somebody may do this now, and done when they are sent."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from connectors.slack import modals
from connectors.slack.modals import FORMS
from connectors.slack.words import BY_THE_RULES, Action
from handlers import home
from handlers.doors import NOT_CHOSEN, Body, Doors, close_form, sentence_of
from leads.desk import Desk
from sla_engine.lead import Lead
from sla_engine.lifecycle import Verb
from sla_engine.permission import looks_after
from sla_engine.refusals import NoteRequired, UnknownLead
from storage import queries
from storage.queries import LeadView
from storage.transaction import Transaction

Answers = dict[str, str]
UNWRITTEN = "Write a few words."
NO_CHOICE = modals.Choice()


@dataclass(frozen=True, slots=True)
class Deed:
    """What a form is for: the verb that the lead's status must allow, and the desk's own, with lead, actor, answers."""

    verb: Verb
    do: Callable[[Desk, Transaction, str, str, Answers], Lead]


def register(app: AsyncApp, doors: Doors) -> None:
    """Listen to every form."""

    async def submit(ack: AsyncAck, body: Body, view: dict[str, Any]) -> None:
        await close_form(ack, await submitted(doors, body, view))
        if modals.origin(view["private_metadata"])[1]:
            home.redraw(doors, body)

    app.view(re.compile(f"^({'|'.join(sorted(FORMS))})$"))(submit)


async def open_form(doors: Doors, body: Body, action: Action, lead_id: str, actor: str) -> None:
    """Open a form, if this person may do this now. The trigger lives three seconds, so all before it is local."""

    def look(tx: Transaction) -> tuple[LeadView | None, modals.Choice]:
        lead = doors.office.desk.check(tx, lead_id, actor, DEEDS[action].verb)
        choice = _choice(doors, tx, lead, actor) if action is Action.REASSIGN else NO_CHOICE
        return queries.lead_view(tx, lead_id), choice

    view, choice = await doors.office.read(look)
    if view is None:
        raise UnknownLead(lead=lead_id)
    form = modals.form(action, view, doors.policy(), doors.now(), choice, at_home=home.is_home(body))
    await doors.slack.call("views.open", trigger_id=body["trigger_id"], view=form)


def _choice(doors: Doors, tx: Transaction, lead: Lead, actor: str) -> modals.Choice:
    team = doors.policy().team_of(lead.team, lead.rep)
    obstacles = doors.office.desk.obstacles(tx, team.name) if team else {}
    return modals.Choice(obstacles, by_the_rules=looks_after(doors.policy(), actor, [team]))


async def submitted(doors: Doors, body: Body, view: dict[str, Any]) -> dict[str, str]:
    """Do what a form asks for; returns what is wrong with it, by block, when it can't be done."""
    action, (lead_id, _) = Action(view["callback_id"]), modals.origin(view["private_metadata"])
    form, given = FORMS[action], modals.answers(action, view["state"]["values"])
    field = form.fields[0]
    if not given[field].strip():
        return modals.mistake(field, UNWRITTEN if form.is_written else NOT_CHOSEN)
    try:
        actor = await doors.actor(body)
        deed = DEEDS[action]
        await doors.act(body, lambda tx: deed.do(doors.office.desk, tx, lead_id, actor, given), numbered=True)
    except NoteRequired as error:
        return modals.mistake("note", str(error))
    except Exception as error:
        return modals.mistake(field, sentence_of(error))
    return {}


def _reject(desk: Desk, tx: Transaction, lead_id: str, actor: str, given: Answers) -> Lead:
    return desk.reject(tx, lead_id, actor, given["reason"], given["note"])


def _touch(desk: Desk, tx: Transaction, lead_id: str, actor: str, given: Answers) -> Lead:
    return desk.touch(tx, lead_id, actor, given["channel"], given["note"])


def _recycle(desk: Desk, tx: Transaction, lead_id: str, actor: str, given: Answers) -> Lead:
    return desk.recycle(tx, lead_id, actor, given["reason"], given["note"])


def _disqualify(desk: Desk, tx: Transaction, lead_id: str, actor: str, given: Answers) -> Lead:
    return desk.disqualify(tx, lead_id, actor, given["reason"], given["note"])


def _reassign(desk: Desk, tx: Transaction, lead_id: str, actor: str, given: Answers) -> Lead:
    if given["rep"] == BY_THE_RULES:
        return desk.reroute(tx, lead_id, actor)
    return desk.reassign(tx, lead_id, actor, given["rep"])


def _pause(desk: Desk, tx: Transaction, lead_id: str, actor: str, given: Answers) -> Lead:
    return desk.pause(tx, lead_id, actor, given["reason"])


DEEDS = {
    Action.REJECT: Deed(Verb.REJECT, _reject),
    Action.TOUCH: Deed(Verb.TOUCH, _touch),
    Action.QUALIFY: Deed(Verb.QUALIFY, Desk.qualify),
    Action.RECYCLE: Deed(Verb.RECYCLE, _recycle),
    Action.DISQUALIFY: Deed(Verb.DISQUALIFY, _disqualify),
    Action.REASSIGN: Deed(Verb.REASSIGN, _reassign),
    Action.PAUSE: Deed(Verb.PAUSE, _pause),
}
"""By the action; what each form asks is in `connectors/slack/modals`."""
