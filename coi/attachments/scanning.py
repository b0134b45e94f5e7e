"""Asks the city's virus scanner (clamd, over its socket) about a file; without one set, nothing is asked."""

import socket
import struct
from dataclasses import dataclass
from pathlib import Path

import structlog
from flask import current_app

log = structlog.get_logger()

NOT_SET, CLEAN, BAD, WAITING = "", "clean", "bad", "waiting"
PATIENCE = 20.0
PIECE = 64 * 1024


@dataclass(frozen=True)
class Scanner:
    """Where clamd listens: `host:port`, or the path of its socket."""

    address: str

    def connect(self) -> socket.socket:
        """A connection to it; raises OSError."""
        if self.address.startswith("/"):
            made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            made.settimeout(PATIENCE)
            made.connect(str(Path(self.address)))
            return made
        host, _colon, port = self.address.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=PATIENCE)

    def says(self, data: bytes) -> str:
        """What it says of these bytes; raises OSError when it can't be asked or does not understand."""
        with self.connect() as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), PIECE):
                part = data[start : start + PIECE]
                line.sendall(struct.pack("!I", len(part)) + part)
            line.sendall(struct.pack("!I", 0))
            told = b""
            while not told.endswith(b"\0") and len(told) < 4096:
                more = line.recv(4096)
                if not more:
                    break
                told += more
        if told.rstrip(b"\0\n ").endswith(b" OK"):
            return CLEAN
        if b" FOUND" in told:
            return BAD
        raise OSError(f"the scanner says {told[:80]!r}")


def scan(data: bytes) -> str:
    """clean, bad, waiting when the scanner is down, or nothing when none is set."""
    address = current_app.config["SETTINGS"].scanner
    if not address:
        return NOT_SET
    try:
        return Scanner(address).says(data)
    except (OSError, ValueError) as fault:
        log.warning("the scanner can't be asked", fault=str(fault)[:200])
        return WAITING
