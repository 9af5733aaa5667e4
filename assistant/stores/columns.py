"""Columns and statements that mean the same in every database.

Postgres' text can't hold the character NUL, sorts by the rules of a language, and its INTEGER ends at 2,147,483,647. SQLite's
holds every character, sorts by bytes, and reaches to 64 bits. Here both do what SQLite does.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_ESCAPE = "\x1a"
_ESCAPED = re.compile(f"{_ESCAPE}([01])")

Integer = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
"""64 bits."""


def escaped(text: str | None) -> str | None:
    """A text without NUL, from which `unescaped` gives back the same one. No two texts become one."""
    if text is None or (_ESCAPE not in text and "\0" not in text):
        return text
    return text.replace(_ESCAPE, f"{_ESCAPE}1").replace("\0", f"{_ESCAPE}0")


def unescaped(text: str | None) -> str | None:
    """What `escaped` was given."""
    if text is None or _ESCAPE not in text:
        return text
    return _ESCAPED.sub(lambda found: "\0" if found[1] == "0" else _ESCAPE, text)


class Text(sa.TypeDecorator[str]):
    """Text of any characters, compared and sorted by its bytes."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        """Sorted by bytes also where the database has a language."""
        return dialect.type_descriptor(sa.Text(collation="C" if dialect.name == "postgresql" else None))

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None] | None:
        """None where nothing has to be done, so that it costs nothing."""
        return escaped if dialect.name == "postgresql" else None

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], str | None] | None:
        """None where nothing has to be done."""
        return unescaped if dialect.name == "postgresql" else None


class before_dot(FunctionElement[str]):  # noqa: N801 - written like the other functions of SQL
    """What stands before the first '.' of a text column."""

    type = sa.Text()
    inherit_cache = True


@compiles(before_dot)
def _in_sqlite(element: before_dot, compiler: SQLCompiler, **kw: Any) -> str:
    column = compiler.process(element.clauses, **kw)
    return f"substr({column}, 1, instr({column}, '.') - 1)"


@compiles(before_dot, "postgresql")
def _in_postgres(element: before_dot, compiler: SQLCompiler, **kw: Any) -> str:
    return f"split_part({compiler.process(element.clauses, **kw)}, '.', 1)"


def insert_new(connection: Connection, table: sa.Table) -> sa.Insert:
    """An insert that leaves out rows whose key is there already."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


class one_of(FunctionElement[bool]):  # noqa: N801 - written like the other functions of SQL
    """Whether a column of texts or numbers has one of the values that `listed` wrote into a parameter.

    An IN list has a parameter for each value, which costs ten times what SQLite takes to find the row.
    """

    type = sa.Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> "one_of":
        """As it is: SQLAlchemy would compare it with 1, and then SQLite asks no index and looks at every row of a workspace."""
        return self


@compiles(one_of)
def _one_of_in_sqlite(element: one_of, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - a column and a parameter


@compiles(one_of, "postgresql")
def _one_of_in_postgres(element: one_of, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(clause, **kw) for clause in element.clauses)
    numbers = "::bigint" if isinstance(next(iter(element.clauses)).type, sa.Integer) else ""
    return f"{column} = ANY (ARRAY(SELECT jsonb_array_elements_text(CAST({values} AS jsonb)){numbers}))"


class unindexed(FunctionElement[int]):  # noqa: N801 - written like the other functions of SQL
    """A column that is compared without its index, where another condition leaves few rows.

    SQLite would look at all 100,000 records of a workspace for those behind the last key.
    """

    type = sa.Integer()
    inherit_cache = True


@compiles(unindexed)
def _unindexed_in_sqlite(element: unindexed, compiler: SQLCompiler, **kw: Any) -> str:
    return f"+{compiler.process(element.clauses, **kw)}"


@compiles(unindexed, "postgresql")
def _unindexed_in_postgres(element: unindexed, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


class is_filled(FunctionElement[bool]):  # noqa: N801 - written like the other functions of SQL
    """Whether a column holds something.

    SQLite reads a value whole to compare it with NULL, 28 ms for the 38 MB that 10,000 themes are shown by, but not to name its type.
    """

    type = sa.Boolean()
    inherit_cache = True


@compiles(is_filled)
def _is_filled_in_sqlite(element: is_filled, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(typeof({compiler.process(element.clauses, **kw)}) <> 'null')"


@compiles(is_filled, "postgresql")
def _is_filled_in_postgres(element: is_filled, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(({compiler.process(element.clauses, **kw)}) IS NOT NULL)"


def listed(values: Iterable[str] | Iterable[int]) -> str:
    """Values for the parameter of a `one_of`. Those with NUL, which Postgres' JSON can't hold, are left out: no column of names has one."""
    return json.dumps(
        [value for value in values if isinstance(value, int) or "\0" not in value], ensure_ascii=False
    )


def insert_rows(connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows that all name the same columns."""
    if not rows:
        return
    # In the order of the table, as the statement is written.
    names = tuple(column.name for column in table.columns if column.name in rows[0])
    if connection.dialect.name != "sqlite":
        connection.execute(sa.insert(table), rows)
        return
    # SQLite takes our values as they are; preparing each row for it costs as much as the insert.
    connection.exec_driver_sql(_inserting(table, names), [tuple(map(row.__getitem__, names)) for row in rows])


@lru_cache(maxsize=64)
def _inserting(table: sa.Table, names: tuple[str, ...]) -> str:
    return str(sa.insert(table).compile(dialect=sqlite.dialect(), column_keys=list(names)))
