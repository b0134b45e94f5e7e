"""The demo's city, small: made once for each engine, at a moment that stands, on a database of its own."""

import contextvars
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from coi.db import db
from coi.models import AuditEntry
from tests.city import settings_for
from tests.engines import Engine
from tests.faults.standing import SECRET

PEOPLE = 80
# A Tuesday in June: last year's round is decided, this year's is half filed.
MADE_AT = datetime(2026, 6, 16, 15, 4, 5, tzinfo=UTC)
LATER = MADE_AT + timedelta(hours=2)


@dataclass(frozen=True)
class SmallCity:
    """The app on the demo's database, and what the command said when it was filled."""

    app: Flask
    url: str
    folder: Path
    made: Result
    last_seq: int  # of the entries that filling left; tests add theirs

    def run(self, *arguments: str, at: datetime = LATER) -> Result:
        """A command on a terminal of this city."""
        return command(self.app, at, *arguments)


def command(app: Flask, at: datetime, *arguments: str) -> Result:
    """A command of some app, in a context of its own: nothing of the test's gets in."""

    def run() -> Result:
        with app.app_context(), time_machine.travel(at, tick=False):
            told: Result = app.test_cli_runner().invoke(args=list(arguments))
            db.session.remove()
            db.engine.dispose()
            return told

    return contextvars.Context().run(run)


def fill(app: Flask, at: datetime = MADE_AT) -> Result:
    """`flask demo --people 80 --no-serve`."""
    return command(app, at, "demo", "--people", str(PEOPLE), "--no-serve")


@contextmanager
def small_city(engine: Engine, folder: Path) -> Iterator[SmallCity]:
    """The city, filled; its app's context is pushed by who looks."""
    url = engine.empty("small_city")
    app = create_app(settings_for(url, folder, secret_key=SECRET, demo=True))
    app.config.update(WTF_CSRF_ENABLED=False)
    made = fill(app)
    assert made.exit_code == 0, f"{made.output} {made.exception!r}"
    with app.app_context():
        last_seq = db.session.scalar(select(func.max(AuditEntry.seq)))
        db.session.remove()
        db.engine.dispose()
    yield SmallCity(app, url, folder, made, last_seq)
    with app.app_context():
        db.engine.dispose()


def demo_settings(url: str, folder: Path, **more: Any) -> Flask:
    """An app on some database, with or without COI_DEMO."""
    return create_app(settings_for(url, folder, secret_key=SECRET, **more))
