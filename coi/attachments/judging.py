"""What an uploaded file is, by its content and not by its name; takes hidden facts out of pictures; opens and unpacks nothing."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import filetype
from flask_babel import lazy_gettext as _l

from coi.errors import Refused

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 200_000_000
LONGEST_NAME = 120
KINDS = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
ENDINGS = {"pdf": "pdf", "jpg": "jpg", "jpeg": "jpg", "jpe": "jpg", "png": "png"}

NOT_TAKEN = _l("This is not a PDF, JPG or PNG file. Scan the paper, or take a photo of it, and add that.")
NOT_WHOLE = _l("This file is broken or not whole. Open it on your device; if it opens there, save it again and add that.")


@dataclass(frozen=True)
class Judged:
    """A file that is taken: its kind, the bytes that are kept, and its name as text."""

    kind: str
    data: bytes
    filename: str


def judge(data: bytes, named: str) -> Judged:
    """What this file is; raises Refused, in words for whoever sent it, when it is nothing that is taken."""
    if not data:
        raise Refused(_l("This file is empty."), "file")
    if len(data) > MOST_BYTES:
        raise Refused(_l("This file is larger than 10 MB. Scan it in grey or at 150 dots per inch, or split it."), "file")
    found = filetype.guess(data)
    kind = {mime: code for code, mime in KINDS.items()}.get(found.mime if found else "")
    ending = _ending(named)
    if kind is None or (ending and ending not in ENDINGS):
        raise Refused(NOT_TAKEN, "file")
    kept = {"pdf": _pdf, "jpg": _jpg, "png": _png}[kind](data)
    return Judged(kind, kept, plain_name(named, kind))


def _ending(named: str) -> str:
    base = re.split(r"[\\/]", named)[-1].rstrip(" .\x00")
    stem, dot, ending = base.rpartition(".")
    return ending.lower() if dot and stem else ""


def plain_name(named: str, kind: str) -> str:
    """The sender's name for a file as text to read: no folders, no marks that hide or turn letters, cut, the kind's ending."""
    base = re.split(r"[\\/]", unicodedata.normalize("NFC", named.encode("utf-8", "replace").decode()))[-1]
    # Cc control, Cf turns the direction of writing or hides, Cs half a character, Co and Cn nobody's.
    shown = "".join(" " if mark.isspace() else mark for mark in base if mark.isspace() or unicodedata.category(mark)[0] != "C")
    shown = re.sub(r" +", " ", shown).strip()
    stem, dot, ending = shown.rpartition(".")
    if dot and ENDINGS.get(ending.lower()) is not None:
        shown = stem
    return f"{shown.strip(' .')[:LONGEST_NAME].strip(' .') or 'paper'}.{kind}"


# --- PDF -------------------------------------------------------------------------------------------------------------------

HEAD = re.compile(rb"%PDF-[12]\.\d")
STREAM = re.compile(rb"stream\r?\n.*?endstream", re.S)
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
LOCKED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData)(?![A-Za-z0-9])")
TAIL = 2048


def _pdf(data: bytes) -> bytes:
    if not HEAD.match(data):
        raise Refused(NOT_TAKEN, "file")
    if b"%%EOF" not in data[-TAIL:]:
        raise Refused(NOT_WHOLE, "file")
    # Names may be written with #xx; what lies packed in streams is not unpacked here.
    names = ESCAPED.sub(lambda one: bytes([int(one[1], 16)]), STREAM.sub(b"", data))
    if LOCKED.search(names):
        raise Refused(_l("This PDF is locked with a password. Print it to a new PDF without one, and add that."), "file")
    if ACTIVE.search(names):
        raise Refused(_l("This PDF holds a program or other files inside. Print it to a new PDF, and add that."), "file")
    return data


# --- JPG: where a photo was taken is nobody's business; how it is turned must stay ------------------------------------------

START, END, SCAN = 0xD8, 0xD9, 0xDA
EXIF, TEXT, PHOTOSHOP = 0xE1, 0xFE, 0xED
SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def _jpg(data: bytes) -> bytes:
    kept, turned, ended = [b"\xff\xd8"], 1, False
    for mark, part in _segments(data):
        if mark == END:
            ended = True
        elif mark == EXIF:
            turned = _turned(part) if turned == 1 else turned
        elif mark not in (TEXT, PHOTOSHOP):
            if mark in SIZES and len(part) >= 9:
                _check_size(int.from_bytes(part[7:9], "big"), int.from_bytes(part[5:7], "big"))
            kept.append(part)
    if not ended:
        raise Refused(NOT_WHOLE, "file")
    if turned != 1:
        kept.insert(1, _only_turned(turned))
    return b"".join([*kept, b"\xff\xd9"])


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Every segment up to the end of the picture, the coded picture with its header; what stands after the end is left."""
    place = 2
    while place + 2 <= len(data):
        if data[place] != 0xFF:
            raise Refused(NOT_WHOLE, "file")
        mark = data[place + 1]
        if mark == 0xFF:  # padding
            place += 1
            continue
        if mark == END:
            yield END, b""
            return
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        until = place + 2 + length
        if length < 2 or until > len(data):
            raise Refused(NOT_WHOLE, "file")
        if mark == SCAN:
            until = _after_scan(data, until)
        yield mark, data[place:until]
        place = until


