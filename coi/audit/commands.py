"""`flask audit verify|checkpoint|new-key`: exit 0 when the log holds, 1 when it was altered, 2 when a file can't be read."""

import json
import sys
from datetime import datetime
from itertools import islice
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from coi.audit.actions import change_key, make_checkpoint, take_back
from coi.audit.contents import rows_behind_the_log
from coi.audit.queries import head, installation
from coi.audit.verify import faults, read_checkpoint
from coi.cli import acting, clock, fail, operator
from coi.config import Settings
from coi.db import db, for_reading, transaction
from coi.errors import Refused
from coi.exports.seal import fingerprint
from coi.rules.permissions import Actor

MOST = 1000  # sentences about rows: who altered more than that needs no list

audit = AppGroup("audit", help="The audit log: verify it, sign a checkpoint.")


def register(app: Flask) -> None:
    """Adds the audit commands."""
    app.cli.add_command(audit)


@audit.command()
@click.option(
    "--workbook", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A workbook to compare with the log."
)
@click.option("--checkpoint", "kept", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(workbook: Path | None, kept: tuple[Path, ...]) -> None:
    """Checks every entry of the log, against checkpoints kept elsewhere, and what stands in tables against it; or a workbook."""
    try:
        checkpoints = [read_checkpoint(path) for path in kept]
    except (ValueError, OSError) as fault:
        click.echo(f"This can't be read: {fault}", err=True)
        sys.exit(2)
    notes: list[str] = []
    with for_reading():
        found = faults(checkpoints)
        size, last = head()
        if workbook is None:
            found.extend(islice(rows_behind_the_log(), MOST))
        else:
            from coi.exports.compare import compare  # the workbook's reader is needed for this option alone

            try:
                wrong, notes = compare(workbook)
            except ValueError as fault:
                click.echo(str(fault), err=True)
                sys.exit(2)
            found.extend(wrong)
        db.session.rollback()
    if found:
        click.echo("\n".join(found), err=True)
        if notes:
            click.echo("\n".join(notes))
        sys.exit(1)
    click.echo("\n".join([f"The log holds: {size} entries, the last is {last}.", *notes]))


@audit.command()
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where to write the checkpoint.")
@acting
def checkpoint(out: Path, actor: Actor, now: datetime) -> None:
    """Signs how long the log is; keep the file elsewhere."""
    content = make_checkpoint("asked", actor, now)
    out.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    click.echo(f"Signed: {content['size']} entries.")


@audit.command("new-key")
def new_key() -> None:
    """Signs with another key from now on; the old key signs the new one in the log, and its file is kept beside it."""
    settings: Settings = current_app.config["SETTINGS"]
    here = installation()
    before = here.key if here else ""
    db.session.rollback()
    try:
        with transaction():
            made, kept = change_key(operator(), clock())
    except Refused as refusal:
        fail(str(refusal.message))
    except BaseException:
        take_back(settings.key_file, before)  # the log does not know the new key
        raise
    click.echo(f"The new key: {made}\nIts fingerprint: {fingerprint(made)}\nThe old key's file is {kept}; keep it safe.")
