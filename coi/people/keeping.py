"""Keeps an uploaded roster or list on disk between its upload and its application, under a random name, a day at most."""

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app

from coi.audit.chain import canonical_json, sha256

TOKEN = re.compile(r"[0-9a-f]{32}\Z")
LONGEST = timedelta(days=1)
ROSTER = "roster"


@dataclass(frozen=True)
class Kept:
    """An upload: its bytes, what it was called, whether it says to be full, and which heading a person gave to which field.

    `of` says what it is a file of: one page never opens the upload of another.
    """

    token: str
    data: bytes
    filename: str
    full: bool
    chosen: Mapping[str, str] = field(default_factory=dict)
    of: str = ROSTER

    @property
    def mark(self) -> str:
        """Changes with the bytes, the mapping, and full or part: a preview carries it, and only that preview may be applied."""
        return sha256(canonical_json([self.of, self.data.hex(), self.full, dict(self.chosen)]))


def _folder() -> Path:
    folder: Path = current_app.config["SETTINGS"].folder / "rosters"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def keep(data: bytes, filename: str, full: bool, now: datetime, of: str = ROSTER) -> str:
    """Keeps an upload and gives its token; what is older than a day goes."""
    forget_old(now)
    token = secrets.token_hex(16)
    _write(_folder() / f"{token}.data", data)
    tell(Kept(token, data, filename, full, of=of))
    return token


def tell(kept: Kept) -> None:
    """Writes what a person said about an upload."""
    told = {"filename": kept.filename, "full": kept.full, "chosen": dict(kept.chosen), "of": kept.of}
    _write(_folder() / f"{kept.token}.json", json.dumps(told).encode())


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, and for nobody else on this machine."""
    half = path.with_suffix(f".{secrets.token_hex(4)}.half")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    half.replace(path)


def kept(token: str, of: str = ROSTER) -> Kept | None:
    """The upload of a token; None when it is not here (any more), or is a file of something else."""
    if not TOKEN.match(token):
        return None
    try:
        data = (_folder() / f"{token}.data").read_bytes()
        told = json.loads((_folder() / f"{token}.json").read_bytes())
    except (OSError, ValueError):
        return None
    if told["of"] != of:
        return None
    return Kept(token, data, told["filename"], told["full"], told["chosen"], of)


def forget(one: Kept) -> None:
    """After the import, or when a person gives it up."""
    for ending in ("data", "json"):
        (_folder() / f"{one.token}.{ending}").unlink(missing_ok=True)


def forget_old(now: datetime) -> int:
    """Removes what nobody applied; counts files."""
    oldest = (now - LONGEST).timestamp()
    gone = 0
    for path in _folder().iterdir():
        if path.is_file() and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
