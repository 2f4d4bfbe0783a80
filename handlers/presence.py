"""The Home tab's buttons about who is there, and the forms behind them; each change draws the tab of its maker anew."""

import logging
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from connectors.slack import presence_forms
from connectors.slack.client import SlackProblem
from connectors.slack.presence import Roll
from connectors.slack.presence_forms import MOST_LIMIT
from connectors.slack.promises import zone_of
from connectors.slack.words import BY_THE_RULES, Presence
from handlers import home
from handlers.absences import NotInRotation, leave_of
from handlers.doors import NOT_CHOSEN, Body, Doors, close_form, sentence_of, user_of
from handlers.handovers import pass_on
from sla_engine.limits import Limits
from sla_engine.permission import looked_after
from sla_engine.policy import Rep, Team
from sla_engine.refusals import NotForYou, Refused
from storage import caps, leaves, people, queries
from storage.transaction import Transaction

log = logging.getLogger(__name__)


class NoSuchLimit(Refused):
    """Write a whole number from 0 to 10,000, or nothing."""


class NotShownYet(Refused):
    """Their limits were still on the way: look at them, then save."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a form does with the rep it is about and its answers; a refusal is shown under `field` or names its own."""

    field: str
    do: Callable[[Doors, Body, str, str, dict[str, str]], Awaitable[None]]


def register(app: AsyncApp, doors: Doors) -> None:
    """Listen to the buttons and forms of the Home tab."""

    async def act(ack: AsyncAck, body: Body, action: dict[str, Any]) -> None:
        await ack()
        chosen = (action.get("selected_option") or {}).get("value", "")
        await press(doors, body, Presence(action["action_id"]), action.get("value", chosen))

    async def submit(ack: AsyncAck, body: Body, view: dict[str, Any]) -> None:
        await close_form(ack, await submitted(doors, body, view))

    app.action(re.compile(f"^({'|'.join(Presence)})$"))(act)
    app.view(re.compile(f"^({'|'.join(sorted(FORMS))})$"))(submit)


async def press(doors: Doors, body: Body, action: Presence, about: str) -> None:
    """Do what a button says, or tell the person who pressed it why not."""
    try:
        actor = await doors.actor(body)
        if action in FORMS:
            await doors.slack.call(
                "views.open", trigger_id=body["trigger_id"], view=await form(doors, action, actor, about)
            )
            return
        if action is Presence.LIMITS_OF:
            await _show_limits(doors, body, actor, about)
            return
        if action is Presence.BACK:
            await doors.act(body, lambda tx: doors.office.desk.back(tx, actor, about))
        else:
            await doors.act(body, lambda tx: doors.office.desk.cancel_leave(tx, actor, int(about)))
    except Exception as error:
        doors.whisper(body, sentence_of(error))
        return
    doors.later(_redraw(doors, body, actor))


async def _show_limits(doors: Doors, body: Body, actor: str, rep: str) -> None:
    """The form for a team's limits, with those of the rep who was chosen in it."""
    view = body["view"]
    team = _team(doors, actor, view["private_metadata"])

    def look(tx: Transaction) -> dict[str, Any]:
        return presence_forms.team_limits(team, _roll(tx, doors, team.reps), team.rep(rep))

    await doors.slack.call("views.update", view_id=view["id"], view=await doors.office.read(look))


def _team(doors: Doors, actor: str, name: str) -> Team:
    team = next((one for one in looked_after(doors.policy(), actor) if one.name == name), None)
    if team is None:
        raise NotForYou(who="the team's manager or an admin")
    return team


async def _redraw(doors: Doors, body: Body, actor: str) -> None:
    """The tab anew, and the form in which a leave was called off. What was done is done, though Slack won't show it."""
    await home.publish(doors, user_of(body))
    view = body.get("view") or {}
    if view.get("type") != "modal":
        return
    try:
        again = await form(doors, Presence(view["callback_id"]), actor, view["private_metadata"])
        await doors.slack.call("views.update", view_id=view["id"], view=again)
    except (Refused, SlackProblem) as problem:
        log.warning("a form was not drawn anew: %s", problem)


