"""The review queue: whose cases, by which filters, in what order and how many; shows each list's cases, never what they say."""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, text
from sqlalchemy.orm import joinedload

from coi.db import db
from coi.disclosures.facts import desks_of, in_conflict, ways_to_them, with_them
from coi.models import Campaign, Decision, Disclosure, Recommendation
from coi.models.disclosures import ESCALATED, IS_OPEN, ON_FILER, ON_OFFICE, WITH_NOBODY
from coi.plans.waiting import declined_for
from coi.review.finding import Place, Wanted, exact_marks, found, has_mark, looks_like_a_reference
from coi.rules.permissions import Actor, Permission, allows
from coi.rules.searching import NEW_CONTRACT, SUPERVISOR, recommended_mark
from coi.vocabulary import Kind, Risk, Role, State

OFFICE = frozenset({Role.REVIEWER, Role.SENIOR_OFFICER, Role.SOLICITOR, Role.COMMISSIONER})
PAGE = 50
CAP = 500
# On whom a case waits: the office (who has it), the filer, a second person, nobody (no colleague is free), a supervisor (U47).
ON = ("office", "filer", "second", "nobody", "supervisor")
# Why a case is here besides a task: the City has a new contract with somebody whom it names (DESIGN 7).
CONTRACT = "new_contract"
MOST_LOOKS = 5
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
    before: str = ""

    def known(self, reads: bool) -> "Filters":
        """The same with only what can be asked; who may not read what was answered is found nothing by it (access 8)."""
        return replace(
            self,
            state=self.state if self.state in set(State) - {State.DRAFT} else "",
            priority=self.priority if self.priority in PRIORITIES else "",
            kind=self.kind if self.kind in set(Kind) else "",
            flag=self.flag if reads else "",
            on=self.on if self.on in ON and (reads or self.on != "supervisor") else "",
            overdue="yes" if self.overdue == "yes" else "",
            search=self.search.strip(),
        )

    def described(self) -> dict[str, Any]:
        """The filter as the log keeps it: codes, never what was searched for."""
        told = {name: getattr(self, name) for name in ("whose", "state", "priority", "kind", "flag", "on")}
        said = {"department": self.department, "overdue": self.overdue, "searched": self.search}
        return {**told, **{name: bool(value) for name, value in said.items()}}

    def arguments(self, **changed: str) -> dict[str, str]:
        """What an address carries to show the same list; with another place, that place alone."""
        if "after" in changed or "before" in changed:
            changed = {"after": "", "before": "", **changed}
        return {name: value for name, value in {**asdict(self), **changed}.items() if value}

    @property
    def narrowed(self) -> bool:
        """Whether anything was asked besides whose cases."""
        return any(value for name, value in asdict(self).items() if name not in ("whose", "after", "before"))


PRIORITIES = {risk.priority: risk for risk in Risk}


@dataclass(frozen=True)
class QueuePage:
    """One page of the queue, where the next and the previous begin, and how many there are, counted on the first page.

    `cut`: as much was looked at as one page may, so that there may be more further on, or than were counted.
    """

    rows: list[Disclosure]
    after: str
    before: str
    counted: int | None
    cut: bool


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
    wanted, after, before = _wanted(actor, filters, now), _place(filters.after), _place(filters.before)
    if before is not None and after is None:
        back = found(wanted, before, PAGE + 1, back=True)
        rows = _rows(back.ids[:PAGE][::-1])
        first = _told(rows[0]) if len(back.ids) > PAGE else ""
        if first:
            return QueuePage(rows, _told(rows[-1]), first, None, cut=False)
        if back.looked_to is not None:
            return QueuePage(rows, _told(rows[-1]) if rows else filters.before, _at(back.looked_to), None, cut=True)
        after = None  # there is no whole page before: the first one is shown
    # The first page is read as far as it is counted, and later ones by one more than they show.
    some = found(wanted, after, CAP if after is None else PAGE + 1)
    rows = _rows(some.ids[:PAGE])
    further = _told(rows[-1]) if len(some.ids) > PAGE else _at(some.looked_to) if some.looked_to else ""
    counted = len(some.ids) if after is None else None
    earlier = "" if after is None else _told(rows[0]) if rows else filters.after
    return QueuePage(rows, further, earlier, counted, cut=some.looked_to is not None and (after is None or len(some.ids) <= PAGE))


