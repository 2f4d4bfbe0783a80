"""What one process does of the whole: all of it, or on PostgreSQL the parts that `--only` names."""

from collections.abc import Iterable
from enum import StrEnum

from storage.database import Database


class Role(StrEnum):
    """A part of the product that can run in a process of its own."""

    WEB = "web"
    SLACK = "slack"
    TIMERS = "timers"
    DELIVERY = "delivery"


EVERYTHING = frozenset(Role)
TALKING = frozenset({Role.SLACK, Role.DELIVERY})
"""The roles that call Slack, and so need its token."""


class UnknownRole(Exception):
    """--only {word} is no role: choose from {known}."""

    def __init__(self, word: str) -> None:
        super().__init__((self.__doc__ or "").format(word=word, known=", ".join(Role)))


class Undivided(Exception):
    """--only leaves out {missing}, but SQLite allows one process, which must do everything: leave --only away, or use \
PostgreSQL."""

    def __init__(self, missing: Iterable[Role]) -> None:
        super().__init__((self.__doc__ or "").format(missing=", ".join(missing)))


def read_roles(words: Iterable[str]) -> frozenset[Role]:
    """The roles in the words of `--only`, each of which may hold several between commas; all when there are none.

    Raises `UnknownRole`.
    """
    named = [word.strip() for several in words for word in several.split(",") if word.strip()]
    for word in named:
        if word not in list(Role):
            raise UnknownRole(word)
    return frozenset(Role(word) for word in named) or EVERYTHING


def check_roles(roles: frozenset[Role], database: Database) -> None:
    """Raises `Undivided` where the database can't be shared by several processes."""
    if database.is_sqlite and roles != EVERYTHING:
        raise Undivided([role for role in Role if role not in roles])
