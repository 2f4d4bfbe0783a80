"""The forms behind the buttons: what each asks, and what was answered.

Every input's block_id is the name of its answer, which is where Slack shows a mistake in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.slack import buyers
from connectors.slack.blocks import Block, context, option, plain, question, section, select, text_input
from connectors.slack.markup import flat, full_name, listed
from connectors.slack.promises import owed, zone_for
from connectors.slack.words import BY_THE_RULES, CHANNELS, QUESTIONS, Action
from sla_engine.clock import Kind
from sla_engine.policy import Outcome, Policy, Reason
from storage.queries import LeadView

TITLES = {
    Action.REJECT: "Reject lead",
    Action.TOUCH: "Log touch",
    Action.QUALIFY: "Qualify lead",
    Action.RECYCLE: "Recycle lead",
    Action.DISQUALIFY: "Disqualify lead",
    Action.REASSIGN: "Reassign lead",
    Action.PAUSE: "Pause lead",
}
SUBMITS = {Action.TOUCH: "Log", Action.REASSIGN: "Reassign"}
FIELDS = {
    Action.REJECT: ("reason", "note"),
    Action.TOUCH: ("channel", "note"),
    Action.QUALIFY: tuple(QUESTIONS),
    Action.RECYCLE: ("reason", "note"),
    Action.DISQUALIFY: ("reason", "note"),
    Action.REASSIGN: ("rep",),
    Action.PAUSE: ("reason",),
}
"""The first of each must be filled, and a refusal is shown under it."""
CONSEQUENCES = {
    Outcome.RECYCLE: "Goes back to marketing",
    Outcome.DISQUALIFY: "Closes the lead",
    Outcome.REROUTE: "Goes to the next rep",
}
ANSWERED = {Action.TOUCH: Kind.FIRST_TOUCH, Action.QUALIFY: Kind.QUALIFICATION}
"""The promise that a form answers, where it isn't simply the most urgent."""
NOTE_MOST = 2000


@dataclass(frozen=True, slots=True)
class Choice:
    """What a Reassign form says beside the names: who can't take a lead now and why, and whether the rules may."""

    obstacles: Mapping[str, str] = field(default_factory=dict)
    by_the_rules: bool = False


def form(action: Action, view: LeadView, policy: Policy, now: datetime, choice: Choice = Choice()) -> dict[str, Any]:
    """The modal an action opens: its callback_id is the action, its private_metadata the lead's id."""
    asked = _reassignment(view, policy, choice) if action is Action.REASSIGN else _questions(action, policy)
    modal = {
        "type": "modal",
        "callback_id": action.value,
        "private_metadata": view.lead.id,
        "title": plain(TITLES[action], 24),
        "close": plain("Cancel", 24),
        "blocks": [_about(action, view, policy, now), *asked],
    }
    if any(block["type"] == "input" for block in asked):
        modal["submit"] = plain(SUBMITS.get(action, action.label), 24)
    return modal


def answers(action: Action, state: dict[str, Any]) -> dict[str, str]:
    """What was answered, by field, from the `state.values` of a submitted form; empty where nothing was."""
    return {field: _answer(state.get(field) or {}) for field in FIELDS[action]}


def _answer(block: dict[str, Any]) -> str:
    for element in block.values():
        chosen = (element.get("selected_option") or {}).get("value")
        return str(chosen or element.get("value") or "").strip()
    return ""


def mistake(field: str, sentence: str) -> dict[str, str]:
    """What is wrong with an answer, as Slack shows it beneath the field."""
    return {field: sentence}


def _about(action: Action, view: LeadView, policy: Policy, now: datetime) -> Block:
    open_now = owed(view, policy, now)
    promises = [one for one in open_now if one.clock.kind is ANSWERED.get(action)] or open_now
    lines = [buyers.naming(view.lead.data), *(one.line(zone_for(view, policy), now) for one in promises[:1])]
    return context("\n".join(lines))


def _questions(action: Action, policy: Policy) -> list[Block]:
    if action is Action.QUALIFY:
        return [question(field, label, text_input(field, hint)) for field, (label, hint) in QUESTIONS.items()]
    if action is Action.PAUSE:
        hint = "The time left stays as it is until somebody resumes the lead."
        return [question("reason", "Reason", text_input("reason", "They travel until Monday", most=300), hint=hint)]
    if action is Action.TOUCH:
        options = [option(channel, channel) for channel in CHANNELS]
        how = question("channel", "How were you in contact?", select("channel", options, "Choose one"))
        return [how, question("note", "Note", _note("What came of it?"), optional=True)]
    return _reasons(_fitting(action, policy), is_reported=action is Action.REJECT)


def _fitting(action: Action, policy: Policy) -> tuple[Reason, ...]:
    wanted = {Action.RECYCLE: Outcome.RECYCLE, Action.DISQUALIFY: Outcome.DISQUALIFY}.get(action)
    fitting = tuple(reason for reason in policy.reasons if wanted in (None, reason.outcome))
    return fitting or policy.reasons


def _reasons(reasons: tuple[Reason, ...], *, is_reported: bool) -> list[Block]:
    """What to give as a reason; `is_reported` says whether the weekly digest quotes the note."""
    options = [option(reason.id, flat(reason.label), _consequence(reason)) for reason in reasons]
    strict = [f"“{flat(reason.label)}”" for reason in reasons if reason.note_required]
    always = len(strict) == len(reasons)
    needed = f"Required for {listed(strict)}, otherwise optional." if strict and not always else ""
    quoted = "Marketing reads it in the weekly digest." if is_reported else ""
    return [
        question("reason", "Reason", select("reason", options, "Choose a reason")),
        question(
            "note",
            "Note",
            _note("What should marketing know?"),
            hint=" ".join(filter(None, (needed, quoted))),
            optional=not always,
        ),
    ]


def _consequence(reason: Reason) -> str:
    return CONSEQUENCES[reason.outcome] + (" · needs a note" if reason.note_required else "")


def _note(placeholder: str) -> Block:
    return text_input("note", placeholder, multiline=True, most=NOTE_MOST)


def _reassignment(view: LeadView, policy: Policy, choice: Choice) -> list[Block]:
    team = policy.teams.get(view.lead.team or "")
    others = [rep.email for rep in team.reps if rep.email != view.lead.rep] if team else []
    options = [option(email, _name(view, email), _hint(choice.obstacles.get(email))) for email in others]
    if choice.by_the_rules:
        options.insert(0, option(BY_THE_RULES, "Back to the rules", "They decide now; who has it doesn't get it again"))
    if not options:
        return [section("Nobody else in the team can take this lead.")]
    return [
        question("rep", "New rep", select("rep", options, "Choose a rep"), hint="Their time to accept starts anew.")
    ]


def _hint(obstacle: str | None) -> str:
    return f"{obstacle[:1].upper()}{obstacle[1:]}" if obstacle else ""


def _name(view: LeadView, email: str) -> str:
    return flat(full_name(view.people.get(email), email)) or email
