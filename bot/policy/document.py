"""A YAML 1.2 file as a plain tree that knows its lines.

YAML 1.2's core schema is applied here and not by the parser, so that `NO`, `on` and `2026-12-24` are text whatever
a `%YAML` directive says. Anchors and merge keys are resolved; a key written twice is a mistake.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from bot.policy.complaints import in_words
from bot.policy.mistakes import Mistake, Mistakes, PolicyUnreadable

CORE = "tag:yaml.org,2002:"
MERGE = CORE + "merge"
TAGS = ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "seq", "map")
"""What ruamel gives to values without a tag of their own."""
# https://yaml.org/spec/1.2.2/#1032-tag-resolution, less the octal and hexadecimal forms no policy needs.
INT = re.compile(r"[-+]?[0-9]{1,18}")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
WORDS: dict[str, bool | None] = {"": None, "~": None}
WORDS |= dict.fromkeys(("null", "Null", "NULL"))
WORDS |= dict.fromkeys(("true", "True", "TRUE"), True)
WORDS |= dict.fromkeys(("false", "False", "FALSE"), False)


@dataclass(frozen=True)
class Scalar:
    """A single value, and its text as written."""

    value: str | int | float | bool | None
    text: str
    line: int


@dataclass(frozen=True)
class Sequence:
    """A list."""

    items: tuple["Tree", ...]
    line: int


@dataclass(frozen=True)
class Mapping:
    """Keys, each with the line it stands on, and their values."""

    entries: dict[str, tuple[int, "Tree"]]
    line: int


Tree = Scalar | Sequence | Mapping
ABSENT = "does not exist: copy examples/handoff.yaml there to begin with, or set HANDOFF_CONFIG to the policy file."


def read_text(path: Path) -> str:
    """The file's text with newlines normalised; `PolicyUnreadable` when there is none."""
    try:
        text = decoded(path.read_bytes())
    except FileNotFoundError:
        raise PolicyUnreadable(str(path), ABSENT) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise PolicyUnreadable(str(path), "is not UTF-8 text; save the file as UTF-8.", line) from None
    except OSError as error:
        raise PolicyUnreadable(str(path), f"can't be read: {error.strerror}.") from None
    return text


def decoded(content: bytes) -> str:
    """A file's text without a byte order mark, its newlines normalised. Raises UnicodeDecodeError."""
    return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def parse(text: str, file: str, mistakes: Mistakes) -> Tree:
    """The document's tree; `PolicyUnreadable` where it is empty or not YAML."""
    try:
        root = compose(text, file)
        if root is None or (isinstance(root, ScalarNode) and root.value == ""):
            raise PolicyUnreadable(file, "is empty; see examples/handoff.yaml for what belongs into it.")
        return Planting(mistakes).plant(root, "")
    except RecursionError:
        raise PolicyUnreadable(file, "is nested too deeply to be a policy.") from None


@lru_cache(maxsize=4)
def compose(text: str, file: str) -> Node | None:
    """The parser's nodes, which nobody changes; `PolicyUnreadable` for what it refuses.

    A file is looked through once for the tables it names and again for what it says, and parsing is most of the work.
    """
    yaml = YAML(pure=True)
    # YAML allows an anchor to be defined again; ruamel would warn of it.
    yaml.composer.warn_double_anchors = False
    try:
        root: Node | None = yaml.compose(text)
        return root
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise PolicyUnreadable(file, in_words(error), mark.line + 1 if mark else None) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise PolicyUnreadable(file, "found a control character, which YAML does not allow.", line) from None
    except RecursionError:
        raise
    except Exception:  # ruamel answers some malformed escapes and directives with Python's own errors
        raise PolicyUnreadable(file, "is not YAML: it holds a malformed escape or directive.") from None


class Planting:
    """One conversion of ruamel's nodes into a tree. An aliased node is converted once, wherever it is used."""

    def __init__(self, mistakes: Mistakes) -> None:
        self.mistakes = mistakes
        self.planted: dict[int, Tree | None] = {}

    def plant(self, node: Node, path: str) -> Tree:
        """The tree of one node; an alias of a value inside itself stands for nothing and is a mistake."""
        if id(node) in self.planted:
            tree = self.planted[id(node)]
            if tree is None:
                self.note(node, path, "an alias of itself", "a value")
                return Scalar(None, "", line_of(node))
            return tree
        self.planted[id(node)] = None
        self.planted[id(node)] = tree = self.convert(node, path)
        return tree

    def convert(self, node: Node, path: str) -> Tree:
        if str(node.tag).removeprefix(CORE) not in TAGS:
            self.note(node, path, f"the tag {str(node.tag).replace(CORE, '!!')}", "a value without a tag")
        if isinstance(node, ScalarNode):
            return Scalar(resolve(node), node.value, line_of(node))
        if isinstance(node, SequenceNode):
            items = (self.plant(child, f"{path}[{place}]") for place, child in enumerate(node.value))
            return Sequence(tuple(items), line_of(node))
        return self.mapping(node, path)

    def mapping(self, node: Node, path: str) -> Mapping:
        own: dict[str, tuple[int, Tree]] = {}
        merged: dict[str, tuple[int, Tree]] = {}
        for key, child in node.value:
            if not isinstance(key, ScalarNode):
                self.note(key, path, "a key that is a list or a mapping", "a name")
                continue
            here = step(path, key.value)
            tree = self.plant(child, here)
            if str(key.tag) == MERGE:
                merged = {**self.merge(tree, here), **merged}
            elif key.value in own:
                first = own[key.value][0]
                self.note(key, here, f"this key again (first on line {first})", "each key once")
            else:
                own[key.value] = (line_of(key), tree)
        return Mapping({**merged, **own}, line_of(node))

    def merge(self, tree: Tree, path: str) -> dict[str, tuple[int, Tree]]:
        """The entries that `<<:` brings in; of several mappings the first has precedence."""
        entries: dict[str, tuple[int, Tree]] = {}
        for source in tree.items if isinstance(tree, Sequence) else (tree,):
            if isinstance(source, Mapping):
                entries = {**source.entries, **entries}
            else:
                self.mistakes.add(Mistake(source.line, path, "a value", "an alias of a mapping"))
        return entries

    def note(self, node: Node, path: str, found: str, expected: str) -> None:
        self.mistakes.add(Mistake(line_of(node), path, found, expected))


def step(path: str, name: str) -> str:
    """The path one key further down; a name that would blur the path is quoted."""
    name = name if re.fullmatch(r"[\w<>#@+ -]{1,60}", name) else repr(name[:60])
    return f"{path}.{name}" if path else name


def line_of(node: Node) -> int:
    """The line a node starts on, counted from 1."""
    return int(node.start_mark.line) + 1


def resolve(node: ScalarNode) -> str | int | float | bool | None:
    """A scalar's value by the core schema; quoted text stays text."""
    text = str(node.value)
    if node.style in ("'", '"', "|", ">") or str(node.tag) == CORE + "str":
        return text
    if text in WORDS:
        return WORDS[text]
    if INT.fullmatch(text):
        return int(text)
    return float(text) if FLOAT.fullmatch(text) else text
