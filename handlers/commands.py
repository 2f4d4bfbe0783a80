"""Slash commands: `/sla`, `/leads`, `/lead`, and `/handoff` before any of their words."""

import re
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from slack_bolt.async_app import AsyncAck, AsyncApp

from connectors.slack import explanation, replies, teams
from connectors.slack.markup import Content
from handlers.absences import away, back
from handlers.doors import Body, Doors, sentence_of
from handlers.handovers import hand_over
from leads import reports
from sla_engine.permission import looked_after
from sla_engine.refusals import NotForYou, Refused, UnknownLead
from storage import history, people, queries
from storage.transaction import Transaction

Answer = Callable[[Doors, Body, str, str], Awaitable[Content]]
"""Given the request, the e-mail of whoever made it, and the words after the command's own."""


class Word(NamedTuple):
    """What one can say: how it is answered, and whether other words may follow."""

    answer: Answer
    takes_more: bool = False


MAILTO = re.compile(r"<mailto:([^|>]+)(?:\|[^>]*)?>")
"""An address, as Slack writes it in a command with `should_escape`."""


class WhichLead(Refused):
    """Which lead? Type `/lead why L62247t6rn2`: the id is at the foot of its card."""


def register(app: AsyncApp, doors: Doors) -> None:
    """Listen to every command."""

    async def hear(ack: AsyncAck, body: Body) -> None:
        content = await answer(doors, body)
        await ack(text=content.text, blocks=content.blocks, response_type="ephemeral")

    for command in ("/sla", "/leads", "/lead", "/handoff"):
        app.command(command)(hear)


async def answer(doors: Doors, body: Body) -> Content:
    """The private reply to a command."""
    text = MAILTO.sub(r"\1", body.get("text") or "")
    words = f"{body['command'].lstrip('/')} {text}".split()
    if words[0] == "handoff":
        words = words[1:]
    try:
        actor = await doors.actor(body)
        for length in (2, 1):
            said, rest = " ".join(words[:length]).casefold(), " ".join(words[length:])
            word = WORDS.get(said)
            if word is not None and (word.takes_more or not rest):
                return await word.answer(doors, body, actor, rest)
        return replies.usage(unknown=_unknown(words))
    except Exception as error:
        return replies.plain(sentence_of(error))


def _unknown(words: list[str]) -> str:
    """The first words with which nothing one can say begins; empty when somebody asks for help or says nothing."""
    known = [said.split() for said in WORDS]
    for length in range(1, len(words) + 1):
        if [word.casefold() for word in words[:length]] not in [said[:length] for said in known]:
            left = " ".join(words[length - 1 :])
            return "" if left.casefold() in HELP else left
    return ""


async def my_numbers(doors: Doors, _body: Body, actor: str, _rest: str) -> Content:
    """`/sla`"""
    now, policy = doors.now(), doors.policy()

    def look(tx: Transaction) -> Content:
        kept = queries.kept(tx, [actor], now - reports.SPAN)
        waits = queries.waits(tx, [actor], now - reports.SPAN)
        return replies.my_numbers(actor, kept, queries.open_leads(tx, actor), policy, now, waits=waits)

    return await doors.office.read(look)


async def team_numbers(doors: Doors, _body: Body, actor: str, _rest: str) -> Content:
    """`/sla team`"""
    now, policy = doors.now(), doors.policy()
    managed = looked_after(policy, actor)
    if not managed:
        raise NotForYou(who="a team's manager or an admin")
    reps = [member for team in managed for member in teams.members(team)]

    def look(tx: Transaction) -> Content:
        known = people.everyone(tx)  # Whoever is in the workspace can take what is free to take.
        kept = queries.kept(tx, [*{*reps, *known}], now - reports.SPAN)
        waits = queries.waits(tx, reps, now - reports.SPAN)
        return replies.team_numbers(managed, kept, policy, now, people=known, waits=waits)

    return await doors.office.read(look)


async def my_leads(doors: Doors, _body: Body, actor: str, _rest: str) -> Content:
    """`/leads`"""
    now, policy = doors.now(), doors.policy()

    def look(tx: Transaction) -> Content:
        person = people.everyone(tx).get(actor)
        is_away = person is not None and person.leave_at(now) is not None
        return replies.my_leads(actor, queries.open_leads(tx, actor), policy, now, is_away=is_away)

    return await doors.office.read(look)


async def why(doors: Doors, _body: Body, _actor: str, rest: str) -> Content:
    """`/lead why <id>`"""
    if not rest:
        raise WhichLead
    now, policy = doors.now(), doors.policy()

    def look(tx: Transaction) -> Content:
        lead = queries.find(tx, rest)
        view = queries.lead_view(tx, lead.id) if lead else None
        if view is None:
            raise UnknownLead(lead=rest)
        return explanation.why(view, history.of(tx, view.lead.id), policy, now)

    return await doors.office.read(look)


WORDS = {
    "sla": Word(my_numbers),
    "sla team": Word(team_numbers),
    "leads": Word(my_leads),
    "leads away": Word(away, takes_more=True),
    "leads back": Word(back, takes_more=True),
    "leads hand-over": Word(hand_over, takes_more=True),
    "lead": Word(why),
    "lead why": Word(why, takes_more=True),
}
"""What it means stands in `connectors/slack/replies`, for who asks."""
HELP = ("help", "?")
