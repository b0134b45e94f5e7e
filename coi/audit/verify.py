"""Checks the log in the database: every link, and every checkpoint that was kept elsewhere; says the first fault."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from coi.audit.chain import checkpoint_holds, first_fault
from coi.audit.queries import hash_at, head, installation, links


def faults(checkpoints: Sequence[Mapping[str, Any]] = ()) -> list[str]:
    """What is wrong with the log; empty when it holds. An older checkpoint exposes a rewritten or shortened log."""
    found: list[str] = []
    bad = first_fault(links())
    if bad is not None:
        found.append(f"The chain breaks: {bad[1]}.")
    size, _last = head()
    here = installation()
    for checkpoint in checkpoints:
        found.extend(_against(checkpoint, size, here.origin if here else "", here.key if here else ""))
    return found


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
