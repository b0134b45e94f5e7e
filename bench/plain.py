"""What a queue page should find, asked plainly of the tables that hold it, without marks or ways of the queue; slow."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select, true

from coi.disclosures.facts import desks_of
from coi.models import Disclosure, DisclosureVersion, Flag, Interest, Person, Recommendation, SupervisorQuestion
from coi.review.queue import PRIORITIES, reads_answers
from coi.rules.permissions import Actor
from coi.vocabulary import State

OPEN = (State.SUBMITTED, State.IN_REVIEW, State.ESCALATED, State.RETURNED)


def asked(actor: Actor, whose: str, filters: dict[str, str]) -> Select[Any]:
    """The filings of a list with its filters, in a city where nobody is related to anybody."""
    one, reads = Disclosure, reads_answers(actor, whose)
    wanted: list[Any] = [one.filer_id != actor.person_id, DisclosureVersion.number == one.version]
    wanted.append(one.state == State(filters["state"]) if "state" in filters else one.state.in_(OPEN))
    at_office = and_(one.state.in_((State.IN_REVIEW, State.ESCALATED)), one.waiting_on_filer_since.is_(None))
    lists = {
        "mine": one.reviewer_id == actor.person_id,
        "desk": one.desk.in_(desks_of(actor.roles)),
        "waiting": _nobody(),
        "escalated": exists().where(
            Recommendation.disclosure_id == one.id, Recommendation.by_id == actor.person_id, Recommendation.ended_seq.is_(None)
        ),
        "all": true(),
    }
    late = [one.due_at < datetime.now(UTC), one.state != State.RETURNED, one.waiting_on_filer_since.is_(None)]
    ways = {
        "on": lambda on: _waits(on, at_office) if reads or on != "supervisor" else true(),
        "overdue": lambda _yes: and_(*late, *([at_office] if whose == "mine" else [])),
        "priority": lambda priority: one.rank == PRIORITIES[priority].queue_rank,
        "department": lambda department: Person.department == department,
        "kind": lambda kind: one.kind == kind,
        "flag": lambda flag: _flagged(flag) if reads else true(),
        "search": lambda search: _searched(search, reads),
    }
    wanted += [lists[whose], *(way(filters[name]) for name, way in ways.items() if name in filters)]
    joined = select(one).join(DisclosureVersion, DisclosureVersion.disclosure_id == one.id)
    return joined.join(Person, Person.id == one.filer_id).where(*wanted)


def _nobody() -> Any:
    return and_(Disclosure.state.in_((State.SUBMITTED, State.ESCALATED)), Disclosure.reviewer_id.is_(None))


def _waits(on: str, at_office: Any) -> Any:
    state, since = Disclosure.state, Disclosure.waiting_on_filer_since
    held = and_(at_office, Disclosure.reviewer_id.is_not(None))
    asked_of = exists().where(SupervisorQuestion.disclosure_id == Disclosure.id, SupervisorQuestion.closed_seq.is_(None))
    ways = {
        "office": held,
        "second": and_(held, state == State.ESCALATED),
        "filer": or_(state == State.RETURNED, and_(state.in_((State.IN_REVIEW, State.ESCALATED)), since.is_not(None))),
        "nobody": _nobody(),
        "supervisor": asked_of,
    }
    return ways[on]


def _flagged(flag: str) -> Any:
    return exists().where(Flag.version_id == DisclosureVersion.id, Flag.question_id == flag)


def _searched(search: str, reads: bool) -> Any:
    if search.startswith("COI-"):
        return Disclosure.reference == search
    party = Interest.version_id == DisclosureVersion.id
    return and_(
        *(
            or_(
                _begins(Person.search_name, word),
                *([exists().where(party, _begins(Interest.party_search, word))] if reads else []),
            )
            for word in search.split()
        )
    )


def _begins(text: Any, word: str) -> Any:
    return or_(text.like(f"{word}%"), text.like(f"% {word}%"))
