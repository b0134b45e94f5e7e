"""The rows of a workbook as csv and as JSON Lines, written while they go by: csv runs in no program, JSON Lines are exact.

A field of csv holds what the cell shows; where a spreadsheet program could take it for a formula, `'` stands before it (TRAPS:
Spreadsheets out). A line of JSON holds the value itself: codes instead of labels, texts whole, moments with their offset.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

from coi.exports.cells import Known, Repairs, as_json, trimmed
from coi.exports.frame import BigSheet
from coi.exports.registers.columns import code_of
from coi.vocabulary import Word

FORMATS = ("csv", "jsonl")
QUICKEST = 1
# What a program may skip before it looks whether a formula begins: blanks, marks without width, what stands for a lost character.
SKIPPED = "\\s\x00-\x20\xa0\xad\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufffc\ufffd"
LIVE = re.compile(f"[{SKIPPED}]*[=+\\-@|%\uff1d\uff0b\uff0d\uff20\uff5c\uff05]|[\t\r\n]")


def file_of(workbook: Path, name: str) -> Path:
    """The file beside a workbook that holds its sheets in this format."""
    return workbook.with_name(f"{workbook.stem}.{name}.zip")


def field(text: str) -> str:
    """A cleaned text as a field of csv: neutralised after it was cleaned, never before; always quoted."""
    if LIVE.match(text):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"'


class Flat(ABC):
    """One zip with a file for each sheet."""

    ending = ""

    def __init__(self, file: IO[bytes]) -> None:
        self.target = ZipFile(file, "w", ZIP_DEFLATED, compresslevel=QUICKEST)
        self.part: IO[bytes] | None = None

    def open(self, sheet: BigSheet) -> None:
        """A sheet begins."""
        self.begin(sheet.key)

    def begin(self, key: str) -> None:
        """A file of this key."""
        self.part = self.target.open(f"{key}.{self.ending}", "w", force_zip64=True)

    def write(self, lines: Iterable[str]) -> None:
        """Adds lines to the file that is open; half a character of UTF-16 stands as JSON and Python write it."""
        if self.part is not None:
            self.part.write("".join(lines).encode("utf-8", "backslashreplace"))

    def close(self) -> None:
        """The sheet ends."""
        if self.part is not None:
            self.part.close()

    @abstractmethod
    def small(self, key: str, rows: Sequence[Sequence[Any]]) -> None:
        """A sheet of the frame, row by row as it stands."""

    @abstractmethod
    def take(self, values: Sequence[Sequence[Any]], texts: Sequence[Sequence[str]], proofs: Sequence[str]) -> None:
        """A batch, column by column: the values, the texts as shown, and the row proofs where the sheet has them."""

    def drop(self) -> None:
        """Lets go of a zip that nobody wants any more; one that is whole stays as it is."""
        with suppress(OSError, ValueError):
            self.close()
        with suppress(OSError, ValueError):
            self.target.close()

    def finish(self) -> None:
        """The zip is whole."""
        self.target.close()


class CsvFiles(Flat):
    """Csv in UTF-8 with its mark in front, so that spreadsheet programs read the letters right; CRLF; every field quoted."""

    ending = "csv"

    def open(self, sheet: BigSheet) -> None:
        """A sheet begins with its headings."""
        super().open(sheet)
        self.fields: list[Callable[[str], str]] = [_field_of(kind) for _key, _heading, kind in sheet.columns]
        self.write(["\ufeff", ",".join(field(heading) for _key, heading, _kind in sheet.columns), "\r\n"])

    def take(self, values: Sequence[Sequence[Any]], texts: Sequence[Sequence[str]], proofs: Sequence[str]) -> None:
        """A batch, column by column."""
        shown = [*texts, proofs] if proofs else texts
        columns = [map(quoted, column) for quoted, column in zip(self.fields, shown, strict=True)]
        self.write([f"{line}\r\n" for line in map(",".join, zip(*columns, strict=True))])

    def small(self, key: str, rows: Sequence[Sequence[Any]]) -> None:
        """A sheet of the frame, row by row as it stands."""
        self.begin(key)
        lines = [",".join([field(one) if isinstance(one, str) else f'"{one}"' for one in row]) for row in rows]
        self.write(["\ufeff", *(f"{line}\r\n" for line in lines)])
        self.close()


def _field_of(kind: str) -> Callable[[str], str]:
    if kind != "text":  # what the city itself wrote: numbers, days, moments, proofs
        return '"{}"'.format
    return Known(field, Repairs()).__getitem__


class LineFiles(Flat):
    """JSON Lines: an object for each row, by column key."""

    ending = "jsonl"

    def __init__(self, file: IO[bytes], zone: ZoneInfo) -> None:
        super().__init__(file)
        self.zone = zone

    def open(self, sheet: BigSheet) -> None:
        """A sheet begins."""
        super().open(sheet)
        self.starts = [f'{"," if place else "{"}"{key}":' for place, (key, _heading, _kind) in enumerate(sheet.columns)]
        self.values = [self._value_of(kind) for _key, _heading, kind in sheet.columns]

    def take(self, values: Sequence[Sequence[Any]], texts: Sequence[Sequence[str]], proofs: Sequence[str]) -> None:
        """A batch, column by column."""
        told = [*values, proofs] if proofs else values
        columns = []
        for start, of, column in zip(self.starts, self.values, told, strict=True):
            columns.append([f"{start}{of(value)}" for value in column])
        self.write([f"{line}}}\n" for line in map("".join, zip(*columns, strict=True))])

    def small(self, key: str, rows: Sequence[Sequence[Any]]) -> None:
        """A sheet of the frame: a line for each row, with the texts that its hash in the seal covers."""
        self.begin(key)
        self.write([f'{{"texts":[{",".join(map(as_json, trimmed([str(one) for one in row])))}]}}\n' for row in rows])
        self.close()

    def _value_of(self, kind: str) -> Callable[[Any], str]:
        if kind == "instant":
            return lambda value: "null" if value is None else f'"{value.astimezone(self.zone).isoformat()}"'
        known = Known(exact, Repairs())
        return lambda value: known[value] if type(value) is str else exact(value)


def exact(value: Any) -> str:
    """A value as JSON: a word as its code, several as a list, an amount as its exact text, a day as ISO."""
    if value is None:
        return "null"
    if isinstance(value, tuple):
        return f"[{','.join(map(exact, value))}]"
    if isinstance(value, Word):
        return as_json(code_of(value))
    if isinstance(value, date) and not isinstance(value, datetime):
        return f'"{value.isoformat()}"'
    return str(int(value)) if isinstance(value, int) else as_json(str(value))
