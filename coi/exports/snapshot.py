"""One reading of the database for a whole workbook: what is committed meanwhile is not seen (PROOF 6)."""

from collections.abc import Iterator
from contextlib import contextmanager

from coi.db import db, for_reading


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Everything read inside is of one moment: REPEATABLE READ READ ONLY on PostgreSQL, one read transaction on SQLite."""
    with for_reading():
        db.session.rollback()
        options = {}
        if db.engine.dialect.name == "postgresql":
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        db.session.connection(execution_options=options)
        try:
            yield
        finally:
            db.session.rollback()
