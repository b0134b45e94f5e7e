"""Counts of one campaign's cases, and the lists behind them: the same conditions count and list; each from grouped statements."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, case, func, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.functions import FunctionElement

from coi.db import db
from coi.models import Campaign, Disclosure
from coi.review.queue import visible
from coi.rules.permissions import Actor, Permission, allows
from coi.vocabulary import Outcome, Risk, State
from coi.workload.queries import OPEN, age_band

PAGE = 50
DAY = 86400
# From the first signature to the decision, in days of 24 hours: up to so many; the last band has no end.
DAYS: dict[str, int | None] = {"0-5": 5, "6-10": 10, "11-30": 30, "31-": None}
NOT_DECIDED, WITHDRAWN = "open", "withdrawn"


class SecondsBetween(FunctionElement[int]):
    """Whole seconds from one moment to another."""

    inherit_cache = True
    type = Integer()


@compiles(SecondsBetween, "sqlite")
def _on_sqlite(element: SecondsBetween, compiler: Any, **more: Any) -> str:
    first, last = (compiler.process(one, **more) for one in element.clauses)
    return f"(CAST(strftime('%s', {last}) AS INTEGER) - CAST(strftime('%s', {first}) AS INTEGER))"


@compiles(SecondsBetween, "postgresql")
def _on_postgresql(element: SecondsBetween, compiler: Any, **more: Any) -> str:
    first, last = (compiler.process(one, **more) for one in element.clauses)
    return f"(floor(extract(epoch from {last})) - floor(extract(epoch from {first})))"


@dataclass
class Cases:
    """How many cases: by outcome (or `open`, `withdrawn`), by priority, open ones by age, decided ones by days."""

    outcomes: Counter[str] = field(default_factory=Counter)
    priorities: Counter[str] = field(default_factory=Counter)
    ages: Counter[str] = field(default_factory=Counter)
    days: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """All that were signed."""
        return self.outcomes.total()

    @property
    def decided(self) -> int:
        """All that are decided."""
        return self.days.total()


def campaigns() -> list[Campaign]:
    """Every campaign, the latest first."""
    return list(db.session.scalars(select(Campaign).order_by(Campaign.year.desc())))


def names_cases(actor: Actor) -> bool:
    """Whether this person may list the cases with their names; others get numbers without persons (access 27)."""
    return allows(actor, Permission.QUEUE_ALL)


def _signed(campaign: Campaign, actor: Actor) -> Select[Disclosure]:
    """What was signed in a campaign: for who lists cases those that they may list, for others all."""
    everything = visible(actor, "all") if names_cases(actor) else select(Disclosure).where(Disclosure.state != State.DRAFT)
    return everything.where(Disclosure.campaign_id == campaign.id)


def _days() -> ColumnElement[str]:
    took = SecondsBetween(Disclosure.first_submitted_at, Disclosure.decided_at)
    bands = [(took <= last * DAY, literal(band)) for band, last in DAYS.items() if last is not None]
    return case(*bands, else_="31-")


def counted(campaign: Campaign, actor: Actor, now: datetime) -> Cases:
    """The cases of a campaign, counted in one statement."""
    is_open = Disclosure.state.in_(OPEN)
    parts = (
        Disclosure.state,
        Disclosure.outcome,
        Disclosure.risk,
        case((is_open, age_band(now)), else_=""),
        case((Disclosure.state == State.DECIDED, _days()), else_=""),
    )
    rows = db.session.execute(_signed(campaign, actor).with_only_columns(*parts, func.count()).group_by(*parts)).all()
    told = Cases()
    for state, outcome, risk, age, days, number in rows:
        told.outcomes[_became(state, outcome)] += number
        told.priorities[risk.priority] += number
        told.ages.update({age: number} if age else {})
        told.days.update({days: number} if days else {})
    return told


def _became(state: State, outcome: Outcome | None) -> str:
    if state is State.DECIDED and outcome is not None:
        return outcome.value
    return WITHDRAWN if state is State.WITHDRAWN else NOT_DECIDED


# What a list of cases may be asked for, by the name in its address.
BY = ("outcome", "priority", "age", "days")


def _narrow(by: str, code: str, now: datetime) -> ColumnElement[bool] | None:
    """The condition behind one number; None for a code that nobody knows."""
    decided, is_open = Disclosure.state == State.DECIDED, Disclosure.state.in_(OPEN)
    ways: dict[tuple[str, str], ColumnElement[bool]] = {
        ("outcome", NOT_DECIDED): is_open,
        ("outcome", WITHDRAWN): Disclosure.state == State.WITHDRAWN,
        ("days", "all"): decided,
    }
    ways |= {("outcome", one.value): decided & (Disclosure.outcome == one) for one in Outcome}
    ways |= {("priority", risk.priority): Disclosure.risk == risk for risk in Risk}
    for band in DAYS:
        ways |= {("age", band): is_open & (age_band(now) == band), ("days", band): decided & (_days() == band)}
    return ways.get((by, code))


@dataclass(frozen=True)
class Listed:
    """One page of the cases behind a number, and the reference after which the next page begins."""

    rows: list[Disclosure]
    after: str


def listed(campaign: Campaign, actor: Actor, by: str, code: str, now: datetime, after: str = "") -> Listed:
    """The cases behind a number, the newest first; a code that nobody knows lists all of the campaign."""
    wanted = _signed(campaign, actor)
    narrow = _narrow(by, code, now)
    if narrow is not None:
        wanted = wanted.where(narrow)
    start = (
        db.session.scalar(select(Disclosure.id).where(Disclosure.reference == after)) if after.isprintable() and after else None
    )
    if start is not None:
        wanted = wanted.where(Disclosure.id < start)
    rows = list(
        db.session.scalars(wanted.order_by(Disclosure.id.desc()).limit(PAGE + 1).options(joinedload(Disclosure.filer))).unique()
    )
    return Listed(rows[:PAGE], rows[PAGE - 1].reference if len(rows) > PAGE else "")
