"""The sections `qualification` and `routing`: which leads are handed over, and to whom."""

from collections.abc import Mapping

from bot.policy.conditions import LEAD_FIELDS, when
from bot.policy.document import Scalar
from bot.policy.node import Node, Reader, one_of
from bot.policy.shapes import choice, each, once, reference, word
from bot.policy.teams import skills
from bot.policy.values import number, text
from sla_engine.lead import FIELDS
from sla_engine.policy import Method, Qualification, Rule, Team, ToAccountOwner, ToTeam, ToTerritory

Assignment = ToTeam | ToAccountOwner | ToTerritory


def qualification(node: Node) -> Qualification:
    """The bar a lead must reach."""
    with node.section() as section:
        return Qualification(
            minimum_score=section.take("minimum_score", number, None),
            required_fields=section.take("required_fields", each(word(LEAD_FIELDS), "lead fields", 0), ()),
        )


def routing(teams: Mapping[str, Team], has_territories: bool) -> Reader[tuple[Rule, ...]]:
    """The routing rules in the order they are tried."""
    return once("name", each(rule(teams, has_territories), "rules"))


def rule(teams: Mapping[str, Team], has_territories: bool) -> Reader[Rule]:
    """A routing rule."""

    def read_rule(node: Node) -> Rule:
        with node.section() as section:
            return Rule(
                name=section.require("name", text("a name")),
                when=section.take("when", when, ()),
                assign=section.require("assign", assignment(teams, has_territories)),
            )

    return read_rule


def assignment(teams: Mapping[str, Team], has_territories: bool) -> Reader[Assignment]:
    """`account_owner`, `territory`, or a team and how its next rep is found."""

    def read_assignment(node: Node) -> Assignment:
        by_territory = node.text == "territory" or "by" in node.children()
        if by_territory and not has_territories:
            node.refuse("a table for it: name its file under `territories:`", None, found="territory")
        if node.text == "account_owner":
            return ToAccountOwner()
        if node.text == "territory":
            return ToTerritory(Method.ROUND_ROBIN)
        if node.absent or isinstance(node.tree, Scalar):
            expected = "account_owner, territory or a mapping such as {team: …, method: round_robin}"
            return node.refuse(expected, ToAccountOwner())
        return to_territory(node) if by_territory else to_team(node, teams)

    return read_assignment


def to_territory(node: Node) -> ToTerritory:
    """`{by: territory, method: …}`."""
    with node.section() as section:
        section.require("by", word(("territory",)))
        return ToTerritory(section.take("method", choice(Method), Method.ROUND_ROBIN))


def to_team(node: Node, teams: Mapping[str, Team]) -> ToTeam:
    """`{team: …, method: …, skills: …, skills_from: …}`."""
    with node.section() as section:
        found = ToTeam(
            team=section.require("team", reference("team", teams)),
            method=section.take("method", choice(Method), Method.ROUND_ROBIN),
            skills=section.take("skills", skills, frozenset()),
            skills_from=section.take("skills_from", each(word(FIELDS), "lead fields"), ()),
        )
    check_skills(node.child("skills"), found, teams)
    return found


def check_skills(node: Node, assign: ToTeam, teams: Mapping[str, Team]) -> None:
    """Refuse skills that nobody has whom the rule can give a lead to."""
    known = [rep.skills for team in asked_in_turn(teams, assign.team) for rep in team.reps]
    if not known or not assign.skills:
        return
    anyone = frozenset[str]().union(*known)
    for item in node.items():
        if item.text.lower() in assign.skills - anyone:
            expected = one_of(sorted(anyone), item.text.lower()) if anyone else "somebody to have it"
            item.refuse(f"a skill of a rep of {assign.team} or its backups: {expected}", None)
    if assign.skills <= anyone and not any(assign.skills <= skills for skills in known):
        node.refuse(f"skills that one rep of {assign.team} or its backups has all of", None)


def asked_in_turn(teams: Mapping[str, Team], name: str | None) -> list[Team]:
    """A team and its backups, each once; a name that the file doesn't define ends the chain."""
    found: dict[str, Team] = {}
    while name is not None and name in teams and name not in found:
        found[name] = teams[name]
        name = found[name].backup
    return list(found.values())
