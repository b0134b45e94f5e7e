"""Runs the numbered migrations on the app's own engine; SQLite's foreign keys are off while tables are rebuilt, checked after."""

from alembic import context
from flask import current_app
from sqlalchemy import text

from coi.db import reading

migrate = current_app.extensions["migrate"]
config = context.config


def run() -> None:
    """Upgrades or downgrades in one transaction."""
    reading.set(False)
    with migrate.db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # Batch mode drops and rebuilds tables: with foreign keys on, CASCADE would delete every child row.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(connection=connection, target_metadata=migrate.db.metadata, **migrate.configure_args)
        with context.begin_transaction():
            context.run_migrations()
            if sqlite:
                broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
                if broken:
                    raise RuntimeError(f"A migration broke {len(broken)} references.")
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


run()
