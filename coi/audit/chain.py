"""The audit chain as bytes and hashes (PROOF 1-2): pure functions; knows no table, no clock, no session."""

import base64
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

GENESIS = "0" * 64
LONGEST_DETAILS = 8_000


def canonical_json(value: Any) -> str:
    """`value` as JSON with sorted keys, `,` and `:` and no ASCII escaping: the one text that is hashed or signed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(text: str) -> str:
    """Hex SHA-256 of the UTF-8 bytes of `text`."""
    return hashlib.sha256(text.encode()).hexdigest()


def stamp(at: datetime) -> str:
    """An aware moment as the chain writes it: `2026-03-02T15:04:05.123456Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    """The aware moment behind a stamp of the chain; raises ValueError for any other shape."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def entry_hash(prev: str, *, actor: str, at: str, details: str, event: str, seq: int, subject: str) -> str:
    """The hash of one entry; `details` is the canonical JSON text as kept, so the exact bytes are hashed again."""
    head = canonical_json({"actor": actor, "at": at})[:-1]
    tail = canonical_json({"event": event, "seq": seq, "subject": subject})[1:]
    return sha256(f'coi-audit-v1\n{prev}\n{head},"details":{details},{tail}')


def clean_details(details: Mapping[str, Any]) -> str:
    """Details as canonical JSON; raises ValueError for what PROOF 1 forbids (floats, other keys than ASCII, great length)."""
    text = canonical_json(_clean(details))
    if len(text) > LONGEST_DETAILS:
        raise ValueError(f"Audit details of {len(text)} characters; at most {LONGEST_DETAILS} are allowed.")
    return text


def _clean(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) and key.isascii() for key in value):
            raise ValueError("Audit details need ASCII keys.")
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return [_clean(item) for item in items]
    raise ValueError(f"Audit details can't hold a {type(value).__name__}.")


@dataclass(frozen=True)
class Link:
    """One entry of the chain, as kept: `details` is its canonical JSON text."""

    seq: int
    at: str
    actor: str
    event: str
    subject: str
    details: str
    prev: str
    hash: str


def first_fault(links: Iterable[Link]) -> tuple[int, str] | None:
    """The number of the first bad entry and what is wrong with it, or None when every link holds."""
    prev, expected, at = GENESIS, 1, ""
    for link in links:
        if link.seq != expected:
            return expected, f"entry {expected} is missing"
        if link.prev != prev:
            return link.seq, f"entry {link.seq} does not follow the one before it"
        made = entry_hash(
            link.prev, actor=link.actor, at=link.at, details=link.details, event=link.event, seq=link.seq, subject=link.subject
        )
        if made != link.hash:
            return link.seq, f"entry {link.seq} was altered"
        if link.at < at:
            return link.seq, f"entry {link.seq} goes back in time"
        prev, expected, at = link.hash, expected + 1, link.at
    return None


def public_text(key: Ed25519PrivateKey | Ed25519PublicKey) -> str:
    """The raw 32-byte public key in base64, as it is printed and kept."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return base64.b64encode(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def checkpoint_text(origin: str, size: int, head: str, at: str) -> bytes:
    """The bytes that a checkpoint signs."""
    return f"coi-checkpoint-v1\n{origin}\n{size}\n{head}\n{at}\n".encode()


def key_text(origin: str, old: str, new: str) -> bytes:
    """The bytes with which the old key signs the new one."""
    return f"coi-key-v1\n{origin}\n{old}\n{new}\n".encode()


def make_checkpoint(key: Ed25519PrivateKey, origin: str, size: int, head: str, at: str) -> dict[str, Any]:
    """A signed checkpoint: {origin, size, head, at, key, signature}."""
    signature = base64.b64encode(key.sign(checkpoint_text(origin, size, head, at))).decode()
    return {"origin": origin, "size": size, "head": head, "at": at, "key": public_text(key), "signature": signature}


def signature_holds(public: str, signature: str, signed: bytes) -> bool:
    """Whether base64 `signature` over `signed` was made with the base64 raw public key."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        key.verify(base64.b64decode(signature, validate=True), signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def checkpoint_holds(checkpoint: Mapping[str, Any]) -> bool:
    """Whether a checkpoint's own signature fits its own key."""
    text = checkpoint_text(checkpoint["origin"], checkpoint["size"], checkpoint["head"], checkpoint["at"])
    return signature_holds(checkpoint["key"], checkpoint["signature"], text)
