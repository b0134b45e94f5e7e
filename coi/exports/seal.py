"""The seal of a workbook (PROOF 4): what it holds in one signed JSON; made here, checked here and by verify.py."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from coi.audit.chain import canonical_json, public_text, sha256, signature_holds

A_CELL = 30_000


def seal_text(seal: Mapping[str, Any]) -> bytes:
    """The bytes that a seal signs: everything in it but the signature."""
    return f"coi-seal-v1\n{canonical_json({key: value for key, value in seal.items() if key != 'signature'})}".encode()


def signed(key: Ed25519PrivateKey, content: Mapping[str, Any]) -> dict[str, Any]:
    """The seal: the content with key and signature."""
    seal = {**content, "key": public_text(key)}
    return {**seal, "signature": base64.b64encode(key.sign(seal_text(seal))).decode()}


def seal_holds(seal: Mapping[str, Any]) -> bool:
    """Whether a seal's signature fits its own key."""
    return signature_holds(str(seal.get("key", "")), str(seal.get("signature", "")), seal_text(seal))


def seal_sha256(seal: Mapping[str, Any]) -> str:
    """What the log keeps of a seal."""
    return sha256(canonical_json(seal))


def in_cells(text: str) -> list[str]:
    """A long text in pieces that fit a cell, to be joined again."""
    return [text[start : start + A_CELL] for start in range(0, len(text), A_CELL)]


def fingerprint(public: str) -> str:
    """The SHA-256 of the raw key, as it is told to the auditors in their first letter."""
    return hashlib.sha256(base64.b64decode(public)).hexdigest()
