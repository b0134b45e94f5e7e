"""The files themselves: written whole under a random name in a folder of this installation, read back only if unchanged."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from coi.db import db
from coi.models import Attachment, Installation

STORED = re.compile(r"[0-9a-f]{40}\Z")
HALF = ".half"
# A file is written before its row is committed: only one that is older than this can be nobody's.
GRACE = timedelta(hours=1)


def folder() -> Path:
    """Where this installation's files lie: two cities that share a disk never take the other's files for orphans."""
    origin = db.session.scalar(select(Installation.origin)) or "none"
    made: Path = current_app.config["SETTINGS"].uploads_folder / hashlib.sha256(origin.encode()).hexdigest()[:16]
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    return made


def write(data: bytes) -> str:
    """Keeps a file and gives its random name; it is on the disk for good when this returns, for nobody else on the machine."""
    here, stored = folder(), secrets.token_hex(20)
    half = here / f"{stored}{HALF}"
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    half.rename(here / stored)
    entry = os.open(here, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)
    return stored


def forget(stored: str) -> None:
    """Takes back a file whose row was refused."""
    (folder() / stored).unlink(missing_ok=True)


def is_there(one: Attachment) -> bool:
    """Whether the file behind a row is on the disk."""
    return bool(STORED.match(one.stored)) and (folder() / one.stored).is_file()


def read(one: Attachment) -> bytes | None:
    """The bytes of a file, or None when it is gone or no longer what was added."""
    if not STORED.match(one.stored):
        return None
    try:
        data = (folder() / one.stored).read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == one.sha256 else None


def orphans(now: datetime) -> Iterator[Path]:
    """Files without a row, old enough that no request can still be about to write one."""
    old = [
        path
        for path in folder().iterdir()
        if path.is_file() and datetime.fromtimestamp(path.stat().st_mtime, now.tzinfo) < now - GRACE
    ]
    for start in range(0, len(old), 500):
        part = old[start : start + 500]
        known = set(db.session.scalars(select(Attachment.stored).where(Attachment.stored.in_([path.name for path in part]))))
        yield from (path for path in part if path.name not in known)
