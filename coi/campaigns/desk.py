"""The reads of the campaign desk's lists: how many stand where, who has not filed, by station; no answer, no outcome in sight."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased, selectinload

from coi.campaigns import queries
from coi.db import db
from coi.disclosures.kept import once
from coi.models import Campaign, CampaignPart, Disclosure, Leave, Obligation, Person, RosterNote
from coi.rules.searching import search_text
from coi.vocabulary import Standing, State

PAGE = 50
PRINTED = 5000
# From what is most to be done to what is done; a person with several forms stands where the least done of them stands.
ORDER = (Standing.LATE, Standing.NOT_STARTED, Standing.STARTED, Standing.ON_LEAVE, Standing.EXCUSED, Standing.FILED)
NOT_FILED = frozenset({Standing.LATE, Standing.NOT_STARTED, Standing.STARTED})
RANK = {standing: rank for rank, standing in enumerate(ORDER)}
# Late by more than 15 days: letters end there, a person takes over (U25). Ranks before everything else, and counts as late.
LONG_LATE = -1
# How an address names those of no department, or of no group.
NONE = "-"


@dataclass(frozen=True)
class Station:
    """One department: how many of its people stand where."""

    name: str
    counts: Counter[Standing]
    long_late: int = 0

    @property
    def people(self) -> int:
        """Everybody asked."""
        return sum(self.counts.values())

    @property
    def not_filed(self) -> int:
        """Who still has to."""
        return sum(self.counts[one] for one in NOT_FILED)

    @property
    def done(self) -> int:
        """Who has nothing left to do: filed or excused."""
        return self.counts[Standing.FILED] + self.counts[Standing.EXCUSED]


@dataclass(frozen=True)
class Unit:
    """The people of one department and one group who stand alike, as they stood there when they were asked first."""

    department: str
    group: str
    standing: Standing
    people: int
    long_late: int = 0


@dataclass(frozen=True)
class Row:
    """One person of a list: name, unit, standing, and the day that counts; `reference` leads to their page."""

    reference: str
    name: str
    number: str
    department: str
    title: str
    standing: Standing
    due_on: date | None
    paused: bool
    group: str = ""
    filed_on: date | None = None


@dataclass(frozen=True)
class Filters:
    """What a list shows; NONE stands for the people of no department, or of no group."""

    department: str = ""
    group: str = ""
    standing: str = "not_filed"
    search: str = ""
    after: str = ""

    @property
    def wanted(self) -> frozenset[Standing]:
        """The standings that the list shows; a word nobody knows shows everybody."""
        if self.standing == "not_filed":
            return NOT_FILED
        return frozenset({Standing(self.standing)}) if self.standing in set(Standing) else frozenset(Standing)

    def holds(self, row: Row) -> bool:
        """Whether a person is of the department and of the group."""
        asked = ((self.department, row.department), (self.group, row.group))
        return all(not wanted or has == _named(wanted) for wanted, has in asked)


def _named(place: str) -> str:
    return "" if place == NONE else place


def units(campaign: Campaign, today: date) -> list[Unit]:
    """Everybody of a campaign, counted by department, group and standing; each person once."""
    told: Counter[tuple[str, str, int]] = Counter()
    for (department, group, rank, _filed_on), number in _counted(campaign, today).items():
        told[department, group, rank] += number
    return [
        Unit(department, group, ORDER[max(rank, 0)], number, number if rank == LONG_LATE else 0)
        for (department, group, rank), number in sorted(told.items())
    ]


def _counted(campaign: Campaign, today: date) -> Counter[tuple[str, str, int, date | None]]:
    """People by department, group, rank and, of those who filed, the last day; in one statement but for who is away."""
    return once(("people of", campaign.id, today), lambda: _counted_now(campaign, today))


def _counted_now(campaign: Campaign, today: date) -> Counter[tuple[str, str, int, date | None]]:
    away = _away(campaign, today)
    ranked = _ranked(campaign, today, list(away)).subquery()
    first, filed = aliased(Obligation), RANK[Standing.FILED]
    parts = (first.department, first.group, ranked.c.rank, case((ranked.c.rank == filed, ranked.c.filed_on)))
    rows = db.session.execute(select(*parts, func.count()).join(first, first.id == ranked.c.first).group_by(*parts)).all()
    told: Counter[tuple[str, str, int, date | None]] = Counter({(row[0], row[1], row[2], row[3]): row[4] for row in rows})
    for row in away.values():
        filed_on = row.filed_on if row.standing is Standing.FILED else None
        told[row.department, row.group, RANK[row.standing], filed_on] += 1
    return told


def stations(campaign: Campaign, today: date) -> list[Station]:
    """Every department of a campaign by name, counted by person."""
    counts: dict[str, Counter[Standing]] = {}
    long_late: Counter[str] = Counter()
    for one in units(campaign, today):
        counts.setdefault(one.department, Counter())[one.standing] += one.people
        long_late[one.department] += one.long_late
    return [Station(name, counts[name], long_late[name]) for name in sorted(counts, key=search_text)]


def filed_by_day(campaign: Campaign, today: date) -> Counter[date]:
    """On which day how many people filed the last thing that they owed: together those who stand as filed."""
    told: Counter[date] = Counter()
    for (_department, _group, _rank, filed_on), number in _counted(campaign, today).items():
        if filed_on is not None:
            told[filed_on] += number
    return told


def total(listed: list[Station]) -> Station:
    """All stations together."""
    return Station("", sum((one.counts for one in listed), Counter()), sum(one.long_late for one in listed))


def _rank(today: date) -> ColumnElement[Any]:
    """The SQL twin of standing_of for people without a leave on record; a test holds the two together."""
    filing = select(Disclosure.id).where(Disclosure.obligation_id == Obligation.id, Disclosure.state != State.WITHDRAWN)
    begun = filing.exists()
    due, running = func.coalesce(Obligation.extended_to, Obligation.due_on), CampaignPart.paused.is_not(True)
    return case(
        (Obligation.settled_on.is_not(None), RANK[Standing.FILED]),
        (Obligation.excused, RANK[Standing.EXCUSED]),
        (and_(due < today - queries.A_LIST_FOR_A_PERSON, running), LONG_LATE),
        (and_(due < today, running), RANK[Standing.LATE]),
        (begun, RANK[Standing.STARTED]),
        else_=RANK[Standing.NOT_STARTED],
    )


def _ranked(campaign: Campaign, today: date, without: list[int]) -> Any:
    """One row per person: the rank of what is least done, what was asked first, and the last day on which something was filed."""
    wanted = (
        select(
            Obligation.person_id,
            func.min(_rank(today)).label("rank"),
            func.min(Obligation.id).label("first"),
            func.max(Obligation.settled_on).label("filed_on"),
        )
        .outerjoin(CampaignPart, CampaignPart.id == Obligation.part_id)
        .where(Obligation.campaign_id == campaign.id, Obligation.ended_seq.is_(None))
    )
    if without:
        wanted = wanted.where(Obligation.person_id.not_in(without))
    return wanted.group_by(Obligation.person_id)


def _away(campaign: Campaign, today: date) -> dict[int, Row]:
    """People with a leave on record that may move their due date or their standing; few, so worked out one by one."""
    return once(("away", campaign.id, today), lambda: _away_now(campaign, today))


def _away_now(campaign: Campaign, today: date) -> dict[int, Row]:
    leave = {one.person_id: one for one in db.session.scalars(queries.newest_leave().where(Leave.leave_from.is_not(None)))}
    if not leave:
        return {}
    wanted = select(Obligation).where(
        Obligation.campaign_id == campaign.id,
        Obligation.ended_seq.is_(None),
        Obligation.person_id.in_(select(Leave.person_id).where(Leave.leave_from.is_not(None))),
    )
    rows = db.session.scalars(wanted.options(selectinload(Obligation.part)).order_by(Obligation.id)).all()
    return {one.person_id: one.row for one in _people([row for row in rows if row.person_id in leave], today)}


@dataclass(frozen=True)
class _OfPerson:
    person_id: int
    row: Row


def _people(obligations: list[Obligation], today: date) -> list[_OfPerson]:
    """One row per person in the order given, from everything they owe."""
    owed: dict[int, list[queries.Owed]] = {}
    for one in queries.as_owed(obligations, today):
        owed.setdefault(one.obligation.person_id, []).append(one)
    order = {one.person_id: place for place, one in reversed(list(enumerate(obligations)))}
    made = []
    for person_id in sorted(owed, key=order.__getitem__):
        least = min(owed[person_id], key=lambda one: (RANK[one.standing], one.due_on or date.max))
        first = min((one.obligation for one in owed[person_id]), key=lambda one: one.id)
        filed = [one.obligation.settled_on for one in owed[person_id] if one.obligation.settled_on is not None]
        row = Row(
            reference=first.reference,
            name=first.name,
            number=first.number,
            department=first.department,
            title=first.title,
            standing=least.standing,
            due_on=least.due_on,
            paused=least.paused,
            group=first.group,
            filed_on=max(filed, default=None),
        )
        made.append(_OfPerson(person_id, row))
    return made


def people(campaign: Campaign, filters: Filters, today: date, limit: int = PAGE) -> tuple[list[Row], str]:
    """People of a campaign by name, a page at a time, and where the next page begins."""
    away = _away(campaign, today)
    ranked = _ranked(campaign, today, list(away)).subquery()
    ranks = [RANK[one] for one in filters.wanted] + ([LONG_LATE] if Standing.LATE in filters.wanted else [])
    among = [person_id for person_id, row in away.items() if row.standing in filters.wanted and filters.holds(row)]
    first = aliased(Obligation)
    here = [ranked.c.rank.in_(ranks)]
    if filters.department:
        here.append(first.department == _named(filters.department))
    if filters.group:
        here.append(first.group == _named(filters.group))
    wanted = (
        select(Person.id, Person.search_name)
        .outerjoin(ranked, ranked.c.person_id == Person.id)
        .outerjoin(first, first.id == ranked.c.first)
        .where(or_(and_(*here), Person.id.in_(among)))
        .order_by(Person.search_name, Person.id)
        .limit(limit + 1)
    )
    wanted = _narrow(wanted, filters)
    page = db.session.execute(wanted).all()
    more = len(page) > limit
    ids = [row.id for row in page[:limit]]
    after = f"{page[limit - 1].search_name}~{page[limit - 1].id}" if more else ""
    return _rows(campaign, ids, today), after


def _narrow(wanted: Any, filters: Filters) -> Any:
    searched = search_text(filters.search)
    if searched:
        words = [Person.search_name.contains(word, autoescape=True) for word in searched.split()]
        wanted = wanted.where(or_(and_(*words), Person.number == filters.search.strip()))
    name, _bar, place = filters.after.rpartition("~")
    if place.isascii() and place.isdigit() and len(place) < 18:
        wanted = wanted.where(or_(Person.search_name > name, and_(Person.search_name == name, Person.id > int(place))))
    return wanted


def _rows(campaign: Campaign, ids: list[int], today: date) -> list[Row]:
    obligations: list[Obligation] = []
    for start in range(0, len(ids), queries.ONE_QUERY):
        part = ids[start : start + queries.ONE_QUERY]
        wanted = select(Obligation).where(
            Obligation.campaign_id == campaign.id, Obligation.ended_seq.is_(None), Obligation.person_id.in_(part)
        )
        obligations.extend(db.session.scalars(wanted.options(selectinload(Obligation.part)).order_by(Obligation.id)))
    by_name = {person_id: place for place, person_id in enumerate(ids)}
    return [one.row for one in _people(sorted(obligations, key=lambda one: (by_name[one.person_id], one.id)), today)]


def notes() -> list[tuple[RosterNote, str, str]]:
    """What people said is wrong in the roster and nobody has seen to: (note, name, a reference that leads to the person)."""
    first = select(func.min(Obligation.reference)).where(Obligation.person_id == RosterNote.person_id).scalar_subquery()
    wanted = select(RosterNote, Person.name, first).join(Person, Person.id == RosterNote.person_id)
    rows = db.session.execute(wanted.where(RosterNote.done_seq.is_(None)).order_by(RosterNote.id).limit(PAGE)).all()
    return [(note, name, reference or "") for note, name, reference in rows]


def shape(counts: Counter[Standing]) -> list[tuple[Standing, int, float, float]]:
    """The bar: each standing with its number, where its piece begins and how wide it is, in parts of 100."""
    whole = sum(counts.values())
    made, at = [], 0.0
    for standing in reversed(ORDER):
        if counts[standing]:
            width = 100 * counts[standing] / whole
            made.append((standing, counts[standing], round(at, 3), round(width, 3)))
            at += width
    return made
