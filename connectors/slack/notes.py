"""What its card keeps of a lead's past: touches, the four answers, who paused it, that it came again or came back."""

from collections.abc import Callable
from datetime import datetime

from connectors.slack.markup import called, phrase
from connectors.slack.words import CHANNELS, QUESTIONS
from storage.history import Entry, Happened
from storage.queries import LeadView

ELSEWHERE = {"elsewhere": " logged elsewhere"}
"""A touch that the sender of the lead tells of."""
UNSAID = ("domain",)
"""What the sender does not say, so that nobody is told it is new."""
When = Callable[[datetime], str]


def touches(view: LeadView, when: When) -> list[str]:
    """The first contact and, where there were more, the last one, with how and what came of it."""
    first, newest = view.lead.first_response_at, view.newest.get(Happened.TOUCHED)
    if first is None:
        return []
    if newest is None:
        return [f"First touch · {when(first)}"]
    channel = str(newest.detail.get("channel") or "")
    how = (CHANNELS | ELSEWHERE).get(channel, f" by {phrase(channel, 40)}" if channel else "")
    note = phrase(str(newest.detail.get("note") or ""), 200)
    told = f"touch{how} · {when(newest.at)}" + (f" · “{note}”" if note else "")
    if newest.at <= first:
        return [f":telephone_receiver: First {told}"]
    return [f"First touch · {when(first)}", f":telephone_receiver: Last {told}"]


def verdict(view: LeadView) -> list[str]:
    """The answers a rep gave when they qualified the lead, a line each."""
    entry = view.newest.get(Happened.QUALIFIED)
    answers = {name: phrase(str(entry.detail.get(name) or ""), 200) for name in QUESTIONS} if entry else {}
    return [f"*{name.capitalize()}:* {said}" for name, said in answers.items() if said]


def paused_by(view: LeadView) -> str:
    """Who paused the lead, where it was a person: ` by Alice Ames`."""
    entry = _pause(view)
    return f" by {called(view.people, entry.actor)}" if entry and "@" in entry.actor else ""


def paused_until(view: LeadView) -> datetime | None:
    """When the lead's pause ends by itself, in UTC; None of one that began before this was written down."""
    entry = _pause(view)
    until = entry.detail.get("until") if entry else None
    return datetime.fromisoformat(until) if until else None


def _pause(view: LeadView) -> Entry | None:
    entry = view.newest.get(Happened.PAUSED)
    return entry if entry is not None and entry.at == view.lead.paused_at else None


def past(view: LeadView, when: When) -> list[str]:
    """That the lead was sent again while it was open, and what became of it the last time."""
    lines = []
    entry, earlier = view.newest.get(Happened.CAME_AGAIN), view.earlier
    if entry is not None:
        new = [str(name).replace("_", " ") for name in entry.detail.get("changed") or [] if name not in UNSAID]
        lines.append(
            f":repeat: Came again · {when(entry.at)}" + (f" · new: {phrase(', '.join(new), 200)}" if new else "")
        )
    if earlier is not None:
        closed = f" · {when(earlier.closed_at)}" if earlier.closed_at else ""
        whose = f" · was with {called(view.people, earlier.rep)}" if earlier.rep else ""
        lines.append(f":leftwards_arrow_with_hook: Here before: {earlier.status.lower()}{closed}{whose}")
    return lines
