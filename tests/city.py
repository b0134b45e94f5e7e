"""A city under test: settings, the app with the templates of its database, clients that keep out of the way of a test."""

import contextvars
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import time_machine
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from app import create_app
from coi.config import Settings
from coi.db import db, transaction
from coi.setting_up import make_installation, make_tables
from tests.engines import Engine
from tests.factories import OPERATOR, build_cast

# A Monday morning in the campaign of 2026, 10:04 in the city.
CLOCK = datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC)


def apart(act: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Runs what the app does in a context of its own: `g`, the session and the reading mark of a test stay the test's.

    What the test made so far is committed first, so the request sees it and SQLite's one write lock is free;
    the test's objects load again when they are next looked at.
    """
    db.session.commit()
    db.session.expire_all()
    return contextvars.Context().run(act, *arguments, **options)


class CityClient(FlaskClient):
    """A browser of one person; `reply.text` and `reply.status_code` are what it got."""

    def open(self, *arguments: Any, **options: Any) -> Any:
        return apart(super().open, *arguments, **options)


class CityRunner(FlaskCliRunner):
    """An operator's terminal: `runner.invoke(args=["people", "import", path])`."""

    def invoke(self, *arguments: Any, **options: Any) -> Any:
        return apart(super().invoke, *arguments, **options)


def settings_for(url: str, folder: Path, **more: Any) -> Settings:
    """The settings of a city under test; nothing of the machine's own environment gets in."""
    for name in [name for name in os.environ if name.startswith("COI_") and name != "COI_TEST_POSTGRES_URL"]:
        del os.environ[name]
    told: dict[str, Any] = {"secret_key": "a secret of the tests, known to everybody", "profile": "lancaster", **more}
    return Settings(database_url=url, folder=folder, testing=True, **told)


def make_city(engine: Engine, folder: Path) -> Flask:
    """The app on `engine`, and two templates made by the real migrations: `installed`, and `cast` with the people in it."""
    app = create_app(settings_for(engine.url, folder))
    app.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=True)
    app.test_client_class, app.test_cli_runner_class = CityClient, CityRunner
    with time_machine.travel(CLOCK, tick=False):
        with app.app_context():
            make_tables()
            with transaction():
                make_installation(OPERATOR, CLOCK)
            keep(engine, "installed")
        with app.app_context():
            with transaction():
                build_cast(CLOCK)
            keep(engine, "cast")
    return app


def keep(engine: Engine, template: str) -> None:
    """Remembers what the database holds now as `template`."""
    db.session.remove()
    db.engine.dispose()
    engine.keep(template)
