"""All writes of legal advice: write it, and the solicitor's own act that lets a piece into the case file (U46)."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from coi.accounts.queries import holders
from coi.advice import queries
from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.disclosures.facts import conflicts_with
from coi.disclosures.move import say_for_whom
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.models import AdviceRelease, Disclosure, Message
from coi.notices import actions as notices
from coi.profiles.current import today
from coi.review.actions import say
from coi.review.queries import said_just_now
from coi.review.standing_in import reader_on
from coi.rules.permissions import Actor, Permission, allows
from coi.vocabulary import Event, MessageKind, Role


def advise(disclosure: Disclosure, text: str, actor: Actor, now: datetime, question_id: str = "", entry_key: str = "") -> None:
    """Writes legal advice, or what an officer asks of the solicitor under the same seal; the others on it get a letter.

    The solicitors free of conflict hear of what officers write, the reviewer of what a solicitor writes.
    """
    db.session.refresh(disclosure, with_for_update=True)
    facts = queries.facts_of(disclosure, actor)
    if not allows(actor, Permission.ADVISE, facts):
        raise NotPossible(_l("You may not do this with this filing."))
    if said_just_now(disclosure, MessageKind.LEGAL_ADVICE, text, actor, now):
        return
    message = say(disclosure, MessageKind.LEGAL_ADVICE, text, actor, now, question_id, entry_key)
    say_for_whom(disclosure, facts, "legal_advice", actor, now)
    db.session.flush()
    once = f"advice:{disclosure.reference}:{message.number}"
    solicitors = [one for one in holders({Role.SOLICITOR}, today(now)) if one.id != actor.person_id]
    near = conflicts_with(disclosure.filer_id, [one.id for one in solicitors], disclosure)
    for one in solicitors:
        if one.id not in near:
            notices.post("advice_asked", one, now, f"{once}:{one.id}", reference=disclosure.reference)
    reviewer = reader_on(disclosure, today(now))
    if Role.SOLICITOR in actor.roles and reviewer is not None and reviewer.id != actor.person_id:
        notices.post("advice_given", reviewer, now, f"{once}:reviewer", reference=disclosure.reference)


def release(disclosure: Disclosure, number: int, reason: str, actor: Actor, now: datetime) -> AdviceRelease:
    """The solicitor lets one piece of advice into the case file, with a reason; nobody can take it out again."""
    db.session.refresh(disclosure, with_for_update=True)
    if not allows(actor, Permission.RELEASE_ADVICE, queries.facts_of(disclosure, actor)):
        raise NotPossible(_l("You may not do this with this filing."))
    if not reason.strip():
        raise Refused(_l("Write the reason."), "reason")
    message = db.session.scalar(
        select(Message).where(
            Message.disclosure_id == disclosure.id, Message.number == number, Message.kind == MessageKind.LEGAL_ADVICE
        )
    )
    if message is None:
        raise Refused(_l("There is no such piece of legal advice."))
    there = db.session.scalar(select(AdviceRelease).where(AdviceRelease.message_id == message.id))
    if there is not None:
        if there.by_id == actor.person_id and there.reason == reason:
            return there
        raise SomebodyWasFaster(_l("%(who)s released this already.", who=there.by.name))
    subject = f"disclosure:{disclosure.reference}"
    seq = record(Event.ADVICE_RELEASED, actor, subject, now, number=number, because=sha256(reason))
    made = AdviceRelease(message_id=message.id, reason=reason, by_id=actor.person_id, at=now, seq=seq)
    db.session.add(made)
    db.session.flush()
    return made
