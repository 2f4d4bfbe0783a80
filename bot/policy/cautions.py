"""What is allowed in a policy but seldom meant."""

from collections.abc import Iterator, Mapping

from sla_engine.policy import Policy, ToTeam


def policy_warnings(policy: Policy) -> list[str]:
    """One sentence for each oddity of a sound policy; empty when there is none."""
    return [
        *routing_oddities(policy),
        *unreached("sla", {promise.name: not promise.when for promise in policy.promises}),
        *team_oddities(policy),
        *escalation_oddities(policy),
    ]


def routing_oddities(policy: Policy) -> Iterator[str]:
    """Leads that no rule takes, and rules that no lead reaches."""
    # A rule for account owners passes a lead on when it has no owner, so it never takes every lead.
    takes_all = {rule.name: not rule.when and isinstance(rule.assign, ToTeam) for rule in policy.rules}
    if not any(takes_all.values()):
        yield "routing: no rule takes every lead; end with one that has no `when`, or what is left goes to a manager."
    yield from unreached("routing", takes_all)


def unreached(section: str, takes_all: Mapping[str, bool]) -> Iterator[str]:
    """Entries, by name and in order, behind one that takes every lead."""
    names = list(takes_all)
    for place, name in enumerate(names):
        if takes_all[name]:
            yield from (
                f"{section}: “{later}” is never reached, since “{name}” before it takes every lead."
                for later in names[place + 1 :]
            )
            return


def team_oddities(policy: Policy) -> Iterator[str]:
    """Teams that get no leads, and reps who are in two places with two Slack accounts."""
    used = {rule.assign.team for rule in policy.rules if isinstance(rule.assign, ToTeam)}
    used |= {team.backup for team in policy.teams.values() if team.backup}
    yield from (f"teams: no rule and no backup leads to “{name}”." for name in policy.teams if name not in used)
    accounts: dict[str, set[str]] = {}
    for _, rep in policy.reps():
        accounts.setdefault(rep.email, set()).update({rep.slack_id} if rep.slack_id else ())
    yield from (
        f"teams: {email} has several Slack accounts: {', '.join(sorted(ids))}."
        for email, ids in accounts.items()
        if len(ids) > 1
    )


def escalation_oddities(policy: Policy) -> Iterator[str]:
    """Promises that nobody watches."""
    if not policy.levels:
        yield "escalation: there are no levels, so nobody is reminded of anything."
    elif not any(level.reassign for level in policy.levels):
        yield "escalation: no level has `reassign: true`, so a lead its rep ignores stays with that rep."
