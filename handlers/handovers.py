"""Everything somebody has in work passes to others: `/leads hand-over`, and the form on the Home tab."""

import asyncio

from connectors.slack import replies
from connectors.slack.markup import Content
from handlers import home
from handlers.absences import NoSuchRep, named
from handlers.doors import DONE_BEFORE, Body, Doors, sentence_of, user_of
from leads.handover import NothingToHandOver
from sla_engine.names import name_of
from sla_engine.refusals import Refused
from storage import people

PATIENCE_SECONDS = 2.0
"""How long the answer may take before it is sent later: Slack waits for three seconds, and hundreds of leads take more.
https://docs.slack.dev/interactivity/handling-user-interaction
"""
ON_ITS_WAY = "This takes a moment: you are told when it is done."


class WhoseLeads(Refused):
    """Whose leads? Type `/leads hand-over bob@acme.com`; add a second address to choose who gets them."""


class OwnLeads(Refused):
    """{name} can't be given their own leads: choose somebody else."""


async def hand_over(doors: Doors, body: Body, actor: str, rest: str) -> Content:
    """`/leads hand-over bob@acme.com`, `/leads hand-over bob@acme.com carol@acme.com`"""
    words = rest.split()
    if not 1 <= len(words) <= 2:
        raise WhoseLeads
    rep, to = [*[await named(doors, word) or word for word in words], None][:2]
    return replies.plain(await pass_on(doors, body, actor, rep or "", to))


async def pass_on(doors: Doors, body: Body, actor: str, rep: str, to: str | None) -> str:
    """Hand over a rep's leads; returns what the actor is told, who hears of the outcome later if it takes long.

    Raises `OwnLeads`, and what the desk raises, if that comes in time.
    """
    if to == rep:
        raise OwnLeads(name=name_of(rep))
    task = asyncio.create_task(_hand_over(doors, body, actor, rep, to))
    done, _ = await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
    if done:
        return task.result()
    doors.later(_tell(doors, user_of(body), task))
    return ON_ITS_WAY


async def _hand_over(doors: Doors, body: Body, actor: str, rep: str, to: str | None) -> str:
    try:
        done = await doors.act(body, lambda tx: doors.office.desk.hand_over(tx, actor, rep, to))
    except NothingToHandOver as error:
        if rep in doors.policy().people():
            raise
        raise NoSuchRep.among((one.email for _, one in doors.policy().reps()), rep) from error
    if done is None:
        return DONE_BEFORE
    return replies.handed_over(done, await doors.office.read(people.everyone))


async def _tell(doors: Doors, user: str, task: "asyncio.Task[str]") -> None:
    try:
        sentence = await task
    except Exception as error:
        sentence = sentence_of(error)
    doors.whisper({"user": {"id": user}}, sentence)
    await home.publish(doors, user)
