"""Makes the case files that wait: claim, write under another name, rename, mark as done; then tells filers who may be told."""

import hashlib
import os
import time
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import current_app

from coi.audit.keys import read_key
from coi.casefiles import actions, queries
from coi.casefiles.making import content_of, made_of
from coi.casefiles.proof import signed
from coi.db import db, transaction
from coi.exports.snapshot import one_snapshot
from coi.models import CaseFile
from coi.profiles.current import today
from coi.rules.permissions import SYSTEM

log = structlog.get_logger()


def make_waiting(now: datetime) -> int:
    """Makes every case file that waits and returns how many were made."""
    done = 0
    while True:
        with transaction():
            one = queries.waiting(now)
            if one is None:
                break
            number, checkpoint = one.id, None
            if queries.may_still(one, today(now)):
                checkpoint = actions.begin(one, SYSTEM, now)
            else:
                actions.give_up(one)
        if checkpoint is not None:
            done += _make(number, checkpoint, now)
    tell_filers(now)
    return done


def tell_filers(now: datetime) -> int:
    """Writes to each filer of whom a file was made, once no seal stands on that reading; returns how many."""
    with transaction():
        told = queries.untold(today(now))
        for one in told:
            actions.tell(one, now)
    return len(told)


def _make(number: int, checkpoint: dict[str, Any], now: datetime) -> bool:
    """Makes one claimed file; what goes wrong is written on the job, and no half file stays."""
    started = time.monotonic()
    try:
        statement, size = _write(number, checkpoint, now)
    except Exception as fault:
        log.exception("a case file was not made", case_file=number)
        with transaction():
            actions.fail(db.session.get_one(CaseFile, number, with_for_update=True), f"{type(fault).__name__}: {fault}")
        return False
    with transaction():
        one = db.session.get_one(CaseFile, number, with_for_update=True)
        actions.finish(one, statement, size, SYSTEM, now + timedelta(seconds=time.monotonic() - started))
    return True


def _write(number: int, checkpoint: dict[str, Any], now: datetime) -> tuple[dict[str, Any], int]:
    """The PDF on disk and its signed statement, from one snapshot of the database."""
    key = read_key(current_app.config["SETTINGS"].key_file)
    with one_snapshot():
        one = db.session.get_one(CaseFile, number)
        path, reference = queries.pdf_of(one), one.reference
        made = made_of(one, checkpoint, key, now)
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(made.pdf)
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)
    pdf = {"file": f"{reference}.pdf", "sha256": hashlib.sha256(made.pdf).hexdigest(), "size": len(made.pdf)}
    return signed(key, content_of(made, pdf)), len(made.pdf)
