"""Writes of the audit room: signed checkpoints; entries themselves are written by record() alone."""

from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from coi.audit.chain import make_checkpoint as sign_checkpoint
from coi.audit.chain import stamp
from coi.audit.keys import read_key
from coi.audit.queries import head
from coi.audit.record import record
from coi.config import Settings
from coi.db import chain_lock, db
from coi.models import AuditEntry, Checkpoint, Installation
from coi.rules.permissions import Actor
from coi.vocabulary import Event


def make_checkpoint(because: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """Signs how long the log is and how it ends, and keeps it; the entry that tells of it comes after the signed size."""
    settings: Settings = current_app.config["SETTINGS"]
    db.session.flush()
    chain_lock()
    size, last = head()
    # As entries do, it never goes back: an entry under its signature is never later than the signature says.
    at = max(stamp(now), db.session.scalar(select(AuditEntry.at).where(AuditEntry.seq == size)) or "")
    origin = db.session.scalars(select(Installation.origin)).one()
    content = sign_checkpoint(read_key(settings.key_file), origin, size, last, at)
    db.session.add(Checkpoint(size=size, head=last, at=at, because=because, content=content))
    record(Event.CHECKPOINT_MADE, actor, f"checkpoint:{size}", now, size=size, head=last)
    return content
