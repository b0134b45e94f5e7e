"""Looks at a workbook's zip before anything reads it, then has it read in a process of its own with limits of memory and time."""

import io
import json
import re
import stat
import subprocess  # nosec B404  # one fixed command, this interpreter with our own file
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from flask_babel import gettext as _

CHILD = Path(__file__).with_name("sheets_child.py")
MOST_MEMBERS = 1_000
MOST_UNPACKED = 120 * 1024 * 1024
# What repeats packs well; what packs better than this was made to burst.
HIGHEST_RATIO = 150
SMALL = 2 * 1024 * 1024
SECONDS = 60
FORBIDDEN = re.compile(r"vbaproject|(^|/)(embeddings|activex|customxml|externallinks|ctrlprops)/|\.bin$|oleobject", re.I)
# Excel writes the printer's own settings into every second workbook; they are never read.
HARMLESS = re.compile(r"^xl/printersettings/printersettings\d*\.bin$", re.I)
DECLARED = re.compile(rb"""^<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")

Refusal = Callable[[object], Exception]


def check_zip(data: bytes, unreadable: Refusal) -> None:
    """Raises `unreadable` for a zip that is broken, locked, doubled, too large when unpacked, or holds more than plain sheets."""
    broken = unreadable(_("This file is damaged or no workbook. Save it again as xlsx or csv."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_members(members, unreadable)
            for member in members:
                if member.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _check_xml(archive, member, unreadable)
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, ValueError) as fault:
        raise broken from fault
    except Exception as fault:
        if type(fault).__module__ == "zlib":
            raise broken from fault
        raise


def _check_members(members: list[zipfile.ZipInfo], unreadable: Refusal) -> None:
    names = [member.filename.lower() for member in members]
    if len(members) > MOST_MEMBERS or len(set(names)) != len(names):
        raise unreadable(_("This workbook is put together in a way that no spreadsheet program does. Save it again."))
    if any(member.flag_bits & 0x1 for member in members):
        raise unreadable(_("This workbook has a password. Save it without one."))
    if any(_strays(member) for member in members):
        raise unreadable(_("This workbook is put together in a way that no spreadsheet program does. Save it again."))
    if any(FORBIDDEN.search(name) and not HARMLESS.match(name) for name in names):
        raise unreadable(_("Files with macros or embedded objects are not accepted. Copy the list into a new workbook."))
    if "[content_types].xml" not in names or not any(name.startswith("xl/worksheets/") for name in names):
        raise unreadable(_("This is no xlsx workbook. Save it as xlsx or csv in your spreadsheet program."))
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise unreadable(_("This workbook is too large when it is unpacked. Save only the list, as csv."))
    for member in members:
        if member.file_size > SMALL and member.file_size > HIGHEST_RATIO * max(member.compress_size, 1):
            raise unreadable(_("This workbook is packed in a way that no list is. Save only the list, as csv."))


def _strays(member: zipfile.ZipInfo) -> bool:
    """Whether a member points outside the archive or is a link."""
    name = member.filename
    mode = member.external_attr >> 16
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/") or bool(mode and stat.S_ISLNK(mode))


def _check_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo, unreadable: Refusal) -> None:
    """Refuses a document type, any encoding but UTF-8, and a member that unpacks to more than it declared."""
    size, tail = 0, b""
    with archive.open(member) as stream:
        while piece := stream.read(1024 * 1024):
            if size == 0:
                told = DECLARED.match(piece.removeprefix(b"\xef\xbb\xbf").lstrip())
                odd = piece[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in piece[:200]
                if odd or (told and told[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")):
                    raise unreadable(_("This workbook can't be read. Save it again as xlsx or csv."))
            size += len(piece)
            if b"<!" in tail + piece and re.search(rb"<!\s*(DOCTYPE|ENTITY)", tail + piece, re.I):
                raise unreadable(_("This workbook can't be read. Save it again as xlsx or csv."))
            if size > member.file_size:
                raise unreadable(_("This workbook is packed in a way that no list is. Save only the list, as csv."))
            tail = piece[-20:]


def rows_of_workbook(
    data: bytes, most_rows: int, most_columns: int, unreadable: Refusal
) -> tuple[int, list[tuple[int, list[list[str]]]]]:
    """How many other sheets there are, and the rows of the first as (number, cells); each cell is [kind, text]."""
    command = [sys.executable, "-I", str(CHILD), str(most_rows), str(most_columns)]
    try:
        told = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)  # nosec B603  # fixed command
    except subprocess.TimeoutExpired as fault:
        raise unreadable(_("This workbook takes too long to read. Save only the list, as csv.")) from fault
    if told.returncode != 0:
        raise unreadable(_("This workbook can't be read. Save it again as xlsx or csv."))
    first, *rest = told.stdout.splitlines()
    opening = json.loads(first)
    if "fault" in opening:
        raise unreadable(_("This workbook has no sheet that can be seen."))
    rows = [(number, cells) for number, cells in map(json.loads, rest)]
    if any(len(cells) > most_columns for _number, cells in rows):
        raise unreadable(_("This file has more than %(most)s columns.", most=most_columns))
    return opening["others"], rows
