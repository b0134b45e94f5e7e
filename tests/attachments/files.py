"""Small files as people send them: whole ones of each kind, and broken, mixed or hostile ones."""

import struct
import zlib

from coi.attachments.judging import MOST_BYTES

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
XML = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "boom">]><x>&e;</x>'
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def png(width: int = 2, height: int = 2, *more: tuple[bytes, bytes], after: bytes = b"") -> bytes:
    """A PNG with these chunks beside its picture."""
    rows = zlib.compress(b"".join(b"\0" + b"\xff\0\0" * min(width, 2) for _row in range(min(height, 2))))
    parts = [(b"IHDR", struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)), *more, (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts) + after


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data))


def exif(turned: int = 6) -> bytes:
    """An Exif block as a telephone writes it: how it was held, and where it was."""
    fields = [(0x0112, 3, struct.pack("!HH", turned, 0)), (0x8825, 4, struct.pack("!I", 26 + 24))]
    told = b"MM\0*\0\0\0\x08" + struct.pack("!H", len(fields))
    told += b"".join(struct.pack("!HHI", tag, kind, 1) + value for tag, kind, value in fields) + b"\0\0\0\0"
    return b"Exif\0\0" + told + b"GPS 40.0379 N 76.3055 W"


def jpg(*segments: tuple[int, bytes], width: int = 8, height: int = 8, after: bytes = b"", end: bytes = b"\xff\xd9") -> bytes:
    """A JPG with these segments before its picture."""
    size = struct.pack("!BHHB", 8, height, width, 1) + b"\x01\x11\0"
    told = [(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"), *segments, (0xDB, b"\0" + b"\x10" * 64), (0xC0, size)]
    told.append((0xDA, b"\x01\x01\0\0\x3f\0"))
    body = b"".join(b"\xff" + bytes([mark]) + struct.pack("!H", len(part) + 2) + part for mark, part in told)
    return b"\xff\xd8" + body + b"\x12\xff\x00\x34\xff\xd0\x56" + end + after


def pdf(inside: bytes = b"", after: bytes = b"") -> bytes:
    """A PDF with one more object in it."""
    return PDF.replace(b"trailer", b"3 0 obj" + inside + b"endobj\ntrailer") + after


def of_size(size: int) -> bytes:
    """A PDF of exactly this many bytes."""
    return PDF[:-7] + b"%" + b"x" * (size - len(PDF) - 2) + b"\n" + PDF[-7:]


TOO_LARGE = MOST_BYTES + 1
