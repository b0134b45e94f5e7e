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
from coi.db import chain_lock, db, transaction
from coi.models import Checkpoint, Installation
from coi.profiles.current import zone
from coi.rules.permissions import SYSTEM, Actor
from coi.vocabulary import Event


def make_checkpoint(because: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """Signs how long the log is and how it ends, and keeps it; the entry that tells of it comes after the signed size."""
    settings: Settings = current_app.config["SETTINGS"]
    db.session.flush()
    chain_lock()
    size, last = head()
    at = stamp(now)
    origin = db.session.scalars(select(Installation.origin)).one()
    content = sign_checkpoint(read_key(settings.key_file), origin, size, last, at)
    db.session.add(Checkpoint(size=size, head=last, at=at, because=because, content=content))
    record(Event.CHECKPOINT_MADE, actor, f"checkpoint:{size}", now, size=size, head=last)
    return content


def daily_checkpoint(now: datetime) -> int:
    """One checkpoint for each day of the city on which the worker ran; found by "none yet today"."""
    with transaction():
        newest = db.session.scalar(
            select(Checkpoint.at).where(Checkpoint.because == "daily").order_by(Checkpoint.id.desc()).limit(1)
        )
        day = now.astimezone(zone()).date()
        if newest is not None and datetime.fromisoformat(newest).astimezone(zone()).date() >= day:
            return 0
        make_checkpoint("daily", SYSTEM, now)
    return 1
