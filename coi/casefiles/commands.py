"""`flask case-files check`: whether a certified case file is as the City signed it; needs no database."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from coi.casefiles.proof import faults

case_files = AppGroup("case-files", help="Certified case files.")


def register(app: Flask) -> None:
    """Adds this room's commands to `flask`."""
    app.cli.add_command(case_files)


@case_files.command()
@click.argument("statement", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--pdf", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The PDF that came with it.")
@click.option("--key", default="", help="The City's public key, as you know it from elsewhere.")
def check(statement: Path, pdf: Path | None, key: str) -> None:
    """Checks signature, hashes and entries; exit 0 true with a given key, 1 altered, 2 unreadable, 3 agrees with itself only."""
    try:
        told: Any = json.loads(statement.read_text(encoding="utf-8"))
        found = faults(told, pdf.read_bytes() if pdf is not None else None, key or None)
    except (ValueError, KeyError, AttributeError, TypeError):
        click.echo("This file is no statement that can be read.", err=True)
        sys.exit(2)
    for fault in found:
        click.echo(fault, err=True)
    if found:
        sys.exit(1)
    if not key:
        click.echo("This file agrees with itself; whose key it is you must know from elsewhere.", err=True)
        sys.exit(3)
    click.echo(f"{told['case_file']}: as the City signed it, {len(told['entries'])} entries of the log.")
