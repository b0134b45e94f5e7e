"""Commands of the vendors room: `flask vendors|contracts|lists import`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from coi.cli import acting
from coi.rules.permissions import Actor
from coi.sheet_fields import every_heading, said
from coi.sheets import read_file
from coi.vendors import actions
from coi.vendors.reading import CONTRACTS, LISTS, VENDORS, ListRefused, read_contracts, read_list, read_vendors

SHOWN = 20
vendors = AppGroup("vendors", help="The city's vendors.")
contracts = AppGroup("contracts", help="The city's contracts.")
lists = AppGroup("lists", help="Any other outside list that answers are compared with.")

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


def _maps(fields: Mapping[str, Sequence[str]]) -> Any:
    return click.option("--map", "maps", multiple=True, metavar="FIELD=HEADING", help=f"Fields: {', '.join(fields)}.")


def register(app: Flask) -> None:
    """Adds this room's commands to `flask`."""
    for group in (vendors, contracts, lists):
        app.cli.add_command(group)


def _read(read: Callable[..., Any], file: Path, fields: Mapping[str, Sequence[str]], maps: Sequence[str]) -> tuple[Any, str]:
    """The records of a file and its SHA-256; a refusal names its rows on stderr."""
    sheet = read_file(file, every_heading(fields))
    for note in sheet.notes:
        click.echo(note, err=True)
    try:
        return read(sheet, said(maps, fields)), sheet.sha256
    except ListRefused as refusal:
        for row, why in refusal.rows[:SHOWN]:
            click.echo(f"  row {row}: {why}", err=True)
        if len(refusal.rows) > SHOWN:
            click.echo(f"  and {len(refusal.rows) - SHOWN} more", err=True)
        raise


@vendors.command("import")
@FILE
@_maps(VENDORS)
@acting
def import_vendors(file: Path, maps: tuple[str, ...], actor: Actor, now: datetime) -> None:
    """Takes the vendor list (csv or xlsx) whole; vendors that are no longer in it are ended."""
    entries, sha256 = _read(read_vendors, file, VENDORS, maps)
    made = actions.load_vendors(entries, sha256, actor, now)
    click.echo(f"{made.rows} vendors are loaded.")


@contracts.command("import")
@FILE
@_maps(CONTRACTS)
@acting
def import_contracts(file: Path, maps: tuple[str, ...], actor: Actor, now: datetime) -> None:
    """Takes the contracts (csv or xlsx) whole; contracts that are no longer in the file are ended."""
    deals, sha256 = _read(read_contracts, file, CONTRACTS, maps)
    made = actions.load_contracts(deals, sha256, actor, now)
    click.echo(f"{made.rows} contracts are loaded.")


@lists.command("import")
@click.argument("name")
@FILE
@_maps(LISTS)
@acting
def import_list(name: str, file: Path, maps: tuple[str, ...], actor: Actor, now: datetime) -> None:
    """Takes any other list, such as organisations, governments or parcels: a name and whatever else the file has."""
    entries, sha256 = _read(read_list, file, LISTS, maps)
    made = actions.load_list(name, entries, sha256, actor, now)
    click.echo(f"{made.rows} records of {name} are loaded.")
