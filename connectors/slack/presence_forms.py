"""The forms behind the Home tab: leave, limits, handing leads over. Each field's block_id names its answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.slack.blocks import (
    Block,
    answer,
    button,
    context,
    datepicker,
    number_input,
    option,
    plain,
    question,
    section,
    select,
)
from connectors.slack.markup import called, count, flat, full_name
from connectors.slack.presence import Roll, days
from connectors.slack.words import BY_THE_RULES, Presence
from sla_engine.limits import NAMES, NOTHING_SET, granted
from sla_engine.names import place_of
from sla_engine.policy import Rep, Team
from storage.leaves import Leave

LABELS = {"max_open": "Open leads at once", "max_per_day": "Leads a day", "max_per_week": "Leads a week"}
MOST_LIMIT = 10_000
MOST_LEAVES = 30


def modal(form: Presence, of: str, title: str, blocks: list[Block], submit: str = "Save") -> dict[str, Any]:
    """A form about somebody or some team; without a question it has nothing to send."""
    found = {
        "type": "modal",
        "callback_id": form.value,
        "private_metadata": of,
        "title": plain(title, 24),
        "close": plain("Close", 24),
        "blocks": blocks,
    }
    if any(block["type"] == "input" for block in blocks):
        found |= {"submit": plain(submit, 24), "close": plain("Cancel", 24)}
    return found


def plan_leave(rep: Rep, roll: Roll) -> dict[str, Any]:
    """A rep's own leave, in whole days of theirs."""
    zone = roll.zone(rep.email)
    told = f"Whole days in {place_of(zone)}. New leads go to others, and your clocks stand still."
    until = "The last day away. Empty: no end, until you press “I'm back” on the Home tab."
    return modal(Presence.PLAN, rep.email, "Plan leave", [context(told), *_days(until)], submit="Plan")


def team_leave(team: Team, roll: Roll) -> dict[str, Any]:
    """The leave of a team's reps: what is planned, each with a button that ends it, and more of it."""
    told = "Whole days where the rep is. New leads go to others, and their clocks stand still."
    until = "The last day away. Empty: no end, until somebody says that they are back."
    asked = [question("rep", "Rep", select("rep", _reps(team.reps, roll), "Choose a rep")), *_days(until)]
    leaves = [leave for leave in roll.leaves if team.rep(leave.rep)]
    known = [_planned(leave, roll) for leave in leaves[:MOST_LEAVES]]
    return modal(Presence.TEAM_LEAVE, team.name, "Availability", [*known, context(told), *asked], submit="Plan")


def limits(rep: Rep, roll: Roll, *, free: bool = False) -> dict[str, Any]:
    """A rep's own limits; they only go below those they are given, unless the rep is `free` to set any."""
    told = "Leads beyond a limit go to others."
    if free:
        blocks = [context(told), *_given(rep, roll)]
    else:
        caps = (roll.caps or {}).get(rep.email, NOTHING_SET)
        most = granted(rep, caps)
        blocks = [context(f"{told} You can lower your limits; your manager can raise them.")]
        blocks += [_limit(name, "you are given", rep, most.of(name), caps.own.of(name)) for name in NAMES]
    return modal(Presence.LIMITS, rep.email, "Limits", blocks)


def team_limits(team: Team, roll: Roll, chosen: Rep | None = None) -> dict[str, Any]:
    """The limits of a rep of a team, as they were set; they are asked once the rep is chosen."""
    options = {rep.email: option(rep.email, _name(rep.email, roll), _limits_now(rep, roll)) for rep in team.reps}
    initial = options[chosen.email] if chosen else None
    menu = select(Presence.LIMITS_OF, list(options.values()), "Choose a rep", initial)
    told = "Leads beyond a limit go to others. What you set here takes the place of what the rep set."
    blocks = [context(told), question("rep", "Rep", menu) | {"dispatch_action": True}]
    blocks += _given(chosen, roll) if chosen else []
    return modal(Presence.TEAM_LIMITS, team.name, "Limits", blocks)


def _given(rep: Rep, roll: Roll) -> list[Block]:
    given = (roll.caps or {}).get(rep.email, NOTHING_SET).given
    policys = granted(rep, NOTHING_SET)
    return [_limit(name, "the policy says", rep, policys.of(name), given.of(name)) for name in NAMES]


def _limits_now(rep: Rep, roll: Roll) -> str:
    found = roll.limits(rep)
    return f"Now {found}" if found else "No limits now"


def hand_over(team: Team, holders: Mapping[str, int], roll: Roll) -> dict[str, Any]:
    """Who hands over all their leads in work, and to whom; `holders` counts the leads of each."""
    asked = _handing_over(team, holders, roll) if holders else [section("Nobody in this team has leads in work.")]
    return modal(Presence.HAND_OVER, team.name, "Hand over leads", asked, submit="Hand over")


def _handing_over(team: Team, holders: Mapping[str, int], roll: Roll) -> list[Block]:
    whose = [option(rep, _name(rep, roll), count(number, "lead") + " in work") for rep, number in holders.items()]
    others = [option(rep.email, _name(rep.email, roll)) for rep in team.reps]
    rules = option(BY_THE_RULES, "By the rules", "As if they came now; none goes back to who had it")
    return [
        context("Everything they have in work is offered anew. None of it comes back to them."),
        question("rep", "Whose leads", select("rep", whose, "Choose a rep")),
        question("to", "Who gets them", select("to", [rules, *others], "Choose", initial=rules)),
    ]


def answers(state: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """What was answered, by field, from the `state.values` of a submitted form; empty where nothing was.

    Limits that were asked of another rep than the one who is chosen now are left out: theirs had not come yet.
    """
    given = {field: answer(block) for field, block in state.items()}
    chosen = given.get("rep")
    return {
        field: said
        for field, said in given.items()
        if not chosen or field not in LABELS or _limit_id(field, chosen) in state[field]
    }


def _days(until: str) -> list[Block]:
    # No day is filled in: today with an empty end would be away from now on, without an end, at one press.
    return [
        question("from", "From", datepicker("from"), hint="The first day away; today means from now."),
        question("until", "Until", datepicker("until"), hint=until, optional=True),
    ]


def _limit(name: str, who_says: str, rep: Rep, usual: int | None, initial: int | None) -> Block:
    placeholder = "No limit" if usual is None else f"{usual:,}"
    field = number_input(_limit_id(name, rep.email), placeholder, initial, most=MOST_LIMIT)
    hint = "Empty: no limit." if usual is None else f"Empty: {usual:,}, as {who_says}."
    return question(name, LABELS[name], field, hint=hint, optional=True)


def _limit_id(name: str, rep: str) -> str:
    # Slack keeps what was typed where the ids stay the same: another rep's field is another one.
    return f"{name}:{rep}"[:255]


def _planned(leave: Leave, roll: Roll) -> Block:
    label = "Cancel" if leave.starts_at > roll.now else "End now"
    when = days(leave.starts_at, leave.ends_at, roll.zone(leave.rep), roll.now)
    said = f":palm_tree: *{called(roll.people, leave.rep)}:* {when}"
    return section(said) | {"accessory": button(Presence.CANCEL, str(leave.id), label)}


def _reps(reps: Sequence[Rep], roll: Roll) -> list[Block]:
    return [option(rep.email, _name(rep.email, roll)) for rep in reps]


def _name(email: str, roll: Roll) -> str:
    return flat(full_name(roll.people.get(email), email)) or email
