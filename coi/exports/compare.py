"""Compares a workbook with the database: every row is read again as of its moment, and what differs is named by row."""

from collections.abc import Generator, Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import select

from coi.audit.chain import moment
from coi.audit.queries import hash_at
from coi.db import db
from coi.exports import queries
from coi.exports.about import about_rows
from coi.exports.cells import Cells, cell_text, trimmed
from coi.exports.counting import People, Summary
from coi.exports.filters import Filters
from coi.exports.making import Asked, count_the_rest, sources
from coi.exports.registers.asof import Moment
from coi.exports.registers.masking import columns_of
from coi.exports.registers.rows import Row
from coi.exports.summary import laid_out
from coi.exports.verify import TABS, Check, Unreadable, Workbook
from coi.languages import speaking
from coi.models import Campaign, Export, Installation
from coi.profiles.current import zone
from coi.vocabulary import JobState

MOST = 50  # sentences: who altered more than that needs no list


def compare(path: Path) -> list[str]:
    """What is wrong with a workbook, a sentence each; empty when it is the city's. Raises ValueError when it can't be read."""
    key = db.session.scalar(select(Installation.key)) or ""
    try:
        book = Workbook(path)
        check = Check(book, None, key, [])
    except Unreadable:
        raise
    except Exception:  # whatever stands where the seal should
        return [f"{path.name} bears no seal of this city's."]
    found = list(check.found)
    export = db.session.scalar(select(Export).where(Export.reference == check.seal["export"], Export.state == JobState.DONE))
    if export is None:
        return [f"This city made no workbook {check.seal['export']}.", *found]
    if export.seal != check.seal:
        found.append("The seal in the workbook is not the one that the city kept.")
    if check.seal["size"] and hash_at(check.seal["size"]) != check.seal["head"]:
        found.append("The log in the database is not the one that the workbook was made from.")
    with speaking(export.language):
        found.extend(_differences(book, _asked(export), key))
    return _once(found)


def _asked(export: Export) -> Asked:
    seal: dict[str, Any] = export.seal or {}
    campaign = db.session.get(Campaign, export.campaign_id) if export.campaign_id is not None else None
    at = Moment(export.as_of, seal["size"], zone(), export.language)
    more = {
        "asked_by": queries.asked_by(export),
        "asked_at": export.asked_at,
        "release": seal["release"],
        "origin": seal["origin"],
        "narrow": Filters.from_json(export.filters),
        **queries.let_by(export),
    }
    sheets = tuple(export.filters["sheets"])
    return Asked(
        export.reference, export.kind.value, campaign, sheets, at, seal["head"], checkpoint={}, made_at=seal["at"], **more
    )


def _differences(book: Workbook, asked: Asked, key: str) -> Iterator[str]:
    summary, people = Summary(asked.at, asked.kind), People(asked.at)
    read = sources(asked, summary, people)
    cells = Cells(asked.at.zone, dict.fromkeys(("text", "whole", "money", "date", "instant", "proof"), 0))
    counted: dict[str, int] = {}
    for sheet in asked.sheets:
        counted[sheet] = yield from _sheet(book, sheet, asked, cells, read[sheet]())
    count_the_rest(read, counted, asked.kind)
    about, _titles = about_rows(
        asked, counted, people if "population" in counted else None, cells.repairs, key, moment(asked.made_at or asked.at.as_of)
    )
    counts, _placed = laid_out(summary.blocks())
    for sheet, rows in (("about", about), ("summary", counts)):
        wanted = [trimmed([cell_text(one, cells.repairs) for one in row]) for row in rows]
        for number, (there, kept) in enumerate(zip_longest(book.frame(sheet), wanted), 1):
            if there != kept and (sheet == "summary" or number <= len(wanted)):
                yield f"{TABS[sheet][0]}, row {number}: not as the city wrote it."


def _sheet(book: Workbook, sheet: str, asked: Asked, cells: Cells, rows: Iterable[Row]) -> Generator[str, None, int]:
    columns, number = columns_of(asked.kind, sheet), 0
    makers = [cells.of(spec.type) for spec in columns]
    kept = ([make(value)[0] for make, value in zip(makers, row, strict=True)] for row in rows)
    headings, kinds = [spec.heading(asked.at.language) for spec in columns], [spec.type for spec in columns]
    for at, texts, wanted in _beside(_shown(book, sheet, kinds), kept, TABS[sheet][0]):
        number += wanted is not None
        if texts is None:
            yield f"{at}: a row of the database is missing here, and what follows it may have moved up."
        elif wanted is None:
            yield f"{at}: this row is not in the database."
        elif texts != wanted:
            wrong = [heading for heading, one, other in zip(headings, texts, wanted, strict=True) if one != other]
            yield f"{at}: not as in the database: {', '.join(wrong)}."
    return number


Texts = list[str] | None


def _shown(book: Workbook, sheet: str, kinds: list[str]) -> Iterator[tuple[str, list[str]]]:
    for tab in book.parts(sheet):
        for place, (number, cells) in enumerate(book.rows(tab)):
            if place and cells:
                yield f"{tab}, row {number}", book.reading(sheet, cells, kinds)[0]


def _beside(shown: Iterable[tuple[str, list[str]]], kept: Iterable[list[str]], name: str) -> Iterator[tuple[str, Texts, Texts]]:
    for number, (there, wanted) in enumerate(zip_longest(shown, kept), 2):
        yield (there[0] if there else f"{name}, row {number}", there[1] if there else None, wanted)


def _once(found: list[str]) -> list[str]:
    told = list(dict.fromkeys(found))
    return told if len(told) <= MOST else [*told[:MOST], f"And {len(told) - MOST} more."]
