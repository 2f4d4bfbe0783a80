"""A company of any size: its policy file and its leads, made up by chance from a seed."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.sample import ACCEPTANCE

REPS_A_TEAM = 10
ZONES = {"new-york": "America/New_York", "london": "Europe/London"}
COUNTRIES = {"new-york": ["US", "CA", "MX"], "london": ["GB", "IE", "DE", "FR", "NL"]}


@dataclass(frozen=True, slots=True)
class Team:
    """A team with its reps; everybody is known by a name that is their address, too."""

    name: str
    calendar: str
    manager: str
    reps: tuple[str, ...]

    @property
    def text(self) -> str:
        """The team as the policy file has it."""
        reps = "\n".join(f"      - {{email: {rep}@acme.example}}" for rep in self.reps)
        return (
            f"  {self.name}:\n    channel: '#{self.name}'\n    manager: {self.manager}@acme.example\n"
            f"    calendar: {self.calendar}\n    reps:\n{reps}\n"
        )


class Company:
    """Teams of ten or fewer, by turns in New York and in London."""

    def __init__(self, reps: int) -> None:
        names = [f"rep{number}" for number in range(reps)]
        groups = [names[start : start + REPS_A_TEAM] for start in range(0, reps, REPS_A_TEAM)]
        calendars = list(ZONES)
        self.teams = [
            Team(f"team{number}", calendars[number % 2], f"boss{number}", tuple(group))
            for number, group in enumerate(groups)
        ]

    @property
    def people(self) -> Mapping[str, str]:
        """Everybody's time zone, by name."""
        found = {"olga": "America/New_York"}
        for team in self.teams:
            found |= dict.fromkeys((team.manager, *team.reps), ZONES[team.calendar])
        return found

    @property
    def channels(self) -> tuple[str, ...]:
        """The teams' channels, and marketing's."""
        return (*(team.name for team in self.teams), "marketing")

    def write(self, folder: Path) -> Path:
        """The policy file: the acceptance's promises, levels and reasons over this company's teams."""
        text = ACCEPTANCE.read_text("utf-8")
        before, rest = text.split("teams:\n", 1)
        between = rest[rest.index("qualification:") : rest.index("routing:")]
        after = rest[rest.index("when_nobody_is_available:") :]
        rules = "".join(
            f"  - {{name: Area {number}, when: {{industry: area{number}}}, assign: {{team: {team.name}, "
            f"method: {'least_loaded' if number % 3 == 2 else 'round_robin'}}}}}\n"
            for number, team in enumerate(self.teams)
        )
        last = f"  - {{name: Everyone else, assign: {{team: {self.teams[0].name}, method: round_robin}}}}\n"
        teams = "".join(team.text for team in self.teams)
        file = folder / "company.yaml"
        file.write_text(f"{before}teams:\n{teams}\n{between}routing:\n{rules}{last}{after}", "utf-8")
        return file

    def lead(self, number: int, dice: random.Random) -> dict[str, Any]:
        """A lead for one of the teams, hot, warm or below the bar."""
        area = dice.randrange(len(self.teams))
        return {
            "external_id": f"soak-{number}",
            "email": f"buyer@customer{number}.example",
            "first_name": "Pat",
            "last_name": f"Lee {number}",
            "company": f"Customer {number}",
            "country": dice.choice(COUNTRIES[self.teams[area].calendar]),
            "industry": f"area{area}",
            "lead_type": "demo_request" if dice.random() < 0.3 else "content",
            "score": dice.choice([40, 65, 75, 92, 97]) if dice.random() < 0.9 else 60,
        }
