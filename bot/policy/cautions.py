"""What is allowed in a policy but seldom meant."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.policy.mistakes import Mistakes
from bot.policy.node import Node
from bot.policy.reader import PolicyFile
from bot.policy.routing import asked_in_turn
from sla_engine.conditions import When
from sla_engine.implication import is_impossible, takes_all
from sla_engine.names import listed, number
from sla_engine.overlaps import Overlap, overlaps
from sla_engine.policy import Policy, Promise, Rule, ToAccountOwner, ToTeam, ToTerritory
from sla_engine.territories import Range, Territories

MOST_OVERLAPS = 20
"""How many overlaps of territories are told one by one."""


class Caution(NamedTuple):
    """One oddity, in one sentence, and the line of the file that it is about."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


def policy_warnings(file: PolicyFile, policy: Policy) -> list[Caution]:
    """One sentence for each oddity of the sound policy that a file holds; empty when there is none."""
    root = file.root(Mistakes())
    found = [
        *calendar_oddities(root.child("calendars")),
        *routing_oddities(root.child("routing"), policy),
        *unreached(root.child("sla"), policy.promises, "is never used"),
        *skill_oddities(root.child("routing"), policy),
        *table_oddities(root, policy),
        *team_oddities(root.child("teams"), policy),
        *escalation_oddities(root.child("escalation"), policy),
    ]
    cautions = [Caution(str(file.path), line, sentence) for line, sentence in found]
    if policy.territories is not None:
        cautions += overlap_cautions(file.tables["territories"].path, policy.territories)
    return cautions


Found = Iterator[tuple[int, str]]
"""Lines of the policy file and sentences."""


FIXED = {"EST": "America/New_York", "MST": "America/Denver", "HST": "Pacific/Honolulu"}
"""Abbreviations that are names of time zones whose clocks never change, and the zone they are mostly meant for."""


def calendar_oddities(node: Node) -> Found:
    """Time zones that are seldom those somebody works in.

    `Etc/GMT+5` is five hours behind UTC: https://data.iana.org/time-zones/tzdb/etcetera
    """
    for name, child in node.children().items():
        zone = child.child("timezone")
        where = f"calendars.{name}.timezone: {zone.text}"
        if zone.text in FIXED:
            yield zone.line, f"{where} has no summer time; {FIXED[zone.text]} goes by the clocks there."
        elif zone.text.startswith(("Etc/GMT+", "Etc/GMT-")):
            ahead = "behind" if "+" in zone.text else "ahead of"
            yield zone.line, f"{where} is {ahead} UTC, and has no summer time; name a city's zone."


def routing_oddities(node: Node, policy: Policy) -> Found:
    """Leads that no rule takes, and rules that no lead reaches."""
    # A rule for account owners or territories passes a lead on when it has none, so it never takes every lead.
    if not any(not rule.when and isinstance(rule.assign, ToTeam) for rule in policy.rules):
        ending = "end with one that has no `when`, or what is left goes to a manager."
        yield node.line, f"routing: no rule takes every lead; {ending}"
    yield from unreached(node, policy.rules, "never gets a lead")


def unreached(node: Node, entries: Sequence[Rule | Promise], verb: str) -> Found:
    """Entries of a section that no lead can come to, by themselves or because of an earlier one."""
    lines = [item.line for item in node.items()]
    for place, entry in enumerate(entries):
        never = f"{node.name}: “{entry.name}” {verb}: "
        if is_impossible(entry.when):
            yield lines[place], never + "no lead meets all of its conditions."
            continue
        earlier = next((nth for nth in range(place) if takes(entries[nth], entry.when)), None)
        if earlier is not None:
            which = f"“{entries[earlier].name}” (line {lines[earlier]})"
            yield lines[place], never + f"{which} takes every lead{' it would match' if entries[earlier].when else ''}."


