"""Checks the log in the database: every link, the checkpoints kept here and elsewhere, and the key; says the first fault."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from coi.audit.chain import checkpoint_holds, first_fault
from coi.audit.queries import hash_at, head, installation, links
from coi.db import db
from coi.models import AuditEntry, Checkpoint
from coi.vocabulary import Event


def faults(checkpoints: Sequence[Mapping[str, Any]] = ()) -> list[str]:
    """What is wrong with the log; empty when it holds. An older checkpoint exposes a rewritten or shortened log."""
    found: list[str] = []
    bad = first_fault(links())
    if bad is not None:
        found.append(f"The chain breaks: {bad[1]}.")
    size, _last = head()
    here = installation()
    origin, key = (here.origin, here.key) if here else ("", "")
    found.extend(_of_the_key(origin, key))
    for checkpoint in checkpoints:
        found.extend(_against(checkpoint, size, origin, key))
    found.extend(one for one in _kept_here(size, origin, key) if one not in found)
    return found


def _of_the_key(origin: str, key: str) -> Iterator[str]:
    """The key of this installation stands in the log's first entries, and may have been changed only by an entry."""
    told = select(AuditEntry.seq, AuditEntry.details).where(
        AuditEntry.event.in_([Event.INSTALLATION_MADE.code, Event.KEY_CHANGED.code])
    )
    entries = [(seq, json.loads(details)) for seq, details in db.session.execute(told.order_by(AuditEntry.seq))]
    if entries and entries[-1][1].get("key") != key:
        yield f"This installation's key is not the one of entry {entries[-1][0]}: it was replaced."
    if entries and entries[0][1].get("origin") != origin:
        yield f"This installation's origin is not the one of entry {entries[0][0]}: it was replaced."


def _kept_here(size: int, origin: str, key: str) -> Iterator[str]:
    """The checkpoints in the database: each must hold, and each entry about one must have it."""
    for kept in db.session.scalars(select(Checkpoint).order_by(Checkpoint.id)):
        wrong = _against(kept.content, size, origin, key)
        if wrong:
            yield f"Checkpoint {kept.id}: {wrong[0]}"
        elif (kept.size, kept.head, kept.at) != tuple(kept.content[one] for one in ("size", "head", "at")):
            yield f"Checkpoint {kept.id}: its row is not what it signed."
    told = select(AuditEntry.seq, AuditEntry.details).where(AuditEntry.event == Event.CHECKPOINT_MADE.code)
    heads = {tuple(row) for row in db.session.execute(select(Checkpoint.size, Checkpoint.head))}
    for seq, details in db.session.execute(told.order_by(AuditEntry.seq)):
        one = json.loads(details)
        if (one["size"], one["head"]) not in heads:
            yield f"The checkpoint that entry {seq} tells of is gone, or another."


def _against(checkpoint: Mapping[str, Any], size: int, origin: str, key: str) -> list[str]:
    if not checkpoint_holds(checkpoint):
        return ["A checkpoint's own signature does not hold."]
    if checkpoint["origin"] != origin:
        return ["A checkpoint belongs to another installation."]
    if checkpoint["key"] != key:
        return ["A checkpoint was signed with another key than this installation's."]
    if checkpoint["size"] > size:
        return [f"The log was shortened: a checkpoint knows {checkpoint['size']} entries, the log has {size}."]
    if checkpoint["size"] and hash_at(checkpoint["size"]) != checkpoint["head"]:
        return [f"The log was rewritten: entry {checkpoint['size']} is not the one that a checkpoint signed."]
    return []


def read_checkpoint(path: Path) -> dict[str, Any]:
    """A checkpoint file; raises ValueError for anything else."""
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or set(content) != {"origin", "size", "head", "at", "key", "signature"}:
        raise ValueError(f"{path.name} is no checkpoint.")
    if not isinstance(content["size"], int) or not all(isinstance(content[key], str) for key in set(content) - {"size"}):
        raise ValueError(f"{path.name} is no checkpoint.")
    return content
