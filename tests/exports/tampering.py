"""What somebody may do to a workbook, and what each of three verifiers must say to it; knows no way to look for it."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from openpyxl import load_workbook

from coi.audit.chain import GENESIS, canonical_json, entry_hash, sha256
from coi.exports.seal import seal_text, signed
from coi.exports.verify import Workbook

Change = Callable[[Any], None]
LATER = " Which ones can't be known without the seal file."


@dataclass(frozen=True)
class Tampering:
    """A change, and a piece of what is said without the seal file, with it, and by the database; "" where it can tell nothing."""

    change: Change
    alone: str
    with_seal: str
    database: str
    more: tuple[str, ...] = ()


def edited(path: Path, change: Change) -> None:
    """The workbook after somebody changed it with a spreadsheet program."""
    book = load_workbook(path)
    change(book)
    book.save(path)


def rewritten(path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    """The workbook after somebody changed one of its parts by hand."""
    with ZipFile(path) as source:
        kept = [(info, source.read(info)) for info in source.infolist()]
    with ZipFile(path, "w", ZIP_DEFLATED) as target:
        for info, content in kept:
            target.writestr(info, change(content) if info.filename == part else content)


def cell(sheet: str, at: str, value: object) -> Change:
    return lambda book: book[sheet].__setitem__(at, value)


def _proof_of(book: Any, sheet: str, row: int) -> str:
    """The proof that a row should have, made as the City makes it."""
    book.save(book.path_of_test)
    read = Workbook(book.path_of_test)
    kinds = [kind for _heading, kind in _seal(book)["sheets"]["outcomes"]["columns"]]
    return read.reading("outcomes", dict(read.rows(sheet))[row], kinds)[1]


def _seal(book: Any) -> dict[str, Any]:
    row = next(row for row in book["About"].iter_rows() if row[0].value == "Seal")
    return json.loads("".join(one.value for one in row[1:] if one.value))


def _put_seal(book: Any, seal: dict[str, Any]) -> None:
    row = next(row for row in book["About"].iter_rows() if row[0].value == "Seal")
    row[1].value = canonical_json(seal)


def with_proof(book: Any) -> None:
    """A cell and the proof of its row."""
    sheet = book["Outcomes"]
    sheet["D2"] = "Somebody Else"
    sheet.cell(2, sheet.max_column).value = _proof_of(book, "Outcomes", 2)


def with_root(book: Any) -> None:
    """A cell, the proof of its row, and the root of its sheet."""
    with_proof(book)
    sheet, seal = book["Outcomes"], _seal(book)
    seal["sheets"]["outcomes"]["root"] = sha256("\n".join(row[-1].value for row in sheet.iter_rows(min_row=2)))
    _put_seal(book, seal)


def with_another_key(book: Any) -> None:
    """A cell, its proof, the root, and a seal that holds: by another key."""
    with_root(book)
    seal = {key: value for key, value in _seal(book).items() if key not in ("key", "signature")}
    _put_seal(book, signed(Ed25519PrivateKey.generate(), seal))


def with_the_same_key_named(book: Any) -> None:
    """As before, but the seal names the City's key."""
    with_root(book)
    seal = _seal(book)
    _put_seal(book, {**seal, "signature": base64.b64encode(Ed25519PrivateKey.generate().sign(seal_text(seal))).decode()})


def swapped(book: Any) -> None:
    sheet = book["Outcomes"]
    for column in range(1, sheet.max_column + 1):
        one, other = sheet.cell(2, column), sheet.cell(3, column)
        one.value, other.value = other.value, one.value


def added(book: Any) -> None:
    sheet = book["Outcomes"]
    sheet.append([one.value for one in sheet[2]])
    sheet.cell(sheet.max_row, 4).value = "Somebody New"
    sheet.cell(sheet.max_row, sheet.max_column).value = _proof_of(book, "Outcomes", sheet.max_row)


def doubled(book: Any) -> None:
    sheet = book["Outcomes"]
    sheet.append([one.value for one in sheet[2]])


