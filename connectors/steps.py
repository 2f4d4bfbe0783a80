"""The steps of an attempt at a message, so that what nobody foresaw says where it happened."""

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.slack.client import SlackProblem
from connectors.slack.reconciliation import Unreadable
from storage.errors import StoreError


class Broken(Exception):
    """Something that nobody foresaw went wrong with one message; the text says in what, without its words.

    `in_doubt` says whether Slack may have the message all the same.
    """

    def __init__(self, problem: str, *, in_doubt: bool = False) -> None:
        super().__init__(problem)
        self.in_doubt = in_doubt


class SlowLook(Broken):
    """Finding out what became of a message took so long that another process may have it before it is sent."""


@contextmanager
def step(what: str, *, in_doubt: bool = False) -> Iterator[None]:
    """One step of an attempt: raises `Broken` with its name for what is no known kind of trouble.

    `in_doubt` is for the steps of a post from its sending on.
    """
    try:
        yield
    except (SlackProblem, StoreError, Unreadable):
        raise
    except Exception as error:
        raise Broken(f"{what} ({type(error).__name__})", in_doubt=in_doubt) from error
