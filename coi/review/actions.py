"""Writes of review but for decisions: ask, answer, return, escalate, hand back, recuse, note, priority, a confirmed tie."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select

from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.disclosures.facts import facts_for
from coi.disclosures.move import move, say_for_whom
from coi.errors import NotPossible, Refused
from coi.models import (
    Disclosure,
    Message,
    Person,
    PriorityRow,
    Recommendation,
    Recusal,
    Tie,
)
from coi.notices import actions as notices
from coi.plans.drafting import Draft, of_strings, strings_of
from coi.profiles.current import current_profile, today, zone
from coi.review.assignment import hand_up, reader_again, release, restore
from coi.review.decisions import clock_runs, newest_version, take
from coi.review.queries import said_just_now
from coi.review.standing_in import reader_on
from coi.rules.permissions import AT_OFFICE, Actor, Permission, allows, has_it
from coi.vocabulary import Action, Because, Event, MessageKind, Outcome, Risk, State, StepOut

TIES = ("relation", "shared_party")


def say(
    disclosure: Disclosure, kind: MessageKind, text: str, actor: Actor, now: datetime, question_id: str = "", entry_key: str = ""
) -> Message:
    """Adds one message to the thread; the log holds its SHA-256, never its words (U11)."""
    if not text.strip():
        raise Refused(_l("Write the message."), "text")
    number = 1 + (db.session.scalar(select(func.max(Message.number)).where(Message.disclosure_id == disclosure.id)) or 0)
    seq = record(Event.MESSAGE_SENT, actor, _subject(disclosure), now, kind=kind.value, sha256=sha256(text), number=number)
    message = Message(
        disclosure_id=disclosure.id,
        number=number,
        kind=kind,
        author_id=actor.person_id,
        text=text,
        question_id=question_id,
        entry_key=entry_key,
        at=now,
        seq=seq,
    )
    db.session.add(message)
    return message


def ask(
    disclosure: Disclosure,
    text: str,
    actor: Actor,
    now: datetime,
    *,
    version: int,
    state: str,
    question_id: str = "",
    entry_key: str = "",
) -> None:
    """A question to the filer: the clock stops, no new signature is asked (U40)."""
    take(disclosure, version, state)
    if said_just_now(disclosure, MessageKind.QUESTION, text, actor, now):
        return
    move(disclosure, Action.ASK, actor, now, text)
    message = say(disclosure, MessageKind.QUESTION, text, actor, now, question_id, entry_key)
    if disclosure.waiting_on_filer_since is None:
        disclosure.waiting_on_filer_since = now
    once = f"question:{disclosure.reference}:{message.number}"
    notices.post("question", disclosure.filer, now, once, reference=disclosure.reference)


def answer(disclosure: Disclosure, text: str, actor: Actor, now: datetime) -> None:
    """The filer answers: the clock runs again, the reviewer is told."""
    db.session.refresh(disclosure, with_for_update=True)
    if said_just_now(disclosure, MessageKind.ANSWER, text, actor, now):
        return
    move(disclosure, Action.ANSWER, actor, now, text)
    message = say(disclosure, MessageKind.ANSWER, text, actor, now)
    clock_runs(disclosure, now)
    reader = reader_on(disclosure, today(now))
    if reader is not None:
        notices.post(
            "answered",
            reader,
            now,
            f"answered:{disclosure.reference}:{message.number}",
            reference=disclosure.reference,
        )


def note(disclosure: Disclosure, text: str, actor: Actor, now: datetime, question_id: str = "", entry_key: str = "") -> None:
    """An internal note, of the whole form or at one answer: never shown to the filer, outside every standard export."""
    db.session.refresh(disclosure, with_for_update=True)
    facts = facts_for(disclosure, actor)
    if not allows(actor, Permission.NOTE, facts):
        raise NotPossible(_l("You may not do this with this filing."))
    if not said_just_now(disclosure, MessageKind.NOTE, text, actor, now):
        say(disclosure, MessageKind.NOTE, text, actor, now, question_id, entry_key)
        say_for_whom(disclosure, facts, "note", actor, now)


def send_back(disclosure: Disclosure, reason: str, actor: Actor, now: datetime, *, version: int, state: str) -> None:
    """Returns these answers for correction: they will be signed again; the reviewer stays, a recommendation on them does not."""
    take(disclosure, version, state)
    seq = move(disclosure, Action.RETURN, actor, now, reason)
    _end_recommendations(disclosure, seq)
    say(disclosure, MessageKind.QUESTION, reason, actor, now)
    disclosure.waiting_on_filer_since = disclosure.waiting_on_filer_since or now
    notices.post(
        "returned", disclosure.filer, now, f"returned:{disclosure.reference}:{disclosure.version}", reference=disclosure.reference
    )


def escalate(
    disclosure: Disclosure,
    outcome: Outcome,
    reasoning: str,
    actor: Actor,
    now: datetime,
    *,
    version: int,
    state: str,
    conditions: list[str] | None = None,
    plan: Sequence[Draft] | None = None,
) -> None:
    """Recommends an outcome to a second person, who is never the one who recommends (SD5)."""
    take(disclosure, version, state)
    drafts = [*of_strings(conditions or [], disclosure), *(plan or [])]
    _end_recommendations(disclosure, move(disclosure, Action.ESCALATE, actor, now, reasoning))
    signed = newest_version(disclosure)
    seq = record(
        Event.RECOMMENDED,
        actor,
        _subject(disclosure),
        now,
        version=signed.number,
        outcome=outcome.value,
        because=sha256(reasoning),
        conditions=len(drafts),
    )
    db.session.add(
        Recommendation(
            disclosure_id=disclosure.id,
            filer_id=disclosure.filer_id,
            version_id=signed.id,
            outcome=outcome,
            reasoning=reasoning,
            conditions=strings_of(drafts),
            plan=drafts,
            by_id=actor.person_id,
            at=now,
            seq=seq,
        )
    )
    db.session.flush()
    hand_up(disclosure, now)


def _end_recommendations(disclosure: Disclosure, seq: int) -> None:
    """From that entry on no recommendation stands."""
    standing = select(Recommendation).where(Recommendation.disclosure_id == disclosure.id, Recommendation.ended_seq.is_(None))
    for recommendation in db.session.scalars(standing):
        recommendation.ended_seq = seq
    db.session.flush()


def hand_back(disclosure: Disclosure, reason: str, actor: Actor, now: datetime, *, version: int, state: str) -> None:
    """The second person gives the case back with a reason; the recommendation no longer stands.

    It goes to who recommended while still free of conflict, else to the next at the desk, else it waits there.
    """
    take(disclosure, version, state)
    recommended_by = facts_for(disclosure, actor).recommended_by_id
    desk, back_to = reader_again(disclosure, recommended_by, now)
    waits = State.SUBMITTED if back_to is None else None
    seq = move(
        disclosure,
        Action.HAND_BACK,
        actor,
        now,
        reason,
        back_to=waits,
        reviewer_id=back_to,
        keep_reviewer=back_to is not None,
    )
    disclosure.desk = desk
    _end_recommendations(disclosure, seq)
    restore(disclosure, back_to, now, actor, Because.HANDED_BACK)
    say(disclosure, MessageKind.NOTE, reason, actor, now)
    if back_to is not None:
        once = f"handed_back:{disclosure.reference}:{seq}"
        notices.post("handed_back", db.session.get_one(Person, back_to), now, once, reference=disclosure.reference)


def recuse(disclosure: Disclosure, reason: str, actor: Actor, now: datetime, kind: str = "") -> None:
    """Steps out with a reason: access ends at once, the history stays, the next who is free gets the case (SD3).

    Who does not have the case is never given it; it stays with whom it is with. `kind` is one of the reasons offered (StepOut);
    without one, or with another reason, words are asked.
    """
    db.session.refresh(disclosure, with_for_update=True)
    if not reason.strip() and kind in ("", StepOut.OTHER):
        raise Refused(_l("Write the reason."), "reason")
    facts = facts_for(disclosure, actor)
    if not allows(actor, Permission.RECUSE, facts):
        raise NotPossible(_l("You may not do this with this filing."))
    seq = record(
        Event.RECUSED,
        actor,
        _subject(disclosure),
        now,
        reviewer=actor.person_id,
        because=sha256(f"{kind}\n{reason}" if kind else reason),
    )
    db.session.add(Recusal(disclosure_id=disclosure.id, reviewer_id=actor.person_id, kind=kind, reason=reason, seq=seq))
    db.session.flush()
    if disclosure.state in AT_OFFICE and has_it(actor, facts):
        release(disclosure, "recused" if facts.reviewer_id == actor.person_id else "absence", now)


def prioritise(disclosure: Disclosure, risk: Risk, reason: str, actor: Actor, now: datetime, *, version: int, state: str) -> None:
    """A reviewer changes the review priority of the version that was read, with a reason."""
    take(disclosure, version, state)
    if not reason.strip():
        raise Refused(_l("Write the reason."), "reason")
    facts = facts_for(disclosure, actor)
    if not allows(actor, Permission.PRIORITISE, facts):
        raise NotPossible(_l("You may not do this with this filing."))
    if disclosure.risk is risk:
        return  # the second of two clicks: nothing changes
    seq = record(
        Event.PRIORITY_CHANGED,
        actor,
        _subject(disclosure),
        now,
        from_=disclosure.risk.value,
        to=risk.value,
        because=sha256(reason),
    )
    set_risk(disclosure, risk, reason, actor, seq)
    say_for_whom(disclosure, facts, "priority", actor, now)


def confirm_tie(disclosure: Disclosure, other_id: int, kind: str, actor: Actor, now: datetime) -> None:
    """Confirms that the filer and a colleague are related or share an outside party: neither reviews the other (SD2)."""
    db.session.refresh(disclosure, with_for_update=True)
    facts = facts_for(disclosure, actor)
    if not allows(actor, Permission.CONFIRM_TIE, facts):
        raise NotPossible(_l("You may not do this with this filing."))
    if kind not in TIES or other_id == disclosure.filer_id or db.session.get(Person, other_id) is None:
        raise Refused(_l("Choose a colleague and what ties them."), "other")
    pair = or_(
        (Tie.person_id == disclosure.filer_id) & (Tie.other_id == other_id),
        (Tie.person_id == other_id) & (Tie.other_id == disclosure.filer_id),
    )
    if db.session.scalar(select(Tie.id).where(pair, Tie.kind == kind, Tie.ended_seq.is_(None)).limit(1)) is not None:
        raise Refused(_l("This tie is on record already."), "other")
    seq = record(Event.TIE_CONFIRMED, actor, f"person:{disclosure.filer_id}", now, kind=kind, other=other_id)
    db.session.add(Tie(person_id=disclosure.filer_id, other_id=other_id, kind=kind, seq=seq))
    db.session.flush()
    say_for_whom(disclosure, facts, "tie", actor, now)
    if disclosure.reviewer_id == other_id and disclosure.state in AT_OFFICE:
        release(disclosure, "conflict", now)


def set_risk(disclosure: Disclosure, risk: Risk, because: str, actor: Actor, seq: int) -> None:
    """The dated row and the two caches of a filing's risk."""
    db.session.add(
        PriorityRow(disclosure_id=disclosure.id, version=disclosure.version, risk=risk, because=because, by=actor.name, seq=seq)
    )
    disclosure.risk, disclosure.rank = risk, len(Risk) - 1 - risk.rank


def first_look_by(risk: Risk, now: datetime) -> datetime:
    """When a first look is due by the profile's clocks; routine filings share the slowest clock."""
    profile = current_profile()
    days = profile.clocks.first_look_days(risk.priority)
    on = today(now)
    for _day in range(days):
        on = profile.next_business_day(on + timedelta(days=1))
    return datetime.combine(on, datetime.max.time().replace(microsecond=0), tzinfo=zone())


def _subject(disclosure: Disclosure) -> str:
    return f"disclosure:{disclosure.reference}"
