"""Reads csv and xlsx from outside into headings and rows of text; refuses, by row number, what it could only guess."""

import csv
import hashlib
import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from flask_babel import gettext as _

from coi.errors import Refused
from coi.rules.searching import heading_key
from coi.sheets_zip import check_zip, rows_of_workbook
from forms.base import tidy, unwritable

MOST_BYTES = 12 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 100
LONGEST_CELL = 4_000
LONGEST_HEADING = 200
# A contract's description may have a few lines; a cell over more of them is a quote that was never closed.
MOST_LINES = 20
DELIMITERS = (",", ";", "\t")
OTHER_KINDS = (
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"%PDF", "pdf"),
    (b"{\\rtf", "rtf"),
)


class Unreadable(Refused):
    """The file itself can't be read; nothing of it was used."""

    def __init__(self, message: object) -> None:
        super().__init__(message, "file")


@dataclass(frozen=True)
class Row:
    """One row of a file: its number as a spreadsheet program shows it, its texts, and which cells were plain numbers."""

    number: int
    cells: tuple[str, ...]
    kinds: tuple[str, ...] = ()

    def kind(self, column: int) -> str:
        """What the cell was in a workbook: text, number, decimal, date, boolean; csv knows only text."""
        return self.kinds[column] if column < len(self.kinds) else "text"


@dataclass(frozen=True)
class Sheet:
    """What a file holds: headings, rows, rows that can't be read with the reason, and what a person should know of it."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    sha256: str
    faults: tuple[tuple[int, str], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class _Reading:
    rows: list[Row] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_file(path: Path, known: Collection[str] = ()) -> Sheet:
    """The sheet in a file on disk; raises Unreadable before reading what is too large."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable(_too_large())
        data = path.read_bytes()
    except OSError as fault:
        raise Unreadable(_("%(file)s can't be opened.", file=path.name)) from fault
    return read_sheet(data, path.name, known)


def read_sheet(data: bytes, filename: str, known: Collection[str] = ()) -> Sheet:
    """The sheet in `data`; `known` are headings that tell which separator a csv has. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable(_too_large())
    if not data.strip(b"\x00\xef\xbb\xbf \t\r\n"):
        raise Unreadable(_("This file is empty."))
    if _is_workbook(data, filename):
        check_zip(data, Unreadable)
        reading = _from_workbook(data)
    else:
        reading = _from_csv(data, known)
    return _sheet(reading, hashlib.sha256(data).hexdigest())


def _too_large() -> str:
    told: str = _("This file is too large: at most %(most)s MB.", most=MOST_BYTES // (1024 * 1024))
    return told


def _too_many() -> str:
    told: str = _("This file has more than %(most)s rows. Delete what stands below the list.", most=f"{MOST_ROWS:,}")
    return told


def _is_workbook(data: bytes, filename: str) -> bool:
    """Judges by content, and refuses a name that says something else."""
    ending = Path(filename).suffix.lower()
    start = data[:512].lstrip()
    kind = next((name for mark, name in OTHER_KINDS if data.startswith(mark)), "")
    if kind == "ole" or ending in (".xls", ".xlsb"):
        raise Unreadable(_("This is an old Excel file, or it has a password. Save it as .xlsx without a password, or as csv."))
    if ending in (".xlsm", ".xltm"):
        raise Unreadable(_("Files with macros are not accepted. Save it as .xlsx or csv."))
    if kind or start[:1] == b"<" or ending not in (".csv", ".txt", ".tsv", ".xlsx"):
        raise Unreadable(_("Only csv and xlsx files can be read. Save it as one of these in your spreadsheet program."))
    zipped = data.startswith(b"PK")
    if zipped != (ending == ".xlsx"):
        raise Unreadable(_("The name of this file does not fit what is in it. Save it again as csv or xlsx."))
    return zipped


def _sheet(reading: _Reading, sha256: str) -> Sheet:
    if not reading.rows:
        raise Unreadable(_("This file holds no row with headings."))
    first, *rest = reading.rows
    headings = tuple(tidy(text) for text in first.cells)
    while headings and not headings[-1]:
        headings = headings[:-1]
    _check_headings(headings, first.number)
    if not rest:
        raise Unreadable(_("This file holds headings and no row."))
    if len(rest) > MOST_ROWS:
        raise Unreadable(_too_many())
    rows, faults = [], list(reading.faults)
    for row in rest:
        fault = _row_fault(row, len(headings))
        if fault:
            faults.append((row.number, fault))
        else:
            cells = tuple(tidy(text) for text in row.cells[: len(headings)])
            rows.append(Row(row.number, cells + ("",) * (len(headings) - len(cells)), row.kinds))
    return Sheet(headings, tuple(rows), sha256, tuple(sorted(faults)), tuple(reading.notes))


def _check_headings(headings: tuple[str, ...], number: int) -> None:
    if len(headings) > MOST_COLUMNS:
        raise Unreadable(_("This file has more than %(most)s columns.", most=MOST_COLUMNS))
    seen: set[str] = set()
    for heading in headings:
        if unwritable(heading, lines=True) or len(heading) > LONGEST_HEADING:
            raise Unreadable(_("Row %(row)s should hold the headings, and one of them can't be read.", row=number))
        key = heading_key(heading) or heading
        if key and key in seen:
            raise Unreadable(_('The heading "%(heading)s" stands there twice. Rename or delete one column.', heading=heading))
        seen.add(key)
    if not any(headings):
        raise Unreadable(_("Row %(row)s should hold the headings and is empty.", row=number))


def _row_fault(row: Row, width: int) -> str:
    """Why a row can't be taken as it is, or nothing."""
    fault: str = ""
    if any(text.strip() for text in row.cells[width:]):
        fault = _("more cells than there are headings")
    elif not row.kinds and len(row.cells) < width:
        fault = _("%(has)s cells where the headings are %(width)s", has=len(row.cells), width=width)
    elif "formula" in row.kinds[:width]:
        fault = _("a formula instead of a value: copy the column and paste it as values")
    elif "error" in row.kinds[:width]:
        fault = _("an error cell such as #REF!")
    elif any(len(text) > LONGEST_CELL for text in row.cells):
        fault = _("a cell with more than %(most)s characters", most=f"{LONGEST_CELL:,}")
    elif any(unwritable(text.replace("\r", "\n"), lines=True) for text in row.cells):
        fault = _("a character that can't be kept (a control character)")
    return fault


