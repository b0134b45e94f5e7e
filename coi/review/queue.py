"""The review queue: whose cases, by which filters, in what order and how many; shows each list's cases, never what they say."""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, literal_column, select, text
from sqlalchemy.orm import joinedload

from coi.db import db
from coi.disclosures.facts import desks_of, in_conflict, with_them
from coi.models import Campaign, Decision, Disclosure, Recommendation
from coi.models.disclosures import IS_OPEN, ON_FILER, ON_OFFICE, WITH_NOBODY
from coi.review.finding import Place, Wanted, found_ids, how_many
from coi.rules.permissions import Actor, Permission, allows
from coi.vocabulary import Kind, Risk, Role, State

OFFICE = frozenset({Role.REVIEWER, Role.SENIOR_OFFICER, Role.SOLICITOR, Role.COMMISSIONER})
PAGE = 50
CAP = 500
# On whom a case waits: the office (who has it), the filer, a second person, nobody (no colleague is free).
ON = ("office", "filer", "second", "nobody")
LOGGED = frozenset({"desk", "waiting", "all"})


@dataclass(frozen=True)
class Filters:
    """What a queue page shows: whose cases, which of them, and from where on; unknown codes count as none."""

    whose: str = "mine"
    state: str = ""
    priority: str = ""
    department: str = ""
    kind: str = ""
    flag: str = ""
    on: str = ""
    overdue: str = ""
    search: str = ""
    after: str = ""

    def known(self, reads: bool) -> "Filters":
        """The same with only what can be asked; who may not read what was answered is found nothing by it (access 8)."""
        return replace(
            self,
            state=self.state if self.state in set(State) - {State.DRAFT} else "",
            priority=self.priority if self.priority in PRIORITIES else "",
            kind=self.kind if self.kind in set(Kind) else "",
            flag=self.flag if reads else "",
            on=self.on if self.on in ON else "",
            overdue="yes" if self.overdue == "yes" else "",
            search=self.search.strip(),
        )

    def described(self) -> dict[str, Any]:
        """The filter as the log keeps it: codes, never what was searched for."""
        told = {name: getattr(self, name) for name in ("whose", "state", "priority", "kind", "flag", "on")}
        said = {"department": self.department, "overdue": self.overdue, "searched": self.search}
        return {**told, **{name: bool(value) for name, value in said.items()}}

    def arguments(self, **changed: str) -> dict[str, str]:
        """What an address carries to show the same list."""
        return {name: value for name, value in {**asdict(self), **changed}.items() if value}

    @property
    def narrowed(self) -> bool:
        """Whether anything was asked besides whose cases."""
        return any(value for name, value in asdict(self).items() if name not in ("whose", "after"))


PRIORITIES = {risk.priority: risk for risk in Risk}


@dataclass(frozen=True)
class QueuePage:
    """One page of the queue, where the next begins, and how many there are, counted to CAP on the first page."""

    rows: list[Disclosure]
    after: str
    counted: int | None


def lists_of(actor: Actor) -> tuple[str, ...]:
    """The lists that this person may open, the first one first (access.md 8)."""
    mine = ("mine", "desk", "escalated") if actor.roles & OFFICE else ()
    senior = ("waiting",) if Role.SENIOR_OFFICER in actor.roles else ()
    return (*mine, *senior, *(("all",) if allows(actor, Permission.QUEUE_ALL) else ()))


def reads_answers(actor: Actor, whose: str) -> bool:
    """Whether the cases of a list may be opened by who lists them: only then do flags and parties find or explain any."""
    return bool(actor.roles & OFFICE) and (whose != "desk" or Role.SENIOR_OFFICER in actor.roles)


def queue(actor: Actor, filters: Filters, now: datetime) -> QueuePage:
    """Filings by priority, then due, with keyset paging; never the own, never one with a conflict."""
    wanted = _wanted(actor, filters, now)
    places = found_ids(wanted, _place(filters.after), PAGE + 1)
    after = ""
    if len(places) > PAGE:
        places = places[:PAGE]
        after = _told(places[-1])
    return QueuePage(_rows(places), after, how_many(wanted, CAP) if not filters.after else None)


def next_case(actor: Actor, filters: Filters, reference: str, now: datetime) -> str | None:
    """The reference of the case that comes after this one in the same list, or None at its end."""
    at = db.session.execute(
        select(Disclosure.rank, Disclosure.due_at, Disclosure.id).where(
            Disclosure.reference == reference, Disclosure.due_at.is_not(None)
        )
    ).first()
    places = found_ids(_wanted(actor, filters, now), Place(at.rank, at.due_at, at.id) if at and at.due_at else None, 1)
    rows = _rows(places)
    return rows[0].reference if rows and rows[0].reference != reference else None


def _rows(places: list[Place]) -> list[Disclosure]:
    """The filings at these places, in their order."""
    wanted = [place.id for place in places]
    with_people = (joinedload(Disclosure.filer), joinedload(Disclosure.reviewer))
    rows = {one.id: one for one in db.session.scalars(select(Disclosure).where(Disclosure.id.in_(wanted)).options(*with_people))}
    return [rows[number] for number in wanted if number in rows]


