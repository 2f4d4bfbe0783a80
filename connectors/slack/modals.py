"""The forms behind the buttons: what each asks, and what was answered.

Every input's block_id is the name of its answer, which is where Slack shows a mistake in it.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.slack import buyers
from connectors.slack.blocks import Block, answer, context, option, plain, question, section, select, text_input
from connectors.slack.markup import flat, full_name, listed
from connectors.slack.promises import owed, zone_for
from connectors.slack.words import BY_THE_RULES, CHANNELS, QUESTIONS, Action
from sla_engine.clock import Kind
from sla_engine.phrases import lasting
from sla_engine.policy import Outcome, Policy, Reason
from storage.queries import LeadView

CONSEQUENCES = {
    Outcome.RECYCLE: "Goes back to marketing",
    Outcome.DISQUALIFY: "Closes the lead",
    Outcome.REROUTE: "Goes to the next rep",
}
NOTE_MOST = 2000
AT_HOME = "home"
"""Stands in a form that was opened from the Home tab."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a Reassign form says beside the names: who can't take a lead now and why, and whether the rules may."""

    obstacles: Mapping[str, str] = field(default_factory=dict)
    by_the_rules: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form may ask about: the lead, the policy, whom it may go to."""

    view: LeadView
    policy: Policy
    choice: Choice


@dataclass(frozen=True, slots=True)
class Form:
    """One form: its title, its answers by name, and the blocks that ask for them.

    The first of its `fields` must be filled, by writing where `is_written`, else by choosing; a refusal is shown under
    it. `submit` takes the place of the action's own word; `promise` is what the form answers, where that isn't simply
    the most urgent.
    """

    title: str
    fields: tuple[str, ...]
    questions: Callable[[Asked], list[Block]]
    submit: str = ""
    promise: Kind | None = None
    is_written: bool = False


def form(
    action: Action, view: LeadView, policy: Policy, now: datetime, choice: Choice = Choice(), *, at_home: bool = False
) -> dict[str, Any]:
    """The modal an action opens: its callback_id is the action, its private_metadata what `origin` reads.

    There is a number in it, too, so that no two forms are one: what is sent twice is then a repeat.
    """
    wanted = FORMS[action]
    asked = wanted.questions(Asked(view, policy, choice))
    modal = {
        "type": "modal",
        "callback_id": action.value,
        "private_metadata": " ".join([view.lead.id, secrets.token_hex(4), *([AT_HOME] if at_home else [])]),
        "title": plain(wanted.title, 24),
        "close": plain("Cancel", 24),
        "blocks": [_about(wanted.promise, view, policy, now), *asked],
    }
    if any(block["type"] == "input" for block in asked):
        modal["submit"] = plain(wanted.submit or action.label, 24)
    return modal


def origin(metadata: str) -> tuple[str, bool]:
    """From a form's private_metadata: the id of its lead, and whether it was opened from the Home tab."""
    lead_id, *others = metadata.split(" ")
    return lead_id, AT_HOME in others


def answers(action: Action, state: dict[str, Any]) -> dict[str, str]:
    """What was answered, by field, from the `state.values` of a submitted form; empty where nothing was."""
    return {field: answer(state.get(field) or {}) for field in FORMS[action].fields}


def mistake(field: str, sentence: str) -> dict[str, str]:
    """What is wrong with an answer, as Slack shows it beneath the field."""
    return {field: sentence}


def _about(promise: Kind | None, view: LeadView, policy: Policy, now: datetime) -> Block:
    open_now = owed(view, policy, now)
    promises = [one for one in open_now if one.clock.kind is promise] or open_now
    lines = [buyers.naming(view.lead.data), *(one.line(zone_for(view, policy), now) for one in promises[:1])]
    return context("\n".join(lines))


def _rejection(asked: Asked) -> list[Block]:
    return _reasons(asked.policy.reasons, is_rejection=True)


def _recycling(asked: Asked) -> list[Block]:
    return _reasons(_fitting(asked.policy, Outcome.RECYCLE))


def _disqualification(asked: Asked) -> list[Block]:
    return _reasons(_fitting(asked.policy, Outcome.DISQUALIFY))


def _fitting(policy: Policy, outcome: Outcome) -> tuple[Reason, ...]:
    """The reasons with this outcome, or all where the policy has none."""
    return tuple(reason for reason in policy.reasons if reason.outcome is outcome) or policy.reasons


def _touch(_: Asked) -> list[Block]:
    options = [option(channel, channel) for channel in CHANNELS]
    how = question("channel", "How were you in contact?", select("channel", options, "Choose one"))
    return [how, question("note", "Note", _note("What came of it?"), optional=True)]


def _qualification(_: Asked) -> list[Block]:
    return [question(field, label, text_input(field, hint)) for field, (label, hint) in QUESTIONS.items()]


def _pause(asked: Asked) -> list[Block]:
    at_most = lasting(asked.policy.pause_at_most)
    hint = f"The time left stays as it is until somebody resumes the lead, for {at_most} at most."
    return [question("reason", "Reason", text_input("reason", "They travel until Monday", most=300), hint=hint)]


def _reasons(reasons: tuple[Reason, ...], *, is_rejection: bool = False) -> list[Block]:
    """What to give as a reason.

    Only of a rejection does the reason decide what becomes of the lead, and does the weekly digest quote the note.
    """
    options = [option(reason.id, flat(reason.label), _consequence(reason, told=is_rejection)) for reason in reasons]
    strict = [f"“{flat(reason.label)}”" for reason in reasons if reason.note_required]
    always = len(strict) == len(reasons)
    needed = f"Required for {listed(strict)}, otherwise optional." if strict and not always else ""
    quoted = "Marketing reads it in the weekly digest." if is_rejection else ""
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


def _consequence(reason: Reason, *, told: bool) -> str:
    parts = (CONSEQUENCES[reason.outcome] if told else "", "needs a note" if reason.note_required else "")
    said = " · ".join(filter(None, parts))
    return said[:1].upper() + said[1:]


def _note(placeholder: str) -> Block:
    return text_input("note", placeholder, multiline=True, most=NOTE_MOST)


def _reassignment(asked: Asked) -> list[Block]:
    view, policy, choice = asked.view, asked.policy, asked.choice
    team = policy.team_of(view.lead.team, view.lead.rep)
    reps = team.reps if team else [rep for _, rep in policy.reps()]
    others = dict.fromkeys(rep.email for rep in reps if rep.email != view.lead.rep)
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


FORMS = {
    Action.REJECT: Form("Reject lead", ("reason", "note"), _rejection),
    Action.TOUCH: Form("Log touch", ("channel", "note"), _touch, submit="Log", promise=Kind.FIRST_TOUCH),
    Action.QUALIFY: Form("Qualify lead", tuple(QUESTIONS), _qualification, promise=Kind.QUALIFICATION, is_written=True),
    Action.RECYCLE: Form("Recycle lead", ("reason", "note"), _recycling),
    Action.DISQUALIFY: Form("Disqualify lead", ("reason", "note"), _disqualification),
    Action.REASSIGN: Form("Reassign lead", ("rep",), _reassignment),
    Action.PAUSE: Form("Pause lead", ("reason",), _pause, is_written=True),
}
"""The actions that ask something in a modal first; what is done with the answers is in `handlers/forms`."""
