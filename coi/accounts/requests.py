"""Acts that need a second person: asked by one, approved or refused by another, run then and there by the same rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from sqlalchemy import select

from coi.accounts import queries
from coi.accounts.door import actor_of, serves
from coi.accounts.queries import holders, in_setup
from coi.audit.chain import canonical_json, sha256
from coi.audit.record import record
from coi.db import db
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.models import Account, Person, Request
from coi.models.types import new_reference
from coi.notices import actions as notices
from coi.profiles.current import current_profile, today
from coi.rules.permissions import Actor, Facts, Permission, allows, approvers_of
from coi.vocabulary import Event, RequestState

WAITS = timedelta(days=14)
LONGEST_REASON = 2_000

Parameters = Mapping[str, Any]
Run = Callable[[Parameters, Request | None, Actor, datetime], None]


@dataclass(frozen=True)
class Act:
    """One kind of act: how it runs, how it is said, and what version of its subject an approval is bound to."""

    run: Run
    describe: Callable[[Parameters], str]
    subject_version: Callable[[str], str]
    right: Permission
    brief: Callable[[Parameters], str]
    lock: Callable[[Parameters], object]
    look: Callable[[Parameters], str]
    barred: Callable[[Parameters, int], bool]
    refused: Callable[[Parameters, Request, datetime], object]


_ACTS: dict[str, Act] = {}

# Which switch of the profile turns the second person off for an act; an act without one always needs two.
SWITCHES = {
    "open_campaign": "open_campaign",
    "close_campaign": "open_campaign",
    "pause_campaign": "open_campaign",
    "publish": "publish",
    "publish_policy": "publish",
    "publish_draft": "publish",
    "use_form": "publish",
    "full_export": "full_export",
    "reopen": "reopen",
    "withdraw_rule": "reopen",
    "excuse": "excuse",
    "grant": "grant",
    "end": "grant",
    "grant_administrator": "grant",
    "end_administrator": "grant",
}


def register(
    action: str,
    run: Run,
    describe: Callable[[Parameters], str],
    subject_version: Callable[[str], str] = lambda _: "",
    brief: Callable[[Parameters], str] | None = None,
    lock: Callable[[Parameters], object] = lambda _: None,
    look: Callable[[Parameters], str] = lambda _: "",
    barred: Callable[[Parameters, int], bool] = lambda *_: False,
    refused: Callable[[Parameters, Request, datetime], object] = lambda *_: None,
    *,
    right: Permission,
) -> None:
    """Makes an act known; each room does so for its own when it is imported. `brief` is what a letter may say of it.

    `lock` takes the rows that the act writes before the log is touched; `look` is the address at which they can be read first;
    `barred` says who is kept from reading and deciding it, by person: the filer, and everybody with a conflict (SD1, SD2);
    `refused` is what follows a refusal, such as a letter to who asked; `right` is the one that who asks must hold whatever it
    is about: it is asked again when the act runs (SD10).
    """
    _ACTS[action] = Act(run, describe, subject_version, right, brief or describe, lock, look, barred, refused)


def is_barred(request: Request, actor: Actor) -> bool:
    """Whether this person is kept from this request, whatever role they hold."""
    act = _ACTS.get(request.action)
    return act is not None and (actor.person_id is None or act.barred(request.parameters, actor.person_id))


def request_for(reference: str, actor: Actor) -> tuple[Request, Facts] | None:
    """A request for who may decide it; for who is kept from it there is none."""
    found = queries.request_for(reference)
    return None if found is None or is_barred(found[0], actor) else found


def describe(request: Request) -> str:
    """What is asked, in the reader's language: a line, and perhaps more lines with the details."""
    act = _ACTS.get(request.action)
    return str(act.describe(request.parameters)) if act else request.action


def address(request: Request) -> str:
    """Where the second person can look at what is asked; empty where the words say it all."""
    act = _ACTS.get(request.action)
    return act.look(request.parameters) if act and request.state is RequestState.WAITING else ""


def _briefly(request: Request) -> str:
    """What is asked, without what no letter carries, such as why somebody is excused."""
    return str(_ACTS[request.action].brief(request.parameters))


