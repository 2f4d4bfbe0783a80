"""The policy file as a whole: each section read in turn, then a `Policy` or every mistake."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from bot.policy.calendars import calendar, reachable
from bot.policy.document import parse, read_text
from bot.policy.doors import digests, sources
from bot.policy.mistakes import Mistakes, PolicyMistakes
from bot.policy.node import Node
from bot.policy.promises import escalation, promises
from bot.policy.reasons import reasons
from bot.policy.routing import qualification, routing
from bot.policy.shapes import choice, each, named, word
from bot.policy.teams import teams
from bot.policy.values import duration, email, text, whole
from sla_engine.policy import LONGEST_PAUSE, NobodyAvailable, Policy, Qualification

EVENTS = ("lead_replied",)


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy file's text as it was at one time, wherever the file has gone since; `path` is for mistakes only."""

    path: Path
    text: str

    @classmethod
    def read(cls, path: Path) -> "PolicyFile":
        """What the file says now. Raises `PolicyUnreadable`."""
        return cls(path, read_text(path))

    def policy(self, today: date) -> Policy:
        """The policy, with public holidays from the year before `today` to five years on.

        A later day gives the same edition, hash and all, with later holidays: so does a service that runs on into
        another year renew its calendars, while it still knows four years of holidays ahead.
        Raises `PolicyMistakes` with every mistake in the file; its child `PolicyUnreadable` where there is no YAML.
        """
        mistakes = Mistakes()
        tree = parse(self.text, str(self.path), mistakes)
        found = policy(Node(tree, "", 1, mistakes), edition(self.text), today)
        if mistakes:
            raise PolicyMistakes(str(self.path), mistakes.found)
        return found


def load_policy(path: Path, today: date) -> Policy:
    """The policy in a file as of a day; raises what `PolicyFile` raises."""
    return PolicyFile.read(path).policy(today)


def edition(written: str) -> str:
    """The name of this edition of the file: 12 hexadecimal digits of SHA-256 over its text.

    The text and not its meaning, so that anyone can check it with `sha256sum`; it is taken in UTF-8, without a byte
    order mark and with LF newlines, so that a checkout on another system keeps the name.
    """
    return sha256(written.encode()).hexdigest()[:12]


def policy(node: Node, edition: str, today: date) -> Policy:
    """Every section of the file."""
    before = len(node.mistakes)
    with node.section() as section:
        section.require("version", word(("1",)))
        calendars = section.require("calendars", named(calendar(today), "calendars"))
        known = section.require("teams", teams(calendars))
        kept = section.require("sla", promises)
        if len(node.mistakes) == before:
            used = {rep.calendar_name: rep.calendar for team in known.values() for rep in team.reps}
            reachable(node.child("sla"), kept, used, today)
        return Policy(
            company=section.require("company", text("the company's name")),
            hash=edition,
            calendars=calendars,
            teams=known,
            admins=section.take("admins", each(email, "e-mail addresses", at_least=0), ()),
            qualification=section.take("qualification", qualification, Qualification()),
            rules=section.require("routing", routing(known)),
            when_nobody_is_available=section.take(
                "when_nobody_is_available", choice(NobodyAvailable), NobodyAvailable.HOLD
            ),
            max_reassignments=section.take("max_reassignments", whole(at_least=0), 3),
            promises=kept,
            levels=section.take("escalation", escalation, ()),
            pause_on=frozenset(section.take("pause_on", each(word(EVENTS), "events", at_least=0), ())),
            pause_at_most=section.take("pause_at_most", duration, LONGEST_PAUSE),
            reasons=section.require("rejection_reasons", reasons),
            digests=section.take("digests", digests, ()),
            sources=section.require("sources", sources),
        )
