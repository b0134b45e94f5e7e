"""Writes of the audit room: signed checkpoints; entries themselves are written by record() alone."""

import base64
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from coi.audit.chain import key_text, public_text, stamp
from coi.audit.chain import make_checkpoint as sign_checkpoint
from coi.audit.keys import read_key, swap_key
from coi.audit.letters import tell_new_key
from coi.audit.queries import head
from coi.audit.record import record
from coi.config import Settings
from coi.db import chain_lock, db
from coi.errors import NotPossible
from coi.exports.seal import fingerprint
from coi.models import AuditEntry, Checkpoint, Export, Installation
from coi.rules.permissions import Actor
from coi.vocabulary import Event, JobState


def change_key(actor: Actor, now: datetime) -> tuple[str, Path]:
    """Makes another signing key, which the old one signs in the log; gives the new public key and where the old file is kept.

    Under the chain's lock, so that no checkpoint is signed meanwhile. If the transaction fails after this, put the file back
    (`take_back`). Raises NotPossible when the file's key is not this installation's, or a workbook is being made.
    """
    settings: Settings = current_app.config["SETTINGS"]
    db.session.flush()
    chain_lock()
    here = db.session.scalars(select(Installation).with_for_update()).one()
    take_back(settings.key_file, here.key)
    old = read_key(settings.key_file)
    if public_text(old) != here.key:
        raise NotPossible(_l("The key file holds another key than this installation's. Put the right one in its place first."))
    if db.session.scalar(select(Export.id).where(Export.state == JobState.RUNNING).limit(1)) is not None:
        raise NotPossible(_l("A workbook is being made. Try again when it is done: it must be signed with one key."))
    new, kept = swap_key(settings.key_file, fingerprint(here.key)[:16])
    told = {"old": here.key, "new": public_text(new)}
    signature = base64.b64encode(old.sign(key_text(here.origin, **told))).decode()
    here.key = told["new"]
    seq = record(Event.KEY_CHANGED, actor, here.origin, now, **told, signature=signature)
    tell_new_key(told["old"], seq, now)
    return told["new"], kept


def take_back(path: Path, public: str) -> None:
    """Puts the old key file back where a change of the key was cut off before it was in the log."""
    for kept in path.parent.glob(f"{path.name}.*.old") if public_text(read_key(path)) != public else ():
        if public_text(read_key(kept)) == public:
            kept.replace(path)


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