def recomputed(book: Any) -> None:
    """An entry altered, and the hashes of all that follow."""
    prev = GENESIS
    for row in book["Audit"].iter_rows(min_row=2):
        seq, at, _local, actor, event, subject, details, *_rest = (one.value for one in row)
        actor = "account:99" if seq == 2 else actor
        made = entry_hash(prev, actor=actor, at=at, details=details, event=event, seq=seq, subject=subject)
        row[3].value, row[7].value, row[8].value, prev = actor, prev, made, made


NOT_MADE = "Outcomes: rows were altered with their proofs, or stand in another order." + LATER
STRANGE = "not a row of the city's, or one that stands here twice."
UNSIGNED = "The seal on About is not the city's: its signature does not hold."
ANOTHER_FILE = "The seal on About is not the one in the seal file."
ALTERED = "Outcomes, row 2: not as in the database: Name"

TAMPERED: dict[str, Tampering] = {
    "a cell": Tampering(cell("Outcomes", "D2", "Somebody Else"), *("Outcomes, row 2: a cell was altered.",) * 2, ALTERED),
    "a date": Tampering(
        cell("Outcomes", "I3", "2026-01-01"), *("Outcomes, row 3: a cell was altered.",) * 2, "Outcomes, row 3: not"
    ),
    "a cell beside": Tampering(cell("Outcomes", "AG2", "x"), *("Outcomes, row 2: a cell was added beside the row.",) * 3),
    "a formula typed": Tampering(
        cell("Not filed", "A2", "=1+1"),
        *("Not filed, row 2: a cell was altered.",) * 2,
        "Not filed, row 2: not as in the database",
    ),
    "a proof": Tampering(cell("Outcomes", "AE2", "0" * 32), *("Outcomes, row 2: a cell was altered.",) * 3),
    "cell and proof": Tampering(with_proof, NOT_MADE, f"Outcomes, row 2: {STRANGE}", ALTERED),
    "cell, proof and root": Tampering(with_root, UNSIGNED, ANOTHER_FILE, ALTERED),
    "sealed by another key": Tampering(
        with_another_key, *("The seal was made with another key than you gave.",) * 2, ALTERED, (ANOTHER_FILE,)
    ),
    "sealed in the City's name": Tampering(with_the_same_key_named, *(UNSIGNED,) * 2, ALTERED),
    "About": Tampering(
        cell("About", "B3", "another"),
        *("About is not the city's: it was altered.",) * 2,
        "About, row 3: not as the city wrote it.",
    ),
    "Summary": Tampering(
        cell("Summary", "B4", 99),
        *("Summary is not the city's: it was altered.",) * 2,
        "Summary, row 4: not as the city wrote it.",
    ),
    "rows moved": Tampering(
        swapped, NOT_MADE, "Outcomes: the rows stand in another order.", "this row stands elsewhere in the database."
    ),
    "a row removed": Tampering(
        lambda book: book["Outcomes"].delete_rows(3),
        "rows were sealed and",
        "Outcomes: the city's row 3 is missing.",
        "Outcomes: row 3 of the database is missing: ",
    ),
    "a row added": Tampering(added, "rows were sealed and", STRANGE, "this row is not in the database, or stands here twice."),
    "a row doubled": Tampering(doubled, "rows were sealed and", f"Outcomes, row 2: {STRANGE}", "or stands here twice."),
    "headings": Tampering(cell("Outcomes", "A1", "Ref"), *("Outcomes: the headings were altered.",) * 3),
    "headings of the log": Tampering(cell("Audit", "D1", "Subject"), *("Audit: the headings were altered.",) * 3),
    "a sheet removed": Tampering(
        lambda book: book.remove(book["Outcomes"]),
        *("The sheet Outcomes is missing.",) * 2,
        "Outcomes: row 2 of the database is missing",
    ),
    "the log removed": Tampering(
        lambda book: book.remove(book["Audit"]), *("The sheet Audit is missing.",) * 2, "Audit: row 2 of the database is missing"
    ),
    "an entry": Tampering(
        cell("Audit", "D3", "account:1"),
        *("Audit, row 3: the log breaks at entry 2.",) * 2,
        "Audit, row 3: not as in the database: Actor",
    ),
    "an entry's local time": Tampering(
        cell("Audit", "C2", "2026-03-02 11:04:05"), *("Audit, row 2: the log breaks at entry 1.",) * 2, "Audit, row 2: not as"
    ),
    "an entry removed": Tampering(
        lambda book: book["Audit"].delete_rows(3),
        *("Audit, row 3: the log breaks at entry 2.",) * 2,
        "Audit: row 3 of the database",
    ),
    "the log shortened": Tampering(
        lambda book: book["Audit"].delete_rows(book["Audit"].max_row),
        *("entries with another end;",) * 2,
        "of the database is missing",
    ),
    "the log recomputed": Tampering(
        recomputed, *("entries with another end;",) * 2, "Audit, row 3: not as in the database: Actor", ("the log was rewritten",)
    ),
    "the checkpoint on About": Tampering(
        lambda book: book["About"].delete_rows(book["About"].max_row), *("About was altered below the seal.",) * 3
    ),
}