def takes(entry: Rule | Promise, when: When) -> bool:
    """Whether an entry keeps every lead that meets some conditions from those after it."""
    decides = isinstance(entry, Promise) or isinstance(entry.assign, ToTeam)
    return decides and takes_all(entry.when, when)


def skill_oddities(node: Node, policy: Policy) -> Found:
    """Rules that go by skills which nobody has."""
    for item, rule in zip(node.items(), policy.rules, strict=True):
        if isinstance(rule.assign, ToTeam) and rule.assign.skills_from:
            teams = asked_in_turn(policy.teams, rule.assign.team)
            if not any(rep.skills for team in teams for rep in team.reps):
                where = listed([team.name for team in teams], "or")
                yield item.line, f"routing: “{rule.name}” goes by skills, but no rep of {where} has any."


def table_oddities(root: Node, policy: Policy) -> Found:
    """Tables that no rule asks."""
    kinds = {type(rule.assign) for rule in policy.rules}
    if policy.territories is not None and ToTerritory not in kinds:
        yield root.child("territories").line, "territories: no rule says `assign: territory`, so the table is not used."
    if policy.accounts and ToAccountOwner not in kinds:
        sentence = "named_accounts: no rule says `assign: account_owner`, so the table is not used."
        yield root.child("named_accounts").line, sentence


def team_oddities(node: Node, policy: Policy) -> Found:
    """Teams that get no leads, and reps who are in two places with two Slack accounts."""
    used = {rule.assign.team for rule in policy.rules if isinstance(rule.assign, ToTeam)}
    used |= {team.backup for team in policy.teams.values() if team.backup}
    rows = policy.territories.rows if policy.territories else ()
    used |= {row.team for row in rows if row.team}
    named = {row.rep for row in rows if row.rep} | set(policy.accounts.values())
    used |= {team.name for team, rep in policy.reps() if rep.email in named}
    for name in policy.teams:
        if name not in used:
            yield node.child(name).line, f"teams: no rule and no backup leads to “{name}”."
    slack_ids: dict[str, set[str]] = {}
    for _, rep in policy.reps():
        slack_ids.setdefault(rep.email, set()).update({rep.slack_id} if rep.slack_id else ())
    for email, ids in slack_ids.items():
        if len(ids) > 1:
            yield node.line, f"teams: {email} has several Slack accounts: {', '.join(sorted(ids))}."


def escalation_oddities(node: Node, policy: Policy) -> Found:
    """Promises that nobody watches."""
    if not policy.levels:
        yield node.line, "escalation: there are no levels, so nobody is reminded of anything."
    elif not any(level.reassign for level in policy.levels):
        yield node.line, "escalation: no level has `reassign: true`, so a lead its rep ignores stays with that rep."


def overlap_cautions(file: str, table: Territories) -> Iterator[Caution]:
    """Rows of the table of territories between which nothing but their order decides."""
    shown, total = overlaps(table, MOST_OVERLAPS)
    for pair in shown:
        who = f"overlaps line {pair.first.line} for {leads_with(pair)}"
        yield Caution(file, pair.second.line, f"{who}; line {pair.first.line} wins, being first.")
    if total > len(shown):
        yield Caution(file, shown[-1].second.line, f"and {total - len(shown):,} more rows overlap in the same way.")


def leads_with(pair: Overlap) -> str:
    """The leads that two rows have in common."""
    names = zip(pair.key._fields, pair.key, strict=True)
    parts = [f"{name.replace('_', ' ')} {value}" for name, value in names if value is not None]
    parts += [] if pair.employees is None else [head_counts(pair.employees)]
    return f"leads with {' and '.join(parts)}"


def head_counts(employees: Range) -> str:
    """A range of employees in words."""
    low, high = max(employees.low, 0), employees.high
    if high == float("inf"):
        return f"{number(low)} employees or more"
    return f"{number(low)} employees" if low == high else f"{number(low)} to {number(high)} employees"
