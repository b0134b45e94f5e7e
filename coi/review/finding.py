"""Finds places in the queue by an index for whatever is asked, and never looks at more than LOOKED filings for one page."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import product
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, tuple_, union, union_all
from sqlalchemy.orm import aliased

from coi.db import db
from coi.models import Disclosure, QueueMark
from coi.rules.searching import department_mark, is_no_name, may_end_a_reference, typed_words
from coi.vocabulary import Kind, Risk

# A word typed may be the beginning of so many different words; of more, every page of the queue holds some.
MOST_WORDS = 30
MOST_TYPED = 6
LAST = "\U0010ffff"
# So many filings are looked at for one page. Where fewer have one of the things asked, those are all looked at.
LOOKED = 1000
# A later page looks at so many first: nearly always they fill it.
GLANCED = 160


class Place(NamedTuple):
    """Where a filing stands in the queue: rank 0 is the most urgent."""

    rank: int
    due_at: datetime
    id: int


@dataclass(frozen=True)
class Wanted:
    """What is looked for: `parts` is the list as its indexes answer it, `where` whatever else must hold, the rest has marks.

    `narrow`: the list may hold fewer filings than what was asked for would find in all lists.
    """

    parts: list[Any]
    where: list[Any]
    narrow: bool = True
    lanes: tuple[int, ...] = (0,)
    rank: int | None = None
    by_rank: bool = False
    before: datetime | None = None
    marks: list[str] = field(default_factory=list)
    search: str = ""
    by_party: bool = False


@dataclass(frozen=True)
class Found:
    """The ids found, in order; `looked_to` is where the looking ended, None when there is nothing further on."""

    ids: list[int]
    looked_to: Place | None


@dataclass(frozen=True)
class Way:
    """One way to the filings: by the list's own index (no marks), by marks, or by all marks from one word to another."""

    marks: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    few: bool = False


def exact_marks(department: str, kind: str, flag: str) -> list[str]:
    """The marks that a filing must have, what finds the fewest first; the yearly form is nearly everything and leads nowhere."""
    asked = [
        f"flag:{flag}" if flag else "",
        department_mark(department) if department else "",
        f"kind:{kind}" if kind and kind != Kind.ANNUAL else "",
    ]
    return [mark for mark in asked if mark]


def found(wanted: Wanted, after: Place | None, most: int, back: bool = False) -> Found:
    """The first `most` filings after a place, or with `back` the last before it, the nearest first."""
    way, more = _way(wanted)
    if way is None:
        return Found([], None)
    where = [*wanted.where, *more]
    for looked in (LOOKED,) if after is None else (GLANCED, LOOKED):
        some = _looked_at(wanted, way, after, looked, back)
        ids = _fitting(some, where, most, back)
        if len(ids) >= most:
            return Found(ids, None)
        last = _last(some, looked, back)
        if last is None:
            return Found(ids, None)
    return Found(ids, last)


def _fitting(some: Any, where: list[Any], most: int, back: bool) -> list[int]:
    """Those of some filings for which all holds."""
    seen = some.subquery()
    rows = select(seen.c.id).join(Disclosure, Disclosure.id == seen.c.id).where(*where)
    return list(db.session.scalars(rows.order_by(*_order(seen.c.rank, seen.c.due_at, seen.c.id, back)).limit(most)))


def _last(some: Any, looked: int, back: bool) -> Place | None:
    """The place of the last that was looked at; None when that was the end of the list."""
    seen = some.subquery()
    order = _order(seen.c.rank, seen.c.due_at, seen.c.id, back)
    row = db.session.execute(select(seen.c.rank, seen.c.due_at, seen.c.id).order_by(*order).offset(looked - 1).limit(1)).first()
    return Place(*row) if row else None


def _order(rank: Any, due: Any, number: Any, back: bool) -> tuple[Any, ...]:
    return (rank.desc(), due.desc(), number.desc()) if back else (rank, due, number)


