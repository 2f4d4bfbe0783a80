"""Conditions under `when`: what fields of a lead must be or not be, and groups of them."""

import re
from math import isfinite

from bot.policy.document import Mapping, Scalar, Sequence
from bot.policy.node import Node, Reader, one_of
from bot.policy.shapes import each
from bot.policy.values import number, text
from leads.domains import DOMAIN, is_company_domain
from sla_engine.conditions import AnyOf, Bound, Condition, Not, Test, When
from sla_engine.lead import FIELDS
from sla_engine.matching import host

NUMERIC = ("employees", "score")
ADDRESSES = ("email", "website", "owner_email")
# The sender does not give the domain, it is worked out from the address.
LEAD_FIELDS = tuple(name for name in FIELDS if name != "domain")
GROUPS = ("any", "all", "not")
WAYS = ("not", "contains", "domain")
MAPPING = "a mapping of lead fields to what they must be"
BOUND = re.compile(r"(>=|<=|>|<)\s*(-?\d{1,15}(?:\.\d{1,6})?)")
BOUNDS = re.compile(rf"{BOUND.pattern}(?:(?:\s+and\s+|\s*,\s*|\s+){BOUND.pattern})*")
DEEPEST = 8
"""How deep conditions may be nested: deeper ones nobody could read."""


def when(node: Node) -> When:
    """The conditions of a rule or a promise; all must hold."""
    return group(0)(node)


def group(depth: int) -> Reader[When]:
    """Conditions that must all hold, at some depth of nesting."""

    def read_group(node: Node) -> When:
        children = node.children()
        if not isinstance(node.tree, Mapping) or not children:
            return node.refuse(MAPPING, ())
        if depth > DEEPEST:
            return node.refuse(f"conditions nested at most {DEEPEST} deep", ())
        return tuple(test for name, child in children.items() for test in tests(name, child, depth))

    return read_group


def tests(name: str, node: Node, depth: int) -> When:
    """What one key under `when` asks."""
    inner = group(depth + 1)
    if name == "any":
        return (AnyOf(each(inner, "groups of conditions")(node)),)
    if name == "all":
        return tuple(test for found in each(inner, "groups of conditions")(node) for test in found)
    if name == "not":
        return (negation(inner(node)),)
    return (condition(name, node),)


def negation(found: When) -> Test:
    """That some tests don't hold together; of a single condition its opposite, which reads better."""
    if len(found) == 1 and isinstance(found[0], Condition):
        return found[0].opposite()
    return Not(found)


def condition(field: str, node: Node) -> Condition:
    """One condition on a lead field."""
    if field not in FIELDS:
        return node.refuse(one_of((*FIELDS, *GROUPS), field), Condition(field), found="an unknown lead field")
    if not isinstance(node.tree, Mapping):
        return plain(field, node)
    children = node.children()
    if len(children) != 1 or not children.keys() <= set(WAYS):
        expected = "a value, a list, or one of {not: …}, {contains: …} and {domain: …}"
        return node.refuse(expected, Condition(field), found=" and ".join(children) or None)
    way, child = next(iter(children.items()))
    if way == "not":
        return opposite(field, child)
    return containing(field, child) if way == "contains" else under(field, child)


def opposite(field: str, node: Node) -> Condition:
    """What a field must not be."""
    if isinstance(node.tree, Mapping) and "not" in node.children():
        return node.refuse("a value, a list, a bound, {contains: …} or {domain: …}", Condition(field), found="not")
    return condition(field, node).opposite()


def plain(field: str, node: Node) -> Condition:
    """A condition that is a value, a list or bounds."""
    if field in NUMERIC:
        return numeric(field, node)
    if node.text[:1] in ("<", ">"):
        return node.refuse(
            f"a value or a list: only {' and '.join(NUMERIC)} have bounds",
            Condition(field),
        )
    read = registrable if field == "domain" else text("a value or a list of values")
    return Condition(field, values=several(read, "values")(node))


def several(read: Reader[str], what: str) -> Reader[tuple[str, ...]]:
    """One value or a list of them."""

    def read_several(node: Node) -> tuple[str, ...]:
        return each(read, what)(node) if isinstance(node.tree, Sequence) else (read(node),)

    return read_several


def containing(field: str, node: Node) -> Condition:
    """A condition on a part of the text."""
    if field in NUMERIC:
        return node.refuse('a number, a list of numbers or a bound such as ">=1000"', Condition(field), "contains")
    return Condition(field, contains=several(text("some text or a list of texts"), "texts")(node))


def under(field: str, node: Node) -> Condition:
    """A condition on where an address is."""
    if field not in ADDRESSES:
        return node.refuse(f"no `domain` here: only {', '.join(ADDRESSES)} are at one", Condition(field))
    return Condition(field, domains=several(domain, "domains")(node))


def domain(node: Node) -> str:
    """A domain with all its subdomains, `edu` as well as `acme.com`."""
    if DOMAIN.fullmatch(name := node.text.removeprefix("@")):
        return name.casefold()
    return node.refuse("a domain such as acme.com", "")


def registrable(node: Node) -> str:
    """A domain as it is worked out from a lead: what is not one would match nothing."""
    name = host(node.text)
    if is_company_domain(name):
        return name
    return node.refuse("a company's domain such as acme.com, without subdomain and no free mailbox", "")


def numeric(field: str, node: Node) -> Condition:
    """A condition on a field that is a number."""
    if isinstance(node.tree, Sequence):
        return Condition(field, values=each(number, "numbers")(node))
    if isinstance(node.tree, Scalar) and node.text[:1] in ("<", ">"):
        return Condition(field, bounds=bounds(node))
    if isinstance(node.value, (int, float)) and not isinstance(node.value, bool) and isfinite(node.value):
        return Condition(field, values=(node.value,))
    return node.refuse('a number, a list of numbers or a bound such as ">=1000"', Condition(field))


def bounds(node: Node) -> tuple[Bound, ...]:
    """One or more bounds, as `>=10 <100`."""
    if not BOUNDS.fullmatch(node.text):
        return node.refuse('a bound such as ">=1000" or ">=10 <100"', ())
    found = tuple(Bound(sign, float(limit)) for sign, limit in BOUND.findall(node.text))
    return found if are_possible(found) else node.refuse("bounds that some number keeps within", ())


def are_possible(found: tuple[Bound, ...]) -> bool:
    """Whether some number keeps within all of these bounds, as far as their limits tell."""
    lowest = max((bound.limit for bound in found if bound.operator[0] == ">"), default=float("-inf"))
    highest = min((bound.limit for bound in found if bound.operator[0] == "<"), default=float("inf"))
    return lowest <= highest
