"""`flask exports run`: makes a workbook on the terminal, with its seal file beside it; auditors and senior officers are told."""

import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask, g
from flask.cli import AppGroup

from coi.cli import clock, fail, operator
from coi.db import transaction
from coi.errors import Refused
from coi.exports import actions, jobs, queries
from coi.exports.filters import PRIORITIES, STATES, Filters, ordered
from coi.exports.flat import file_of
from coi.exports.making import Asked
from coi.languages import LANGUAGES
from coi.models import Campaign, Export
from coi.rules.permissions import Actor
from coi.vocabulary import ExportKind, JobState, Outcome

DAY = click.DateTime(["%Y-%m-%d"])
exports = AppGroup("exports", help="Workbooks of the outcomes.")


def register(app: Flask) -> None:
    """Adds this room's commands to `flask`."""
    app.cli.add_command(exports)


@exports.command()
@click.option("--campaign", "year", type=int, help="The year of the campaign; the latest by default.")
@click.option("--kind", type=click.Choice([kind.value for kind in ExportKind]), default=ExportKind.STANDARD.value)
@click.option("--sheets", default="", help="Only these sheets, by key, several by comma.")
@click.option("--as-of", "as_of", default="", help="A day, or a moment such as 2026-03-02T15:04:05; now by default.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="en")
@click.option("--department", "departments", multiple=True, help="Only this department; may be given again.")
@click.option("--group", "groups", multiple=True, help="Only this group; may be given again.")
@click.option("--state", "states", multiple=True, type=click.Choice([one.value for one in STATES]), help="Only this state.")
@click.option(
    "--outcome", "outcomes", multiple=True, type=click.Choice([one.value for one in Outcome]), help="Only this outcome."
)
@click.option("--priority", "priorities", multiple=True, type=click.Choice(list(PRIORITIES)), help="Only this review priority.")
@click.option("--signed-from", "since", type=DAY, help="Only what was first signed on this day or later.")
@click.option("--signed-to", "until", type=DAY, help="Only what was first signed on this day or earlier.")
@click.option("--formats", default="xlsx", help="The workbook is always made; beside it csv or jsonl, several by comma.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where to write the workbook.")
def run(year: int | None, kind: str, sheets: str, as_of: str, language: str, formats: str, out: Path, **narrow: Any) -> None:
    """Makes a workbook and its seal file."""
    actor, now = operator(), clock()
    g.now, g.actor = now, actor
    if not out.parent.is_dir():
        fail(f"There is no folder {out.parent}: make it first.")
    try:
        with transaction():
            campaign = _campaign(year)
            named = tuple(name.strip() for name in sheets.split(",") if name.strip())
            told = actions.moment_of(as_of, now)
            more: dict[str, Any] = {"kind": ExportKind(kind), "sheets": named, "narrow": _narrow(narrow)}
            flat = tuple(name.strip() for name in formats.split(",") if name.strip() not in ("", "xlsx"))
            export = actions.ask(campaign, language, told, actor, now, formats=flat, **more)
            asked = actions.begin(export, actor, now)
            export_id = export.id
    except Refused as refusal:
        fail(str(refusal.message))
    made = _make(export_id, asked, actor, now)
    _copy(queries.workbook_of(made), out)
    _copy(queries.seal_file_of(made), out.with_name(f"{out.stem}.seal.json"))
    for name in queries.formats_of(made):
        _copy(queries.flat_file_of(made, name), file_of(out, name))
    click.echo(f"{made.reference}: {made.rows} rows, SHA-256 {made.sha256}.")


def _narrow(told: dict[str, Any]) -> Filters:
    lists = {name: ordered(told[name]) for name in ("departments", "groups", "states", "outcomes", "priorities")}
    days = {name: told[name].date().isoformat() for name in ("since", "until") if told[name]}
    return Filters.from_json({**{name: list(values) for name, values in lists.items()}, **days})


def _campaign(year: int | None) -> Campaign | None:
    if year is None:
        return next(iter(queries.campaigns()), None)
    found = queries.campaign_of(year)
    if found is None:
        raise Refused(f"There is no campaign {year}.")
    return found


def _make(export_id: int, asked: Asked, actor: Actor, now: datetime) -> Export:
    progress = jobs.Progress(export_id, 1, now)

    def told(rows: int) -> None:
        progress(rows)
        if sys.stderr.isatty():
            click.echo(f"\r{progress.rows} rows", err=True, nl=False)

    ended = jobs.run(export_id, asked, actor, now, told)
    if sys.stderr.isatty():
        click.echo("", err=True)
    export = queries.by_id(export_id)
    if not ended or export.state is not JobState.DONE:
        fail(f"The workbook was not made: {export.error}")
    return export


def _copy(source: Path, target: Path) -> None:
    """Whole or not at all under its own name."""
    half = target.with_name(f".{target.name}.half")
    try:
        shutil.copyfile(source, half)
        half.replace(target)
    except OSError as fault:
        half.unlink(missing_ok=True)
        fail(f"{target} can't be written: {fault.strerror}.")
