"""What a register reads of one table for a batch: plain tuples, by one statement that is the same for every batch.

The ids of a batch go as one value, however many they are: a list of a thousand parameters costs more than the rows it finds.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ARRAY, Integer, Select, String, any_, bindparam, func, select

from coi.db import db


def among(column: Any, dialect: str) -> Any:
    """That a column is one of the ids given as the parameter `ids`."""
    if dialect == "postgresql":
        return column == any_(bindparam("ids", type_=ARRAY(Integer)))
    listed = func.json_each(bindparam("ids", type_=String)).table_valued("value")
    return column.in_(select(listed.c.value))


def read(statement: Select[Any], ids: Collection[int], **more: Any) -> Sequence[Any]:
    """The rows of a statement for these ids, as plain tuples with names; nothing of it stays in the session."""
    connection = db.session.connection()
    given = list(ids) if connection.dialect.name == "postgresql" else json.dumps(list(ids))
    return connection.execute(statement, {"ids": given, **more}).all()


class Reading:
    """Columns of one table, looked for by `by`, with seq <= N, in the order in which they were written unless told otherwise."""

    def __init__(self, by: Any, *columns: Any, order: Any = None, where: Any = None, up_to: Any = None, join: Any = None) -> None:
        self.by, self.columns, self.order, self.where, self.join = by, columns, order, where, join
        self.up_to = by.class_.seq if up_to is None else up_to
        self.statements: dict[str, Select[Any]] = {}

    def of(self, ids: Collection[int], n: int) -> Sequence[Any]:
        """The rows for these ids as of entry `n`; the first column is what was looked for."""
        if not ids:
            return ()
        dialect = db.session.connection().dialect.name
        if dialect not in self.statements:
            self.statements[dialect] = self._statement(dialect)
        return read(self.statements[dialect], ids, n=n)

    def _statement(self, dialect: str) -> Select[Any]:
        kind = self.by.class_
        wanted = select(self.by, *self.columns).where(among(self.by, dialect), self.up_to <= bindparam("n"))
        if self.join is not None:
            wanted = wanted.join(*self.join)
        if self.where is not None:
            wanted = wanted.where(self.where)
        return wanted.order_by(*([kind.seq, kind.id] if self.order is None else [self.order]))


def counted(by: Any) -> Any:
    """How many rows each id has as of entry `n`: a function of ids and `n` to pairs."""
    statements: dict[str, Select[Any]] = {}

    def of(ids: Collection[int], n: int) -> Sequence[Any]:
        dialect = db.session.connection().dialect.name
        if dialect not in statements:
            wanted = select(by, func.count()).where(among(by, dialect), by.class_.seq <= bindparam("n"))
            statements[dialect] = wanted.group_by(by)
        return read(statements[dialect], ids, n=n) if ids else ()

    return of
