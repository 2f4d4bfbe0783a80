"""What follows from conditions alone: that one takes every lead another takes, or that none can meet them all.

Only what is certain is said to follow; a `False` means that it is not known.
"""

from itertools import permutations

from sla_engine.conditions import AnyOf, Bound, Condition, Test, When
from sla_engine.matching import holds, is_under

SEVERAL = ("interests",)
"""Fields with several values at once: to have one says nothing of the others."""


def takes_all(wider: When, narrower: When) -> bool:
    """Whether every lead that meets `narrower` certainly meets `wider`."""
    return all(follows(narrower, test) for test in wider)


def is_impossible(when: When) -> bool:
    """Whether certainly no lead meets all of these conditions."""
    for place, test in enumerate(when):
        rest = when[:place] + when[place + 1 :]
        if isinstance(test, AnyOf) and all(is_impossible((*rest, *choice)) for choice in test.choices):
            return True
        if not isinstance(test, Condition | AnyOf) and takes_all(test.when, rest):
            return True
    plain = [test for test in when if isinstance(test, Condition)]
    return any(implies(one, other.opposite()) for one, other in permutations(plain, 2))


def follows(when: When, test: Test) -> bool:
    """Whether every lead that meets `when` certainly passes a test."""
    if test in when:
        return True
    if any(isinstance(one, AnyOf) and all(follows(choice, test) for choice in one.choices) for one in when):
        return True
    if isinstance(test, AnyOf):
        return any(takes_all(choice, when) for choice in test.choices)
    if isinstance(test, Condition):
        return any(isinstance(one, Condition) and implies(one, test) for one in when)
    return any(isinstance(inner, Condition) and follows(when, inner.opposite()) for inner in test.when)


def implies(one: Condition, other: Condition) -> bool:
    """Whether every value that meets one condition certainly meets the other, on the same field."""
    if one.field != other.field:
        return False
    if one.negated:
        # What is missing passes a negation, so that nothing but another negation follows from it.
        return other.negated and implies(other.opposite(), one.opposite())
    if other.negated:
        return one.field not in SEVERAL and excludes(one, other)
    if one.values:
        return all(holds(value, other) for value in one.values)
    if one.bounds and other.bounds:
        return all(any(is_within(mine, theirs) for mine in one.bounds) for theirs in other.bounds)
    if one.contains and other.contains:
        return all(any(part.casefold() in text.casefold() for part in other.contains) for text in one.contains)
    if one.domains and other.domains:
        return all(any(is_under(mine, theirs) for theirs in other.domains) for mine in one.domains)
    return False


def excludes(one: Condition, other: Condition) -> bool:
    """Whether no single value meets both conditions, leaving aside that they may be negated."""
    if one.values:
        return not any(holds(value, other) for value in one.values)
    if other.values:
        return not any(holds(value, one) for value in other.values)
    if one.bounds and other.bounds:
        return any(are_apart(mine, theirs) for mine in one.bounds for theirs in other.bounds)
    if one.domains and other.domains:
        return not any(
            is_under(mine, theirs) or is_under(theirs, mine) for mine in one.domains for theirs in other.domains
        )
    return False


def is_within(one: Bound, other: Bound) -> bool:
    """Whether every number within one bound is within the other."""
    if one.operator[0] != other.operator[0]:
        return False
    if one.limit == other.limit:
        return one.operator == other.operator or other.operator.endswith("=")
    return (one.limit > other.limit) is (one.operator[0] == ">")


def are_apart(one: Bound, other: Bound) -> bool:
    """Whether no number is within both bounds."""
    if one.operator[0] == other.operator[0]:
        return False
    lower, upper = (one, other) if one.operator[0] == ">" else (other, one)
    touching = lower.operator.endswith("=") and upper.operator.endswith("=")
    return lower.limit > upper.limit or (lower.limit == upper.limit and not touching)
