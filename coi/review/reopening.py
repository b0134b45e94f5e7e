"""Opens a decided case again: asked by who reads it, approved by a senior officer who did not; the decision stands till then."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from coi.accounts import requests
from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.disclosures.facts import conflicts_with, facts_for
from coi.disclosures.move import move
from coi.errors import NotPossible
from coi.models import Decision, Disclosure, Person, Reopening, Request
from coi.notices import actions as notices
from coi.review.actions import first_look_by
from coi.review.assignment import reader_again, restore
from coi.review.decisions import newest_decision, take
from coi.review.queries import newest_assignment
from coi.rules.permissions import SYSTEM, Actor, Permission, allows
from coi.vendors.alerts import end_with_reopening
from coi.vendors.alerts import lock_open as lock_alerts
from coi.vocabulary import Action, Because, Event, Reopened, RequestState, State

REOPEN = "reopen"


def ask(disclosure: Disclosure, reason: str, actor: Actor, now: datetime, *, version: int, state: str) -> Request | None:
    """Who reads a decided case asks for another look at it; None when the profile leaves it to one senior officer.

    Raises NotPossible (not yours, not decided, or asked already), Refused (no reason), SomebodyWasFaster.
    """
    take(disclosure, version, state)
    return ask_as_it_stands(disclosure, reason, actor, now, Reopened.OFFICER)


def ask_as_it_stands(disclosure: Disclosure, reason: str, actor: Actor, now: datetime, because: Reopened) -> Request | None:
    """The same of a filing that the caller has locked, whatever its page showed: because of a new contract."""
    facts = facts_for(disclosure, actor)
    if not allows(actor, Permission.ASK_REOPEN, facts):
        raise NotPossible(_l("You may not do this with this filing."))
    if waiting(disclosure, now) is not None:
        raise NotPossible(_l("This was asked already and waits for a second person."))
    told = {"reference": disclosure.reference, "because": because.value, "reason": reason}
    alone = allows(actor, Permission.REOPEN, facts)
    return requests.ask(REOPEN, _subject(disclosure), told, reason, actor, now, alone=alone)


def waiting(disclosure: Disclosure, now: datetime) -> Request | None:
    """The request to open this case again that waits for a senior officer, and has not run out."""
    return next((one for one in asked_about(disclosure) if one.state is RequestState.WAITING and one.expires_at > now), None)


def asked_about(disclosure: Disclosure) -> list[Request]:
    """Every request to open this case again, the newest first; reads only."""
    wanted = select(Request).where(Request.action == REOPEN, Request.subject == _subject(disclosure))
    return list(db.session.scalars(wanted.order_by(Request.id.desc())))


def reopen(
    disclosure: Disclosure,
    because: Reopened,
    reason: str,
    actor: Actor,
    now: datetime,
    *,
    request: Request | None = None,
) -> Reopening:
    """Puts a decided case back to review; its decision stays on record and stands meanwhile.

    It goes to who read it before, while free of conflict, else to the next who is free, else it waits at its desk. The filer
    gets a letter; new contracts that waited for a look are settled with it. `actor` is who approved, or SYSTEM for a job that
    carries out what two people decided; `request` is theirs.
    Raises NotPossible when the state or the right says no.
    """
    decision = newest_decision(disclosure)
    if decision is None:
        raise NotPossible(_l("This filing is not decided."))
    lock_alerts(disclosure)
    desk, reviewer_id = reader_again(disclosure, _reader_before(disclosure, decision), now)
    waits = State.SUBMITTED if reviewer_id is None else None
    keep = reviewer_id is not None
    move(disclosure, Action.REOPEN, actor, now, reason, back_to=waits, reviewer_id=reviewer_id, keep_reviewer=keep)
    disclosure.desk, disclosure.due_at = desk, first_look_by(disclosure.risk, now)
    seq = record(
        Event.REOPENED,
        actor,
        _subject(disclosure),
        now,
        decision=decision.reference,
        why=because.value,
        because=sha256(reason),
        request=request.reference if request is not None else "",
        asked_by=request.asked_by if request is not None else actor.name,
        two_persons=request is not None,
    )
    row = Reopening(
        disclosure_id=disclosure.id,
        filer_id=disclosure.filer_id,
        decision_id=decision.id,
        because=because,
        reason=reason,
        asked_by_id=request.asked_by_id if request is not None and actor.is_person else None,
        by_id=actor.person_id,
        request=request.reference if request is not None else "",
        at=now,
        seq=seq,
    )
    db.session.add(row)
    db.session.flush()
    restore(disclosure, reviewer_id, now, SYSTEM, Because.REOPENED)
    end_with_reopening(disclosure, reason, actor, now)
    notices.drop(f"outcome:{decision.reference}", "reopened")
    notices.post("reopened", disclosure.filer, now, f"reopened:{decision.reference}:{row.id}", reference=disclosure.reference)
    return row


def _reader_before(disclosure: Disclosure, decision: Decision) -> int | None:
    """Who read the case first: who recommended, else who had it last."""
    if decision.recommended_by_id is not None:
        return decision.recommended_by_id
    last = newest_assignment(disclosure)
    return last.reviewer_id if last is not None else None


def _subject(disclosure: Disclosure) -> str:
    return f"disclosure:{disclosure.reference}"


def _found(told: Mapping[str, Any], lock: bool = False) -> Disclosure | None:
    wanted = select(Disclosure).where(Disclosure.reference == str(told["reference"]))
    return db.session.scalar(wanted.with_for_update() if lock else wanted)


def _run(told: Mapping[str, Any], request: Request | None, actor: Actor, now: datetime) -> None:
    disclosure = _found(told, lock=True)
    if disclosure is None:
        raise NotPossible(_l("There is no such filing."))
    asked_by = request.asked_by_id if request is not None else None
    if asked_by is not None and conflicts_with(disclosure.filer_id, [asked_by], disclosure):
        raise NotPossible(_l("Who asked this has come into a conflict with the filer. It must be asked again by somebody else."))
    reopen(disclosure, Reopened(told["because"]), str(told["reason"]), actor, now, request=request)


def _say(told: Mapping[str, Any]) -> str:
    disclosure = _found(told)
    if disclosure is None:
        return _briefly(told)
    outcome = disclosure.outcome.label if disclosure.outcome else disclosure.state.label
    about = " · ".join(one for one in (disclosure.filer.name, disclosure.filer.department, str(outcome)) if one)
    why = _("Because the City has a new contract with somebody on the form") if told["because"] == Reopened.NEW_CONTRACT else ""
    return "\n".join(one for one in (_briefly(told), about, why) if one)


def _briefly(told: Mapping[str, Any]) -> str:
    return _("Open the case %(reference)s again", reference=told["reference"])


def _version(subject: str) -> str:
    """A newer version, another state or another decision makes a request void."""
    disclosure = _found({"reference": subject.partition(":")[2]})
    if disclosure is None:
        return "none"
    decision = newest_decision(disclosure)
    return f"{disclosure.state}~{disclosure.version}~{decision.reference if decision else ''}"


def _barred(told: Mapping[str, Any], person_id: int) -> bool:
    """Who has a conflict with the filer, or is the filer, neither reads nor decides it."""
    disclosure = _found(told)
    return disclosure is None or bool(conflicts_with(disclosure.filer_id, [person_id], disclosure))


def _look(told: Mapping[str, Any]) -> str:
    return url_for("review.show", reference=told["reference"])


def _lock(told: Mapping[str, Any]) -> object:
    """The filing and its new contracts, before the log is touched (DESIGN 2)."""
    disclosure = _found(told, lock=True)
    if disclosure is not None:
        lock_alerts(disclosure)
    return disclosure


def _refused(told: Mapping[str, Any], request: Request, now: datetime) -> None:
    """Who asked hears that it stays closed; why stands on the case, for who may still read it."""
    asked_by = db.session.get(Person, request.asked_by_id) if request.asked_by_id is not None else None
    if asked_by is not None and not _barred(told, asked_by.id):
        notices.post("not_reopened", asked_by, now, f"not_reopened:{request.reference}", reference=str(told["reference"]))


requests.register(REOPEN, _run, _say, _version, _briefly, _lock, _look, _barred, _refused, right=Permission.WORKLOAD)
