"""What is wrong with a policy file: where, what was found, what was expected."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

MOST_SHOWN = 50
"""How many mistakes of one table are named."""


class Mistake(NamedTuple):
    """One mistake; `line` counts from 1, `path` is empty for the file as a whole.

    `file` is the table it is in, empty for the policy file itself.
    """

    line: int
    path: str
    found: str
    expected: str
    file: str = ""

    def __str__(self) -> str:
        path = f"{self.path}: " if self.path else ""
        return f"{self.line}: {path}found {self.found}, expected {self.expected}"


@dataclass
class Mistakes:
    """The mistakes met so far while a file is read."""

    found: list[Mistake] = field(default_factory=list)
    known: set[Mistake] = field(default_factory=set)

    def add(self, mistake: Mistake) -> None:
        """Keep a mistake, once: what an alias repeats is wrong in one place only."""
        if mistake not in self.known:
            self.known.add(mistake)
            self.found.append(mistake)

    def __len__(self) -> int:
        return len(self.found)


class PolicyMistakes(Exception):
    """{file} has {count}:"""

    def __init__(self, file: str, mistakes: list[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes, key=lambda mistake: (mistake.file, mistake.line)))
        count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        head = (PolicyMistakes.__doc__ or "").format(file=file, count=count)
        super().__init__("\n".join([head, *self._lines(file)]))

    def _lines(self, file: str) -> Iterator[str]:
        """A line for each mistake; of a table the first ones, since one wrong column makes every row wrong."""
        for table, group in groupby(self.mistakes, key=lambda mistake: mistake.file):
            found = list(group)
            shown = found[:MOST_SHOWN] if table else found
            yield from (f"{table or file}:{mistake}" for mistake in shown)
            if len(found) > len(shown):
                yield f"{table}: and {len(found) - len(shown):,} more"


class PolicyUnreadable(PolicyMistakes):
    """The file gives nothing to look at: one sentence says why, and no mistake can be listed."""

    def __init__(self, file: str, why: str, line: int | None = None) -> None:
        self.mistakes = ()
        Exception.__init__(self, f"{file}:{line}: {why}" if line else f"{file} {why}")
