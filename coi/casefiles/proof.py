"""The statement that certifies a case file: what it holds, in one signed JSON; made here, checked here; looks nothing up."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from coi.audit.chain import canonical_json, checkpoint_holds, entry_hash, public_text, sha256, signature_holds

FORMAT = "coi-case-file-v1"
Entry = Mapping[str, Any]


def text_of(statement: Mapping[str, Any]) -> bytes:
    """The bytes that a statement signs: everything in it but the signature."""
    kept = {key: value for key, value in statement.items() if key != "signature"}
    return f"{FORMAT}\n{canonical_json(kept)}".encode()


def signed(key: Ed25519PrivateKey, content: Mapping[str, Any]) -> dict[str, Any]:
    """The statement: the content with format, key and signature."""
    statement = {"format": FORMAT, **content, "key": public_text(key)}
    return {**statement, "signature": base64.b64encode(key.sign(text_of(statement))).decode()}


def statement_sha256(statement: Mapping[str, Any]) -> str:
    """What the log keeps of a statement."""
    return sha256(canonical_json(statement))


def faults(statement: Mapping[str, Any], pdf: bytes | None, key: str | None) -> list[str]:
    """What is wrong with a statement and its PDF, in English sentences; nothing where all holds.

    `key`: the city's public key as the reader knows it from elsewhere; None checks only that the file agrees with itself.
    """
    found = []
    if statement.get("format") != FORMAT:
        return ["This is no statement of a certified case file."]
    if key is not None and statement.get("key") != key:
        found.append("The statement was signed with another key than the one given.")
    if not signature_holds(str(statement.get("key", "")), str(statement.get("signature", "")), text_of(statement)):
        found.append("The statement was altered: its signature does not fit.")
    if pdf is not None and hashlib.sha256(pdf).hexdigest() != statement.get("pdf", {}).get("sha256"):
        found.append("The PDF is not the one that was certified: its SHA-256 differs.")
    for entry in statement.get("entries", ()):
        if not entry_holds(entry):
            found.append(f"Entry {entry.get('seq')} of the log was altered.")
    if not checkpoint_holds(statement["checkpoint"]) or statement["checkpoint"].get("key") != statement.get("key"):
        found.append("The checkpoint was altered: its signature does not fit.")
    return found


def entry_holds(entry: Entry) -> bool:
    """Whether an entry of the log still has its hash."""
    told = {name: str(entry.get(name, "")) for name in ("actor", "at", "details", "event", "subject")}
    return entry_hash(str(entry.get("prev", "")), seq=int(entry.get("seq", 0)), **told) == entry.get("hash")