def next_case(actor: Actor, filters: Filters, reference: str, now: datetime) -> str | None:
    """The reference of the case that comes after this one in the same list; None at its end, or when no more is looked at."""
    one = db.session.scalar(select(Disclosure).where(Disclosure.reference == reference, Disclosure.due_at.is_not(None)))
    after = _place(_told(one)) if one is not None else None
    wanted = _wanted(actor, filters, now)
    for _look in range(MOST_LOOKS):
        some = found(wanted, after, 1)
        if some.ids:
            return db.session.scalars(select(Disclosure.reference).where(Disclosure.id == some.ids[0])).one()
        if some.looked_to is None:
            break
        after = some.looked_to
    return None


def _rows(wanted: list[int]) -> list[Disclosure]:
    """The filings with these ids, in their order."""
    with_people = (joinedload(Disclosure.filer), joinedload(Disclosure.reviewer))
    rows = {one.id: one for one in db.session.scalars(select(Disclosure).where(Disclosure.id.in_(wanted)).options(*with_people))}
    return [rows[number] for number in wanted if number in rows]


def _wanted(actor: Actor, filters: Filters, now: datetime) -> Wanted:
    """What a list with its filters looks for: first what an index answers, then what is asked of each filing found so."""
    filters = filters.known(reads_answers(actor, filters.whose))
    whose, state, on = filters.whose, filters.state, filters.on
    marks = exact_marks(filters.department, filters.kind, "" if filters.flag == CONTRACT else filters.flag)
    if filters.flag == CONTRACT:
        marks.insert(0, NEW_CONTRACT)
    if on == "supervisor":
        marks.insert(0, SUPERVISOR)
    if whose == "escalated":
        marks.append(recommended_mark(actor.person_id or 0))
    # A new contract is news of what was decided, too.
    every = filters.flag == CONTRACT and not (state or on or filters.overdue) and whose in ("mine", "all", "desk")
    part, more = ("disclosures.state <> 'draft'", []) if every else _part(whose, state, on, bool(filters.overdue))
    # Whose recommendation stands is a mark of its own; asked of each row besides, it would cost more than everything else.
    where = [*_of_list(actor, "mine" if whose == "escalated" else whose), *more]
    if filters.kind == Kind.ANNUAL:
        where.append(Disclosure.kind == Kind.ANNUAL)
    parts = _parts(actor, whose, part)
    if marks or filters.search:
        where += [text(part), *([or_(*_owners(actor, whose))] if _owners(actor, whose) else [])]
    search = filters.search
    if looks_like_a_reference(search.upper()):
        parts, marks_too = [and_(one, Disclosure.reference == search.upper()) for one in parts], marks
        where, marks, search = [*where, *map(has_mark, marks_too)], [], ""
    return Wanted(
        parts=parts,
        where=where,
        narrow=whose != "all" or bool(state or on),
        lanes=(0, 1) if every else ({"decided": 1, "withdrawn": 2}.get(state, 0),),
        rank=PRIORITIES[filters.priority].queue_rank if filters.priority else None,
        by_rank=bool(filters.overdue),
        before=now if filters.overdue else None,
        marks=marks,
        search=search,
        by_party=reads_answers(actor, whose),
    )


def _parts(actor: Actor, whose: str, part: str) -> list[Any]:
    """The list as pieces of its indexes: each desk's, one's own and those in whose stead one acts."""
    owners = _owners(actor, whose)
    return [and_(text(part), owner) for owner in owners] if owners else [text(part)]


