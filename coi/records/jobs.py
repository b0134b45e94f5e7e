"""Makes the copies that were released: claim, write under another name, rename, mark as done; nothing half stays."""

import hashlib
import os
import time
from datetime import datetime, timedelta

import structlog

from coi.db import db, transaction
from coi.exports.snapshot import one_snapshot
from coi.languages import speaking
from coi.models import Obligation, RecordsRelease
from coi.records import gathering, queries
from coi.records.paper import copy_of
from coi.rules.permissions import SYSTEM

log = structlog.get_logger()


def make_waiting(now: datetime) -> int:
    """Makes every copy that waits and returns how many were made."""
    done = 0
    while True:
        with transaction():
            one = queries.waiting(now)
            if one is None:
                return done
            gathering.begin(one, now)
            number = one.id
        done += _make(number, now)


def _make(number: int, now: datetime) -> bool:
    """Makes one claimed copy; what goes wrong is written on it, and no half file stays."""
    started = time.monotonic()
    try:
        digest, size = _write(number)
    except Exception as fault:
        log.exception("a copy for a records request was not made", release=number)
        with transaction():
            gathering.fail(db.session.get_one(RecordsRelease, number, with_for_update=True), f"{type(fault).__name__}: {fault}")
        return False
    with transaction():
        one = db.session.get_one(RecordsRelease, number, with_for_update=True)
        gathering.finish(one, digest, size, SYSTEM, now + timedelta(seconds=time.monotonic() - started))
    return True


def _write(number: int) -> tuple[str, int]:
    """The copy on disk, from one snapshot of the database; its SHA-256 and size."""
    with one_snapshot():
        one = db.session.get_one(RecordsRelease, number)
        path, filing = queries.pdf_of(one), one.filing
        owed_id = filing.disclosure.obligation_id
        owed = db.session.get(Obligation, owed_id) if owed_id is not None else None
        with speaking(filing.request.language):
            made = copy_of(filing, owed, filing.request.language)
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)
    return hashlib.sha256(made).hexdigest(), len(made)
