"""Writes of a records request: taken in with its last day, more time with a ground, the answer; each a dated row (U64)."""

from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from coi.audit.chain import canonical_json, sha256
from coi.audit.record import record
from coi.db import db
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.languages import LANGUAGES
from coi.models import RecordsRequest, RecordsStep
from coi.models.types import new_reference
from coi.profiles.current import current_profile, today
from coi.records import queries
from coi.rules.permissions import Actor, Permission, allows
from coi.rules.removals import due_on, extended_to
from coi.vocabulary import Event, MoreTime, RecordsAnswer, RecordsStepKind


def take_in(
    received: date, requester: str, contact: str, asked: str, language: str, actor: Actor, now: datetime
) -> RecordsRequest:
    """Takes a request in; raises Refused beside the field for a day to come or a language that is not offered."""
    _may(actor)
    if received > today(now):
        raise Refused(_l("Choose today or a day that has passed."), "received_on")
    if language not in LANGUAGES:
        raise Refused(_l("Choose one of the languages offered."), "language")
    due = due_on(received, current_profile().next_business_day)
    reference = new_reference(f"PRR-{today(now).year}")
    told = canonical_json({"requester": requester, "contact": contact, "asked": asked})
    days = {"received_on": received.isoformat(), "due_on": due.isoformat()}
    seq = record(Event.RECORDS_ASKED, actor, f"records:{reference}", now, asked=sha256(told), **days)
    made = RecordsRequest(
        reference=reference,
        received_on=received,
        due_on=due,
        requester=requester,
        contact=contact,
        asked=asked,
        language=language,
        by_id=actor.person_id,
        at=now,
        seq=seq,
    )
    db.session.add(made)
    db.session.flush()
    return made


def extend(request: RecordsRequest, ground: MoreTime, words: str, actor: Actor, now: datetime) -> RecordsStep:
    """Takes 30 more calendar days with a ground, once, and only before the last day has passed."""
    _open(request, actor)
    there = request.extended
    if there is not None:
        if there.by_id == actor.person_id and (there.ground, there.words) == (ground, words):
            return there
        raise SomebodyWasFaster(_l("%(who)s took more time already.", who=there.by.name))
    if today(now) > request.due_on:
        raise NotPossible(_l("The last day has passed: more time can only be taken before it."))
    until = extended_to(request.due_on, current_profile().next_business_day)
    told = {"until": until.isoformat(), "ground": ground.value, "because": sha256(words)}
    seq = record(Event.RECORDS_EXTENDED, actor, f"records:{request.reference}", now, **told)
    made = RecordsStep(
        request_id=request.id, kind=RecordsStepKind.EXTENDED, ground=ground, until=until, words=words,
        by_id=actor.person_id, at=now, seq=seq,
    )  # fmt: skip
    return _kept(request, made)


def close(request: RecordsRequest, answer: RecordsAnswer, words: str, actor: Actor, now: datetime) -> RecordsStep:
    """Answers the request; what gives records needs every gathered filing released or taken out."""
    _open(request, actor)
    waits = queries.to_see_to(request)
    if answer.gives and waits:
        raise Refused(_l("Release these filings first, or take them out: %(names)s.", names=_names(waits)), "answer")
    if answer.gives and not queries.out_of(request):
        raise Refused(_l("No filing went out for this request. Choose another answer."), "answer")
    told = {"answer": answer.value, "because": sha256(words), "filings": len(queries.out_of(request))}
    seq = record(Event.RECORDS_CLOSED, actor, f"records:{request.reference}", now, **told)
    request.closed_seq = seq
    made = RecordsStep(
        request_id=request.id, kind=RecordsStepKind.CLOSED, answer=answer, words=words, by_id=actor.person_id, at=now, seq=seq
    )
    return _kept(request, made)


def _names(waits: list[queries.RecordsFiling]) -> str:
    return ", ".join(one.disclosure.reference for one in waits)


def _kept(request: RecordsRequest, made: RecordsStep) -> RecordsStep:
    request.steps.append(made)
    db.session.flush()
    return made


def _open(request: RecordsRequest, actor: Actor) -> None:
    """Locks the request; one that was answered meanwhile says by whom."""
    db.session.refresh(request, with_for_update=True)
    _may(actor)
    closed = request.closed
    if closed is not None:
        raise SomebodyWasFaster(_l("%(who)s answered this request already.", who=closed.by.name))


def _may(actor: Actor) -> None:
    if not allows(actor, Permission.RECORDS_KEEP):
        raise NotPossible(_l("Only a records officer may do this."))
