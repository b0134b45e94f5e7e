"""Commands that set an installation up: `init` makes tables, origin and signing key; refuses to make a second one."""

import uuid
from datetime import datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy import inspect, select, text

from coi.audit.chain import public_text
from coi.audit.keys import make_key
from coi.audit.record import record
from coi.cli import clock, operator
from coi.config import ROOT, Settings, release
from coi.db import db, transaction
from coi.models import Installation
from coi.rules.permissions import Actor
from coi.vocabulary import Event


def register(app: Flask) -> None:
    """Adds `flask init`."""
    app.cli.add_command(init)


@click.command()
def init() -> None:
    """Makes the tables, this installation's name and its signing key; safe to run again."""
    made = init_here()
    click.echo("Installed." if made else "Already installed; tables are up to date.")


def init_here() -> bool:
    """Folders, tables, installation and key; whether the installation is new."""
    settings: Settings = current_app.config["SETTINGS"]
    settings.folder.mkdir(parents=True, exist_ok=True)
    if settings.database_url.startswith("sqlite:///"):
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    make_tables()
    with transaction():
        return make_installation(operator(), clock())


def make_tables() -> None:
    """Brings the tables to the newest version; a migration is an entry of the log (PROOF 1)."""
    before = _revision()
    upgrade(directory=str(ROOT / "migrations"))
    after = _revision()
    if before != after:
        with transaction():
            record(Event.SOFTWARE_MIGRATED, operator(), f"software:{release()}", clock(), release=release(), revision=after or "")


def _revision() -> str | None:
    if not inspect(db.engine).has_table("alembic_version"):
        return None
    with db.engine.connect() as connection:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def make_installation(actor: Actor, now: datetime) -> bool:
    """The one installation row and the key file; False when there is one."""
    if db.session.scalar(select(Installation.id)) is not None:
        return False
    settings: Settings = current_app.config["SETTINGS"]
    key = make_key(settings.key_file)
    origin = f"coi:{uuid.uuid4()}"
    db.session.add(Installation(id=1, origin=origin, key=public_text(key), made_at=now, demo=settings.demo))
    record(Event.INSTALLATION_MADE, actor, origin, now, origin=origin, key=public_text(key))
    return True
