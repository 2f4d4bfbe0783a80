"""What keeps a rep from getting a lead: a cause, which is compared, counted and kept, and the words made from it."""

from enum import StrEnum
from typing import NamedTuple


class Cause(StrEnum):
    """Why a rep is passed over; the ledger of turns keeps these values."""

    UNREACHABLE = "unreachable"
    AWAY = "away"
    OFF = "off"
    FULL = "full"
    FULL_TODAY = "full_today"
    FULL_THIS_WEEK = "full_this_week"
    UNSKILLED = "unskilled"
    HAD_IT = "had_it"
    BUSIER = "busier"


WORDS = {
    Cause.UNREACHABLE: "can't be reached in Slack",
    Cause.AWAY: "away",
    Cause.OFF: "off",
    Cause.FULL: "at capacity",
    Cause.FULL_TODAY: "at today's limit",
    Cause.FULL_THIS_WEEK: "at this week's limit",
    Cause.UNSKILLED: "lacks",
    Cause.HAD_IT: "had it before",
    Cause.BUSIER: "has more open leads",
}
"""As they stand after a name and a colon; what else there is to say follows."""
STATES = (Cause.AWAY, Cause.OFF, Cause.FULL, Cause.FULL_TODAY, Cause.FULL_THIS_WEEK)
"""Those whose words lack a verb."""


class Obstacle(NamedTuple):
    """One cause, and what else is said of it: until when, how full, which skill."""

    cause: Cause
    detail: str = ""

    @property
    def words(self) -> str:
        """For people: `off until Mon 09:00 London`, `at capacity (3 of 3 open)`, `lacks fr`."""
        return f"{WORDS[self.cause]} {self.detail}" if self.detail else WORDS[self.cause]

    @property
    def clause(self) -> str:
        """The words with their verb, as they follow a name in a sentence: `is off until Mon 09:00 London`."""
        return f"is {self.words}" if self.cause in STATES else self.words

    @property
    def lasting(self) -> "Obstacle":
        """What it is counted as: of what else is said only the skill, as the rest differs from hour to hour."""
        return self if self.cause is Cause.UNSKILLED else Obstacle(self.cause)
