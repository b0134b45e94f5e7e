"""Runs the workbooks that wait: claim, write under another name, rename, mark as done; a killed worker leaves nothing half."""

import hashlib
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from flask import current_app
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from coi.audit.keys import read_key
from coi.config import Settings
from coi.db import db, transaction
from coi.exports import actions, queries
from coi.exports.making import Asked, Made, make
from coi.exports.registers.asof import expected_rows
from coi.exports.snapshot import one_snapshot
from coi.models import Export
from coi.profiles.current import today
from coi.rules.permissions import SYSTEM, Actor

log = structlog.get_logger()

EVERY = 1.0  # seconds between two notes of progress


def run_waiting(now: datetime) -> int:
    """Makes every workbook that waits and returns how many were made."""
    done = 0
    while True:
        with transaction():
            export = queries.waiting(now)
            if export is None:
                return done
            export_id = export.id
            asked = None
            if queries.may_still(export, today(now)):
                asked = actions.begin(export, SYSTEM, now)
            else:
                actions.give_up(export)
        if asked is not None:
            done += run(export_id, asked, SYSTEM, now)


def run(export_id: int, asked: Asked, actor: Actor, now: datetime, told: Callable[[int], None] | None = None) -> bool:
    """Makes one claimed workbook; what goes wrong is written on the job, and no half file stays."""
    started = time.monotonic()
    book = queries.folder() / f"{asked.reference}.xlsx"
    try:
        made = write(asked, book, now, told or Progress(export_id, now))
        sha256, size = digest(book), book.stat().st_size
    except Exception as fault:
        log.exception("a workbook was not made", export=asked.reference)
        with transaction():
            actions.fail(db.session.get_one(Export, export_id, with_for_update=True), f"{type(fault).__name__}: {fault}")
        return False
    with transaction():
        export = db.session.get_one(Export, export_id, with_for_update=True)
        actions.finish(export, made, sha256, size, actor, now + timedelta(seconds=time.monotonic() - started))
    return True


def write(asked: Asked, book: Path, now: datetime, told: Callable[[int], None]) -> Made:
    """The workbook and its seal file, from one snapshot of the database."""
    settings: Settings = current_app.config["SETTINGS"]
    key = read_key(settings.key_file)
    with one_snapshot():
        if isinstance(told, Progress):
            told.all = expected_rows(asked.at.n, asked.campaign)
        return make(asked, book, book.with_name(f"{asked.reference}.seal.json"), key, now, told)


def digest(path: Path) -> str:
    """The file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Progress:
    """Notes how far the job is, and that its worker lives; in a session of its own, because the job's own reads a snapshot."""

    def __init__(self, export_id: int, now: datetime) -> None:
        self.export_id, self.now, self.started = export_id, now, time.monotonic()
        self.rows, self.all, self.noted = 0, 0, 0.0

    def __call__(self, rows: int) -> None:
        """So many more rows were written."""
        self.rows += rows
        passed = time.monotonic() - self.started
        if passed - self.noted < EVERY:
            return
        self.noted = passed
        percent = min(99, 100 * self.rows // max(self.all, 1))
        note = update(Export).where(Export.id == self.export_id)
        try:
            with current_app.app_context(), transaction():
                db.session.execute(note.values(progress=percent, claimed_at=self.now + timedelta(seconds=passed)))
        except OperationalError as fault:  # a busy database must not end the job: the next note is a second away
            log.warning("the progress of a workbook was not noted", fault=str(fault.orig)[:200])