def _way(wanted: Wanted) -> tuple[Way | None, list[ColumnElement[bool]]]:
    """The way that leads past the fewest filings, and what else must hold of them; no way when nothing can be found."""
    typed: list[Way] = []
    if wanted.search:
        typed = _typed(wanted)
        if not typed:
            return None, []
    ways = [Way(marks=(mark,)) for mark in wanted.marks] + typed
    if not ways:
        return Way(), []
    leading = _fewest(wanted, ways)
    return leading, [_has(way) for way in ways if (way.marks, way.prefixes) != (leading.marks, leading.prefixes)]


def _fewest(wanted: Wanted, ways: list[Way]) -> Way:
    """Of several ways the one with the fewest filings, counted to LOOKED; of many, the first that has an order of its own."""
    asked = [*ways, Way()] if wanted.narrow else ways
    if len(asked) == 1 and len(asked[0].marks) == 1:
        return asked[0]
    counted = [select(func.count()).select_from(_some_of(wanted, way)).scalar_subquery() for way in asked]
    numbers = db.session.execute(select(*counted)).one()
    fewest = min(range(len(asked)), key=lambda at: numbers[at])
    if numbers[fewest] <= LOOKED:
        return replace(asked[fewest], few=True)
    return next((way for way in asked if way.marks), Way())


def _some_of(wanted: Wanted, way: Way) -> Any:
    """A row for each filing of a way, in no order, some more than LOOKED where there are so many."""
    table = _table(way)
    one = select(literal(1).label("one")).select_from(table)
    if way.prefixes:  # of every lane and place: only so the rows that are passed are counted
        arms = [one.where(_between(prefix)).limit(LOOKED + 1) for prefix in way.prefixes]
    else:
        pieces = product(_firsts(wanted, replace(way, few=True)), _ranks(wanted, None, back=False))
        arms = [one.where(first, *_placed(wanted, table, rank)).limit(LOOKED + 1) for first, rank in pieces]
    return arms[0].subquery() if len(arms) == 1 else union_all(*(select(arm.subquery()) for arm in arms)).subquery()


def _looked_at(wanted: Wanted, way: Way, after: Place | None, most: int, back: bool) -> Any:
    """The next `most` filings along a way, as (id, rank, due_at), before anything else is asked of them."""
    table = _table(way)
    number = QueueMark.disclosure_id if table is QueueMark else Disclosure.id
    columns = (number.label("id"), table.rank.label("rank"), table.due_at.label("due_at"))
    arms = [
        select(*columns)
        .where(first, *_placed(wanted, table, rank), *_beyond(table, number, after, rank, back))
        .order_by(*_order(table.rank, table.due_at, number, back))
        .limit(most)
        for first, rank in product(_firsts(wanted, way), _ranks(wanted, after, back))
    ]
    twice = len(way.marks) > 1 or bool(way.prefixes)  # a filing that has two of the marks counts once
    if len(arms) == 1:
        return arms[0].distinct() if twice else arms[0]
    together = (union if twice else union_all)(*(select(arm.subquery()) for arm in arms)).subquery()
    return select(together).order_by(*_order(together.c.rank, together.c.due_at, together.c.id, back)).limit(most)


def _table(way: Way) -> Any:
    return QueueMark if way.marks or way.prefixes else Disclosure


def _firsts(wanted: Wanted, way: Way) -> list[Any]:
    """The conditions that each lead along one piece of an index; where there are few filings their order is made afterwards."""
    lanes = QueueMark.lane == wanted.lanes[0] if len(wanted.lanes) == 1 else QueueMark.lane.in_(wanted.lanes)
    if way.prefixes:
        return [and_(_between(prefix), lanes) for prefix in way.prefixes]
    if way.marks and way.few:
        return [and_(QueueMark.mark.in_(way.marks), lanes)]
    if way.marks:
        return [and_(QueueMark.mark == mark, QueueMark.lane == lane) for mark, lane in product(way.marks, wanted.lanes)]
    return wanted.parts


