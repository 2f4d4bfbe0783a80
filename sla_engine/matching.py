"""Whether a lead meets the conditions under a `when`, and the words for why not."""

import operator
from collections.abc import Callable

from sla_engine.conditions import Condition, Test, When
from sla_engine.lead import LeadData, Value
from sla_engine.names import listed, number

COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


def failed(data: LeadData, when: When) -> Test | None:
    """The first test that the lead does not pass; None when it passes them all."""
    return next((test for test in when if not passes(data, test)), None)


def passes(data: LeadData, test: Test) -> bool:
    """Whether the lead passes one test."""
    if not isinstance(test, Condition):
        raise NotImplementedError
    return holds(data.value(test.field), test)


def holds(value: Value, condition: Condition) -> bool:
    """Whether a field's value meets one condition; a field that is missing meets none. Text compares without case."""
    if value is None:
        return False
    if isinstance(value, tuple):
        return any(holds(item, condition) for item in value)
    if condition.bounds:
        return isinstance(value, (int, float)) and all(
            COMPARE[bound.operator](value, bound.limit) for bound in condition.bounds
        )
    return any(same(value, wanted) for wanted in condition.values)


def same(value: str | int | float, wanted: str | int | float | bool) -> bool:
    """Equality as the policy file means it: `SaaS` is `saas`, `75` is `75.0`."""
    if isinstance(value, str) or isinstance(wanted, str):
        return str(value).strip().casefold() == str(wanted).strip().casefold()
    return value == wanted


def describe(value: Value) -> str:
    """A field's value in a sentence."""
    if value in (None, "", ()):
        return "missing"
    return ", ".join(value) if isinstance(value, tuple) else number(value) if isinstance(value, float) else str(value)


def unmet(missed: Test, data: LeadData) -> str:
    """What a rule asks of a lead, and what the lead has instead."""
    if not isinstance(missed, Condition):
        raise NotImplementedError
    name, value = missed.field.replace("_", " "), data.value(missed.field)
    bounds, values = listed(list(map(str, missed.bounds))), listed(list(map(str, missed.values)), last="or")
    return f"needs {name} {bounds or values}; it has {'none' if value in (None, '', ()) else describe(value)}"
