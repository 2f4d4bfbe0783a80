"""Submitted forms: the reason of a rejection, a touch, a verdict, another rep, a pause."""

import re
from collections.abc import Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from connectors.slack import modals
from connectors.slack.words import BY_THE_RULES, FORMS, Action
from handlers.doors import NOT_CHOSEN, Body, Doors, close_form, sentence_of
from leads.desk import Desk
from sla_engine.lead import Lead
from sla_engine.refusals import NoteRequired
from storage.transaction import Transaction

Answers = dict[str, str]
UNWRITTEN = "Write a few words."
WRITTEN = frozenset({Action.QUALIFY, Action.PAUSE})


def register(app: AsyncApp, doors: Doors) -> None:
    """Listen to every form."""

    async def submit(ack: AsyncAck, body: Body, view: dict[str, Any]) -> None:
        await close_form(ack, await submitted(doors, body, view))

    app.view(re.compile(f"^({'|'.join(sorted(FORMS))})$"))(submit)


async def submitted(doors: Doors, body: Body, view: dict[str, Any]) -> dict[str, str]:
    """Do what a form asks for; returns what is wrong with it, by block, when it can't be done."""
    action, lead_id = Action(view["callback_id"]), view["private_metadata"]
    answers = modals.answers(action, view["state"]["values"])
    field = modals.FIELDS[action][0]
    if not answers[field].strip():
        return modals.mistake(field, UNWRITTEN if action in WRITTEN else NOT_CHOSEN)
    try:
        actor = await doors.actor(body)
        await doors.act(body, verb(doors.office.desk, action, lead_id, actor, answers))
    except NoteRequired as error:
        return modals.mistake("note", str(error))
    except Exception as error:
        return modals.mistake(field, sentence_of(error))
    return {}


def verb(desk: Desk, action: Action, lead_id: str, actor: str, answers: Answers) -> Callable[[Transaction], Lead]:
    """The desk's verb for a form, with the form's answers."""
    verbs: dict[Action, Callable[[Transaction], Lead]] = {
        Action.REJECT: lambda tx: desk.reject(tx, lead_id, actor, answers["reason"], answers["note"]),
        Action.TOUCH: lambda tx: desk.touch(tx, lead_id, actor, answers["channel"], answers["note"]),
        Action.QUALIFY: lambda tx: desk.qualify(tx, lead_id, actor, answers),
        Action.RECYCLE: lambda tx: desk.recycle(tx, lead_id, actor, answers["reason"], answers["note"]),
        Action.DISQUALIFY: lambda tx: desk.disqualify(tx, lead_id, actor, answers["reason"], answers["note"]),
        Action.REASSIGN: lambda tx: _reassign(desk, tx, lead_id, actor, answers["rep"]),
        Action.PAUSE: lambda tx: desk.pause(tx, lead_id, actor, answers["reason"]),
    }
    return verbs[action]


def _reassign(desk: Desk, tx: Transaction, lead_id: str, actor: str, rep: str) -> Lead:
    if rep == BY_THE_RULES:
        return desk.reroute(tx, lead_id, actor)
    return desk.reassign(tx, lead_id, actor, rep)
