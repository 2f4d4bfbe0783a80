"""`/leads hand-over`: everything somebody has in work passes to others."""

from connectors.slack import replies
from connectors.slack.markup import Content
from handlers.absences import named
from handlers.doors import Doors
from sla_engine.refusals import Refused
from storage import people


class WhoseLeads(Refused):
    """Whose leads? Say `/leads hand-over bob@acme.com`, and who gets them behind it if the rules are not to say."""


async def hand_over(doors: Doors, actor: str, rest: str) -> Content:
    """`/leads hand-over bob@acme.com`, `/leads hand-over bob@acme.com carol@acme.com`"""
    words = rest.split()
    if not 1 <= len(words) <= 2:
        raise WhoseLeads
    whom = [await named(doors, word) or word for word in words]
    done = await doors.office.run(doors.office.desk.hand_over, actor, *whom)
    return replies.plain(replies.handed_over(done, await doors.office.read(people.everyone)))
