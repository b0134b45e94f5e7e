"""Finds places in the queue by an index for whatever is asked, so that a million filings cost what ten thousand do."""

from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_, union
from sqlalchemy.orm import aliased

from coi.db import db
from coi.models import Disclosure, QueueMark
from coi.rules.searching import department_mark, words_of
from coi.vocabulary import Kind, Risk

# A word typed may be the beginning of so many different words; of more, every page of the queue holds some.
MOST_WORDS = 30
MOST_TYPED = 6
LAST = "\U0010ffff"


class Place(NamedTuple):
    """Where a filing stands in the queue: rank 0 is the most urgent."""

    rank: int
    due_at: datetime
    id: int


@dataclass(frozen=True)
class Wanted:
    """What is looked for: conditions on filings, and what has an index of its own."""

    where: list[Any]
    lane: int = 0
    rank: int | None = None
    by_rank: bool = False
    before: datetime | None = None
    desks: list[str] | None = None
    department: str = ""
    kind: str = ""
    flag: str = ""
    search: str = ""
    by_party: bool = False


def found_ids(wanted: Wanted, after: Place | None, most: int) -> list[Place]:
    """The first `most` places after `after`, in order."""
    arms = _arms(wanted, after, most)
    if not arms:
        return []
    rows = arms[0] if len(arms) == 1 else _merged(arms, most)
    return [Place(row[1], row[2], row[0]) for row in db.session.execute(rows)]


def how_many(wanted: Wanted, most: int) -> int:
    """How many there are, counted to `most`."""
    arms = _arms(wanted, None, most)
    if not arms:
        return 0
    rows = arms[0] if len(arms) == 1 else _merged(arms, most)
    return db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def _merged(arms: list[Any], most: int) -> Any:
    """Some of each, put in order: a filing that several arms found counts once."""
    together = union(*(select(arm.subquery()) for arm in arms)).subquery()
    number, rank, due = together.c
    return select(number, rank, due).order_by(rank, due, number).limit(most)


def _arms(wanted: Wanted, after: Place | None, most: int) -> list[Any]:
    """One look-up by one index for each mark, rank and desk that may hold what is wanted; none when nothing can."""
    where = list(wanted.where)
    reference = wanted.search.upper()
    by: list[str] | None = None
    if looks_like_a_reference(reference):
        where.append(Disclosure.reference == reference)
    elif wanted.search:
        by, more = _words(wanted)
        where += more
        if by == []:
            return []
    marks = [mark for mark in _exact(wanted) if mark]
    if by is None and marks:
        by = [marks.pop(0)]
    where += [_has(QueueMark.mark == mark) for mark in marks]
    if wanted.kind == Kind.ANNUAL:
        where.append(Disclosure.kind == Kind.ANNUAL)
    leading: list[str | None] = list(by) if by else [None]
    desks: list[str | None] = list(wanted.desks or []) or [None]
    if wanted.desks is not None and wanted.desks and by is not None:
        where, desks = [*where, Disclosure.desk.in_(wanted.desks)], [None]
    ranks: list[int | None] = [wanted.rank]
    if wanted.rank is None and wanted.by_rank:
        ranks = [rank for rank in range(len(Risk)) if after is None or rank >= after.rank]
    return [
        _arm(wanted, where if desk is None else [*where, Disclosure.desk == desk], mark, rank, after).limit(most)
        for mark, rank, desk in product(leading, ranks, desks)
    ]


def looks_like_a_reference(text: str) -> bool:
    """Whether this can be a reference such as COI-2026-7K3F9Q and no name."""
    parts = text.split("-")
    return len(parts) == 3 and parts[1].isdigit() and text.isascii()


def _exact(wanted: Wanted) -> list[str]:
    """The marks that a filing must have, what finds the fewest first; the yearly form is nearly everything and leads nowhere."""
    return [
        f"flag:{wanted.flag}" if wanted.flag else "",
        department_mark(wanted.department) if wanted.department else "",
        f"kind:{wanted.kind}" if wanted.kind and wanted.kind != Kind.ANNUAL else "",
    ]


def _arm(wanted: Wanted, where: list[Any], mark: str | None, rank: int | None, after: Place | None) -> Any:
    """The places by one mark, or by the filings' own index."""
    if mark is None:
        number, at, due = Disclosure.id, Disclosure.rank, Disclosure.due_at  # a signed filing has a day
        rows: Any = select(number, at, due)
    else:
        number, at, due = QueueMark.disclosure_id, QueueMark.rank, QueueMark.due_at
        rows = (
            select(number, at, due)
            .join(Disclosure, Disclosure.id == QueueMark.disclosure_id)
            .where(QueueMark.mark == mark, QueueMark.lane == wanted.lane)
        )
    rows = rows.where(*where)
    if rank is not None:
        rows = rows.where(at == rank)
    if wanted.before is not None:
        rows = rows.where(due < wanted.before)
    if after is not None and rank is not None and after.rank == rank:
        rows = rows.where(tuple_(due, number) > (after.due_at, after.id))
    elif after is not None:
        rows = rows.where(tuple_(at, due, number) > (after.rank, after.due_at, after.id))
    return rows.order_by(at, due, number)


def _has(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a filing has such a mark."""
    return select(QueueMark.mark).where(QueueMark.disclosure_id == Disclosure.id, condition).correlate(Disclosure).exists()


def _words(wanted: Wanted) -> tuple[list[str] | None, list[ColumnElement[bool]]]:
    """The marks that lead to what was typed and what else must hold; [] when no filing has such a word, None: too many words.

    Every word typed must begin a word of the filer's name or, for who may read it, of an outside party.
    """
    typed = words_of(wanted.search)[:MOST_TYPED]
    if not typed:
        return [], []
    sorts = ("name", "party") if wanted.by_party else ("name",)
    begun = {word: [mark for sort in sorts for mark in marks_like(f"{sort}:{word}", MOST_WORDS + 1)] for word in typed}
    if not all(begun.values()):
        return [], []
    leading = min(begun, key=lambda word: len(begun[word]))
    by = begun[leading] if len(begun[leading]) <= MOST_WORDS else None
    more = [
        _has(or_(*(and_(QueueMark.mark >= f"{sort}:{word}", QueueMark.mark < f"{sort}:{word}{LAST}") for sort in sorts)))
        for word in begun
        if by is None or word != leading
    ]
    return by, more


def marks_like(prefix: str, most: int) -> list[str]:
    """The different marks that begin so, at most `most`, by as many steps through the index, however many filings have them."""
    first = select(func.min(QueueMark.mark).label("mark")).where(QueueMark.mark >= prefix, QueueMark.mark < prefix + LAST)
    walk = first.cte("walk", recursive=True)
    other = aliased(QueueMark)
    following = select(func.min(other.mark)).where(other.mark > walk.c.mark, other.mark < prefix + LAST)
    walk = walk.union_all(select(following.scalar_subquery()).where(walk.c.mark.is_not(None)))
    return list(db.session.scalars(select(walk.c.mark).where(walk.c.mark.is_not(None)).limit(most)))
