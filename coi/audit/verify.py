"""Checks the log in the database: every link, the checkpoints kept here and elsewhere, and the key; says the first fault."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from coi.audit.chain import checkpoint_holds, first_fault, key_text, signature_holds
from coi.audit.queries import hash_at, head, installation, links
from coi.db import db
from coi.models import AuditEntry, Checkpoint
from coi.vocabulary import Event

Keys = Mapping[str, tuple[int, int]]


def faults(checkpoints: Sequence[Mapping[str, Any]] = ()) -> list[str]:
    """What is wrong with the log; empty when it holds. An older checkpoint exposes a rewritten or shortened log."""
    found: list[str] = []
    bad = first_fault(links())
    if bad is not None:
        found.append(f"The chain breaks: {bad[1]}.")
    size, _last = head()
    here = installation()
    origin, key = (here.origin, here.key) if here else ("", "")
    keys, wrong = keys_of(origin, key)
    found.extend(wrong)
    for checkpoint in checkpoints:
        found.extend(_against(checkpoint, size, origin, keys))
    found.extend(one for one in _kept_here(size, origin, keys) if one not in found)
    return found


def keys_of(origin: str, key: str) -> tuple[dict[str, tuple[int, int]], list[str]]:
    """The keys that lead to `key`, each with the lengths of the log that it may sign (from, and up to but without), and faults.

    The first key stands in the entry of the installation; each later one in an entry that the key before it signed (PROOF 2).
    """
    told = select(AuditEntry.seq, AuditEntry.event, AuditEntry.details).where(
        AuditEntry.event.in_([Event.INSTALLATION_MADE.code, Event.KEY_CHANGED.code])
    )
    keys, now, last, found = dict[str, tuple[int, int]](), "", 0, list[str]()
    for seq, event, text in db.session.execute(told.order_by(AuditEntry.seq)):
        one = json.loads(text)
        if event == Event.INSTALLATION_MADE.code:
            if one.get("origin") != origin:
                found.append(f"This installation's origin is not the one of entry {seq}: it was replaced.")
            now, last = str(one.get("key")), seq
        elif one["old"] == now and signature_holds(now, one["signature"], key_text(origin, now, one["new"])):
            keys[now] = (keys[now][0] if now in keys else 0, seq)
            now, last = one["new"], seq
        else:
            found.append(f"The new key of entry {seq} is not signed by the key before it.")
        keys.setdefault(now, (last if len(keys) else 0, sys.maxsize))
    if last and now != key:
        found.append(f"This installation's key is not the one of entry {last}: it was replaced.")
    return (keys or {key: (0, sys.maxsize)}), found


def _kept_here(size: int, origin: str, keys: Keys) -> Iterator[str]:
    """The checkpoints in the database: each must hold, and each entry about one must have it."""
    for kept in db.session.scalars(select(Checkpoint).order_by(Checkpoint.id)):
        wrong = _against(kept.content, size, origin, keys)
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


def _against(checkpoint: Mapping[str, Any], size: int, origin: str, keys: Keys) -> list[str]:
    if not checkpoint_holds(checkpoint):
        return ["A checkpoint's own signature does not hold."]
    if checkpoint["origin"] != origin:
        return ["A checkpoint belongs to another installation."]
    first, end = keys.get(checkpoint["key"], (0, 0))
    if not first <= checkpoint["size"] < end:
        size = checkpoint["size"]
        return [
            f"A checkpoint of {size} entries was signed with a key that was not this installation's then."
            if end
            else "A checkpoint was signed with another key than this installation's."
        ]
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
