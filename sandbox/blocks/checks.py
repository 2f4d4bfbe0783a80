"""The grammar of Block Kit checks: small checks that combine, each reporting where it was hurt.

A check takes a place (JSON pointer) and a value and yields problems, worded as Slack words them.
Limits come from slack_sdk.models and https://docs.slack.dev/reference/block-kit.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

Problems = Iterator[str]
Check = Callable[[str, Any], Problems]


def problem(place: str, text: str) -> str:
    return f"[ERROR] {text} [json-pointer:{place}]"


def string(most: int, least: int = 1) -> Check:
    """Length in characters, both ends included."""

    def check(place: str, value: Any) -> Problems:
        if not isinstance(value, str):
            yield problem(place, "must provide a string")
        elif len(value) < least:
            yield problem(place, f"must be more than {least - 1} characters")
        elif len(value) > most:
            yield problem(place, f"must be less than {most + 1} characters")

    return check


def link(most: int = 3000) -> Check:
    length = string(most)

    def check(place: str, value: Any) -> Problems:
        yield from length(place, value)
        if isinstance(value, str) and ":" not in value:
            yield problem(place, "invalid url")

    return check


def boolean(place: str, value: Any) -> Problems:
    if not isinstance(value, bool):
        yield problem(place, "must provide a boolean")


def number(least: float, most: float) -> Check:
    def check(place: str, value: Any) -> Problems:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield problem(place, "must provide a number")
        elif not least <= value <= most:
            yield problem(place, f"must be between {least:g} and {most:g}")

    return check


def one_of(*allowed: str) -> Check:
    def check(place: str, value: Any) -> Problems:
        if value not in allowed:
            yield problem(place, "must be a valid enum value")

    return check


def items(each: Check, most: int, least: int = 1) -> Check:
    """A list of so many things, each passing its check."""

    def check(place: str, value: Any) -> Problems:
        if not isinstance(value, list):
            yield problem(place, "must provide an array")
            return
        if len(value) < least:
            yield problem(place, f"no fewer than {least} items allowed")
        if len(value) > most:
            yield problem(place, f"no more than {most} items allowed")
        for index, item in enumerate(value):
            yield from each(f"{place}/{index}", item)

    return check


def anything(place: str, value: Any) -> Problems:
    """For fields whose inside the sandbox doesn't know: present, and not null."""
    if value is None:
        yield problem(place, "must not be null")


def shape(
    required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *rules: Check, tag: bool = True
) -> Check:
    """An object with these fields and no others. `rules` look at the whole once its parts are sound.

    With `tag`, a `type` field is expected and taken as checked by whoever chose this shape.
    """
    known = {**required, **(optional or {})}

    def check(place: str, value: Any) -> Problems:
        if not isinstance(value, dict):
            yield problem(place, "must provide an object")
            return
        found = list(_parts(place, value, known, required, tag))
        yield from found
        if not found:
            for rule in rules:
                yield from rule(place, value)

    return check


def _parts(
    place: str, value: dict[str, Any], known: Mapping[str, Check], required: Collection[str], tag: bool
) -> Problems:
    for name in required:
        if name not in value:
            yield problem(place, f"missing required field: {name}")
    for name, part in value.items():
        if name in known:
            yield from known[name](f"{place}/{name}", part)
        elif not (tag and name == "type"):
            yield problem(place, f"invalid additional property: {name}")


def by_type(shapes: Mapping[str, Check], allowed: Collection[str] | None = None) -> Check:
    """Chooses the shape by the `type` field; `allowed` narrows which types may stand here."""

    def check(place: str, value: Any) -> Problems:
        if not isinstance(value, dict):
            yield problem(place, "must provide an object")
            return
        kind = value.get("type")
        if kind is None:
            yield problem(place, "missing required field: type")
        elif kind not in shapes or (allowed is not None and kind not in allowed):
            yield problem(f"{place}/type", f"unsupported type: {kind}")
        else:
            yield from shapes[kind](place, value)

    return check


def at_least_one(*names: str) -> Check:
    """A rule for `shape`: one of these fields has to be there."""

    def check(place: str, value: Any) -> Problems:
        if not any(value.get(name) for name in names):
            yield problem(place, f"missing required field: {' or '.join(names)}")

    return check