def _ranks(wanted: Wanted, after: Place | None, back: bool) -> list[int | None]:
    """The priorities that are walked one by one, since the day is asked within each; [None] for all in one walk."""
    if wanted.rank is not None or not wanted.by_rank:
        return [wanted.rank]
    return [rank for rank in range(len(Risk)) if after is None or (rank <= after.rank if back else rank >= after.rank)]


def _placed(wanted: Wanted, table: Any, rank: int | None) -> list[Any]:
    """The priority and the day that were asked for, in the table that is walked."""
    return [
        *([table.rank == rank] if rank is not None else []),
        *([table.due_at < wanted.before] if wanted.before is not None else []),
    ]


def _beyond(table: Any, number: Any, after: Place | None, rank: int | None, back: bool) -> list[Any]:
    """What stands after a place (or before it) in the table that is walked."""
    if after is None:
        return []
    if rank is not None and rank != after.rank:
        return [] if (rank < after.rank) == back else [literal(1) == 0]
    if rank is not None:
        here, there = tuple_(table.due_at, number), tuple_(after.due_at, after.id)
    else:
        here, there = tuple_(table.rank, table.due_at, number), tuple_(after.rank, after.due_at, after.id)
    return [here < there if back else here > there]


def looks_like_a_reference(text: str) -> bool:
    """Whether this can be a reference such as COI-2026-7K3F9Q and no name."""
    parts = text.split("-")
    return len(parts) == 3 and parts[1].isdigit() and text.isascii()


def has_mark(mark: str) -> ColumnElement[bool]:
    """Whether a filing has this mark."""
    return _has(Way(marks=(mark,)))


def _has(way: Way) -> ColumnElement[bool]:
    """Whether a filing would be found by a way; every filing is found by its list."""
    condition = or_(*map(_between, way.prefixes)) if way.prefixes else QueueMark.mark.in_(way.marks)
    return exists(select(QueueMark.mark).where(QueueMark.disclosure_id == Disclosure.id, condition).correlate(Disclosure))


def _between(prefix: str) -> ColumnElement[bool]:
    return and_(QueueMark.mark >= prefix, QueueMark.mark < prefix + LAST)


def _typed(wanted: Wanted) -> list[Way]:
    """The ways to what was typed; [] when no filing has such a word.

    Every word typed must begin a word of the filer's name or, for who may read it, of an outside party; or, of LEAST_ENDING
    letters and more, the last part of the reference. What could be a name and is one finds no reference.
    """
    sorts = ("name", "party") if wanted.by_party else ("name",)
    ways = []
    for word in dict.fromkeys(typed_words(wanted.search)[:MOST_TYPED]):
        prefixes = tuple(f"{sort}:{word}" for sort in sorts)
        begun = [mark for prefix in prefixes for mark in marks_like(prefix, MOST_WORDS + 1)]
        if may_end_a_reference(word) and (is_no_name(word) or not begun):
            prefixes = (*prefixes, f"reference:{word}")
            begun += marks_like(prefixes[-1], MOST_WORDS + 1)
        if not begun:
            return []
        ways.append(Way(marks=tuple(begun)) if len(begun) <= MOST_WORDS else Way(prefixes=prefixes))
    return ways


def marks_like(prefix: str, most: int) -> list[str]:
    """The different marks that begin so, at most `most`, by as many steps through the index, however many filings have them."""
    first = select(func.min(QueueMark.mark).label("mark")).where(QueueMark.mark >= prefix, QueueMark.mark < prefix + LAST)
    walk = first.cte("walk", recursive=True)
    other = aliased(QueueMark)
    following = select(func.min(other.mark)).where(other.mark > walk.c.mark, other.mark < prefix + LAST)
    walk = walk.union_all(select(following.scalar_subquery()).where(walk.c.mark.is_not(None)))
    return list(db.session.scalars(select(walk.c.mark).where(walk.c.mark.is_not(None)).limit(most)))
