"""Streams rows into a workbook as XML, counts and proves them on the way; memory stays flat at any size."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any
from zipfile import ZipFile

from openpyxl.utils import get_column_letter

from coi.exports.cells import Cells, as_json
from coi.exports.frame import BigSheet, Frame

ROWS_OF_A_SHEET = 1_000_000
A_WRITE = 400

Row = tuple[Any, ...]


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

    def __init__(self, frame: Frame, cells: Cells, target: ZipFile, told: Callable[[int], None]) -> None:
        self.frame, self.cells, self.target, self.told = frame, cells, target, told
        self.by_tab: dict[str, int] = {}

    def write(self, key: str, rows: Iterable[Row], proofs: Proofs | None) -> int:
        """Streams one sheet, onto further ones when it is full, and returns how many rows it has."""
        sheet, take = self.frame.sheets[key], None
        if proofs is not None:
            take = proofs.sheet(key)
            take([])
        batches, total, number = Batches(sheet, iter(rows), self.cells, take), 0, 1
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


class Batches:
    """Rows as XML, a batch at a time."""

    def __init__(self, sheet: BigSheet, rows: Iterator[Row], cells: Cells, take: Callable[[list[str]], None] | None) -> None:
        self.key, self.rows, self.take = sheet.key, rows, take
        plain = [kind for _key, _heading, kind in sheet.columns if kind != "proof"]
        self.makers = [cells.of(kind) for kind in plain]
        self.letters = [f'<c r="{get_column_letter(number)}' for number in range(1, len(plain) + 1)]
        self.proof_at = f'<c r="{get_column_letter(len(plain) + 1)}'
        self.proof_style = f' s="{cells.styles["proof"]}" t="inlineStr"><is><t>'
        self.ahead: list[Row] = []

    def more(self) -> bool:
        """Whether a row is left."""
        if not self.ahead:
            self.ahead = [row for row in (next(self.rows, None),) if row is not None]
        return bool(self.ahead)

    def next(self, number: int, most: int) -> tuple[int, bytes]:
        """How many rows came, and their XML from row `number` on."""
        made: list[str] = []
        proofs: list[str] = []
        head = f"coi-row-v1\n{self.key}\n"
        while len(made) < most:
            row = self.ahead.pop() if self.ahead else next(self.rows, None)
            if row is None:
                break
            ref = f'{number + len(made)}"'
            pairs = [make(value) for make, value in zip(self.makers, row, strict=True)]
            xml = "".join([f"{letter}{ref}{cell}" for letter, (_text, cell) in zip(self.letters, pairs, strict=True) if cell])
            if self.take is not None:
                proof = hashlib.sha256(f"{head}{as_json([text for text, _cell in pairs])}".encode()).hexdigest()[:32]
                proofs.append(proof)
                xml = f"{xml}{self.proof_at}{ref}{self.proof_style}{proof}</t></is></c>"
            made.append(f'<row r="{ref}>{xml}</row>')
        if self.take is not None:
            self.take(proofs)
        return len(made), "".join(made).encode()
