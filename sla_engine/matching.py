"""Whether a lead meets the conditions under a `when`, and the words for why not."""

import operator
from collections.abc import Callable

from sla_engine.lead import LeadData, Value
from sla_engine.names import number
from sla_engine.policy import Condition, When

COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


def failed(data: LeadData, when: When) -> Condition | None:
    """The first condition that the lead does not meet; None when it meets them all."""
    return next((condition for condition in when if not holds(data.value(condition.field), condition)), None)


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
