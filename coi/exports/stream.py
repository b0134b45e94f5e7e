"""Streams rows into a workbook as XML, counts and proves them on the way; memory stays flat at any size.

Rows are worked on a batch at a time and column by column: most values of a column came before, and are looked up.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import IO, Any, Protocol
from zipfile import ZipFile

from openpyxl.utils import get_column_letter

from coi.exports.cells import Cells, Known, as_json
from coi.exports.frame import BigSheet, Frame
from coi.vocabulary import Word

ROWS_OF_A_SHEET = 1_000_000
A_WRITE = 1_000

Row = tuple[Any, ...]


class Beside(Protocol):
    """Another form of the same rows, written while they go by (csv, JSON Lines)."""

    def open(self, sheet: BigSheet) -> None:
        """A sheet begins."""

    def take(self, values: Sequence[Row], texts: Sequence[Sequence[str]], proofs: Sequence[str]) -> None:
        """A batch, column by column: the values, the texts as shown, and the row proofs where the sheet has them."""

    def close(self) -> None:
        """The sheet ends."""


@dataclass
class Proofs:
    """The row proofs of one export: written to the seal file as they come, hashed to each sheet's root, kept nowhere."""

    file: IO[str]
    roots: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.file.write('{"proofs":{')

    def sheet(self, key: str) -> Callable[[list[str]], None]:
        """Opens a sheet's list; what comes back takes the proofs of its rows, a batch at a time."""
        self.file.write(f'{"," if self.roots else ""}"{key}":[')
        self.roots[key] = ""
        running, first = hashlib.sha256(), True

        def take(proofs: list[str]) -> None:
            nonlocal first
            if proofs:
                running.update((("" if first else "\n") + "\n".join(proofs)).encode())
                self.file.write(("" if first else ",") + ",".join(f'"{one}"' for one in proofs))
                first = False
            self.roots[key] = running.hexdigest()

        return take

    def close_sheet(self) -> None:
        """Closes a sheet's list."""
        self.file.write("]")

    def close(self, seal: Any) -> None:
        """Ends the seal file with the seal."""
        self.file.write(f'}},"seal":{as_json(seal)}}}\n')


class Streamer:
    """Writes the big sheets of a frame into a zip, one after the other; `told` hears how many rows were written."""

    def __init__(
        self, frame: Frame, cells: Cells, target: ZipFile, told: Callable[[int], None], beside: Sequence[Beside] = ()
    ) -> None:
        self.frame, self.cells, self.target, self.told, self.beside = frame, cells, target, told, beside
        self.by_tab: dict[str, int] = {}

    def write(self, key: str, rows: Iterable[Row], proofs: Proofs | None) -> int:
        """Streams one sheet, onto further ones when it is full, and returns how many rows it has."""
        sheet, take = self.frame.sheets[key], None
        if proofs is not None:
            take = proofs.sheet(key)
            take([])
        for one in self.beside:
            one.open(sheet)
        batches, total, number = Batches(sheet, iter(rows), self.cells, take, self.beside), 0, 1
        tab, left = sheet.tab, True
        while left:
            written, left = self._one(key, tab, batches)
            self.by_tab[tab] = written
            total += written
            if left:
                number += 1
                tab = self.frame.go_on(key, number)
        if proofs is not None:
            proofs.close_sheet()
        for one in self.beside:
            one.close()
        return total

    def _one(self, key: str, tab: str, batches: "Batches") -> tuple[int, bool]:
        written = 0
        with self.target.open(self.frame.parts[tab], "w", force_zip64=True) as part:
            part.write(self.frame.before[key])
            while written < ROWS_OF_A_SHEET:
                count, xml = batches.next(written + 2, min(A_WRITE, ROWS_OF_A_SHEET - written))
                if not count:
                    break
                part.write(xml)
                written += count
                self.told(count)
            part.write(self.frame.after[key])
        return written, batches.more()


