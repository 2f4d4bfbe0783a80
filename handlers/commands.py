"""Slash commands: `/sla`, `/leads`, `/lead`, and `/handoff` before any of their words."""

from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncAck, AsyncApp

from connectors.slack import replies
from connectors.slack.markup import Content, count
from handlers.absences import end_of_absence
from handlers.doors import Body, Doors, sentence_of
from leads import reports
from sla_engine.names import moment
from sla_engine.refusals import NotForYou, UnknownLead
from storage import people, queries
from storage.database import Transaction

Answer = Callable[[Doors, str, str], Awaitable[Content]]


def register(app: AsyncApp, doors: Doors) -> None:
    """Listen to every command."""

    async def hear(ack: AsyncAck, body: Body) -> None:
        content = await answer(doors, body)
        await ack(text=content.text, blocks=content.blocks, response_type="ephemeral")

    for command in ("/sla", "/leads", "/lead", "/handoff"):
        app.command(command)(hear)


async def answer(doors: Doors, body: Body) -> Content:
    """The private reply to a command."""
    words = f"{body['command'].lstrip('/')} {body.get('text') or ''}".split()
    if words[0] == "handoff":
        words = words[1:]
    try:
        actor = await doors.actor(body)
        for length in (2, 1):
            if said := ANSWERS.get(" ".join(words[:length]).casefold()):
                return await said(doors, actor, " ".join(words[length:]))
        return replies.usage()
    except Exception as error:
        return replies.plain(sentence_of(error))


async def my_numbers(doors: Doors, actor: str, _rest: str) -> Content:
    """`/sla`"""
    now, policy = doors.now(), doors.policy()

    def look(tx: Transaction) -> Content:
        kept = queries.kept(tx, [actor], now - reports.SPAN)
        return replies.my_numbers(actor, kept, queries.open_leads(tx, actor), policy, now)

    return await doors.office.read(look)


async def team_numbers(doors: Doors, actor: str, _rest: str) -> Content:
    """`/sla team`"""
    now, policy = doors.now(), doors.policy()
    teams = [team for team in policy.teams.values() if actor == team.manager or actor in policy.admins]
    if not teams:
        raise NotForYou(who="a team's manager or an admin")
    reps = [rep.email for team in teams for rep in team.reps]

    def look(tx: Transaction) -> Content:
        kept = queries.kept(tx, reps, now - reports.SPAN)
        return replies.team_numbers(teams, kept, policy, now, people=people.everyone(tx))

    return await doors.office.read(look)


async def my_leads(doors: Doors, actor: str, _rest: str) -> Content:
    """`/leads`"""
    now, policy = doors.now(), doors.policy()
    return await doors.office.read(lambda tx: replies.my_leads(actor, queries.open_leads(tx, actor), policy, now))


async def away(doors: Doors, actor: str, rest: str) -> Content:
    """`/leads away`, `/leads away 3h`, `/leads away 2026-12-01`"""
    zone = (await doors.directory.person(actor)).timezone or "UTC"
    until = end_of_absence(rest.removeprefix("until").strip(), doors.now(), zone)
    waiting = await doors.office.run(doors.office.desk.away, actor, actor, until)
    sentence = "You are away: new leads go to others until " + (
        moment(until, zone, doors.now()) if until else "you say `/leads back`"
    )
    if waiting:
        sentence += f". The clocks of {count(waiting, 'lead')} of yours stand still"
    return replies.plain(f"{sentence}.")


async def back(doors: Doors, actor: str, _rest: str) -> Content:
    """`/leads back`"""
    waiting = await doors.office.run(doors.office.desk.back, actor, actor)
    more = f" {count(waiting, 'lead')} of yours {'waits' if waiting == 1 else 'wait'}: `/leads`." if waiting else ""
    return replies.plain(f"Welcome back: you are in the rotation again, level with the others.{more}")


async def why(doors: Doors, _actor: str, rest: str) -> Content:
    """`/lead why <id>`"""
    now, policy = doors.now(), doors.policy()

    def look(tx: Transaction) -> Content:
        lead = queries.find(tx, rest)
        view = queries.lead_view(tx, lead.id) if lead else None
        if view is None:
            raise UnknownLead(lead=rest)
        return replies.why(view, queries.history(tx, view.lead.id), policy, now)

    return await doors.office.read(look)


ANSWERS: dict[str, Answer] = {
    "sla": my_numbers,
    "sla team": team_numbers,
    "leads": my_leads,
    "leads away": away,
    "leads back": back,
    "lead why": why,
}