def _wanted(actor: Actor, filters: Filters, now: datetime) -> Wanted:
    """What a list with its filters looks for, as conditions that the indexes of its migration answer."""
    filters = filters.known(reads_answers(actor, filters.whose))
    where = [*_of_list(actor, filters.whose), *_of_state(filters.state)]
    if filters.on:
        where.append(_waiting_on(filters.on))
    desks = sorted(desks_of(actor.roles)) if filters.whose == "desk" else []
    if filters.overdue:
        where += [text(ON_OFFICE) if filters.whose == "mine" else _not_on_filer(), Disclosure.due_at < now]
    return Wanted(
        where=where,
        lane={"decided": 1, "withdrawn": 2}.get(filters.state, 0),
        rank=PRIORITIES[filters.priority].queue_rank if filters.priority else None,
        by_rank=bool(filters.overdue),
        before=now if filters.overdue else None,
        desks=desks,
        department=filters.department,
        kind=filters.kind,
        flag=filters.flag,
        search=filters.search,
        by_party=reads_answers(actor, filters.whose),
    )


def visible(actor: Actor, whose: str) -> Select[Disclosure]:
    """The filings of a list: together they are those that LIST_CASE allows this person, row by row."""
    listed = select(Disclosure).where(Disclosure.state != State.DRAFT, *_of_list(actor, whose))
    return listed.where(Disclosure.desk.in_(desks_of(actor.roles))) if whose == "desk" else listed


def _of_list(actor: Actor, whose: str) -> list[Any]:
    if actor.person_id is None or whose not in lists_of(actor):
        return [false()]
    if Role.AUDITOR in actor.roles:
        return [Disclosure.filer_id != actor.person_id]
    free = ~in_conflict(actor.person_id)
    if whose == "waiting":
        return [text(WITH_NOBODY), free]
    if whose == "escalated":
        return [_recommended_by(actor.person_id), free]
    if whose == "mine":
        return [with_them(actor), free]
    return [free]


def _recommended_by(person_id: int) -> ColumnElement[bool]:
    """Cases whose standing recommendation is this person's."""
    newest = (
        select(Recommendation.by_id)
        .where(Recommendation.disclosure_id == Disclosure.id, Recommendation.ended_seq.is_(None))
        .order_by(Recommendation.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    own = select(Recommendation.disclosure_id).where(Recommendation.by_id == person_id, Recommendation.ended_seq.is_(None))
    return Disclosure.id.in_(own) & (newest == person_id)


def _of_state(state: str) -> list[Any]:
    """The state as text and no parameter: else SQLite does not see that an index of what is open answers it."""
    if not state:
        return [text(IS_OPEN)]
    exactly = Disclosure.state == literal_column(f"'{State(state).value}'")
    return [exactly] if state in (State.DECIDED, State.WITHDRAWN) else [text(IS_OPEN), exactly]


def _waiting_on(on: str) -> Any:
    if on == "filer":
        return text(ON_FILER)
    if on == "nobody":
        return text(WITH_NOBODY)
    has = text(ON_OFFICE) & Disclosure.reviewer_id.is_not(None)
    return has & (Disclosure.state == State.ESCALATED) if on == "second" else has


def _not_on_filer() -> ColumnElement[bool]:
    """What is late counts against the office only while it does not wait for the filer."""
    return (Disclosure.state != State.RETURNED) & Disclosure.waiting_on_filer_since.is_(None)


def _told(place: Place) -> str:
    return f"{place.rank}~{place.due_at.isoformat()}~{place.id}"


def _place(after: str) -> Place | None:
    """The place that an address names; None for anything made up."""
    rank, _first, rest = after.partition("~")
    due, _second, number = rest.partition("~")
    if not (rank.isascii() and rank.isdigit() and number.isascii() and number.isdigit()) or len(rank) > 1 or len(number) > 15:
        return None
    try:
        moment = datetime.fromisoformat(due)
    except ValueError:
        return None
    return Place(int(rank), moment, int(number)) if moment.tzinfo is not None else None


def three_numbers(actor: Actor, on: date) -> dict[str, int]:
    """Done since the campaign opened (or in this year), waiting on them and on me, each counted to CAP; `of` is their sum."""
    opened = db.session.scalar(select(Campaign.opened_at).order_by(Campaign.year.desc()).limit(1))
    since = opened or datetime(on.year, 1, 1, tzinfo=UTC)
    done = select(Decision.id).where(Decision.by_id == actor.person_id, Decision.at >= since, Decision.undone_seq.is_(None))
    # In the queue's order, since that is what leads SQLite to the indexes of these two parts.
    order = (Disclosure.rank, Disclosure.due_at, Disclosure.id)
    mine = select(Disclosure.id).where(with_them(actor)).order_by(*order)
    counted = [
        select(func.count()).select_from(wanted.limit(CAP).subquery()).scalar_subquery()
        for wanted in (done, mine.where(text(ON_FILER)), mine.where(text(ON_OFFICE)))
    ]
    numbers = db.session.execute(select(*counted)).one()
    return {"done": numbers[0], "on_them": numbers[1], "on_me": numbers[2], "of": sum(numbers)}
