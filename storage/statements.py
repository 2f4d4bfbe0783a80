"""Statements of the busiest paths, worked out once and handed to the driver as they are.

To build an expression anew, look up its compiled form and wrap its result costs SQLAlchemy ten times what SQLite takes
to run it. What is the same at every call is therefore kept: the text for each kind of database, and what turns values
into the driver's and back. The columns' types stay the one place that says how.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter, methodcaller
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Delete,
    Dialect,
    Float,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    create_engine,
    false,
    or_,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.elements import KeyedColumnElement
from sqlalchemy.types import TypeEngine

from storage.transaction import Transaction

T = TypeVar("T")
Statement = Select[Any] | Insert | Update | Delete
Processor = Callable[[Any], Any]
_ALL, _ONE, _COUNT = methodcaller("fetchall"), methodcaller("fetchone"), attrgetter("rowcount")
"""What is wanted of a cursor."""
NUMBERED = create_engine("postgresql+psycopg://", paramstyle="numeric_dollar").dialect
"""PostgreSQL with parameters as the server itself names them."""
MISSING = object()
"""No driver takes it: a value that was forgotten must not become a NULL."""
Found = dict[str, Any]
"""One row, by the names of its columns."""


@dataclass(frozen=True, slots=True)
class Form:
    """A statement as one driver takes it: what it is given and what it gives, each with what turns the values.

    A parameter is a name, what stands there when no value is given, and what turns one.
    """

    text: str
    parameters: Sequence[tuple[str, Any, Processor | None]]
    columns: Sequence[str]
    readers: Sequence[tuple[str, Processor]]

    def bind(self, values: Mapping[str, Any]) -> list[Any]:
        """The driver's parameters for these values, in order."""
        return [
            value if (value := values.get(name, fixed)) is None or write is None else write(value)
            for name, fixed, write in self.parameters
        ]

    def read(self, row: Sequence[Any]) -> Found:
        """A row of the driver's."""
        found = dict(zip(self.columns, row, strict=True))
        for name, read in self.readers:
            value = found[name]
            if value is not None:
                found[name] = read(value)
        return found


class Prepared:
    """A statement that is run with other values each time; those are the parameters it was built with, by name.

    `names` are the columns that an INSERT or UPDATE takes as parameters, `on_sqlite` the statement for SQLite where its
    dialect spells it differently. Raises what SQLAlchemy raises.
    """

    def __init__(self, statement: Statement, names: Iterable[str] = (), on_sqlite: Statement | None = None) -> None:
        self._statement, self._names, self._on_sqlite = statement, tuple(names), on_sqlite
        self._forms: dict[str, Form] = {}

    def all(self, tx: Transaction, **values: Any) -> list[Found]:
        """Every row."""
        form, rows = self._run(tx, values, _ALL)
        return [form.read(row) for row in rows]

    def first(self, tx: Transaction, **values: Any) -> Found | None:
        """The first row, if there is one."""
        form, row = self._run(tx, values, _ONE)
        return None if row is None else form.read(row)

    def value(self, tx: Transaction, **values: Any) -> Any:
        """The first column of the first row, None without a row."""
        found = self.first(tx, **values)
        return None if found is None else next(iter(found.values()))

    def run(self, tx: Transaction, **values: Any) -> int:
        """Run it; returns how many rows it concerned."""
        count: int = self._run(tx, values, _COUNT)[1]
        return count

    def run_each(self, tx: Transaction, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run it once for each of these rows, in one go."""
        form = self._form(tx)
        tx.write_each(form.text, [form.bind(row) for row in rows])

    def _run(self, tx: Transaction, values: Mapping[str, Any], of: Callable[[Any], Any]) -> tuple[Form, Any]:
        form = self._form(tx)
        run = tx.read if self._statement.is_select else tx.write
        return form, run(form.text, form.bind(values), of)

    def _form(self, tx: Transaction) -> Form:
        dialect = tx.dialect
        found = self._forms.get(dialect.name)
        if found is None:
            found = self._forms[dialect.name] = self._compile(dialect)
        return found

    def _compile(self, dialect: Dialect) -> Form:
        statement = self._on_sqlite if self._on_sqlite is not None and dialect.name == "sqlite" else self._statement
        dialect = NUMBERED if dialect.name == "postgresql" else dialect
        compiled = statement.compile(dialect=dialect, column_keys=self._names or None)
        columns = {str(column.key): column.type for column in statement.exported_columns}
        writers = {name: _own(one.type, dialect).bind_processor(dialect) for name, one in compiled.binds.items()}
        readers = ((name, _own(kind, dialect).result_processor(dialect, None)) for name, kind in columns.items())
        fixed = {name: _fixed(one) for name, one in compiled.binds.items()}
        return Form(
            str(compiled),
            [(name, fixed[name], writers[name]) for name in compiled.positiontup or ()],
            list(columns),
            [(name, read) for name, read in readers if read is not None],
        )


def _fixed(parameter: BindParameter[Any]) -> Any:
    """What stands for a parameter for which no value is given."""
    return MISSING if parameter.required or parameter.value is None else parameter.value


def _own(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    """The dialect's own version of a type; both drivers give and take numbers as they are."""
    return kind if isinstance(kind, Float) else kind.dialect_impl(dialect)


def adding(table: Table, names: Iterable[str], *returning: Column[Any]) -> Prepared:
    """One row more, with these columns."""
    statement = table.insert().returning(*returning) if returning else table.insert()
    return Prepared(statement, names)


def adding_once(table: Table, names: Iterable[str], key: str) -> Prepared:
    """One row more, unless there is one with this key already."""
    once = postgresql.insert(table).on_conflict_do_nothing(index_elements=[key])
    return Prepared(once, names, on_sqlite=sqlite.insert(table).on_conflict_do_nothing(index_elements=[key]))


def putting(table: Table, names: Iterable[str], keys: Sequence[str], changed: Sequence[str]) -> Prepared:
    """One row more, or, where there is one with these keys already, these of its columns changed."""
    here, there = sqlite.insert(table), postgresql.insert(table)
    return Prepared(
        there.on_conflict_do_update(index_elements=keys, set_={name: there.excluded[name] for name in changed}),
        names,
        on_sqlite=here.on_conflict_do_update(index_elements=keys, set_={name: here.excluded[name] for name in changed}),
    )


def one_of(column: KeyedColumnElement[Any], name: str, count: int) -> ColumnElement[bool]:
    """The column has one of so many values; they are given by `numbered`."""
    values = [bindparam(f"{name}_{number}", type_=column.type) for number in range(count)]
    return column.in_(values) if values else false()


def among(column: KeyedColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """The column has one of these values, which are the same at every call."""
    return or_(*(column == value for value in values))


def rounded(values: Iterable[T]) -> list[T]:
    """These values, the last repeated until their number is a power of two, so that lists of few lengths are asked for.

    To ask for one value twice changes nothing; to compile a statement for each length would cost more than the query.
    """
    listed = list(values)
    return listed + listed[-1:] * ((1 << (len(listed) - 1).bit_length()) - len(listed) if listed else 0)


def numbered(name: str, values: Iterable[Any]) -> dict[str, Any]:
    """The parameters of `one_of`."""
    return {f"{name}_{number}": value for number, value in enumerate(values)}
