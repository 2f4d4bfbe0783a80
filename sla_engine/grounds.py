"""On what ground a lead goes to somebody, and the words with which that is told: of them, and to them."""

from enum import StrEnum

from sla_engine.names import name_of


class Ground(StrEnum):
    """What speaks for the one who gets a lead; the lead keeps the value beside the words.

    A line about it begins with their name and `of_them` where others read it, and with `to_them` where they do.
    """

    of_them: str
    to_them: str

    def __new__(cls, value: str, of_them: str = "", to_them: str = "") -> "Ground":
        ground = str.__new__(cls, value)
        ground._value_, ground.of_them, ground.to_them = value, of_them, to_them
        return ground

    TURN = "turn", "'s turn", "your turn"
    FEWEST = "fewest", " has the fewest open leads", "you have the fewest open leads"
    LEAST_FULL = "least_full", " is the least full", "you are the least full"
    OWNER = "owner", " owns", "you own"
    TERRITORY = "territory", " has the territory", "you have the territory"
    KNEW_IT = "knew_it", " knew this lead before", "you knew this lead before"
    COMPANY = "company", " was given another lead", "you were given another lead"
    MANAGER = "manager", " manages", "you manage"
    FIRST = "first", " was the first", "you were the first"


def opening(ground: Ground, rep: str) -> str:
    """How a line begins that tells others why somebody, named by e-mail, gets a lead: `Alice's turn`."""
    return name_of(rep) + ground.of_them


def addressed(line: str, ground: Ground, rep: str) -> str:
    """The same line as it is told to them: `your turn in us-inbound` for `Alice's turn in us-inbound`."""
    begun = opening(ground, rep)
    return ground.to_them + line.removeprefix(begun) if line.startswith(begun) else line
