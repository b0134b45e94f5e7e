"""Commands of the notices room."""

import sys

import click
from flask import Flask
from flask.cli import with_appcontext

from coi.cli import clock
from coi.notices.sweep import A_RUN, sweep


def register(app: Flask) -> None:
    """Adds this room's commands to `flask`."""
    app.cli.add_command(notices)


@click.group()
def notices() -> None:
    """Letters."""


@notices.command("send")
@click.option("--most", type=click.IntRange(1, 100_000), help="Stop after this many letters.")
@with_appcontext
def send(most: int | None) -> None:
    """Sends what is due, at once and without waiting for the worker; safe to run beside it and to run again."""
    left = most
    total = 0
    while left is None or left > 0:
        sent = sweep(clock(), min(A_RUN, left) if left else A_RUN)
        if not sent:
            break
        total += sent
        left = left - sent if left is not None else None
        if sys.stderr.isatty():
            click.echo(f"\r{total} letters sent", err=True, nl=False)
    click.echo("1 letter sent." if total == 1 else f"{total} letters sent.")
