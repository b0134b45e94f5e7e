"""What tests of workbooks share: a finished workbook on offer, and the cells of a file as openpyxl reads them."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook

from coi.exports import actions, queries
from coi.exports.flat import FORMATS
from coi.exports.making import Made
from coi.models import Export, Person
from coi.rules.permissions import Actor

SEAL = {"seal": "of a test"}


def on_offer(person: Person, actor: Actor, now: datetime) -> Export:
    """A finished workbook of somebody; the file holds nothing that matters."""
    export = actions.ask(None, "en", None, actor, now, formats=FORMATS)
    files = {name: {"sha256": "0" * 64, "size": 4} for name in FORMATS}
    actions.finish(export, Made(SEAL, 0), "0" * 64, 4, actor, now, files)
    for name in FORMATS:
        queries.flat_file_of(export, name).write_bytes(b"flat")
    queries.workbook_of(export).write_bytes(b"book")
    queries.seal_file_of(export).write_text("{}")
    return export


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    """Every sheet's rows as values."""
    book = load_workbook(path)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def table(rows: list[list[Any]]) -> list[dict[str, Any]]:
    """The rows of a sheet by heading."""
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def read_all(path: Path) -> bytes:
    """Every byte that a workbook and the files beside it hold, what is packed unpacked."""
    told = []
    for file in (path, *sorted(path.parent.glob(f"{path.stem}.*.*"))):
        if file.suffix == ".json":
            told.append(file.read_bytes())
            continue
        with ZipFile(file) as book:
            told += [book.read(name) for name in book.namelist()]
    return b"\n".join(told)


def blocks(rows: list[list[Any]]) -> list[list[list[Any]]]:
    """The tables of Summary, each from its header on, without the empty cells beside it."""
    found: list[list[list[Any]]] = [[]]
    for row in rows:
        if row[0] is None:
            found.append([])
        else:
            found[-1].append(row)
    told = [block[2:] for block in found if block]
    return [[row[: sum(one is not None for one in block[0])] for row in block] for block in told]