Made = tuple[str, str, str]  # of one cell: the canonical text, the same as JSON, the XML
NOTHING = type(None)


class Column:
    """One column of a sheet: what its values became is kept for a while, since most come again."""

    OFTEN = {"text": str, "whole": int, "money": Decimal, "date": date}

    def __init__(self, kind: str, letter: str, cells: Cells) -> None:
        self.cell, self.start = cells.of(kind), f'<c r="{letter}'
        self.again = {self.OFTEN.get(kind), NOTHING}
        self.known: Known[Made] = Known(self._made, cells.repairs)
        self.words: dict[int, Made] = {}

    def _made(self, value: Any) -> Made:
        text, xml = self.cell(value)
        return text, as_json(text), xml

    def cells(self, values: Row) -> Iterable[Made]:
        """What the values of a batch became."""
        kinds = set(map(type, values))
        if kinds <= self.again:
            return map(self.known.__getitem__, values)
        if all(issubclass(kind, Word | NOTHING) for kind in kinds):
            return [self.words.get(id(value)) or self._word(value) for value in values]
        return map(self._made, values)

    def _word(self, value: Any) -> Made:
        made = self.words[id(value)] = self._made(value)
        return made

    def xml(self, refs: list[str], cells: Iterable[str]) -> list[str]:
        """The XML of a batch's cells; nothing where there is none."""
        start = self.start
        return [f"{start}{ref}{cell}" if cell else "" for ref, cell in zip(refs, cells, strict=True)]


class Batches:
    """Rows as XML, a batch at a time."""

    def __init__(
        self,
        sheet: BigSheet,
        rows: Iterator[Row],
        cells: Cells,
        take: Callable[[list[str]], None] | None,
        beside: Sequence[Beside] = (),
    ) -> None:
        self.head, self.rows, self.take, self.beside = f"coi-row-v1\n{sheet.key}\n[", rows, take, beside
        plain = [kind for _key, _heading, kind in sheet.columns if kind != "proof"]
        self.columns = [Column(kind, get_column_letter(number), cells) for number, kind in enumerate(plain, 1)]
        self.proof_start = f'<c r="{get_column_letter(len(plain) + 1)}'
        self.proof_style = f' s="{cells.styles["proof"]}" t="inlineStr"><is><t>'
        self.ahead: list[Row] = []

    def more(self) -> bool:
        """Whether a row is left."""
        if not self.ahead:
            self.ahead = list(islice(self.rows, 1))
        return bool(self.ahead)

    def next(self, number: int, most: int) -> tuple[int, bytes]:
        """How many rows came, and their XML from row `number` on."""
        rows = [*self.ahead, *islice(self.rows, most - len(self.ahead))]
        self.ahead = []
        if not rows:
            return 0, b""
        refs = [f'{one}"' for one in range(number, number + len(rows))]
        values = list(zip(*rows, strict=True))
        texts, told, xml = [], [], []
        for column, batch in zip(self.columns, values, strict=True):
            shown, as_texts, cells = zip(*column.cells(batch), strict=True)
            texts.append(shown)
            told.append(as_texts)
            xml.append(column.xml(refs, cells))
        proofs: list[str] = []
        if self.take is not None:
            proofs = [self._proof(",".join(row)) for row in zip(*told, strict=True)]
            self.take(proofs)
            style = self.proof_style
            xml.append([f"{self.proof_start}{ref}{style}{proof}</t></is></c>" for ref, proof in zip(refs, proofs, strict=True)])
        for one in self.beside:
            one.take(values, texts, proofs)
        cells_of = map("".join, zip(*xml, strict=True))
        return len(rows), "".join([f'<row r="{ref}>{row}</row>' for ref, row in zip(refs, cells_of, strict=True)]).encode()

    def _proof(self, row: str) -> str:
        return hashlib.sha256(f"{self.head}{row}]".encode()).hexdigest()[:32]