def _owners(actor: Actor, whose: str) -> list[ColumnElement[bool]]:
    if whose == "mine":
        return ways_to_them(actor)
    if whose == "desk":
        return [Disclosure.desk == desk for desk in sorted(desks_of(actor.roles))] or [false()]
    return []


def _part(whose: str, state: str, on: str, overdue: bool) -> tuple[str, list[Any]]:
    """The part of all filings that has an index of its own and holds all that is asked, and what is to be asked besides.

    In the words of the index and never as a parameter: else SQLite does not see that the index answers it.
    """
    exactly: list[Any] = [Disclosure.state == State(state)] if state else []
    nobody: list[Any] = [text(WITH_NOBODY)] if whose == "waiting" else []
    has: ColumnElement[bool] = Disclosure.reviewer_id.is_not(None)
    waits: dict[str, tuple[str, list[Any]]] = {
        "office": (ON_OFFICE, [has]),
        "second": (ESCALATED, [text(ON_OFFICE), has]),
        "filer": (ON_FILER, []),
        "nobody": (WITH_NOBODY, []),
    }
    late: list[Any] = [Disclosure.state != State.RETURNED, Disclosure.waiting_on_filer_since.is_(None)] if overdue else []
    if state in (State.DECIDED, State.WITHDRAWN, State.ESCALATED):
        waiting = [text(waits[on][0]), *waits[on][1]] if on in waits else []
        part, more = f"disclosures.state = '{State(state).value}'", [*waiting, *nobody]
    elif on in waits:
        part, more = waits[on][0], [*waits[on][1], *exactly, *nobody]
    elif whose == "waiting" or state == State.SUBMITTED:
        part, more = WITH_NOBODY, exactly
    elif state == State.RETURNED:
        part, more = ON_FILER, exactly
    else:
        part, more = ON_OFFICE if overdue and whose == "mine" else IS_OPEN, exactly
    return part, [*more, *late]


def visible(actor: Actor, whose: str) -> Select[Disclosure]:
    """The filings of a list: together they are those that LIST_CASE allows this person, row by row."""
    listed = select(Disclosure).where(Disclosure.state != State.DRAFT, *_of_list(actor, whose))
    owners = _owners(actor, whose)
    return listed.where(or_(*owners)) if owners else listed


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
    return newest == person_id


def _told(one: Disclosure) -> str:
    return _at(Place(one.rank, one.due_at, one.id)) if one.due_at else ""  # a signed filing has a day


def _at(place: Place) -> str:
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
    """Done since the campaign opened (or in this year), waiting on them and on me, each counted to CAP; `of` is their sum.

    `declined` are conditions whose filer said no, for whom they wait: they count among what waits on me.
    """
    opened = db.session.scalar(select(Campaign.opened_at).order_by(Campaign.year.desc()).limit(1))
    since = opened or datetime(on.year, 1, 1, tzinfo=UTC)
    done = select(Decision.id).where(Decision.by_id == actor.person_id, Decision.at >= since, Decision.undone_seq.is_(None))
    # In the queue's order, since that is what leads SQLite to the indexes of these two parts.
    order = (Disclosure.rank, Disclosure.due_at, Disclosure.id)
    mine = select(Disclosure.id).where(with_them(actor)).order_by(*order)
    counted = [
        select(func.count()).select_from(wanted.limit(CAP).subquery()).scalar_subquery()
        for wanted in (done, mine.where(text(ON_FILER)), mine.where(text(ON_OFFICE)), declined_for(actor, on))
    ]
    numbers = db.session.execute(select(*counted)).one()
    on_me = min(numbers[2] + numbers[3], CAP)
    return {
        "done": numbers[0],
        "on_them": numbers[1],
        "on_me": on_me,
        "declined": numbers[3],
        "of": numbers[0] + numbers[1] + on_me,
    }
