"""A buyer asks again whose lead no clock drives any more: its card is far up by now, so somebody is told."""

from connectors.slack.blocks import context, message, section
from connectors.slack.buyers import contact, introduction, naming, wishes
from connectors.slack.markup import Content, called, phrase
from sla_engine.lead import Status
from sla_engine.policy import Policy
from storage.queries import LeadView

STAGES = {Status.SQL: "sales qualified", Status.OPPORTUNITY: "an opportunity"}
NEXT = "If that has come to an end, recycle or disqualify it on its card: the next time, it is a lead again."


def returned(view: LeadView, reader: str, policy: Policy) -> Content | None:
    """To its rep, or to the manager in their place; None once the lead is in other hands or at another stage."""
    lead = view.lead
    if lead.status not in STAGES:
        return None
    left = "" if policy.rep(lead.rep) else ", who is no rep any more"
    whose = "you" if reader == lead.rep else f"{called(view.people, lead.rep or '')}{left}"
    stands = f"It is {STAGES[lead.status]} and with {whose}."
    shown = f":repeat: *{introduction(lead.data)}* came again. {stands}"
    said = [section(text) for text in (wishes(lead.data, 600), contact(lead.data)) if text]
    footnote = context(f"{NEXT} · Lead `{phrase(lead.id, 40)}`")
    return message(f"{naming(lead.data)} came again. {stands}", [section(shown), *said, footnote])