NEXT = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


def _after_scan(data: bytes, place: int) -> int:
    """Where the coded picture ends: at the first mark that is neither a stuffed byte nor a restart."""
    found = NEXT.search(data, place)
    if found is None:
        raise Refused(NOT_WHOLE, "file")
    return found.start()


def _turned(part: bytes) -> int:
    """How the camera was held, from an Exif block; 1 when it does not say."""
    if part[4:10] != b"Exif\x00\x00" or len(part) < 20:
        return 1
    told = part[10:]
    order: Any = "little" if told[:2] == b"II" else "big"
    at = int.from_bytes(told[4:8], order)
    for number in range(min(int.from_bytes(told[at : at + 2], order), 100)):
        field = told[at + 2 + number * 12 : at + 14 + number * 12]
        if len(field) == 12 and int.from_bytes(field[:2], order) == 0x0112:
            value = int.from_bytes(field[8:10], order)
            return value if 1 <= value <= 8 else 1
    return 1


def _only_turned(value: int) -> bytes:
    """An Exif block that says how the picture is turned, and nothing else."""
    field = b"\x01\x12\x00\x03\x00\x00\x00\x01" + value.to_bytes(2, "big") + b"\x00\x00"
    told = b"Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01" + field + b"\x00\x00\x00\x00"
    return b"\xff\xe1" + (len(told) + 2).to_bytes(2, "big") + told


# --- PNG -------------------------------------------------------------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n"
NEEDED = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"pHYs", b"bKGD", b"sBIT"}


def _png(data: bytes) -> bytes:
    kept, place = [PNG], len(PNG)
    while place + 12 <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        name, until = data[place + 4 : place + 8], place + 12 + length
        if until > len(data) or (place == len(PNG)) != (name == b"IHDR"):
            raise Refused(NOT_WHOLE, "file")
        if name == b"IHDR":
            _check_size(*(int.from_bytes(data[place + at : place + at + 4], "big") for at in (8, 12)))
        if name in NEEDED:
            kept.append(data[place:until])
        if name == b"IEND":
            return b"".join(kept)
        place = until
    raise Refused(NOT_WHOLE, "file")


def _check_size(width: int, height: int) -> None:
    """A small file may unfold into more than a reader's machine holds."""
    if not width * height:
        raise Refused(NOT_WHOLE, "file")
    if width * height > MOST_PIXELS:
        raise Refused(_l("This picture has too many points: at most 200 million. Save it smaller, and add that."), "file")
