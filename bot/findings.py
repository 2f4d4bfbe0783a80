"""What `handoff check` finds."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How bad a finding is; only `FAIL` makes the command exit with 1."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: how bad, about what, and a sentence."""

    grade: Grade
    about: str
    sentence: str
