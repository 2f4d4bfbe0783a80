"""On what ground a lead goes to somebody, and the words with which that is told: of them, and to them."""

from enum import StrEnum
from typing import NamedTuple

from sla_engine.names import name_of


class Ground(StrEnum):
    """What speaks for the one who gets a lead; a lead keeps it beside the words."""

    TURN = "turn"
    FEWEST = "fewest"
    OWNER = "owner"
    TERRITORY = "territory"
    KNEW_IT = "knew_it"
    COMPANY = "company"
    MANAGER = "manager"
    FIRST = "first"


class Opening(NamedTuple):
    """How a line about a ground begins."""

    of_them: str
    to_them: str


OPENINGS = {
    Ground.TURN: Opening("{name}'s turn", "your turn"),
    Ground.FEWEST: Opening("{name} has the fewest open leads", "you have the fewest open leads"),
    Ground.OWNER: Opening("{name} owns", "you own"),
    Ground.TERRITORY: Opening("{name} has the territory", "you have the territory"),
    Ground.KNEW_IT: Opening("{name} knew this lead before", "you knew this lead before"),
    Ground.COMPANY: Opening("{name} has another lead", "you have another lead"),
    Ground.MANAGER: Opening("{name} manages", "you manage"),
    Ground.FIRST: Opening("{name} was the first", "you were the first"),
}


def opening(ground: Ground, rep: str) -> str:
    """How a line begins that tells others why somebody, named by e-mail, gets a lead: `Alice's turn`."""
    return OPENINGS[ground].of_them.format(name=name_of(rep))


def addressed(line: str, ground: Ground, rep: str) -> str:
    """The same line as it is told to them: `your turn in us-inbound` for `Alice's turn in us-inbound`."""
    begun = opening(ground, rep)
    return OPENINGS[ground].to_them + line.removeprefix(begun) if line.startswith(begun) else line