def tampered(path: Path, name: str) -> None:
    """Does one of them to a file."""

    def change(book: Any) -> None:
        book.path_of_test = path
        TAMPERED[name].change(book)

    edited(path, change)


def _in_sheet(old: bytes, new: bytes) -> Callable[[Path], None]:
    return lambda path: rewritten(path, "xl/worksheets/sheet4.xml", lambda content: re.sub(old, new, content, count=1))


def _zipped(write: Callable[[ZipFile], None]) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with ZipFile(path, "a", ZIP_DEFLATED) as target:
            write(target)

    return change


def _as(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content) and None


def _half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _without(part: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with ZipFile(path) as source:
            kept = [(info, source.read(info)) for info in source.infolist() if info.filename != part]
        with ZipFile(path, "w", ZIP_DEFLATED) as target:
            for info, content in kept:
                target.writestr(info, content)

    return change


# What nobody's spreadsheet program writes: refused in one sentence, whatever it was meant to do to the reader.
HOSTILE: dict[str, Callable[[Path], None]] = {
    "empty": _as(b""),
    "two letters": _as(b"PK"),
    "a page": _as(b"<!doctype html><html></html>"),
    "an empty zip": _as(b"PK\x05\x06" + b"\0" * 18),
    "random": _as(bytes((number * 7919 + 13) % 256 for number in range(5000))),
    "half of it": _half,
    "two parts of one name": _zipped(lambda target: target.writestr("XL/workbook.xml", "<workbook/>")),
    "a bomb": _zipped(lambda target: target.writestr("xl/media/bomb.xml", b"\0" * 60_000_000)),
    "a part gone": _without("xl/worksheets/sheet4.xml"),
    "the list of sheets gone": _without("xl/workbook.xml"),
    "entities": _in_sheet(rb"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet'),
    "not well-formed": _in_sheet(rb"</row>", b"</c></row>"),
    "not UTF-8": _in_sheet(rb"<t>", b"<t>\xe9"),
    "a character that is none": _in_sheet(rb"<t>", b"<t>&#0;"),
    "a giant row": lambda path: rewritten(
        path, "xl/worksheets/sheet1.xml", lambda content: content.replace(b'<row r="2"', b'<row r="99999999999"', 1)
    ),
    "cells in each other's place": _in_sheet(rb'<c r="B2"', b'<c r="A2"'),
    "a cell of another row": _in_sheet(rb'<c r="B2"', b'<c r="B9"'),
    "a cell twice over": _in_sheet(rb'(<c r="B2".*?</c>)', rb"\1\1"),
    "a formula in the file": _in_sheet(rb'<c r="D2"[^>]*>.*?</c>', b'<c r="D2"><f>1+1</f><v>2</v></c>'),
    "a truth for a number": _in_sheet(rb'<c r="([A-Z]+[0-9]+)" s="[0-9]+"><v>1</v></c>', rb'<c r="\1" t="b"><v>1</v></c>'),
    "days from 1904": lambda path: rewritten(
        path, "xl/workbook.xml", lambda content: content.replace(b"<workbookPr", b'<workbookPr date1904="1"', 1)
    ),
    "words under a number's name": _in_sheet(rb'(<c r="D2")[^>]*t="inlineStr"', rb"\1"),
}
