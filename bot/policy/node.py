"""A cursor on the policy file: it reads on where the file is wrong, and remembers what was.

A *reader* is a function from a `Node` to a value. Where the file does not hold what the reader expects, it says so
with `Node.refuse` and gets a stand-in to go on with; since no policy is made of a file with mistakes, nobody ever
sees a stand-in. That is how all mistakes are found at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from types import TracebackType
from typing import TypeVar

from bot.policy.document import Mapping, Scalar, Sequence, Tree, step
from bot.policy.mistakes import Mistake, Mistakes

T = TypeVar("T")
D = TypeVar("D")
Reader = Callable[["Node"], T]
Value = str | int | float | bool | None


@dataclass(frozen=True)
class Node:
    """A place in the file: `tree` is None where nothing is written, `line` is then the parent's; `name` is the key."""

    tree: Tree | None
    path: str
    line: int
    mistakes: Mistakes
    name: str = ""

    @property
    def absent(self) -> bool:
        """Whether nothing is written here: the key is missing or has no value."""
        return self.tree is None or (isinstance(self.tree, Scalar) and self.tree.value is None)

    @property
    def value(self) -> Value:
        """The single value here, None for anything else."""
        return self.tree.value if isinstance(self.tree, Scalar) else None

    @property
    def text(self) -> str:
        """The single value here as it is written, without blanks around it; empty for anything else."""
        return "" if self.absent or not isinstance(self.tree, Scalar) else self.tree.text.strip()

    def refuse(self, expected: str, stand_in: T, found: str | None = None) -> T:
        """Note that the file is wrong here, and give the stand-in to go on with."""
        self.mistakes.add(Mistake(self.line, self.path, found or describe(self), expected))
        return stand_in

    def section(self) -> Section:
        """The mapping here, to be read key by key."""
        return Section(self)

    def child(self, key: str) -> Node:
        """The value under a key of the mapping here."""
        entries = self.tree.entries if isinstance(self.tree, Mapping) else {}
        line, tree = entries.get(key, (self.line, None))
        return Node(tree, step(self.path, key), line_of(tree, line), self.mistakes, key)

    def key(self) -> Node:
        """The key here as a value of its own, for keys that are more than names."""
        return replace(self, tree=Scalar(self.name, self.name, self.line))

    def children(self) -> dict[str, Node]:
        """The values of the mapping here by key; none where there is no mapping."""
        return {key: self.child(key) for key in self.tree.entries} if isinstance(self.tree, Mapping) else {}

    def items(self) -> list[Node]:
        """The items of the list here; none where there is no list."""
        trees = self.tree.items if isinstance(self.tree, Sequence) else ()
        return [Node(tree, f"{self.path}[{place}]", tree.line, self.mistakes) for place, tree in enumerate(trees)]


def line_of(tree: Tree | None, key_line: int) -> int:
    """A mapping or a list under a key is known by the key's line, a single value by its own."""
    return tree.line if isinstance(tree, Scalar) and tree.value is not None else key_line


def describe(node: Node) -> str:
    """What is written at a place, short enough for a sentence."""
    if node.absent:
        return "nothing"
    if isinstance(node.tree, Scalar):
        text = node.tree.text if len(node.tree.text) <= 60 else node.tree.text[:57] + "…"
        quoted = f'"{text}"' if isinstance(node.tree.value, str) else text
        return quoted.encode("unicode_escape").decode() if not text.isprintable() else quoted
    if isinstance(node.tree, Sequence):
        return "a list" if node.tree.items else "an empty list"
    return "a mapping" if node.tree and node.tree.entries else "an empty mapping"


@dataclass
class Section:
    """A mapping whose keys are known: what is left unread when it closes is an unknown key."""

    node: Node
    known: list[str] = field(default_factory=list)

    def __enter__(self) -> Section:
        return self

    def require(self, key: str, read: Reader[T]) -> T:
        """The value under a key that must be there."""
        return read(self._at(key))

    def take(self, key: str, read: Reader[T], default: D) -> T | D:
        """The value under a key that may be missing; a key left empty, as a `when:` without conditions, may not."""
        child = self._at(key)
        return default if child.tree is None else read(child)

    def _at(self, key: str) -> Node:
        self.known.append(key)
        child = self.node.child(key)
        # Where there is no mapping at all, that is the one mistake: its missing keys are not reported as well.
        return child if isinstance(self.node.tree, Mapping) else replace(child, mistakes=Mistakes())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            return
        if not isinstance(self.node.tree, Mapping):
            self.node.refuse(f"a mapping with the keys {', '.join(self.known)}", None)
            return
        for key, (line, _) in self.node.tree.entries.items():
            if key not in self.known:
                child = Node(None, step(self.node.path, key), line, self.node.mistakes)
                child.refuse(one_of(self.known, key), None, found="an unknown key")


def one_of(known: Iterable[str], found: str) -> str:
    """The choices as the expected half of a mistake, with a guess at what was meant."""
    choices = list(known)
    listed = " or ".join(choices) if len(choices) < 3 else f"one of {', '.join(choices)}"
    return listed + (guess(choices, found) if len(choices) > 1 else "")


def guess(known: Iterable[str], found: str) -> str:
    """A question after what was likely meant, to be put behind a sentence; empty when nothing is close."""
    folded = {choice.casefold(): choice for choice in known}
    close = get_close_matches(found.casefold(), folded, n=1)
    return f' (did you mean "{folded[close[0]]}"?)' if close else ""
