"""Compares a workbook with the database: every row is read again as of its moment, and what differs is named by row."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import select

from coi.audit.chain import moment
from coi.audit.queries import hash_at
from coi.audit.verify import keys_of
from coi.config import release
from coi.db import db
from coi.exports import queries
from coi.exports.about import about_rows
from coi.exports.cells import Cells, as_json, cell_text, frame_hash, trimmed
from coi.exports.counting import People, Summary
from coi.exports.differing import differences
from coi.exports.filters import Filters
from coi.exports.jobs import digest
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

# Texts of the roster, of filings and of the log, and codes: they read the same in every release.
FACTS = frozenset(
    {
        *("reference", "campaign", "number", "name", "department", "title", "group", "decision", "plan", "condition_reference"),
        *("code", "policy", "version", "party", "over", "request", "event", "actor", "subject", "details", "at", "prev", "hash"),
    }
)
MOST = 50  # sentences: who altered more than that needs no list


def compare(path: Path) -> tuple[list[str], list[str]]:
    """What is wrong with a workbook, and what is to be known about it, a sentence each; nothing wrong when it is the city's.

    A workbook of another release whose seal is the one that the City kept, and which agrees with it in everything, is held
    against the database by its facts: other words for the same thing are no alteration. Raises ValueError when it can't be read.
    """
    key = db.session.scalar(select(Installation.key)) or ""
    try:
        book = Workbook(path)
        check = Check(book, None, "", [])  # whose key it is, the log says
    except Unreadable:
        raise
    except Exception:  # whatever stands where the seal should
        return [f"{path.name} bears no seal of this city's."], []
    found = list(check.found)
    keys, _faults = keys_of(db.session.scalar(select(Installation.origin)) or "", key)
    if check.seal["key"] not in keys:
        found.append("The seal was made with another key than this city's.")
    key = check.seal["key"] if check.seal["key"] in keys else key
    export = db.session.scalar(select(Export).where(Export.reference == check.seal["export"], Export.state == JobState.DONE))
    if export is None:
        return [f"This city made no workbook {check.seal['export']}.", *found], []
    if export.seal != check.seal:
        found.append("The seal in the workbook is not the one that the city kept.")
    if check.seal["size"] and hash_at(check.seal["size"]) != check.seal["head"]:
        found.append("The log in the database is not the one that the workbook was made from.")
    notes: list[str] = []
    with speaking(export.language):
        if export.seal == check.seal and not check.found and check.seal["release"] != release():
            notes.append(f"Made by release {check.seal['release']}; this is release {release()}: words may read differently.")
            notes.append(
                "The seal that the City kept holds. Numbers, dates, names and references were compared with the database."
            )
            if digest(path) == export.sha256:
                notes.append("The file is the very one that the City made: its SHA-256 is the one in the log.")
            found.extend(_other_facts(book, _asked(export), check.seal, notes))
        else:
            found.extend(_differences(book, _asked(export), key, export.seal or {}))
    return _once(found), notes


def _other_facts(book: Workbook, asked: Asked, seal: dict[str, Any], notes: list[str]) -> Iterator[str]:
    """Rows that differ in more than words; a sheet whose columns are others by now is left to its seal, and a note says so."""
    read, again = (sources(asked, Summary(asked.at, asked.kind), People(asked.at)) for _twice in range(2))
    for sheet in asked.sheets:
        if sheet in ("sample", "columns"):  # for notes; nothing but words
            continue
        looked = _Sheet(book, sheet, asked, facts=True)
        if looked.columns != [tuple(one) for one in seal["sheets"].get(sheet, {"columns": looked.columns})["columns"]]:
            notes.append(f"{looked.name}: this release has other columns, so the seal alone speaks for it.")
            continue
        yield from looked.against([looked.digest(texts) for texts in looked.texts(read[sheet](), _cells(asked))], again[sheet])


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
        "sample": export.filters.get("sample", ""),
    }
    sheets = tuple(export.filters["sheets"])
    return Asked(
        export.reference, export.kind.value, campaign, sheets, at, seal["head"], checkpoint={}, made_at=seal["at"], **more
    )


def _differences(book: Workbook, asked: Asked, key: str, seal: dict[str, Any]) -> Iterator[str]:
    summary, people, cells = Summary(asked.at, asked.kind), People(asked.at), _cells(asked)
    read = sources(asked, summary, people)
    again = sources(asked, Summary(asked.at, asked.kind), People(asked.at))  # what differs is read once more, counted nowhere
    counted: dict[str, int] = {}
    for sheet in asked.sheets:
        if sheet == "sample":  # for notes: whatever stands there is no matter of the City's
            counted[sheet] = sum(1 for _row in read[sheet]())
            continue
        looked = _Sheet(book, sheet, asked)
        if looked.columns != [tuple(one) for one in seal["sheets"].get(sheet, {"columns": looked.columns})["columns"]]:
            yield f"{looked.name}: other columns than this release writes ({asked.release} did): rows can't be compared."
            return
        kept = [looked.digest(texts) for texts in looked.texts(read[sheet](), cells)]
        counted[sheet] = len(kept)
        yield from looked.against(kept, again[sheet])
    count_the_rest(read, counted, asked.kind)
    about, _titles = about_rows(
        asked, counted, people if "population" in counted else None, cells.repairs, key, moment(asked.made_at or asked.at.as_of)
    )
    counts, _placed = laid_out(summary.blocks())
    for sheet, rows in (("about", about), ("summary", counts)):
        shown = book.frame(sheet)
        if frame_hash(sheet, shown[: len(about)] if sheet == "about" else shown) == seal["frame"][sheet]:
            continue  # as it was sealed, whatever a name is spelled like today
        wanted = [trimmed([cell_text(one, cells.repairs) for one in row]) for row in rows]
        for number, (there, kept_row) in enumerate(zip_longest(shown, wanted), 1):
            if there != kept_row and (sheet == "summary" or number <= len(wanted)):
                yield f"{TABS[sheet][0]}, row {number}: not as the city wrote it."


def _cells(asked: Asked) -> Cells:
    return Cells(asked.at.zone, dict.fromkeys(("text", "whole", "money", "date", "instant", "proof"), 0))


@dataclass
class _Sheet:
    """One sheet of a workbook beside its rows in the database; of either side only hashes are kept."""

    book: Workbook
    key: str
    asked: Asked
    facts: bool = False  # only the columns whose text is no release's choice of words

    def __post_init__(self) -> None:
        self.specs = columns_of(self.asked.kind, self.key)
        self.columns = [(spec.heading(self.asked.at.language), spec.type) for spec in self.specs]
        self.name = (self.book.parts(self.key) or [TABS[self.key][0]])[0]

        self.held = [at for at, one in enumerate(self.specs) if not self.facts or one.type != "text" or one.key in FACTS]

    def digest(self, texts: list[str]) -> bytes:
        """A hash of what is compared of a row."""
        return hashlib.sha256(as_json([texts[at] for at in self.held]).encode("utf-8", "surrogatepass")).digest()[:16]

    def texts(self, rows: Iterable[Row], cells: Cells) -> Iterator[list[str]]:
        """The canonical texts of rows of the database."""
        makers = [cells.of(spec.type) for spec in self.specs]
        for row in rows:
            yield [make(value)[0] for make, value in zip(makers, row, strict=True)]

    def shown(self) -> Iterator[tuple[str, list[str]]]:
        """Where each row of the workbook stands, and its canonical texts."""
        kinds = [kind for _heading, kind in self.columns]
        for tab in self.book.parts(self.key):
            for place, (number, cells) in enumerate(self.book.rows(tab)):
                if place:
                    yield f"{tab}, row {number}", self.book.reading(self.key, cells, kinds)[0]

    def against(self, kept: list[bytes], again: Callable[[], Iterable[Row]]) -> Iterator[str]:
        """A sentence for each row that differs, at most MOST of a kind."""
        there = [self.digest(texts) for _at, texts in self.shown()]
        if there == kept:
            return
        found = differences(there, kept)
        places = {*(one for one, _was in found.altered[:MOST]), *found.added[:MOST], *found.moved[:MOST]}
        here = {place: row for place, row in enumerate(self.shown()) if place in places}
        rows = {*(was for _one, was in found.altered[:MOST]), *found.lost[:MOST]}
        was = {place: texts for place, texts in enumerate(self.texts(again(), _cells(self.asked))) if place in rows}
        for place, before in found.altered[:MOST]:
            wrong = [self.columns[at][0] for at in self.held if here[place][1][at] != was[before][at]]
            yield f"{here[place][0]}: not as in the database: {', '.join(wrong)}."
        for place in found.added[:MOST]:
            yield f"{here[place][0]}: this row is not in the database, or stands here twice."
        for place in found.lost[:MOST]:
            yield f"{self.name}: row {place + 2} of the database is missing: {', '.join(filter(None, was[place][:3]))}."
        for place in found.moved[:MOST]:
            yield f"{here[place][0]}: this row stands elsewhere in the database."


def _once(found: list[str]) -> list[str]:
    told = list(dict.fromkeys(found))
    return told if len(told) <= MOST else [*told[:MOST], f"And {len(told) - MOST} more."]
