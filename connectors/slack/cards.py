"""The card of a lead: what a rep sees in three seconds, and what their team sees of it in the channel."""

from datetime import datetime

from connectors.slack import buyers, notes
from connectors.slack.blocks import Block, actions, context, header, message, section
from connectors.slack.markup import Content, phrase
from connectors.slack.situations import Look, Reader, Situation, situation
from sla_engine.grounds import addressed
from sla_engine.lead import Lead
from sla_engine.policy import Policy
from storage.queries import LeadView

WISHES_IN_CHANNEL = 160


def lead_card(
    view: LeadView, policy: Policy, now: datetime, *, audience: Reader, rep: str | None = None, is_old: bool = False
) -> Content:
    """The card as it stands at `now`; `rep` is whose conversation it is in, who may have the lead no longer.

    One that `is_old` is followed by another of this lead in the same conversation.
    """
    look = Look(view, policy, now, audience, rep, is_old)
    found = situation(look)
    blocks = _for_channel(look, found) if audience == "channel" else _for_rep(look, found)
    return message(found.sentence, blocks)


def _for_rep(look: Look, found: Situation) -> list[Block]:
    """Who, what and how hot, the deadline; then what it takes to decide; then the buttons; last, why and where from."""
    data = look.view.lead.data
    blocks = [header(buyers.headline(data))]
    blocks += [section(short)] if (short := _in_short(look)) else []
    blocks.append(section("\n".join((*found.lines, *_past(look, found)))))
    if not found.is_over:
        if wishes := buyers.wishes(data, 600):
            blocks.append(section(wishes))
        blocks += [section(contact)] if (contact := buyers.contact(data)) else []
    return [*blocks, *_buttons(look, found), *_footnotes(look)]


def _for_channel(look: Look, found: Situation) -> list[Block]:
    data = look.view.lead.data
    lines = [f"*{buyers.called(data)}*{_occupation(look)}", _wanted(look), *found.lines, *_past(look, found)]
    blocks = [section("\n".join(line for line in lines if line))]
    waits = look.view.lead.sal_at is None and not found.is_over
    if waits and (wishes := buyers.wishes(data, WISHES_IN_CHANNEL)):
        blocks.append(section(wishes))
    return [*blocks, *_buttons(look, found), *_footnotes(look)]


def _past(look: Look, found: Situation) -> list[str]:
    return [] if found.is_over else notes.past(look.view, look.when)


def _in_short(look: Look) -> str:
    data = look.view.lead.data
    lines = (_wanted(look), buyers.circumstances(data))
    return "\n".join(line for line in lines if line)


def _wanted(look: Look) -> str:
    data = look.view.lead.data
    wanted = buyers.request(data)
    return " · ".join(filter(None, (f"*{wanted}*" if wanted else "", buyers.heat(data))))


def _occupation(look: Look) -> str:
    found = buyers.occupation(look.view.lead.data)
    return f", {found}" if found else ""


def _buttons(look: Look, found: Situation) -> list[Block]:
    return [actions(found.actions, look.view.lead.id, found.primary)] if found.actions else []


def _why(lead: Lead, to_holder: bool) -> str:
    """Why the lead is with its rep; one that was given out before the schema's 0009 has the words alone."""
    if to_holder and lead.ground is not None and lead.rep:
        return addressed(lead.why or "", lead.ground, lead.rep)
    return lead.why or ""


def _footnotes(look: Look) -> list[Block]:
    lead = look.view.lead
    blocks = [context(buyers.origin(lead))]
    to_holder = look.audience == "rep" and not look.moved_on
    if said := phrase(_why(lead, to_holder), 500):
        who = "you" if to_holder else look.holder
        blocks.insert(0, context(f"*Why {who}:* {said}" if look.holder else said))
    return blocks
