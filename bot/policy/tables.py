"""The tables beside the policy file: CSV in UTF-8 with a header, read row by row with the mistakes in each."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from bot.policy.document import Scalar, decoded
from bot.policy.mistakes import Mistake, Mistakes
from bot.policy.node import Node, one_of
from bot.policy.values import legible, text

KEYS = ("territories", "named_accounts")
"""The sections of the policy that name a table, in the order in which the tables count for the policy's edition."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table's text as it was at one time; `text` is None when it could not be had, and `problem` says why.

    `line` is where the problem is in the table, 0 when there is no table to point into.
    """

    path: str
    text: str | None
    problem: str = ""
    line: int = 0

    @classmethod
    def read(cls, path: Path) -> "Table":
        """What the file says now."""
        try:
            if path.exists() and not path.is_file():
                return cls(str(path), None, "is no file")
            return cls(str(path), decoded(path.read_bytes()))
        except FileNotFoundError:
            return cls(str(path), None, "does not exist")
        except UnicodeDecodeError as error:
            return cls(str(path), None, "", error.object.count(b"\n", 0, error.start) + 1)
        except (OSError, ValueError) as error:
            return cls(str(path), None, f"can't be read ({getattr(error, 'strerror', None) or error})")


def read_tables(root: Node, folder: Path) -> dict[str, Table]:
    """The tables that a policy names, by the section that names them; paths are from the policy's folder."""
    names = {key: root.child(key).child("file").text for key in KEYS}
    return {key: Table.read(folder / name) for key, name in names.items() if name}


@dataclass(frozen=True)
class Row:
    """One row of a table: its values by column, without blanks around them, and the line it begins on."""

    line: int
    values: Mapping[str, str]
    file: str
    mistakes: Mistakes

    def text(self, column: str) -> str:
        """The value of a column; empty where the table has none."""
        return self.values.get(column, "")

    def cell(self, column: str) -> Node:
        """The value of a column as a place in a file, to be read by the readers of the policy."""
        said = self.text(column)
        return Node(Scalar(said or None, said, self.line), column, self.line, InTable(self.mistakes, self.file))

    def refuse(self, found: str, expected: str, column: str = "") -> None:
        """Note that the row is wrong."""
        self.mistakes.add(Mistake(self.line, column, found, expected, self.file))


class InTable(Mistakes):
    """The mistakes of one table: they are kept with the policy's own, under the table's name."""

    def __init__(self, mistakes: Mistakes, file: str) -> None:
        super().__init__(mistakes.found)
        self.all, self.file = mistakes, file

    def add(self, mistake: Mistake) -> None:
        """Keep a mistake of the table."""
        self.all.add(mistake._replace(file=self.file))


def table_rows(node: Node, table: Table | None, columns: Sequence[str], required: Sequence[str]) -> list[Row]:
    """The rows of the table that the section at `node` names; every mistake in it is noted, none is a stand-in.

    `required` are columns of which one at least is there.
    """
    with node.section() as section:
        name = section.require("file", text("the name of a CSV file beside this one", 1_000))
    if table is None or not name:
        return []
    here = node.child("file")
    if table.text is None and not table.line:
        return here.refuse("a CSV file that can be read", [], found=f"{here.text!r}, which {table.problem}")
    if table.text is None:
        expected = "UTF-8 text: save the file as UTF-8"
        node.mistakes.add(Mistake(table.line, "", "bytes that are not UTF-8", expected, table.path))
        return []
    records = list(read_records(table, node.mistakes))
    if not records:
        node.mistakes.add(Mistake(1, "", "an empty table", f"a header with {listing(columns)}", table.path))
        return []
    (line, header), *body = records
    head = Row(line, {}, table.path, node.mistakes)
    names = [column.strip().lower() for column in header]
    if not check_header(head, names, columns, required):
        return []
    if not body:
        head.refuse("an empty table", "a row at least below the header")
    return list(check_rows(head, names, body))


def read_records(table: Table, mistakes: Mistakes) -> Iterator[tuple[int, list[str]]]:
    """Every line of the table that is not blank, with its number; a quoted value may go over several.

    Spreadsheets save with semicolons where the comma is the decimal sign: the header tells.
    """
    written = table.text or ""
    header = next((line for line in written.split("\n") if line.strip()), "")
    sign = ";" if ";" in header and "," not in header else ","
    reader = csv.reader(StringIO(written, newline=""), delimiter=sign, strict=True, skipinitialspace=True)
    line = 1
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            found = f"what CSV does not allow ({error})"
            mistakes.add(Mistake(line, "", found, "values with commas or quotes in quotes, quotes doubled", table.path))
            return
        if any(value.strip() for value in record):
            yield line, record
        line = reader.line_num + 1


def check_header(head: Row, names: list[str], columns: Sequence[str], required: Sequence[str]) -> bool:
    """Whether the rows below a header can be read."""
    before = len(head.mistakes)
    for place, name in enumerate(names):
        if name not in columns:
            head.refuse(f"the unknown column {quoted(name)}", one_of(columns, name))
        elif name in names[:place]:
            head.refuse(f"the column {name} twice", "each column once")
    if len(head.mistakes) == before and not set(names) & set(required):
        head.refuse("a header without it", f"the column {' or '.join(required)}")
    return len(head.mistakes) == before


def check_rows(head: Row, names: list[str], body: Sequence[tuple[int, list[str]]]) -> Iterator[Row]:
    """The rows that have a place for each of their values."""
    for line, record in body:
        row = Row(line, dict(zip(names, map(str.strip, record), strict=False)), head.file, head.mistakes)
        unreadable = next((name for name, value in row.values.items() if not legible(value)), None)
        if any(value.strip() for value in record[len(names) :]):
            row.refuse(f"{len(record)} values", f"{len(names)} as in the header; quote a value with a comma in it")
        elif unreadable is not None:
            row.refuse("a control character", "text on one line", unreadable)
        else:
            yield row


def once(rows: Sequence[tuple[Row, object]], say: Callable[[int], tuple[str, str]]) -> None:
    """Refuse rows whose second half came before; `say` tells what was found and expected, from the earlier line."""
    first: dict[object, int] = {}
    for row, value in rows:
        known = first.setdefault(value, row.line)
        if known != row.line:
            row.refuse(*say(known))


def listing(columns: Sequence[str]) -> str:
    """The columns a table may have."""
    return f"columns such as {', '.join(columns)}"


def quoted(value: str) -> str:
    """A value of a table in a sentence."""
    shown = value if len(value) <= 60 else value[:57] + "…"
    return f'"{shown}"' if shown.isprintable() else f'"{shown.encode("unicode_escape").decode()}"'
