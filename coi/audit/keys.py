"""The signing key: a file outside the database (PROOF 2), made once, readable by this user only."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key


def make_key(path: Path) -> Ed25519PrivateKey:
    """The signing key: read when it is there, made when it is not; readable by this user only."""
    if path.exists():
        return read_key(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    key = Ed25519PrivateKey.generate()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return key


def swap_key(path: Path, mark: str) -> tuple[Ed25519PrivateKey, Path]:
    """Puts a new key in the place of the old one, which stays beside it as `NAME.MARK.old`; gives the new key and that file.

    Raises FileExistsError when that name is taken. At every moment a whole key stands at `path`.
    """
    kept, fresh = path.with_name(f"{path.name}.{mark}.old"), path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)  # left by a change that was cut off before it came into use
    key = make_key(fresh)
    os.link(path, kept)
    fresh.replace(path)
    return key, kept


def read_key(path: Path) -> Ed25519PrivateKey:
    """The private key of a file; raises ValueError for any other kind of key."""
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} holds no Ed25519 key.")
    return key
