"""Commands: each runs in one transaction as `operator:<os user>`; errors are one sentence on stderr; exit 0 only for done."""

import getpass
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from importlib import import_module
from typing import Any

import click
from flask import Flask, current_app, g

from coi.db import transaction
from coi.errors import Refused
from coi.rooms import ROOMS
from coi.rules.permissions import Actor


def register_commands(app: Flask) -> None:
    """Adds every room's commands, `init`, `demo`, `doctor` and the rest to `flask`."""
    for room in ROOMS:
        import_module(f"coi.{room}.commands").register(app)
    for module in ("coi.profiles.commands", "coi.serve", "coi.setting_up", "coi.demo.commands"):
        import_module(module).register(app)


def operator() -> Actor:
    """Who runs this command."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "unknown"
    return Actor(f"operator:{user}", label=f"operator {user}")


def clock() -> datetime:
    """Now, or what a test set."""
    made: datetime = current_app.config.get("NOW", lambda: datetime.now(UTC))()
    return made


def fail(sentence: str) -> None:
    """Says one sentence on stderr and ends with status 1."""
    click.echo(sentence, err=True)
    sys.exit(1)


def acting(command: Callable[..., Any]) -> Callable[..., Any]:
    """Runs a command in one transaction with `actor` and `now` handed in; a refusal becomes one sentence and status 1."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> Any:
        actor, now = operator(), clock()
        g.now, g.actor = now, actor
        try:
            with transaction():
                return command(*arguments, actor=actor, now=now, **options)
        except Refused as refusal:
            fail(str(refusal.message))

    return run
