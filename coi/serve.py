"""Starts the city: web and worker side by side, each in a session of its own; ends both on Ctrl-C or when one dies."""

import os
import signal
import subprocess  # nosec B404  # starts only our own two processes with fixed arguments
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from types import FrameType

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import inspect, select

from coi.audit.record import record
from coi.config import ROOT, Settings, release
from coi.db import db, for_reading, transaction
from coi.models import Installation
from coi.rules.permissions import SYSTEM
from coi.vocabulary import Event

PATIENCE = 15.0  # seconds that a child gets to finish what it has in hand


def register(app: Flask) -> None:
    """Adds `flask serve` and `flask worker`."""
    app.cli.add_command(serve)
    app.cli.add_command(worker)


@click.command()
@click.option("--port", default=lambda: int(os.environ.get("PORT", "8000")), help="Where to listen.")
@click.option("--host", default="127.0.0.1", help="On which address.")
@click.option("--workers", default=1, help="How many web processes.")
@with_appcontext
def serve(port: int, host: str, workers: int) -> None:
    """Runs web and worker until Ctrl-C."""
    refuse_what_is_no_city(current_app)
    sys.exit(run_both(port, host, workers))


@click.command()
@with_appcontext
def worker() -> None:
    """Runs the worker: letters, workbooks, reminders, checkpoints."""
    from coi.clockwork import huey

    refuse_what_is_no_city(current_app)
    note_start("worker")
    consumer = huey.create_consumer(workers=1, worker_type="thread", graceful_signal="TERM", initial_delay=0.1, max_delay=1.0)
    consumer.run()


def refuse_what_is_no_city(app: Flask) -> None:
    """Raises SystemExit with one sentence when there is nothing to serve, or when production would serve a demo's accounts."""
    settings: Settings = app.config["SETTINGS"]
    with app.app_context(), for_reading():
        installed = inspect(db.engine).has_table(Installation.__tablename__)
        demo = db.session.scalar(select(Installation.demo)) if installed else None
        db.session.remove()
    if demo is None:
        raise SystemExit("There is no city here yet: run `flask init` first.")
    if demo and not (settings.demo or settings.testing):
        raise SystemExit(
            "This database is a demo's, with accounts whose passphrase everybody knows: point COI_DATABASE_URL at a database of "
            "the city's own and run `flask init`, or set COI_DEMO=1 to look at the demo."
        )


def note_start(process: str) -> None:
    """A start of the software is an entry (PROOF 1)."""
    with transaction():
        record(Event.SOFTWARE_STARTED, SYSTEM, f"software:{release()}", datetime.now(UTC), release=release(), process=process)


def commands(port: int, host: str, workers: int) -> list[list[str]]:
    """The two processes of a city."""
    web = [
        *(sys.executable, "-m", "gunicorn", "-k", "gthread", "--no-control-socket", "--threads", "8"),
        *("--workers", str(workers), "--bind", f"{host}:{port}", "--access-logfile", "/dev/null", "app:web()"),
    ]
    return [web, [sys.executable, "-m", "flask", "--app", "app", "worker"]]


def run_both(port: int, host: str, workers: int) -> int:
    """Starts both, waits, and on the first end or Ctrl-C sends one SIGTERM to each; returns 0 for a wanted end, 1 for a death."""
    note_start("web")
    environment = {**os.environ, "FLASK_DEBUG": "0", "COI_COMMIT": release().partition("+")[2]}
    children = [
        subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)  # nosec B603  # our own fixed commands
        for command in commands(port, host, workers)
    ]
    wanted: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        wanted.append(number)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    while not wanted and all(child.poll() is None for child in children):
        time.sleep(0.2)
    end(children)
    if wanted:
        return 0
    click.echo("A part of the city stopped by itself; everything was stopped. See the messages above.", err=True)
    return 1


def end(children: Sequence["subprocess.Popen[bytes]"]) -> None:
    """One SIGTERM each, time to finish, then the whole group is killed."""
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    until = time.monotonic() + PATIENCE
    for child in children:
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            current_app.logger.warning("a part of the city did not end in time and is killed")
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
