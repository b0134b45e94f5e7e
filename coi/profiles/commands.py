"""`flask profiles check|load`: a city's settings from a folder, as a version in the database."""

from datetime import datetime

import click
from flask import Flask
from flask.cli import AppGroup

from coi.cli import acting, fail
from coi.profiles.check import faults, warnings
from coi.profiles.keeping import load as keep
from coi.profiles.loading import ProfileFaults, folder_of, read_profile
from coi.profiles.schema import Profile
from coi.rules.permissions import Actor

profiles = AppGroup("profiles", help="A city's settings: check a folder, load it.")


def register(app: Flask) -> None:
    """Adds the profile commands."""
    app.cli.add_command(profiles)


@profiles.command()
@click.argument("name")
def check(name: str) -> None:
    """Says everything that is wrong with the profile NAME (a shipped one, or a folder)."""
    _read(name)
    click.echo(f"The profile {name} may be loaded.")


@profiles.command()
@click.argument("name")
@acting
def load(name: str, actor: Actor, now: datetime) -> None:
    """Makes the profile NAME the one that holds, publishes its policies, and its forms where none is published yet."""
    profile = _read(name)
    version = keep(folder_of(name), profile, actor, now)
    click.echo(f"Loaded {version.name}, version {version.number}." if version else f"{name} holds already; nothing changed.")


def _read(name: str) -> Profile:
    try:
        profile = read_profile(folder_of(name))
        found = faults(profile)
    except ProfileFaults as wrong:
        found = wrong.faults
    if found:
        fail("\n".join(found))
    for warning in warnings(profile):
        click.echo(f"Look at this: {warning}", err=True)
    return profile
