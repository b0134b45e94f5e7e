"""Who stands above and below whom in the reporting line, now or within the year (SD2); each walk is one statement."""

from typing import Any

from sqlalchemy import CTE, BindParameter, Exists, Integer, Select, String, bindparam, cast, func, literal, select, true, union

from coi.db import db
from coi.disclosures.kept import once
from coi.models import AuditEntry, Obligation, Person, PersonVersion

Pairs = Select[*tuple[Any, ...]]
PEOPLE: BindParameter[Any] = bindparam("people", expanding=True)


def lines(people: set[int], obligation_id: int | None = None, filer_id: int = 0) -> dict[int, set[int]]:
    """Who is or was whose supervisor, upwards from all these people: now, or within twelve months.

    With the obligation of a filing also whom its filer reported to when it was owed.
    """
    known = {"people": sorted(people), "since": a_year_ago(), "obligation": obligation_id or 0, "filer": filer_id}
    found: dict[int, set[int]] = {}
    for person_id, supervisor_id in db.session.execute(LINES, known):
        found.setdefault(person_id, set()).add(supervisor_id)
    return found


def above_in(person_id: int, found: dict[int, set[int]]) -> set[int]:
    """Everybody above one person along these lines; a circle in the roster ends where it began."""
    above: set[int] = set()
    level = {person_id}
    while level:
        level = {one for below in level for one in found.get(below, ())} - above
        above |= level
    return above - {person_id}


def above_and_below(person_id: int) -> tuple[set[int], set[int]]:
    """Everybody above a person, and everybody below, now or within the year, as far as the line goes."""
    found: dict[str, set[int]] = {"up": set(), "down": set()}
    for way, one in db.session.execute(BOTH_WAYS, {"people": [person_id], "since": a_year_ago()}):
        found[way].add(one)
    return found["up"] - {person_id}, found["down"] - {person_id}


def reports_of(person_id: int) -> set[int]:
    """Everybody below a person in the reporting line, now or within the year, as far down as it goes."""
    return above_and_below(person_id)[1]


def a_year_ago() -> int:
    """The first entry younger than a year; the log's own clock tells how old an entry is. One statement: every case asks it."""
    return once(("a year ago",), lambda: db.session.scalar(FIRST_OF_THE_YEAR) or 0)


def _first_of_the_year() -> Pairs:
    newest = select(AuditEntry.at).order_by(AuditEntry.seq.desc()).limit(1).scalar_subquery()
    year = cast(cast(func.substr(newest, 1, 4), Integer) - 1, String)
    floor = year + func.substr(newest, 5)
    return select(AuditEntry.seq).where(AuditEntry.at >= floor).order_by(AuditEntry.at, AuditEntry.seq).limit(1)


def _walk(start: list[Pairs], *, up: bool, name: str) -> CTE:
    """From these pairs on, one after the next, until the line ends; a pair that was met is not walked again."""
    first = union(*start).subquery()
    line = select(first.c[0].label("one"), first.c[1].label("next")).cte(name, recursive=True)
    return line.union(_step(line, up=up))


def _step(line: CTE, *, up: bool) -> Pairs:
    """The next pairs: by the roster of now (0) and by the versions that held within the year (1).

    Both in one join, for PostgreSQL lets a walk look at itself once and SQLite has no lateral join.
    """
    table = select(literal(0).label("past")).union_all(select(literal(1))).subquery()
    now_at, now_next = (Person.id, Person.supervisor_id) if up else (Person.supervisor_id, Person.id)
    then = (PersonVersion.person_id, PersonVersion.supervisor_id)
    then_at, then_next = then if up else reversed(then)
    to = func.coalesce(now_next, then_next)
    held = (table.c.past == 1) & (then_at == line.c.next) & PersonVersion.supervisor_id.is_not(None) & ~_replaced_before()
    return (
        select(line.c.next, to)
        .select_from(line)
        .join(table, true())
        .outerjoin(Person, (table.c.past == 0) & (now_at == line.c.next))
        .outerjoin(PersonVersion, held)
        .where(to.is_not(None))
    )


def _supervisors() -> list[Pairs]:
    """The supervisor of each now, and of every version that held within the year: that it, or what replaced it, is younger."""
    now = select(Person.id, Person.supervisor_id).where(Person.id.in_(PEOPLE), Person.supervisor_id.is_not(None))
    before = select(PersonVersion.person_id, PersonVersion.supervisor_id).where(
        PersonVersion.person_id.in_(PEOPLE), PersonVersion.supervisor_id.is_not(None), ~_replaced_before()
    )
    return [now, before]


def _then() -> Pairs:
    """Whom the filer of a filing reported to when it was owed."""
    owed = (Obligation.id == bindparam("obligation")) & Obligation.supervisor_id.is_not(None)
    return select(bindparam("filer", type_=Integer), Obligation.supervisor_id).where(owed)


def _reports() -> list[Pairs]:
    """Who reports to each now, or did within the year."""
    now = select(Person.supervisor_id, Person.id).where(Person.supervisor_id.in_(PEOPLE))
    before = select(PersonVersion.supervisor_id, PersonVersion.person_id).where(
        PersonVersion.supervisor_id.in_(PEOPLE), ~_replaced_before()
    )
    return [now, before]


def _replaced_before() -> Exists:
    """Whether a version of a person was replaced before that entry, so that it held in no part of the year."""
    newer = select(REPLACED.c.id).where(
        REPLACED.c.person_id == PersonVersion.person_id, REPLACED.c.seq > PersonVersion.seq, REPLACED.c.seq < bindparam("since")
    )
    return newer.correlate(PersonVersion).exists()


def _both_ways() -> Any:
    up, down = _walk(_supervisors(), up=True, name="up"), _walk(_reports(), up=False, name="down")
    return select(literal("up"), up.c.next).union_all(select(literal("down"), down.c.next))


# Made once: every page about a filing asks for them, and making them takes longer than asking.
REPLACED = PersonVersion.__table__.alias("replaced")
FIRST_OF_THE_YEAR = _first_of_the_year()
LINE = _walk([*_supervisors(), _then()], up=True, name="line")
LINES = select(LINE.c.one, LINE.c.next)
BOTH_WAYS = _both_ways()
