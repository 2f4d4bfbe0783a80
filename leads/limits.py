"""How many leads a rep takes: lowered by the rep, set by those who look after them."""

from leads import assignment
from leads.presence import may_change, record
from leads.work import Work
from sla_engine.limits import NAMES, NOTHING_SET, Caps, Limits, granted, in_force
from sla_engine.permission import looks_after
from sla_engine.refusals import Refused
from storage import caps


class AboveTheLimit(Refused):
    """You can only lower your limits: {most} is the most here, and your manager can raise it."""


def set_limits(work: Work, actor: str, rep: str, wanted: Limits) -> None:
    """Set a rep's limits; what is None is as the policy says.

    Somebody who looks after the rep sets what they like, and so undoes the rep's own limits. The rep can only go lower,
    so that nobody draws more turns than they are given. Raises `AboveTheLimit` with the limit's name as `field`, and
    `Refused` for people who are no reps and for strangers.
    """
    known = may_change(work, actor, rep)
    before = caps.of(work.tx, [rep]).get(rep, NOTHING_SET)
    own = not looks_after(work.policy, actor, [team for team, _ in known])
    if own:
        _refuse_more([granted(one, before) for _, one in known], wanted)
    after = Caps(before.given, wanted) if own else Caps(wanted)
    caps.put(work.tx, rep, wanted, own=own)
    _record(work, actor, rep, in_force(known[0][1], before), in_force(known[0][1], after))
    assignment.ask_again(work)


def _refuse_more(granted_in_teams: list[Limits], wanted: Limits) -> None:
    for name in NAMES:
        most = [limits.of(name) for limits in granted_in_teams]
        known = [limit for limit in most if limit is not None]
        asked = wanted.of(name)
        if asked is not None and len(known) == len(most) and asked > max(known):
            raise AboveTheLimit(field=name, most=max(known))


def _record(work: Work, actor: str, rep: str, before: Limits, after: Limits) -> None:
    for name in NAMES:
        if before.of(name) != after.of(name):
            record(work, actor, rep, "limit", limit=name, before=before.of(name), after=after.of(name))
