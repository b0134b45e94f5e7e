"""The line that proves a signature: its entry in the audit log, and whether record, fingerprint and entry agree; reads only."""

import json
from dataclasses import dataclass

from coi.audit.chain import entry_hash, sha256
from coi.db import db
from coi.models import AuditEntry, DisclosureVersion


@dataclass(frozen=True)
class Proof:
    """Where a signature stands in the log; `holds` when the kept record still has its fingerprint and the entry its hash."""

    seq: int
    hash: str
    sha256: str
    at: str
    holds: bool


def proof_of(version: DisclosureVersion) -> Proof:
    """The proof of one signed version, worked out afresh from what is kept."""
    entry = db.session.get_one(AuditEntry, version.seq)
    made = entry_hash(
        entry.prev,
        actor=entry.actor,
        at=entry.at,
        details=entry.details,
        event=entry.event,
        seq=entry.seq,
        subject=entry.subject,
    )
    told = json.loads(entry.details).get("sha256")
    holds = made == entry.hash and told == version.sha256 and sha256(version.record) == version.sha256
    return Proof(entry.seq, entry.hash, version.sha256, entry.at, holds)
