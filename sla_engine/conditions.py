"""Conditions on a lead, as the policy file writes them under `when`."""

from dataclasses import dataclass, replace
from typing import Literal

from sla_engine.names import number


@dataclass(frozen=True, slots=True)
class Bound:
    """A comparison such as `>=1000` with a number."""

    operator: Literal[">", ">=", "<", "<="]
    limit: float

    def __str__(self) -> str:
        return f"{self.operator}{number(self.limit)}"


@dataclass(frozen=True, slots=True)
class Condition:
    """One line under `when`: what a lead field must be. Of the five ways to say it, one is used.

    The field is one of `values`, keeps within every one of `bounds`, contains one of the texts in `contains`, or is an
    address under one of `domains` (or of their subdomains). With `negated` it must not; a field that is missing then
    passes, as it passes nothing else.
    """

    field: str
    values: tuple[str | int | float | bool, ...] = ()
    bounds: tuple[Bound, ...] = ()
    contains: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    negated: bool = False

    def opposite(self) -> "Condition":
        """The condition that holds exactly where this one does not."""
        return replace(self, negated=not self.negated)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these groups of conditions must hold."""

    choices: tuple["When", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """These conditions must not hold together."""

    when: "When"


Test = Condition | AnyOf | Not
When = tuple[Test, ...]
"""Tests that must all hold; empty means always."""