def ask(
    action: str, subject: str, parameters: Parameters, reason: str, actor: Actor, now: datetime, *, alone: bool = True
) -> Request | None:
    """Asks for a second person; None when the act ran at once, since the profile says so or an operator sets the city up.

    `alone=False` is for who may only ask: it waits for a second person whatever the profile says.
    """
    act = _ACTS[action]
    if not reason.strip():
        raise Refused(_("Write the reason."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Use at most %(number)s characters.", number=LONGEST_REASON), "reason")
    operator = actor.name.startswith("operator:")
    if alone and ((operator and in_setup()) or not needs_second(action)):
        act.run(parameters, None, actor, now)
        return None
    kept = canonical_json(dict(parameters))
    if actor.person_id is not None:
        # Two clicks at once wait here for each other, so that the second one finds the request of the first.
        db.session.execute(select(Person.id).where(Person.id == actor.person_id).with_for_update(key_share=True))
    same = select(Request.id).where(
        Request.action == action,
        Request.subject == subject,
        Request.parameters_sha256 == sha256(kept),
        Request.state == RequestState.WAITING,
        Request.expires_at > now,
    )
    if db.session.scalar(same.limit(1)) is not None:
        raise NotPossible(_("This was asked already and waits for a second person."))
    reference = new_reference(f"REQ-{now.year}")
    seq = record(
        Event.REQUEST_MADE,
        actor,
        f"request:{reference}",
        now,
        action=action,
        of=subject,
        parameters=sha256(kept),
        because=sha256(reason),
    )
    request = Request(
        reference=reference,
        action=action,
        subject=subject,
        subject_version=act.subject_version(subject),
        parameters=dict(parameters),
        parameters_sha256=sha256(kept),
        reason=reason,
        asked_by=actor.name,
        asked_by_id=actor.person_id,
        asked_at=now,
        expires_at=now + WAITS,
        seq=seq,
    )
    db.session.add(request)
    db.session.flush()
    _tell_approvers(request, actor, now)
    return request


def needs_second(action: str) -> bool:
    """Whether this act waits for a second person in this city."""
    switch = SWITCHES.get(action)
    return switch is None or bool(getattr(current_profile().two_persons, switch))


def _tell_approvers(request: Request, actor: Actor, now: datetime) -> None:
    for person in holders(approvers_of(request.action), today(now)):
        if person.id != actor.person_id and not _ACTS[request.action].barred(request.parameters, person.id):
            once = f"request_waiting:{request.reference}:{person.id}"
            notices.post("request_waiting", person, now, once, who=actor.label or actor.name, what=LazyString(_briefly, request))


def approve(request: Request, reason: str, actor: Actor, now: datetime) -> bool:
    """Approves and runs the act; False when its subject changed, or who asked lost the right: that voids the request (SD10)."""
    _still_waiting(request, actor, now)
    act = _ACTS[request.action]
    if act.subject_version(request.subject) != request.subject_version:
        _void(request, "subject_changed", actor, now)
        return False
    if not _may_still_ask(request, act.right, now):
        _void(request, "right_ended", actor, now)
        return False
    act.lock(request.parameters)
    request.decided_by_id, request.decided_at, request.decision_reason = actor.person_id, now, reason
    request.state = RequestState.APPROVED
    request.decided_seq = record(
        Event.REQUEST_APPROVED,
        actor,
        f"request:{request.reference}",
        now,
        action=request.action,
        of=request.subject,
        asked_by=request.asked_by,
        because=sha256(reason),
    )
    db.session.flush()
    act.run(request.parameters, request, actor, now)
    db.session.flush()
    return True


def refuse(request: Request, reason: str, actor: Actor, now: datetime) -> None:
    """Refuses with a reason; nothing else changes."""
    _still_waiting(request, actor, now)
    if not reason.strip():
        raise Refused(_("Write the reason."), "reason")
    request.decided_by_id, request.decided_at, request.decision_reason = actor.person_id, now, reason
    request.state = RequestState.REFUSED
    request.decided_seq = record(
        Event.REQUEST_REFUSED,
        actor,
        f"request:{request.reference}",
        now,
        action=request.action,
        of=request.subject,
        asked_by=request.asked_by,
        because=sha256(reason),
    )
    db.session.flush()
    _ACTS[request.action].refused(request.parameters, request, now)


def withdraw(action: str, subject: str, actor: Actor, now: datetime) -> None:
    """Who asked wants it no more: what waits for a second person about this subject is void."""
    waiting = select(Request).where(
        Request.action == action,
        Request.subject == subject,
        Request.asked_by_id == actor.person_id,
        Request.state == RequestState.WAITING,
    )
    for request in db.session.scalars(waiting.with_for_update()):
        _void(request, "withdrawn", actor, now)


def _still_waiting(request: Request, actor: Actor, now: datetime) -> None:
    db.session.refresh(request, with_for_update=True)
    if request.state is not RequestState.WAITING:
        raise SomebodyWasFaster(_("Somebody was faster: this request is no longer waiting."))
    if now > request.expires_at:
        raise NotPossible(_("This request waited longer than 14 days. It must be asked again."))
    if actor.person_id is None or actor.person_id == request.asked_by_id:
        raise NotPossible(_("Nobody approves what they asked for."))
    if not actor.roles & approvers_of(request.action) or is_barred(request, actor):
        raise NotPossible(_("You may not decide this request."))


def _may_still_ask(request: Request, right: Permission, now: datetime) -> bool:
    """Whether who asked still holds the right; an operator of the server has none that could end."""
    if request.asked_by_id is None:
        return True
    account = db.session.scalar(select(Account).where(Account.person_id == request.asked_by_id))
    return account is not None and serves(account, today(now)) and allows(actor_of(account, today(now)), right)


def _void(request: Request, because: str, actor: Actor, now: datetime) -> None:
    request.state, request.decided_at = RequestState.VOID, now
    request.decided_seq = record(
        Event.REQUEST_VOID, actor, f"request:{request.reference}", now, action=request.action, of=request.subject, because=because
    )
    db.session.flush()
