"""Commands of the people room: `flask people import FILE`."""

import json
from datetime import datetime
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from coi.cli import acting, fail
from coi.errors import Refused
from coi.people import actions
from coi.people.plan import Plan
from coi.people.reading import HEADINGS, roster_columns, roster_lines
from coi.profiles.current import today
from coi.rules.permissions import Actor
from coi.sheet_fields import every_heading, said
from coi.sheets import read_file

SHOWN = 20
people = AppGroup("people", help="The city's roster.")


def register(app: Flask) -> None:
    """Adds this room's commands to `flask`."""
    app.cli.add_command(people)


@people.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--map", "maps", multiple=True, metavar="FIELD=HEADING", help=f"Fields: {', '.join(HEADINGS)}.")
@click.option("--full/--part", "full", default=False, help="Only a full roster marks who is not in it as left. Default: part.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--confirm", type=int, metavar="NUMBER", help="How many people may leave, or change department or supervisor.")
@acting
def import_(
    file: Path, maps: tuple[str, ...], full: bool, dry_run: bool, confirm: int | None, actor: Actor, now: datetime
) -> None:
    """Takes a roster (csv or xlsx) whole or not at all; nobody is ever deleted."""
    sheet = read_file(file, every_heading(HEADINGS))
    columns = roster_columns(sheet.headings, said(maps, HEADINGS))
    lines = roster_lines(sheet, columns)
    for note in sheet.notes:
        click.echo(note, err=True)
    if dry_run:
        plan = actions.plan_roster(lines, full, today(now), sheet.faults)
        _show(plan)
        for field, column in columns.items():
            click.echo(f"  {field}: {sheet.headings[column]}")
        if plan.refused:
            fail(str(actions.RosterRefused(plan).message))
        if plan.needs_confirmation:
            click.echo(str(actions.ConfirmationNeeded(plan).message))
        return
    try:
        made = actions.import_roster(lines, full, file.name, sheet.sha256, actor, now, confirm, unread=sheet.faults)
    except (actions.RosterRefused, actions.ConfirmationNeeded) as refusal:
        _show(refusal.plan)
        raise
    click.echo(
        f"{made.reference}: {made.rows} rows, {made.added} added, {made.changed} changed, {made.left} left, "
        f"{made.unchanged} as before; {made.active_after} people are active."
    )


@people.command("undo")
@click.argument("reference")
@acting
def undo(reference: str, actor: Actor, now: datetime) -> None:
    """Takes the newest import back."""
    from coi.people.queries import roster_import

    found = roster_import(reference)
    if found is None:
        raise Refused(f"There is no import {reference}.")
    made = actions.undo_import(found[0], actor, now)
    click.echo(f"{made.reference} is undone.")


def _show(plan: Plan) -> None:
    """The plan on a terminal: counts, then rows, the first of each kind."""
    click.echo(
        f"{plan.rows} rows: {len(plan.added)} would be added, {len(plan.changed)} changed, {len(plan.left)} leave, "
        f"{len({row for row, _why in plan.refused})} are refused."
    )
    for row, why in plan.refused[:SHOWN]:
        click.echo(f"  row {row}: {why}", err=True)
    if len(plan.refused) > SHOWN:
        click.echo(f"  and {len(plan.refused) - SHOWN} more", err=True)
    for change in plan.changed[:SHOWN]:
        told = {name: change.after[name] for name in change.fields if name != "supervisor_id"}
        click.echo(f"  row {change.row}, {change.number}: {json.dumps(told, default=str, ensure_ascii=False)}")
    for change in plan.left[:SHOWN]:
        click.echo(f"  leaves: {change.number} {change.after['name']}")
    for note in plan.notes:
        click.echo(note, err=True)
