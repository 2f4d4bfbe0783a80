"""The section `territories`: a table that says which team or rep has the leads of a territory."""

import re
from collections.abc import Mapping

from bot.policy.node import Node, Reader, one_of
from bot.policy.tables import Row, Table, once, quoted, table_rows
from sla_engine.conditions import Bound
from sla_engine.policy import Team
from sla_engine.territories import Territories, Territory

TARGETS = ("team", "rep")
COLUMNS = ("territory", "country", "state", "postal_code", "industry", "employees", *TARGETS)
COUNT = r"\d{1,12}"
EXACT, SPREAD, FROM = re.compile(COUNT), re.compile(rf"({COUNT})\s*[-–]\s*({COUNT})"), re.compile(rf"({COUNT})\s*\+")
BOUND = re.compile(rf"(>=|<=|>|<)\s*({COUNT})")
BOUNDS = re.compile(rf"{BOUND.pattern}(?:(?:\s+and\s+|\s*,\s*|\s+){BOUND.pattern})*")
EMPLOYEES = 'head counts such as 250, 50-249, 1000+, <50 or ">=1000 <5000"'


def territories(teams: Mapping[str, Team], table: Table | None) -> Reader[Territories]:
    """The table of territories, whose rows lead to teams and reps of this policy."""

    def read_territories(node: Node) -> Territories:
        before = len(node.mistakes)
        reps = {rep.email for team in teams.values() for rep in team.reps}
        rows = table_rows(node, table, COLUMNS, TARGETS)
        found = [(row, territory(row, teams, reps)) for row in rows]
        once(
            [(row, (one.key, one.range)) for row, one in found],
            lambda line: (f"the same conditions as line {line}", "conditions of its own"),
        )
        # The index is built here, so that no lead waits for it; of a table with mistakes nobody asks anything.
        table_of = Territories if len(node.mistakes) > before else Territories.of
        return table_of(tuple(one for _, one in found))

    return read_territories


def territory(row: Row, teams: Mapping[str, Team], reps: set[str]) -> Territory:
    """One row."""
    team, rep = row.text("team"), row.text("rep").lower()
    if not team and not rep:
        row.refuse("neither team nor rep", "a team or a rep to give the leads to")
    if team and team not in teams:
        row.refuse(quoted(team), f"a team of the policy: {one_of(teams, team)}", "team")
    if rep and rep not in reps:
        row.refuse(quoted(rep), "the e-mail address of a rep of the policy", "rep")
    elif rep and team in teams and teams[team].rep(rep) is None:
        row.refuse(quoted(rep), f"a rep of the team {team}", "rep")
    return Territory(
        line=row.line,
        name=row.text("territory") or None,
        country=row.text("country") or None,
        state=row.text("state") or None,
        postal_code=row.text("postal_code") or None,
        industry=row.text("industry") or None,
        employees=employees(row),
        team=team or None,
        rep=rep or None,
    )


def employees(row: Row) -> tuple[Bound, ...]:
    """The head counts of a row."""
    written = row.text("employees")
    if not written:
        return ()
    found = bounds(written)
    if not found or Territory(row.line, employees=found).range.low > Territory(row.line, employees=found).range.high:
        row.refuse(quoted(written), EMPLOYEES, "employees")
        return ()
    return found


def bounds(written: str) -> tuple[Bound, ...]:
    """Head counts in words as bounds; none where the words can't be read."""
    if EXACT.fullmatch(written):
        return (Bound(">=", float(written)), Bound("<=", float(written)))
    if match := SPREAD.fullmatch(written):
        return (Bound(">=", float(match[1])), Bound("<=", float(match[2])))
    if match := FROM.fullmatch(written):
        return (Bound(">=", float(match[1])),)
    if BOUNDS.fullmatch(written):
        return tuple(Bound(sign, float(limit)) for sign, limit in BOUND.findall(written))
    return ()
