"""Whether a lead meets the conditions under a `when`, and the words for why not."""

import operator
import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from sla_engine.conditions import AnyOf, Condition, Test, When
from sla_engine.lead import LeadData, Value, is_blank
from sla_engine.names import listed, number

COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
MOST_NAMED = 8
"""How many values of one condition a sentence names; a territory may list fifty."""
KEPT = 10_000
"""How many conditions' values and words are kept at hand: they are the policy's, and asked for at every lead."""
LONGEST_SHOWN = 60
"""How many characters of a lead's field a sentence repeats."""
SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//")


def failed(data: LeadData, when: When) -> Test | None:
    """The first test that the lead does not pass; None when it passes them all."""
    for test in when:
        if not passes(data, test):
            return test
    return None


def passes(data: LeadData, test: Test) -> bool:
    """Whether the lead passes one test. A field that is missing passes nothing but a negation."""
    if isinstance(test, Condition):
        return holds(data.value(test.field), test) is not test.negated
    if isinstance(test, AnyOf):
        return any(failed(data, choice) is None for choice in test.choices)
    return failed(data, test.when) is not None


def holds(value: Value, condition: Condition) -> bool:
    """Whether a field's value is what the condition names, leaving aside `negated`; what is missing never is.

    Text compares without case and without blanks around it. Of a list, one item is enough.
    """
    if value is None:
        return False
    if isinstance(value, tuple):
        return any(holds(item, condition) for item in value)
    if condition.bounds:
        return isinstance(value, (int, float)) and all(
            COMPARE[bound.operator](value, bound.limit) for bound in condition.bounds
        )
    if condition.contains:
        return any(part.casefold() in str(value).casefold() for part in condition.contains)
    if condition.domains:
        return any(is_under(host(str(value)), domain) for domain in condition.domains)
    if isinstance(value, str):
        return value.strip().casefold() in folded(condition.values)
    return any(same(value, wanted) for wanted in condition.values)


@lru_cache(KEPT)
def folded(values: tuple[str | int | float | bool, ...]) -> frozenset[str]:
    """The values of a condition as text is compared with them."""
    return frozenset(str(wanted).strip().casefold() for wanted in values)


def same(value: str | int | float, wanted: str | int | float | bool) -> bool:
    """Equality as the policy file means it: `SaaS` is `saas`, `75` is `75.0`."""
    if isinstance(value, str) or isinstance(wanted, str):
        return str(value).strip().casefold() == str(wanted).strip().casefold()
    return value == wanted


def host(address: str) -> str:
    """The host of an e-mail address or a website, in lower case: `https://www.Acme.example/en` is at acme.example."""
    rest = SCHEME.sub("", address.strip().casefold(), count=1)
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    return authority.rpartition("@")[2].partition(":")[0].strip(".").removeprefix("www.")


def is_under(name: str, domain: str) -> bool:
    """Whether a host is a domain or one of its subdomains; both in lower case."""
    return name == domain or name.endswith(f".{domain}")


def describe(value: Value) -> str:
    """A field's value in a sentence."""
    if is_blank(value):
        return "missing"
    return ", ".join(value) if isinstance(value, tuple) else number(value) if isinstance(value, float) else str(value)


def unmet(missed: Test, data: LeadData) -> str:
    """What a rule asks of a lead, and what the lead has instead."""
    return f"needs {_asked(missed)}; it has {_found(missed, data)}"


def _found(missed: Test, data: LeadData) -> str:
    if isinstance(missed, Condition):
        value = data.value(missed.field)
        return "none" if is_blank(value) else _shown(value)
    parts = []
    for name in dict.fromkeys(fields_of(missed)):
        value, words = data.value(name), in_words(name)
        parts.append(f"no {words}" if is_blank(value) else f"{words} {_shown(value)}")
    return listed(parts)


def fields_of(test: Test) -> Iterator[str]:
    """Every field a test looks at; one may come several times."""
    if isinstance(test, Condition):
        yield test.field
        return
    for when in test.choices if isinstance(test, AnyOf) else (test.when,):
        for inner in when:
            yield from fields_of(inner)


def asked(*tests: Test) -> str:
    """What some tests ask of a lead, all of them: `country US or CA and employees >=1000`."""
    return " and ".join(f"({_asked(test)})" if len(tests) > 1 and is_group(test) else _asked(test) for test in tests)


def is_group(test: Test) -> bool:
    """Whether a test is made of several."""
    return not isinstance(test, Condition)


@lru_cache(KEPT)
def _asked(test: Test) -> str:
    if isinstance(test, AnyOf):
        return f"one of: {'; or '.join(asked(*choice) for choice in test.choices)}"
    if not isinstance(test, Condition):
        return f"anything but {asked(*test.when)}"
    name = in_words(test.field)
    if test.bounds:
        return f"{name} {'not ' if test.negated else ''}{listed(list(map(str, test.bounds)))}"
    if test.contains:
        return f"{name} {'not ' if test.negated else ''}containing {_choices(test.contains)}"
    if test.domains:
        return f"{name} {'not ' if test.negated else ''}at {_choices(test.domains)}"
    return f"{name} {'other than ' if test.negated else ''}{_choices(test.values)}"


def _choices(values: tuple[str | int | float | bool, ...]) -> str:
    words = [number(value) if isinstance(value, float) else str(value) for value in values]
    if len(words) > MOST_NAMED:
        words = [*words[:MOST_NAMED], f"{len(words) - MOST_NAMED} more"]
    return listed(words, last="or")


def in_words(name: str) -> str:
    """A field's name in a sentence."""
    return name.replace("_", " ")


def _shown(value: Value) -> str:
    words = " ".join(describe(value).split())
    return words if len(words) <= LONGEST_SHOWN else f"{words[: LONGEST_SHOWN - 1]}…"