def _from_workbook(data: bytes) -> _Reading:
    reading = _Reading()
    others, rows = rows_of_workbook(data, MOST_ROWS + 1, MOST_COLUMNS, Unreadable)
    if rows and rows[-1][0] > MOST_ROWS + 1:
        raise Unreadable(_too_many())
    if others:
        reading.notes.append(_("The file has several sheets; only the first one was read."))
    for number, cells in rows:
        reading.rows.append(Row(number, tuple(text for _kind, text in cells), tuple(kind or "text" for kind, _text in cells)))
    return reading


def _from_csv(data: bytes, known: Collection[str]) -> _Reading:
    reading = _Reading()
    text = _decoded(data, reading)
    separator = _separator(text, known)
    for number, cells in _records(text, separator):
        if any(cell.strip() for cell in cells):
            reading.rows.append(Row(number, tuple(cells)))
        if len(reading.rows) > MOST_ROWS + 1:
            break
    return reading


def _decoded(data: bytes, reading: _Reading) -> str:
    """The text in a csv file: UTF-8, UTF-16 with its mark, or Windows-1252, which is said."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as fault:
            raise Unreadable(_not_text()) from fault
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if b"\x00" in data:
        raise Unreadable(_not_text())
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as fault:
        raise Unreadable(_not_text()) from fault
    reading.notes.append(_("The file is not UTF-8 and was read as Windows-1252. Look at the names with accents."))
    return text


def _not_text() -> str:
    told: str = _('This is no csv file that can be read. Save it as "CSV UTF-8" or as xlsx.')
    return told


def _separator(text: str, known: Collection[str]) -> str:
    """The separator whose first line gives most known headings, then most headings."""
    wanted = {heading_key(heading) for heading in known}
    first = next((line for line in text.splitlines() if line.strip(" ,;\t")), "")

    def worth(separator: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([first], delimiter=separator))
        except (csv.Error, StopIteration):
            return (0, 0)
        return sum(heading_key(cell) in wanted for cell in cells), len(cells)

    return max(DELIMITERS, key=worth)


def _records(text: str, separator: str) -> Iterable[tuple[int, list[str]]]:
    """Rows with the line where each begins; an open quote, a NUL and an endless field are refused by that line."""
    nul = text.find("\x00")
    if nul >= 0:
        raise Unreadable(_("Line %(row)s holds a NUL character, which no text has.", row=text.count("\n", 0, nul) + 1))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            if "field larger" in str(fault):
                message = _("Line %(row)s holds a field that is too long.", row=begins)
            else:
                message = _("A quotation mark in line %(row)s is not closed, or stands where none may.", row=begins)
            raise Unreadable(message) from fault
        if reader.line_num - begins > MOST_LINES:
            raise Unreadable(
                _("The cell that begins in line %(row)s runs over many lines: a quotation mark is missing.", row=begins)
            )
        yield begins, cells
