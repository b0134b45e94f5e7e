"""A form that the desk gives to one person because of an event that the roster does not show, and takes back while not begun.

Refuses a second form of the same event; a gift or a change is the employee's own to tell and can't be given.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from coi.accounts.actions import reopen_account
from coi.audit.queries import names_of
from coi.audit.words import by_whom
from coi.campaigns.leaving import closed_for_leaving
from coi.campaigns.obligations import BY_DESK, Asking, end, make_obligations
from coi.db import db
from coi.errors import NotPossible, Refused
from coi.models import Account, AuditEntry, Disclosure, Letter, Obligation, Person
from coi.notices.actions import post
from coi.profiles.current import current_profile, today
from coi.questionnaires.queries import newest
from coi.rules.deadlines import same_event
from coi.rules.permissions import Actor
from coi.vocabulary import GiveReason, Kind, State

KINDS = (Kind.NEW_HIRE, Kind.NEW_POSITION, Kind.LEAVING)
# A day further off than this is a slip of the pen.
FURTHEST = timedelta(days=366)


def give(person: Person, kind: Kind, event_on: date, reason: GiveReason, actor: Actor, now: datetime) -> list[Obligation]:
    """The forms that this event asks of this person, due as an import would make them due (U23); a letter follows by itself.

    Raises Refused where the day or the kind can't be, and NotPossible where the same event was asked about before.
    """
    if person.id == actor.person_id:
        raise NotPossible(_("Somebody else must do this for you."))
    # Two people at the desk press at once: the second finds what the first gave.
    db.session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    db.session.refresh(person)
    _check(person, kind, event_on, today(now))
    asked = _asked_by_form(person, kind)
    had = {one.form_id: one for one in stand_for(person, kind, event_on)}
    if set(asked) <= set(had):
        raise NotPossible(_say_asked(had[asked[0]]), "event_on")
    if not person.active:
        _let_in(person, actor, now)
    occasion = _occasion(person, kind, event_on)
    make_obligations(
        [person], kind, occasion, now, actor=actor, event_on=event_on, because=reason.value, forms=set(asked) - set(had)
    )
    wanted = select(Obligation).where(Obligation.person_id == person.id, Obligation.kind == kind, Obligation.occasion == occasion)
    return list(db.session.scalars(wanted.order_by(Obligation.id)))


def _check(person: Person, kind: Kind, event_on: date, on: date) -> None:
    if kind not in KINDS:
        raise Refused(_("Choose one of these kinds."), "kind")
    if not person.employee:
        raise NotPossible(_("This person is no employee of the City: no form is asked of them."))
    if not person.active and kind is not Kind.LEAVING:
        raise NotPossible(_("This person is no longer with the City. Only a leaving form can be given."), "kind")
    if abs(event_on - on) > FURTHEST:
        raise Refused(_("Choose a day that is not more than a year away from today."), "event_on")


def _asked_by_form(person: Person, kind: Kind) -> list[str]:
    asked = [one.form_id for one in Asking(current_profile()).of(person, kind)]
    if not asked:
        raise NotPossible(_("The City asks this person for no form of this kind."), "kind")
    for form_id in asked:
        if newest(form_id) is None:
            raise NotPossible(_("The form %(form)s is not published yet. Publish it first.", form=form_id), "kind")
    return asked


def stand_for(person: Person, kind: Kind, event_on: date) -> list[Obligation]:
    """What was asked of a person already that stands for this event: open, or asked about the same day."""
    known = {Kind.NEW_HIRE: person.hired_on, Kind.LEAVING: person.left_on}.get(kind)
    return [
        one
        for one in _of_kind(person.id, kind)
        if is_open(one) or same_event(event_on, event_of(one) or known, one.told_on, exactly=event_of(one) is not None)
    ]


def known_to_desk(kind: Kind, since: Mapping[int, int]) -> set[int]:
    """To whom the desk gave this kind for what a roster only shows now: it is open, or was given after the entry in `since`.

    `since` is by the id of the person: when the roster last said otherwise; from the beginning where it never did.
    """
    wanted = select(Obligation).where(
        Obligation.occasion.startswith(BY_DESK), Obligation.kind == kind, Obligation.ended_seq.is_(None)
    )
    return {one.person_id for one in db.session.scalars(wanted) if is_open(one) or one.seq > since.get(one.person_id, 0)}


def _of_kind(person_id: int, kind: Kind) -> list[Obligation]:
    wanted = select(Obligation).where(Obligation.person_id == person_id, Obligation.kind == kind, Obligation.ended_seq.is_(None))
    return list(db.session.scalars(wanted.order_by(Obligation.id)))


def is_open(obligation: Obligation) -> bool:
    """Whether somebody is still to file it."""
    return obligation.settled_on is None and not obligation.excused and obligation.ended_seq is None


def event_of(obligation: Obligation) -> date | None:
    """The day of the event for which the desk gave a form; None for what was not given by the desk."""
    name, _colon, rest = obligation.occasion.partition(":")
    with suppress(ValueError):
        return date.fromisoformat(rest.partition(":")[0]) if f"{name}:" == BY_DESK else None
    return None


def _occasion(person: Person, kind: Kind, event_on: date) -> str:
    """The event's own name; what was taken back keeps its row, so the next one of the same day is counted on."""
    first = f"{BY_DESK}{event_on.isoformat()}"
    before = select(func.count(Obligation.occasion.distinct())).where(
        Obligation.person_id == person.id, Obligation.kind == kind, Obligation.occasion.startswith(first, autoescape=True)
    )
    number = db.session.scalar(before) or 0
    return f"{first}:{number + 1}" if number else first


