"""The database session and how transactions begin (TRAPS: SQLite transactions); only the gate and the commands commit."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData, event, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of this house; constraints are named so that migrations can drop them."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)
migrate = Migrate()

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

reading: ContextVar[bool] = ContextVar("reading", default=False)
PATIENCE = 15  # seconds that a writer waits for another one


def init_app(app: Flask) -> None:
    """Binds the session to the app and teaches SQLite to begin as we say."""
    db.init_app(app)
    migrate.init_app(app, db, directory="migrations", render_as_batch=True, include_object=_ours)
    with app.app_context():
        if not getattr(db.engine, "_coi_taught", False):
            (_teach_sqlite if db.engine.dialect.name == "sqlite" else _teach_postgresql)(db.engine)


def _ours(_thing: Any, name: str | None, kind: str, reflected: bool, _compare_to: Any) -> bool:
    """huey makes its own tables; they are no part of our schema."""
    return not (kind == "table" and name is not None and name.startswith(("kv", "schedule", "task", "huey")) and reflected)


def _teach_postgresql(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        # Else a request behind a held lock would wait for ever; SQLite's busy_timeout does the same.
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{PATIENCE}s'")
        connection.commit()

    engine._coi_taught = True  # type: ignore[attr-defined]  # as below


def _teach_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={PATIENCE * 1000}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    # SQLite's own waiting is by growing pauses, and the unlucky wait longest: inside one process the writers queue here.
    turn = threading.Lock()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if reading.get():
            connection.exec_driver_sql("BEGIN")
            return
        connection.info["turn"] = turn.acquire(timeout=PATIENCE)
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            done(connection)
            raise

    @event.listens_for(engine, "commit")
    @event.listens_for(engine, "rollback")
    def done(connection: Connection) -> None:
        if connection.info.pop("turn", False):
            turn.release()

    engine._coi_taught = True  # type: ignore[attr-defined]  # a mark of ours, so that two apps on one engine teach it once


@contextmanager
def for_reading() -> Iterator[None]:
    """What begins inside only reads: SQLite takes no write lock."""
    token = reading.set(True)
    try:
        yield
    finally:
        reading.reset(token)


@contextmanager
def transaction() -> Iterator[None]:
    """One writing transaction of a command, a job or the gate: committed whole or rolled back whole."""
    token = reading.set(False)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        reading.reset(token)


def chain_lock() -> None:
    """Takes the one lock under which audit entries get their number; always the last lock (DESIGN 2)."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(20266)"))
