"""Counts of what is open and of what was decided, from few statements; the cases are those of the reader's own queue."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, case, func, literal, select

from coi.db import db
from coi.disclosures.facts import body_desk
from coi.models import Decision, Disclosure, Person
from coi.profiles.current import current_profile, today, zone
from coi.review.queue import lists_of, visible
from coi.rules.deadlines import add_business_days
from coi.rules.permissions import Actor
from coi.vocabulary import Risk, State

# Open for so many business days: the first and the last day of each band; the last band has no end.
AGES: dict[str, tuple[int, int | None]] = {"0-5": (0, 5), "6-10": (6, 10), "11-30": (11, 30), "31-": (31, None)}
WEEKS = 8
OPEN = (State.SUBMITTED, State.IN_REVIEW, State.ESCALATED, State.RETURNED)
AT_OFFICE = (State.SUBMITTED, State.IN_REVIEW, State.ESCALATED)
NOBODY = 0
AT_THE_BODY = -1  # nobody has it, and nobody is missing: it waits for a meeting


@dataclass
class Row:
    """The cases of one reviewer (or of nobody, or of the final body): how many of each age, late, waiting for the filer."""

    person_id: int
    name: str
    ages: Counter[str] = field(default_factory=Counter)
    late: int = 0
    with_filer: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.ages.values())


@dataclass
class Figures:
    """What is open: by age, by priority and age, by reviewer and age."""

    ages: Counter[str] = field(default_factory=Counter)
    priorities: dict[Risk, Counter[str]] = field(default_factory=dict)
    reviewers: list[Row] = field(default_factory=list)
    late: int = 0
    with_filer: int = 0

    @property
    def total(self) -> int:
        """All open cases."""
        return sum(self.ages.values())

    @property
    def nobody(self) -> Row | None:
        """The cases that nobody has."""
        return next((one for one in self.reviewers if one.person_id == NOBODY), None)

    @property
    def at_the_body(self) -> Row | None:
        """The cases that wait for a meeting of the final body."""
        return next((one for one in self.reviewers if one.person_id == AT_THE_BODY), None)


def whose(actor: Actor) -> str:
    """All cases for senior officers, the own ones for every other officer: the names of the queue's lists."""
    return "all" if "all" in lists_of(actor) else "mine"


def figures(actor: Actor, whose: str, now: datetime) -> Figures:
    """What is open in this list of the reader, counted in one statement and named in another."""
    age = age_band(now)
    waits = Disclosure.waiting_on_filer_since.is_not(None) | (Disclosure.state == State.RETURNED)
    late = (Disclosure.due_at < now) & ~waits & Disclosure.state.in_(AT_OFFICE)
    body = (Disclosure.state == State.ESCALATED) & (Disclosure.desk == (body_desk() or "-")) & Disclosure.reviewer_id.is_(None)
    holder = case((body, literal(AT_THE_BODY)), else_=Disclosure.reviewer_id)
    rows = db.session.execute(
        visible(actor, whose)
        .where(Disclosure.state.in_(OPEN))
        .with_only_columns(
            holder,
            Disclosure.risk,
            age,
            func.count(),
            func.sum(case((late, 1), else_=0)),
            func.sum(case((waits, 1), else_=0)),
        )
        .group_by(holder, Disclosure.risk, age)
    ).all()
    return _summed([(reviewer, risk, band, count, late, waits) for reviewer, risk, band, count, late, waits in rows])


def age_band(now: datetime) -> ColumnElement[str]:
    """The band of AGES in which a filing stands, in business days since it was signed first."""
    five, ten, thirty = (_moment_before(now, days) for days in (5, 10, 30))
    since = Disclosure.first_submitted_at
    return case(
        (since >= five, literal("0-5")), (since >= ten, literal("6-10")), (since >= thirty, literal("11-30")), else_="31-"
    )


def _summed(rows: Iterable[tuple[int | None, Risk, str, int, int, int]]) -> Figures:
    told = Figures(priorities={risk: Counter() for risk in reversed(Risk)})
    by_reviewer: dict[int, Row] = {}
    for reviewer, risk, band, count, late, waits in rows:
        row = by_reviewer.setdefault(reviewer or NOBODY, Row(reviewer or NOBODY, ""))
        for counter in (told.ages, told.priorities[risk], row.ages):
            counter[band] += count
        row.late, row.with_filer = row.late + late, row.with_filer + waits
        told.late, told.with_filer = told.late + late, told.with_filer + waits
    names = dict(db.session.execute(select(Person.id, Person.name).where(Person.id.in_(sorted(by_reviewer)))).all())
    for row in by_reviewer.values():
        row.name = names.get(row.person_id, "")
    told.reviewers = sorted(by_reviewer.values(), key=lambda row: (row.person_id > 0, -row.total, row.name))
    return told


def _moment_before(now: datetime, days: int) -> datetime:
    """The first moment of the city's day that lies so many business days before today."""
    return datetime.combine(add_business_days(today(now), -days, current_profile().next_business_day), time(), zone())


@dataclass(frozen=True)
class Week:
    """The decisions of one week that begins on a Monday."""

    monday: date
    decided: int


def weeks(actor: Actor, whose: str, now: datetime) -> list[Week]:
    """What was decided in the last weeks, this one last; an undone decision counts nowhere."""
    this = today(now) - timedelta(days=today(now).weekday())
    first = this - timedelta(weeks=WEEKS - 1)
    wanted = select(Decision.at).where(
        Decision.undone_seq.is_(None),
        Decision.at >= datetime.combine(first, time(), zone()),
        Decision.at <= now,
    )
    if whose == "all":
        wanted = wanted.where(Decision.disclosure_id.in_(visible(actor, whose).with_only_columns(Disclosure.id)))
    else:
        wanted = wanted.where(Decision.by_id == actor.person_id)
    counted: Counter[date] = Counter()
    for at in db.session.scalars(wanted):
        on = today(at)
        counted[on - timedelta(days=on.weekday())] += 1
    return [Week(monday, counted[monday]) for monday in (first + timedelta(weeks=week) for week in range(WEEKS))]
