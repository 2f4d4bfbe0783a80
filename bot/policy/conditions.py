"""Conditions under `when`: lead fields compared with a value, a list or bounds."""

import re
from math import isfinite

from bot.policy.document import Mapping, Scalar, Sequence
from bot.policy.node import Node, one_of
from bot.policy.shapes import each
from bot.policy.values import number, text
from sla_engine.conditions import Bound, Condition, When
from sla_engine.lead import FIELDS

NUMERIC = ("employees", "score")
# The sender does not give the domain, it is worked out from the address.
LEAD_FIELDS = tuple(name for name in FIELDS if name != "domain")
BOUND = re.compile(r"(>=|<=|>|<)\s*(-?\d{1,15}(?:\.\d{1,6})?)")
BOUNDS = re.compile(rf"{BOUND.pattern}(?:(?:\s+and\s+|\s*,\s*|\s+){BOUND.pattern})*")


def when(node: Node) -> When:
    """The conditions of a rule or a promise; all must hold."""
    children = node.children()
    if not isinstance(node.tree, Mapping) or not children:
        return node.refuse("a mapping of lead fields to what they must be", ())
    return tuple(condition(name, child) for name, child in children.items())


def condition(field: str, node: Node) -> Condition:
    """One condition on a lead field."""
    if field not in LEAD_FIELDS:
        node.refuse(one_of(LEAD_FIELDS, field), None, found="an unknown lead field")
    elif field in NUMERIC:
        return numeric(field, node)
    elif node.text[:1] in ("<", ">"):
        node.refuse(f"a value or a list: only {' and '.join(NUMERIC)} have bounds", None)
    else:
        read = text("a value or a list of values")
        listed = isinstance(node.tree, Sequence)
        return Condition(field, values=each(read, "values")(node) if listed else (read(node),))
    return Condition(field)


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
    found = [Bound(sign, float(limit)) for sign, limit in BOUND.findall(node.text)]
    lowest = max((bound.limit for bound in found if bound.operator[0] == ">"), default=float("-inf"))
    highest = min((bound.limit for bound in found if bound.operator[0] == "<"), default=float("inf"))
    if lowest > highest:
        return node.refuse("bounds that some number keeps within", ())
    return tuple(found)