async def form(doors: Doors, wanted: Presence, actor: str, about: str) -> dict[str, Any]:
    """The form a button opens. Raises `Refused` for those who may not fill it in."""
    rep = doors.policy().rep(actor)

    def look(tx: Transaction) -> dict[str, Any]:
        if wanted in (Presence.PLAN, Presence.LIMITS):
            if rep is None:
                raise NotInRotation
            free = any(team.rep(actor) for team in looked_after(doors.policy(), actor))
            return _own_form(wanted, rep, _roll(tx, doors, [rep]), free=free)
        team = _team(doors, actor, about)
        return _team_form(tx, wanted, team, _roll(tx, doors, team.reps))

    return await doors.office.read(look)


def _own_form(wanted: Presence, rep: Rep, roll: Roll, *, free: bool) -> dict[str, Any]:
    if wanted is Presence.PLAN:
        return presence_forms.plan_leave(rep, roll)
    return presence_forms.limits(rep, roll, free=free)


def _team_form(tx: Transaction, wanted: Presence, team: Team, roll: Roll) -> dict[str, Any]:
    if wanted is Presence.HAND_OVER:
        found = queries.open_leads_of_team(tx, team.name, roll.policy)
        holders = Counter(view.lead.rep for view in found if view.lead.rep)
        return presence_forms.hand_over(team, holders, roll)
    drawn = presence_forms.team_leave if wanted is Presence.TEAM_LEAVE else presence_forms.team_limits
    return drawn(team, roll)


def _roll(tx: Transaction, doors: Doors, reps: list[Rep] | tuple[Rep, ...]) -> Roll:
    emails, now = [rep.email for rep in reps], doors.now()
    known = people.everyone(tx)
    return Roll(known, doors.policy(), now, leaves.ahead(tx, emails, now), caps.of(tx, emails))


async def submitted(doors: Doors, body: Body, view: dict[str, Any]) -> dict[str, str]:
    """Do what a form asks for; returns what is wrong with it, by block, when it can't be done."""
    wanted = Presence(view["callback_id"])
    given = presence_forms.answers(view["state"]["values"])
    field = FORMS[wanted].field
    try:
        actor = await doors.actor(body)
        rep = given.get("rep", actor)
        if not rep:
            return {"rep": NOT_CHOSEN}
        await FORMS[wanted].do(doors, body, actor, rep, given)
    except Refused as error:
        return {str(error.facts.get("field", field)): str(error)}
    except Exception as error:
        return {field: sentence_of(error)}
    home.redraw(doors, body)
    return {}


async def _plan(doors: Doors, body: Body, actor: str, rep: str, given: dict[str, str]) -> None:
    here, there = [zone_of(doors.policy(), {who: await doors.directory.person(who)}, who) for who in (actor, rep)]
    span = leave_of(given["from"], given["until"], doors.now(), there, here)
    await doors.act(body, lambda tx: doors.office.desk.plan_leave(tx, actor, rep, span))


async def _limit(doors: Doors, body: Body, actor: str, rep: str, given: dict[str, str]) -> None:
    if not given.keys() >= presence_forms.LABELS.keys():
        raise NotShownYet(field="rep")
    wanted = Limits(*(limit_of(name, given[name]) for name in presence_forms.LABELS))
    await doors.act(body, lambda tx: doors.office.desk.set_limits(tx, actor, rep, wanted))


async def _hand_over(doors: Doors, body: Body, actor: str, rep: str, given: dict[str, str]) -> None:
    to = None if given["to"] == BY_THE_RULES else given["to"]
    doors.whisper(body, await pass_on(doors, body, actor, rep, to))


FORMS = {
    Presence.PLAN: Form("from", _plan),
    Presence.LIMITS: Form("max_open", _limit),
    Presence.TEAM_LEAVE: Form("rep", _plan),
    Presence.TEAM_LIMITS: Form("rep", _limit),
    Presence.HAND_OVER: Form("to", _hand_over),
}
"""By the button that opens it."""


def limit_of(field: str, text: str) -> int | None:
    """A limit as somebody wrote it; None for nothing. Raises `NoSuchLimit`."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) > MOST_LIMIT:
        raise NoSuchLimit(field=field)
    return int(text)
