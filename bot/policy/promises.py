"""The sections `sla` and `escalation`: what is promised, and who hears when it is about to break."""

from bot.policy.conditions import when
from bot.policy.node import Node
from bot.policy.shapes import choice, each, once, word
from bot.policy.values import duration, flag, share, text
from sla_engine.policy import Audience, Count, Level, Promise


def promises(node: Node) -> tuple[Promise, ...]:
    """The response times by kind of lead; the last entry is for every lead, so that none is without a promise."""
    found = once("name", each(promise, "promises"))(node)
    items = node.items()
    if items and not items[-1].child("when").absent:
        items[-1].child("when").refuse(
            "no `when` in the last entry, so that every lead has a promise", None, "a condition"
        )
    return found


def promise(node: Node) -> Promise:
    """The response times promised to one kind of lead."""
    with node.section() as section:
        return Promise(
            name=section.require("name", text("a name")),
            when=section.take("when", when, ()),
            accept_within=section.require("accept_within", duration),
            first_touch_within=section.require("first_touch_within", duration),
            qualify_within=section.require("qualify_within", duration),
            count=section.take("count", count, "working"),
        )


def count(node: Node) -> Count:
    """Whether targets are working time or elapsed time."""
    return "elapsed" if word(("working", "elapsed"))(node) == "elapsed" else "working"


def escalation(node: Node) -> tuple[Level, ...]:
    """The levels, the lowest share first."""
    levels = once("at", each(level, "levels", at_least=0))(node)
    return tuple(sorted(levels, key=lambda level: level.at))


def level(node: Node) -> Level:
    """A level that tells somebody or takes the lead back."""
    before = len(node.mistakes)
    with node.section() as section:
        found = Level(
            at=section.require("at", share),
            notify=frozenset(section.take("notify", each(choice(Audience), "people to tell", at_least=0), ())),
            reassign=section.take("reassign", flag, False),
        )
    if len(node.mistakes) == before and not found.notify and not found.reassign:
        node.refuse("somebody to `notify`, or `reassign: true`", None, found="a level that does nothing")
    return found