def _say_asked(one: Obligation) -> str:
    if is_open(one):
        return _("This person is asked for this form already (%(reference)s). It is still open.", reference=one.reference)
    return _("This person was asked for this form already because of the same event (%(reference)s).", reference=one.reference)


def _let_in(person: Person, actor: Actor, now: datetime) -> None:
    """Who left and is asked for a leaving form afterwards can sign in once more."""
    account = db.session.scalar(select(Account).where(Account.person_id == person.id))
    if account is not None and not account.active and closed_for_leaving(account.id):
        reopen_account(account, actor, now)


def take_back(obligation: Obligation, actor: Actor, now: datetime) -> None:
    """Nothing is asked any more; only what the desk gave and nobody began. The row stays, and who was told is told so."""
    db.session.refresh(obligation, with_for_update=True)
    if event_of(obligation) is None:
        raise NotPossible(_("Only a form that the desk gave can be taken back."))
    if not is_open(obligation):
        raise NotPossible(_("Nothing is due here any more."))
    if _is_begun(obligation):
        raise NotPossible(_("The person has begun this form. Ask to excuse it instead."))
    told = _was_told(obligation)
    end(obligation, "taken_back", actor, now)
    if told:
        post("not_needed", obligation.person, now, f"not_needed:{obligation.reference}")


def _is_begun(obligation: Obligation) -> bool:
    begun = select(Disclosure.id).where(Disclosure.obligation_id == obligation.id, Disclosure.state != State.WITHDRAWN)
    return db.session.scalar(begun.limit(1)) is not None


def _was_told(obligation: Obligation) -> bool:
    sent = select(Letter.id).where(
        Letter.person_id == obligation.person_id,
        Letter.sent_at.is_not(None),
        Letter.once.contains(obligation.reference, autoescape=True),
    )
    return db.session.scalar(sent.limit(1)) is not None


@dataclass(frozen=True)
class Given:
    """What the desk's page says of a form that the desk gave; `may_go` while nobody began it."""

    event_on: date
    reason: Any
    by: str
    may_go: bool


def given_among(obligations: Iterable[Obligation], begun: Collection[int]) -> dict[int, Given]:
    """By the id of the obligation; `begun` are the ids of those that somebody began."""
    rows = [(one, on) for one in obligations if (on := event_of(one)) is not None]
    entries = {
        one.seq: one for one in db.session.scalars(select(AuditEntry).where(AuditEntry.seq.in_([one.seq for one, _on in rows])))
    }
    names = names_of(one.actor for one in entries.values())
    found = {}
    for one, on in rows:
        entry = entries[one.seq]
        code = str(json.loads(entry.details).get("because") or "")
        reason = GiveReason(code).label if code in set(GiveReason) else code
        found[one.id] = Given(on, reason, by_whom(entry.actor, names), is_open(one) and one.id not in begun)
    return found
