"""Values as cells, and as the canonical texts that proofs are made of (PROOF 3-4); knows nothing of disclosures.

A typed `=1+1` stays as typed: no value is changed to make it safe, except what no spreadsheet can hold, and that is counted.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from coi.vocabulary import Word

LONGEST = 32_767  # UTF-16 units that a cell can hold
CUT = " […]"
NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NEEDS_CARE = re.compile("[&<>\x00-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|^ | $|  ")
ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
FIRST_DAY = date(1900, 3, 1)  # before it spreadsheet programs count days differently, or not at all
ZERO_DAY = date(1899, 12, 30)
FIRST_DAYS = (FIRST_DAY - ZERO_DAY).days
MOST_EXACT = 10**15  # a spreadsheet's number keeps fifteen digits
KEPT = 2_000  # values of a column: most come again soon, and memory stays flat

Made = TypeVar("Made")
as_json: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass
class Repairs:
    """What a workbook could not hold as it was: characters replaced by U+FFFD, texts cut at the cell's limit."""

    replaced: int = 0
    cut: int = 0


class Known(dict[Any, Made]):
    """What values became, made once and looked up after; forgets everything when it holds many."""

    def __init__(self, make: Callable[[Any], Made], repairs: Repairs) -> None:
        super().__init__()
        self.make, self.repairs = make, repairs

    def __missing__(self, value: Any) -> Made:
        """Makes it; what had to be repaired is made again each time, so that each cell is counted."""
        before = self.repairs.replaced, self.repairs.cut
        made = self.make(value)
        if before == (self.repairs.replaced, self.repairs.cut):
            if len(self) >= KEPT:
                self.clear()
            self[value] = made
        return made


def cell_text(value: Any, repairs: Repairs) -> str:
    """A text as a cell can hold it: NFC, LF, no character that makes a file unreadable, cut with a visible mark."""
    text = str(value)
    if text.isascii() and text.isprintable() and len(text) <= LONGEST:
        return text
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text, replaced = NO_CHARACTER.subn("\ufffd", text)
    repairs.replaced += replaced
    if len(text) > LONGEST // 2 and units(text) > LONGEST:
        text = cut(text)
        repairs.cut += 1
    return text


def units(text: str) -> int:
    """How long a spreadsheet program finds a text: in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str) -> str:
    """The beginning of a text that fits a cell, with a visible mark."""
    head = text.encode("utf-16-le")[: 2 * (LONGEST - len(CUT))]
    return head.decode("utf-16-le", "ignore") + CUT


def escaped(text: str) -> str:
    """A cleaned text inside `<t>`: markup escaped, and `_x0041_` kept from being read back as `A`."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return ESCAPED.sub("_x005F_", text)


def row_proof(key: str, texts: Sequence[str]) -> str:
    """The last cell of a row: the first 32 hex digits of its hash."""
    return hashlib.sha256(f"coi-row-v1\n{key}\n{as_json(texts)}".encode()).hexdigest()[:32]


def root_of(proofs: Iterable[str]) -> str:
    """A sheet's root over its row proofs."""
    return hashlib.sha256("\n".join(proofs).encode()).hexdigest()


def frame_hash(key: str, rows: Iterable[Sequence[str]]) -> str:
    """The hash of a sheet of the frame; empty cells at a row's end do not count."""
    return hashlib.sha256(f"coi-frame-v1\n{key}\n{as_json([trimmed(row) for row in rows])}".encode()).hexdigest()


def trimmed(row: Sequence[str]) -> list[str]:
    """A row without the empty cells at its end."""
    cells = list(row)
    while cells and cells[-1] == "":
        cells.pop()
    return cells


@dataclass
class Cells:
    """Turns the values of one workbook into (canonical text, XML of the cell); `styles` are the numbers of the frame's styles."""

    zone: ZoneInfo
    styles: dict[str, int]
    repairs: Repairs = field(default_factory=Repairs)
    words: dict[int, tuple[str, str]] = field(default_factory=dict)

    def text(self, value: Any) -> tuple[str, str]:
        """A text, shown as typed; a word, or several, by label in the language that is spoken."""
        if value is None or value == "":
            return "", ""
        if type(value) is not str:
            return self.said(value)
        text = cell_text(value, self.repairs)
        return text, self._inline(text)

    def said(self, value: Any) -> tuple[str, str]:
        """A word's label, several with commas between; any other value as its text."""
        if isinstance(value, tuple):
            return self.text(", ".join([self.said(one)[0] for one in value]))
        if not isinstance(value, Word):
            return self.text(str(value))
        # Words of two lists may be equal as texts; each is one object for as long as the program runs.
        found = self.words.get(id(value))
        if found is None:
            found = self.words[id(value)] = self.text(str(value.label))
        return found

    def _inline(self, text: str) -> str:
        style = self.styles["text"]
        if NEEDS_CARE.search(text):
            return f' s="{style}" t="inlineStr"><is><t xml:space="preserve">{escaped(text)}</t></is></c>'
        return f' s="{style}" t="inlineStr"><is><t>{text}</t></is></c>'

    def whole(self, value: Any) -> tuple[str, str]:
        """A whole number; more digits than a spreadsheet's number keeps stand as text."""
        if value is None:
            return "", ""
        text = str(int(value))
        if not -MOST_EXACT < value < MOST_EXACT:
            return text, self._inline(text)
        return text, f' s="{self.styles["whole"]}"><v>{text}</v></c>'

    def money(self, value: Any) -> tuple[str, str]:
        """An exact amount; more than a spreadsheet's number keeps stands as text."""
        if value is None:
            return "", ""
        text = f"{Decimal(value):.2f}"
        if abs(Decimal(value)) * 100 >= MOST_EXACT:
            return text, self._inline(text)
        return text, f' s="{self.styles["money"]}"><v>{text}</v></c>'

    def date(self, value: date | None) -> tuple[str, str]:
        """A day; one that spreadsheets can't count stands as ISO text."""
        if value is None:
            return "", ""
        text = value.isoformat()
        if value < FIRST_DAY:
            return text, self._inline(text)
        return text, f' s="{self.styles["date"]}"><v>{(value - ZERO_DAY).days}</v></c>'

    def instant(self, value: datetime | None) -> tuple[str, str]:
        """A moment in city time, to the second."""
        if value is None:
            return "", ""
        # Without its zone a moment is written three times as fast: nobody is asked for the offset again.
        local = value.astimezone(self.zone).replace(tzinfo=None)
        text = local.isoformat()[:19]
        days = local.toordinal() - ZERO_DAY.toordinal()
        if days < FIRST_DAYS:
            return text, self._inline(text)
        serial = days + (local.hour * 3600 + local.minute * 60 + local.second) / 86400
        return text, f' s="{self.styles["instant"]}"><v>{serial!r}</v></c>'

    def of(self, kind: str) -> Callable[[Any], tuple[str, str]]:
        """The writer of a column's type."""
        made: Callable[[Any], tuple[str, str]] = getattr(self, kind)
        return made
