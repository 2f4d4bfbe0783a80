"""What keeps a rep from getting a lead: a cause, which is compared, counted and kept, and the words made from it."""

from enum import StrEnum
from typing import NamedTuple


class Cause(StrEnum):
    """Why a rep is passed over. The ledger of turns keeps the value; `words` stand after a name and a colon.

    `verb` is what the words lack of a sentence.
    """

    words: str
    verb: str

    def __new__(cls, value: str, words: str = "", verb: str = "") -> "Cause":
        cause = str.__new__(cls, value)
        cause._value_, cause.words, cause.verb = value, words, verb
        return cause

    UNREACHABLE = "unreachable", "can't be reached in Slack"
    AWAY = "away", "away", "is "
    OFF = "off", "off", "is "
    FULL = "full", "at capacity", "is "
    FULL_TODAY = "full_today", "at today's limit", "is "
    FULL_THIS_WEEK = "full_this_week", "at this week's limit", "is "
    UNSKILLED = "unskilled", "lacks"
    HAD_IT = "had_it", "had it before"
    BUSIER = "busier", "has more open leads"
    FULLER = "fuller", "fuller", "is "


class Obstacle(NamedTuple):
    """One cause, and what else is said of it: until when, how full, which skill."""

    cause: Cause
    detail: str = ""

    @property
    def words(self) -> str:
        """For people: `off until Mon 09:00 London`, `at capacity (3 of 3 open)`, `lacks fr`."""
        return f"{self.cause.words} {self.detail}" if self.detail else self.cause.words

    @property
    def clause(self) -> str:
        """The words with their verb, as they follow a name in a sentence: `is off until Mon 09:00 London`."""
        return self.cause.verb + self.words

    @property
    def lasting(self) -> "Obstacle":
        """What it is counted as: of what else is said only the skill, as the rest differs from hour to hour."""
        return self if self.cause is Cause.UNSKILLED else Obstacle(self.cause)
