"""The sections `qualification` and `routing`: which leads are handed over, and to whom."""

from collections.abc import Iterable

from bot.policy.conditions import LEAD_FIELDS, when
from bot.policy.document import Scalar
from bot.policy.node import Node, Reader
from bot.policy.shapes import choice, each, once, reference, word
from bot.policy.values import number, text
from sla_engine.policy import Method, Qualification, Rule, ToAccountOwner, ToTeam


def qualification(node: Node) -> Qualification:
    """The bar a lead must reach."""
    with node.section() as section:
        return Qualification(
            minimum_score=section.take("minimum_score", number, None),
            required_fields=section.take("required_fields", each(word(LEAD_FIELDS), "lead fields", 0), ()),
        )


def routing(teams: Iterable[str]) -> Reader[tuple[Rule, ...]]:
    """The routing rules in the order they are tried."""
    return once("name", each(rule(teams), "rules"))


def rule(teams: Iterable[str]) -> Reader[Rule]:
    """A routing rule."""

    def read_rule(node: Node) -> Rule:
        with node.section() as section:
            return Rule(
                name=section.require("name", text("a name")),
                when=section.take("when", when, ()),
                assign=section.require("assign", assignment(teams)),
            )

    return read_rule


def assignment(teams: Iterable[str]) -> Reader[ToTeam | ToAccountOwner]:
    """`account_owner`, or a team and how its next rep is found."""

    def read_assignment(node: Node) -> ToTeam | ToAccountOwner:
        if node.text == "account_owner":
            return ToAccountOwner()
        if node.absent or isinstance(node.tree, Scalar):
            return node.refuse("account_owner or a mapping such as {team: …, method: round_robin}", ToAccountOwner())
        with node.section() as section:
            return ToTeam(
                team=section.require("team", reference("team", teams)),
                method=section.take("method", choice(Method), Method.ROUND_ROBIN),
            )

    return read_assignment
