"""Runs the workbooks that wait: claim, write in a folder of its own, put on offer whole; a killed worker leaves nothing half."""

import errno
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from coi.audit.chain import moment
from coi.audit.keys import read_key
from coi.config import Settings
from coi.db import db, transaction
from coi.exports import actions, queries
from coi.exports.flat import file_of
from coi.exports.making import Asked, Made, make
from coi.exports.registers.asof import expected_rows
from coi.exports.snapshot import one_snapshot
from coi.models import Export
from coi.profiles.current import today
from coi.rules.permissions import SYSTEM, Actor
from coi.vocabulary import JobEnd, JobState

log = structlog.get_logger()

EVERY = 1.0  # seconds between two notes of progress
MOST_ATTEMPTS = 5  # a job that kills its workers is given up
AT_ONCE = 100  # so many files are let go in one transaction
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class GivenUp(Exception):
    """The job is not this worker's any more: who asked cancelled it, or another worker took it over."""


def run_waiting(now: datetime) -> int:
    """Makes every workbook that waits and returns how many were made."""
    begun, first, done = time.monotonic(), now, 0
    while True:
        # Each has a moment of its own: one that was asked for meanwhile must not be made before it was asked for.
        now = first + timedelta(seconds=time.monotonic() - begun)
        with transaction():
            export = queries.waiting(now)
            if export is None:
                return done
            export_id = export.id
            asked = None
            if export.attempt >= MOST_ATTEMPTS:
                actions.end(export, JobEnd.CUT_OFF, SYSTEM, now)
            elif queries.may_still(export, today(now)):
                asked = actions.begin(export, SYSTEM, now)
            else:
                actions.end(export, JobEnd.RIGHT_ENDED, SYSTEM, now)
        if asked is not None:
            done += run(export_id, asked, SYSTEM, now)


def run(export_id: int, asked: Asked, actor: Actor, now: datetime, told: Callable[[int], None] | None = None) -> bool:
    """Makes one claimed workbook; what goes wrong is written on the job, and no half file stays."""
    started = time.monotonic()
    export = db.session.get_one(Export, export_id)
    attempt, work = export.attempt, queries.work_folder(export)
    db.session.rollback()
    try:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        book = work / f"{asked.reference}.xlsx"
        made = write(asked, book, now, told or Progress(export_id, attempt, now))
        sha256, size = digest(book), book.stat().st_size
        files = {name: _told(file_of(book, name)) for name in asked.formats}
        with transaction():
            export = _still_mine(export_id, attempt)
            offer(work)
            actions.finish(export, made, sha256, size, actor, now + timedelta(seconds=time.monotonic() - started), files)
    except GivenUp:
        log.info("a workbook is not asked for any more", export=asked.reference)
        return False
    except Exception as fault:
        log.exception("a workbook was not made", export=asked.reference)
        _fail(export_id, attempt, fault, actor, now)
        return False
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return True


def _told(path: Path) -> dict[str, Any]:
    return {"sha256": digest(path), "size": path.stat().st_size}


def offer(work: Path) -> None:
    """Puts the files of an attempt under their own names, each whole; the names are on disk before anybody is told."""
    for path in sorted(work.iterdir()):
        path.replace(work.parent / path.name)
    handle = os.open(work.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _still_mine(export_id: int, attempt: int) -> Export:
    """The job, locked; raises GivenUp when it was cancelled or another worker took it over."""
    export = db.session.get_one(Export, export_id, with_for_update=True, populate_existing=True)
    if export.state is not JobState.RUNNING or export.attempt != attempt:
        raise GivenUp
    return export


def _fail(export_id: int, attempt: int, fault: Exception, actor: Actor, now: datetime) -> None:
    because = JobEnd.DISK_FULL if no_room(fault) else JobEnd.FAULT
    try:
        with transaction():
            actions.end(_still_mine(export_id, attempt), because, actor, now, f"{type(fault).__name__}: {fault}")
    except GivenUp:
        log.info("a workbook that failed is not asked for any more", export=export_id)


def no_room(fault: BaseException) -> bool:
    """Whether a fault says that the disk is full, the database's own disk included."""
    return any(_says_full(one) for one in _behind(fault))


def _behind(fault: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = fault
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _says_full(fault: BaseException) -> bool:
    if isinstance(fault, OSError):
        return fault.errno in NO_ROOM
    return isinstance(fault, OperationalError) and ("disk is full" in str(fault.orig) or "No space left" in str(fault.orig))


def write(asked: Asked, book: Path, now: datetime, told: Callable[[int], None]) -> Made:
    """The workbook and its seal file, from one snapshot of the database."""
    settings: Settings = current_app.config["SETTINGS"]
    key = read_key(settings.key_file)
    with one_snapshot():
        if isinstance(told, Progress):
            told.all = expected_rows(asked.at.n, asked.campaign)
        made_at = max(now, moment(asked.at.as_of))  # another computer's clock may be behind
        return make(asked, book, book.with_name(f"{asked.reference}.seal.json"), key, made_at, told)


def digest(path: Path) -> str:
    """The file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Progress:
    """Notes how far the job is, and that its worker lives; in a session of its own, because the job's own reads a snapshot."""

    def __init__(self, export_id: int, attempt: int, now: datetime) -> None:
        self.export_id, self.attempt, self.now, self.started = export_id, attempt, now, time.monotonic()
        self.rows, self.all, self.noted = 0, 0, 0.0

    def __call__(self, rows: int) -> None:
        """So many more rows were written; raises GivenUp when nobody wants the workbook from this worker any more."""
        self.rows += rows
        passed = time.monotonic() - self.started
        if passed - self.noted < EVERY:
            return
        self.noted = passed
        percent = min(99, 100 * self.rows // max(self.all, 1))
        mine = (Export.id == self.export_id, Export.attempt == self.attempt, Export.state == JobState.RUNNING)
        note = update(Export).where(*mine).returning(Export.id)
        try:
            with current_app.app_context(), transaction():
                told = note.values(progress=percent, claimed_at=self.now + timedelta(seconds=passed))
                here = db.session.execute(told).first() is not None
        except OperationalError as fault:  # a busy database must not end the job: the next note is a second away
            log.warning("the progress of a workbook was not noted", fault=str(fault.orig)[:200])
            return
        if not here:
            raise GivenUp


def tidy(now: datetime) -> int:
    """Lets go what was kept long enough, and removes every file that is neither on offer nor being made; counts both."""
    settings: Settings = current_app.config["SETTINGS"]
    days = settings.exports_keep_days
    with transaction():
        old = select(Export).where(
            Export.state == JobState.DONE, Export.gone_at.is_(None), Export.finished_at < now - timedelta(days=days)
        )
        over = db.session.scalars(old.order_by(Export.id).limit(AT_ONCE).with_for_update(skip_locked=True)).all()
        for export in over:
            actions.let_go(export, days, SYSTEM, now)
    # Removed after the commit: a file that stays after a breakdown here is found again by what its row says.
    gone = [path for path in sorted(queries.folder().iterdir()) if not _is_wanted(path)]
    db.session.rollback()
    for path in gone:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(over) + len(gone)


def _is_wanted(path: Path) -> bool:
    """A file on offer, the work of a living attempt, and what no row knows (a database restored from an older day)."""
    half = path.name.startswith(".")
    reference, _dot, attempt = path.name.lstrip(".").partition(".")
    export = db.session.scalar(select(Export).where(Export.reference == reference))
    if export is None:
        return not half
    if half:
        return export.state is JobState.RUNNING and attempt == str(export.attempt)
    return export.state is JobState.RUNNING or (export.state is JobState.DONE and export.gone_at is None)
