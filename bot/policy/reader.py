"""The policy file as a whole: each section read in turn, then a `Policy` or every mistake."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from bot.policy.accounts import named_accounts
from bot.policy.calendars import calendar, reachable
from bot.policy.document import parse, read_text
from bot.policy.doors import digests, sources
from bot.policy.mistakes import Mistakes, PolicyMistakes, PolicyUnreadable
from bot.policy.node import Node, Section
from bot.policy.promises import escalation, promises
from bot.policy.reasons import reasons
from bot.policy.retention import retention
from bot.policy.routing import qualification, routing
from bot.policy.shapes import choice, each, named, word
from bot.policy.tables import KEYS, Table, read_tables
from bot.policy.teams import teams
from bot.policy.territories import territories
from bot.policy.values import duration, email, emoji, text, whole
from sla_engine.policy import (
    CLAIM_WITHIN,
    CREDITS_A_DAY,
    LONGEST_PAUSE,
    RELEASE_EVERY,
    NobodyAvailable,
    Policy,
    Qualification,
    Returning,
)

EVENTS = ("lead_replied",)
SAME_LEAD = ("external_id", "email")


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy file's text as it was at one time, wherever the file has gone since; `path` is for mistakes only.

    `tables` are the files that it names, as they were at that time, by the section that names each.
    """

    path: Path
    text: str
    tables: Mapping[str, Table] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "PolicyFile":
        """What the file and its tables say now. Raises `PolicyUnreadable` when there is no policy file.

        A table that can't be read is a mistake of the policy, and told with the others.
        """
        written = cls(path, read_text(path))
        try:
            found = read_tables(written.root(Mistakes()), path.parent)
        except PolicyUnreadable:
            return written
        return cls(path, written.text, found)

    def root(self, mistakes: Mistakes) -> Node:
        """The file as a tree of places. Raises `PolicyUnreadable`."""
        return Node(parse(self.text, str(self.path), mistakes), "", 1, mistakes)

    def policy(self, today: date) -> Policy:
        """The policy, with public holidays from the year before `today` to five years on.

        A later day gives the same edition, hash and all, with later holidays: so does a service that runs on into
        another year renew its calendars, while it still knows four years of holidays ahead.
        Raises `PolicyMistakes` with every mistake in the file and its tables; its child `PolicyUnreadable` where there
        is no YAML.
        """
        mistakes = Mistakes()
        written = [self.tables[key].text or "" for key in KEYS if key in self.tables]
        found = policy(self.root(mistakes), self.tables, edition("".join([self.text, *written])), today)
        if mistakes:
            raise PolicyMistakes(str(self.path), mistakes.found)
        return found


def load_policy(path: Path, today: date) -> Policy:
    """The policy in a file as of a day; raises what `PolicyFile` raises."""
    return PolicyFile.read(path).policy(today)


def edition(written: str) -> str:
    """The name of this edition of the file: 12 hexadecimal digits of SHA-256 over its text.

    The text and not its meaning, so that anyone can check it with `sha256sum`; it is taken in UTF-8, without a byte
    order mark and with LF newlines, so that a checkout on another system keeps the name. The texts of the tables that
    the file names follow its own, territories before named accounts: `cat handoff.yaml territories.csv | sha256sum`.
    """
    return sha256(written.encode()).hexdigest()[:12]


def policy(node: Node, tables: Mapping[str, Table], edition: str, today: date) -> Policy:
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
        found = Policy(
            company=section.require("company", text("the company's name")),
            hash=edition,
            calendars=calendars,
            teams=known,
            admins=section.take("admins", each(email, "e-mail addresses", at_least=0), ()),
            qualification=section.take("qualification", qualification, Qualification()),
            rules=section.require("routing", routing(known, node.child("territories").tree is not None)),
            promises=kept,
            levels=section.take("escalation", escalation, ()),
            reasons=section.require("rejection_reasons", reasons),
            digests=section.take("digests", digests, ()),
            sources=section.require("sources", sources),
        )
        return with_waits(section, with_choices(section, with_tables(section, found, tables)))


def with_tables(section: Section, found: Policy, tables: Mapping[str, Table]) -> Policy:
    """The policy with what the files beside it say."""
    reps = frozenset(rep.email for _, rep in found.reps())
    return replace(
        found,
        territories=section.take("territories", territories(found.teams, tables.get("territories")), None),
        accounts=section.take("named_accounts", named_accounts(reps, tables.get("named_accounts")), {}),
    )


def with_choices(section: Section, found: Policy) -> Policy:
    """The policy with the keys beside `routing` that say who gets a lead."""
    return replace(
        found,
        when_nobody_is_available=section.take(
            "when_nobody_is_available", choice(NobodyAvailable), NobodyAvailable.HOLD
        ),
        max_reassignments=section.take("max_reassignments", whole(at_least=0), 3),
        credits_a_day=section.take("credits_a_day", whole(at_least=0), CREDITS_A_DAY),
        returning_leads=section.take("returning_leads", choice(Returning), Returning.SAME_REP),
        duplicates_by_email=section.take("duplicates_by", by_email, False),
        away_statuses=frozenset(section.take("away_statuses", each(emoji, "emoji", at_least=0), ())),
    )


def with_waits(section: Section, found: Policy) -> Policy:
    """The policy with the keys that say how long something lasts."""
    return replace(
        found,
        pause_on=frozenset(section.take("pause_on", each(word(EVENTS), "events", at_least=0), ())),
        pause_at_most=section.take("pause_at_most", duration, LONGEST_PAUSE),
        claim_within=section.take("claim_within", duration, CLAIM_WITHIN),
        release_every=section.take("release_every", duration, RELEASE_EVERY),
        keep_company_together=section.take("keep_company_together", duration, None),
        personal_data_after=section.take("retention", retention, None),
    )


def by_email(node: Node) -> bool:
    """Whether leads with one address are one lead; leads with one id always are."""
    found = each(word(SAME_LEAD), "fields")(node)
    if node.items() and "external_id" not in found:
        node.refuse("external_id among them, by which a source knows its lead", None)
    return "email" in found
