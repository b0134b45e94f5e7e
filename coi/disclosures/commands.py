"""Commands of the disclosures room: `filings import` files a file of filings, some lines at a time, and says what it refused."""

import hashlib
import sys
from contextlib import nullcontext
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import click
from flask import Flask, g
from flask.cli import AppGroup
from sqlalchemy import select

from coi.audit.record import record
from coi.cli import clock, fail, operator
from coi.db import db, transaction
from coi.disclosures.importing import Result, import_line
from coi.models import AuditEntry
from coi.rules.permissions import Actor
from coi.vocabulary import Event

# A few lines a transaction: fast, and nobody who signs on a page meanwhile waits longer than a blink.
BATCH = 25
TOLD = 20

filings = AppGroup("filings", help="Filings that come as a file.")


def register(app: Flask) -> None:
    """Adds this room's commands to `flask`."""
    app.cli.add_command(filings)


@filings.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--report", "report", type=click.Path(dir_okay=False, path_type=Path), help="Write what became of each line here.")
def import_filings(file: Path, report: Path | None) -> None:
    """Files each line of FILE, a filing as JSON; the same line again changes nothing. Status 1 when a line was refused."""
    actor, now = operator(), clock()
    g.now, g.actor = now, actor
    try:
        told = report.open("w", encoding="utf-8") if report else nullcontext()
    except OSError as fault:
        fail(f"The report can't be written to {report}: {fault.strerror}. Choose another place.")
    with told as out:
        counted = _import(file, out, actor, now)
    _enter(counted, actor, now)
    again = f" ({counted.again} of them were filed before)" if counted.again else ""
    click.echo(f"{counted.accepted} accepted{again}, {counted.refused} refused, of {counted.lines} lines.")
    if counted.refused:
        fail("Some lines were refused; correct them and import the same file again: what was accepted is not filed twice.")


class Count:
    """How many lines there were and what became of them; `sha256` is of the whole file."""

    def __init__(self, sha256: str) -> None:
        self.sha256 = sha256
        self.lines = self.accepted = self.again = self.refused = 0

    def add(self, result: Result) -> None:
        """Counts one line, and tells the first refusals on stderr."""
        self.lines += 1
        self.accepted += result.accepted
        self.again += result.accepted and not result.new
        self.refused += not result.accepted
        if not result.accepted and self.refused <= TOLD:
            for error in result.errors[:TOLD]:
                click.echo(f"line {result.line}: {error['path'] or 'the line'}: {error['message']}", err=True)


def _import(file: Path, out: TextIO | None, actor: Actor, now: datetime) -> Count:
    with file.open("rb") as read:
        count = Count(hashlib.file_digest(read, "sha256").hexdigest())
    with file.open("rb") as read:
        total = sum(1 for line in read if line.strip())
    with file.open("rb") as read, _progress(total) as bar:
        lines = ((number, line) for number, line in enumerate(read, start=1) if line.strip())
        while batch := list(islice(lines, BATCH)):
            results = _batch(batch, actor, now)
            for result in results:
                count.add(result)
                if out is not None:
                    out.write(result.report() + "\n")
            bar.update(len(results))
    return count


def _batch(lines: list[tuple[int, bytes]], actor: Actor, now: datetime) -> list[Result]:
    with transaction():
        return [import_line(number, raw, actor, now) for number, raw in lines]


def _enter(count: Count, actor: Actor, now: datetime) -> None:
    """One entry for the file, unless every line had been filed before, or the same file brings nothing new."""
    if count.accepted == count.again and not count.refused:
        return
    with transaction():
        if count.accepted == count.again and _is_entered(count):
            return
        record(
            Event.FILINGS_IMPORTED,
            actor,
            f"file:{count.sha256[:16]}",
            now,
            sha256=count.sha256,
            lines=count.lines,
            accepted=count.accepted,
            refused=count.refused,
        )


def _is_entered(count: Count) -> bool:
    """Whether this very file was imported before."""
    known = select(AuditEntry.seq).where(
        AuditEntry.subject == f"file:{count.sha256[:16]}", AuditEntry.event == Event.FILINGS_IMPORTED.code
    )
    return db.session.scalar(known.limit(1)) is not None


class _Quiet:
    """A bar that nobody sees: a pipe gets no progress."""

    def update(self, _steps: int) -> None:
        """Says nothing."""


def _progress(total: int) -> Any:
    if sys.stderr.isatty():
        return click.progressbar(length=total, label="Filings", file=sys.stderr)
    return nullcontext(_Quiet())
