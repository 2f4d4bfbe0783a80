"""Readers for lists, named entries and choices: the shapes every section of the file is made of."""

from collections.abc import Iterable
from enum import StrEnum
from operator import attrgetter
from typing import TypeVar

from bot.policy.document import Mapping, Sequence
from bot.policy.node import Node, Reader, one_of
from bot.policy.values import legible

LONGEST_NAME = 75
"""What Slack shows of an option, so that what stands in a menu can be told apart.
https://docs.slack.dev/reference/block-kit/composition-objects/option-object
"""
T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


def each(read: Reader[T], what: str, at_least: int = 1, at_most: int | None = None) -> Reader[tuple[T, ...]]:
    """A list of `what`; `at_least` above 1 comes with an `at_most`."""
    span = f"{at_least} to {at_most} " if at_most else ""
    expected = f"a list of {span}{what}" + (", at least one" if at_least == 1 else "")

    def read_list(node: Node) -> tuple[T, ...]:
        items = node.items()
        if not isinstance(node.tree, Sequence):
            return node.refuse(expected, ())
        if len(items) < at_least or (at_most is not None and len(items) > at_most):
            node.refuse(expected, None, found=counted(len(items)) if items else None)
        return tuple(read(item) for item in items)

    return read_list


def counted(entries: int) -> str:
    """A number of entries in words."""
    return "1 entry" if entries == 1 else f"{entries} entries"


def once(key: str, read_list: Reader[tuple[T, ...]]) -> Reader[tuple[T, ...]]:
    """A list whose entries differ in `key`, which is their attribute of the same name as well."""

    def read_distinct(node: Node) -> tuple[T, ...]:
        entries = read_list(node)
        first: dict[object, Node] = {}
        for item, entry in zip(node.items(), entries, strict=True):
            here, value = item.child(key), attrgetter(key)(entry)
            refused = any(mistake.path == here.path for mistake in node.mistakes.found)
            if here.absent or refused:
                continue
            known = first.setdefault(value, here)
            if known is not here:
                here.refuse(f"a value that line {known.line} does not have already", None)
        return entries

    return read_distinct


def named(read: Reader[T], what: str) -> Reader[dict[str, T]]:
    """A mapping from names to `what`; at least one."""

    def read_mapping(node: Node) -> dict[str, T]:
        children = node.children()
        if not isinstance(node.tree, Mapping) or not children:
            return node.refuse(f"a mapping of names to {what}, at least one", {})
        for name, child in children.items():
            if not name.strip() or not legible(name):
                child.key().refuse("a name", None)
            elif len(name) > LONGEST_NAME:
                child.key().refuse(f"a name of at most {LONGEST_NAME} characters", None)
        return {name: read(child) for name, child in children.items()}

    return read_mapping


def choice(kind: type[E]) -> Reader[E]:
    """One of the words of an enumeration."""
    words = [member.value for member in kind]

    def read_choice(node: Node) -> E:
        return kind(node.text) if node.text in words else node.refuse(one_of(words, node.text), next(iter(kind)))

    return read_choice


def word(words: Iterable[str]) -> Reader[str]:
    """One of some words."""
    known = list(words)

    def read_word(node: Node) -> str:
        return node.text if node.text in known else node.refuse(one_of(known, node.text), "")

    return read_word


def reference(kind: str, names: Iterable[str]) -> Reader[str]:
    """The name of something that the file defines elsewhere."""
    known = list(names)

    def read_reference(node: Node) -> str:
        if node.text in known:
            return node.text
        choices = one_of(known, node.text) if known else "none is defined"
        return node.refuse(f"a {kind} of this file: {choices}", "")

    return read_reference
