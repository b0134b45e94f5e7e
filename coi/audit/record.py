"""The one way into the audit log: an entry is written in the transaction of the change it tells, and never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from coi.audit.chain import GENESIS, clean_details, entry_hash, moment, stamp
from coi.db import chain_lock, db
from coi.models.audit import AuditEntry
from coi.rules.permissions import Actor
from coi.vocabulary import Event

# Written once: every act of the house passes here, some several times.
LAST = select(AuditEntry.seq, AuditEntry.at, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
APPEND = insert(AuditEntry.metadata.tables["audit_entries"])


def record(event: Event, actor: Actor, subject: str, now: datetime, **details: Any) -> int:
    """Appends one entry under the chain's lock and returns its number; raises ValueError when details are missing or too many."""
    given = {key.rstrip("_"): value for key, value in details.items()}
    if set(given) != event.keys:
        raise ValueError(f"{event.code} must carry {sorted(event.keys)}, not {sorted(given)}.")
    text = clean_details(given)
    db.session.flush()  # rows first, the chain last: every write skew shows before the one lock that all share
    chain_lock()
    last = db.session.execute(LAST).first()
    seq, prev = (last.seq + 1, last.hash) if last else (1, GENESIS)
    at = stamp(max(now, moment(last.at)) if last else now)
    made = entry_hash(prev, actor=actor.name, at=at, details=text, event=event.code, seq=seq, subject=subject)
    entry = {"seq": seq, "at": at, "actor": actor.name, "event": event.code, "subject": subject}
    db.session.execute(APPEND, {**entry, "details": text, "prev": prev, "hash": made})
    return seq
