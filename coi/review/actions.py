"""All writes of review: ask, answer, return, escalate, hand back, decide, undo, recuse, note, priority; each bound to the version read."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.disclosures.facts import facts_for, open_assignment
from coi.disclosures.move import move
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.models import (
    Decision,
    Disclosure,
    DisclosureVersion,
    Interest,
    InterestDecision,
    Message,
    PriorityRow,
    Recommendation,
    Recusal,
)
from coi.models.types import new_reference
from coi.notices import actions as notices
from coi.profiles.current import current_profile, today, zone
from coi.review.assignment import hand_up, release, restore
from coi.review.queries import UNDO_WITHIN
from coi.rules.lifecycle import may_decide
from coi.rules.permissions import Actor, Permission, allows
from coi.vocabulary import Action, Event, MessageKind, Outcome, Risk, State



def take(disclosure: Disclosure, version: int, state: str) -> None:
    """Locks the filing and compares what the page showed; raises SomebodyWasFaster when it is no longer so (SD9)."""
    db.session.refresh(disclosure, with_for_update=True)
    if disclosure.version != version:
        raise SomebodyWasFaster(_l("The filer signed a newer version meanwhile. Read it before you go on; your text is kept below."))
    if disclosure.state.value != state:
        who = _who_moved(disclosure)
        raise SomebodyWasFaster(
            _l("%(who)s was faster: the filing is now “%(state)s”. Your text is kept below.", who=who, state=disclosure.state.label)
        )


def _who_moved(disclosure: Disclosure) -> Any:
    decision = newest_decision(disclosure)
    if disclosure.state is State.DECIDED and decision is not None and decision.by is not None:
        return decision.by.name
    return disclosure.reviewer.name if disclosure.reviewer else _l("Somebody")


def say(
    disclosure: Disclosure, kind: MessageKind, text: str, actor: Actor, now: datetime, question_id: str = "", entry_key: str = ""
) -> Message:
    """Adds one message to the thread; the log holds its SHA-256, never its words (U11)."""
    if not text.strip():
        raise Refused(_l("Write the message."), "text")
    number = 1 + (db.session.scalar(select(func.max(Message.number)).where(Message.disclosure_id == disclosure.id)) or 0)
    seq = record(
        Event.MESSAGE_SENT, actor, _subject(disclosure), now, kind=kind.value, sha256=sha256(text), number=number
    )
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
    disclosure: Disclosure, text: str, actor: Actor, now: datetime, *, version: int, state: str, question_id: str = "", entry_key: str = ""
) -> None:
    """A question to the filer: the clock stops, no new signature is asked (U40)."""
    take(disclosure, version, state)
    move(disclosure, Action.ASK, actor, now, text)
    message = say(disclosure, MessageKind.QUESTION, text, actor, now, question_id, entry_key)
    if disclosure.waiting_on_filer_since is None:
        disclosure.waiting_on_filer_since = now
    notices.post(
        "question", disclosure.filer, now, f"question:{disclosure.reference}:{message.number}", reference=disclosure.reference
    )


def answer(disclosure: Disclosure, text: str, actor: Actor, now: datetime) -> None:
    """The filer answers: the clock runs again, the reviewer is told."""
    db.session.refresh(disclosure, with_for_update=True)
    move(disclosure, Action.ANSWER, actor, now, text)
    message = say(disclosure, MessageKind.ANSWER, text, actor, now)
    _clock_runs(disclosure, now)
    if disclosure.reviewer is not None:
        notices.post(
            "answered", disclosure.reviewer, now, f"answered:{disclosure.reference}:{message.number}", reference=disclosure.reference
        )


def _clock_runs(disclosure: Disclosure, now: datetime) -> None:
    if disclosure.waiting_on_filer_since is not None:
        if disclosure.due_at is not None:
            disclosure.due_at += now - disclosure.waiting_on_filer_since
        disclosure.waiting_on_filer_since = None


def note(disclosure: Disclosure, text: str, actor: Actor, now: datetime, kind: MessageKind = MessageKind.NOTE) -> None:
    """An internal note: never shown to the filer, outside every standard export."""
    db.session.refresh(disclosure, with_for_update=True)
    if not allows(actor, Permission.NOTE, facts_for(disclosure, actor)):
        raise NotPossible(_l("You may not do this with this filing."))
    say(disclosure, kind, text, actor, now)


def send_back(disclosure: Disclosure, reason: str, actor: Actor, now: datetime, *, version: int, state: str) -> None:
    """Returns these answers for correction: they will be signed again; the reviewer stays."""
    take(disclosure, version, state)
    move(disclosure, Action.RETURN, actor, now, reason)
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
) -> None:
    """Recommends an outcome to a second person, who is never the one who recommends (SD5)."""
    take(disclosure, version, state)
    move(disclosure, Action.ESCALATE, actor, now, reasoning)
    signed = newest_version(disclosure)
    _end_recommendations(disclosure, now, actor)
    seq = record(
        Event.RECOMMENDED,
        actor,
        _subject(disclosure),
        now,
        version=signed.number,
        outcome=outcome.value,
        because=sha256(reasoning),
        conditions=len(conditions or []),
    )
    db.session.add(
        Recommendation(
            disclosure_id=disclosure.id,
            filer_id=disclosure.filer_id,
            version_id=signed.id,
            outcome=outcome,
            reasoning=reasoning,
            conditions=conditions or [],
            by_id=actor.person_id,
            at=now,
            seq=seq,
        )
    )
    db.session.flush()
    hand_up(disclosure, actor.person_id, now)


def _end_recommendations(disclosure: Disclosure, now: datetime, actor: Actor) -> None:
    standing = db.session.scalars(
        select(Recommendation).where(Recommendation.disclosure_id == disclosure.id, Recommendation.ended_seq.is_(None))
    ).all()
    for recommendation in standing:
        newest = record(
            Event.DISCLOSURE_MOVED,
            actor,
            _subject(disclosure),
            now,
            action="recommendation_ended",
            from_=disclosure.state.value,
            to=disclosure.state.value,
            because="",
        )
        recommendation.ended_seq = newest
    db.session.flush()


def hand_back(disclosure: Disclosure, reason: str, actor: Actor, now: datetime, *, version: int, state: str) -> None:
    """The second person gives the case back to the reviewer with a reason; the recommendation no longer stands."""
    take(disclosure, version, state)
    recommended_by = facts_for(disclosure, actor).recommended_by_id
    back_to = recommended_by or disclosure.reviewer_id
    move(disclosure, Action.HAND_BACK, actor, now, reason, reviewer_id=back_to)
    restore(disclosure, back_to, now, actor)
    _end_recommendations(disclosure, now, actor)
    say(disclosure, MessageKind.NOTE, reason, actor, now)
    if disclosure.reviewer is not None:
        notices.post(
            "handed_back",
            disclosure.reviewer,
            now,
            f"handed_back:{disclosure.reference}:{int(now.timestamp())}",
            reference=disclosure.reference,
        )


def decide(
    disclosure: Disclosure,
    outcome: Outcome,
    reason_for_filer: str,
    internal: str,
    actor: Actor,
    now: datetime,
    *,
    version: int,
    state: str,
    interests: Mapping[int, Outcome] | None = None,
    conditions: list[str] | None = None,
) -> Decision:
    """Decides exactly the version that was read; the filing's outcome is the most severe of its interests'.

    A reviewer closes with no_conflict, noted or exempt; everything else is decided on an escalated case by somebody other than
    who recommended it (SD5, SD9). Raises NotPossible, Refused, SomebodyWasFaster.
    """
    take(disclosure, version, state)
    signed = newest_version(disclosure)
    known = {interest.id for interest in db.session.scalars(select(Interest).where(Interest.version_id == signed.id))}
    each = {number: chosen for number, chosen in (interests or {}).items() if number in known}
    each = {number: each.get(number, outcome) for number in known}
    severest = max([outcome, *each.values()], key=lambda one: one.rank)
    if not may_decide(disclosure.state, severest):
        raise NotPossible(_l("This outcome needs a second person: escalate with your recommendation."), "outcome")
    if severest is Outcome.MANAGED and not conditions:
        raise Refused(_l("Choose or write at least one condition."), "conditions")
    recommended_by = facts_for(disclosure, actor).recommended_by_id if disclosure.state is State.ESCALATED else None
    was = disclosure.state
    move(disclosure, Action.DECIDE, actor, now, reason_for_filer, outcome=severest)
    seq = record(
        Event.DECIDED,
        actor,
        _subject(disclosure),
        now,
        version=signed.number,
        outcome=severest.value,
        interests=len(each),
        because=sha256(reason_for_filer),
        internal=sha256(internal) if internal else "",
        rule="",
        recommended_by=recommended_by,
    )
    decision = Decision(
        reference=new_reference("DEC"),
        disclosure_id=disclosure.id,
        filer_id=disclosure.filer_id,
        version_id=signed.id,
        outcome=severest,
        reason_for_filer=reason_for_filer,
        internal_reasoning=internal,
        conditions=conditions or [],
        by_id=actor.person_id,
        recommended_by_id=recommended_by,
        second_hand=was is State.ESCALATED,
        was=was.value,
        at=now,
        seq=seq,
    )
    db.session.add(decision)
    db.session.flush()
    db.session.add_all(
        InterestDecision(decision_id=decision.id, interest_id=number, outcome=chosen, seq=seq) for number, chosen in each.items()
    )
    _clock_runs(disclosure, now)
    _close_assignment(disclosure, seq)
    notices.post(
        "outcome",
        disclosure.filer,
        now,
        f"outcome:{decision.reference}",
        due_at=now + UNDO_WITHIN,
        reference=disclosure.reference,
        outcome=severest.value,
        reason=reason_for_filer,
    )
    return decision


def decide_by_rule(disclosure: Disclosure, rule: str, actor: Actor, now: datetime) -> Decision:
    """Clears a nil filing by the profile's rule; the receipt names the rule."""
    signed = newest_version(disclosure)
    move(disclosure, Action.CLEAR_BY_RULE, actor, now, rule, outcome=Outcome.NO_CONFLICT)
    seq = record(
        Event.DECIDED,
        actor,
        _subject(disclosure),
        now,
        version=signed.number,
        outcome=Outcome.NO_CONFLICT.value,
        interests=0,
        because="",
        internal="",
        rule=rule,
        recommended_by=None,
    )
    decision = Decision(
        reference=new_reference("DEC"),
        disclosure_id=disclosure.id,
        filer_id=disclosure.filer_id,
        version_id=signed.id,
        outcome=Outcome.NO_CONFLICT,
        reason_for_filer="",
        rule=rule,
        at=now,
        seq=seq,
    )
    db.session.add(decision)
    _close_assignment(disclosure, seq)
    db.session.flush()
    return decision


def _close_assignment(disclosure: Disclosure, seq: int) -> None:
    standing = open_assignment(disclosure)
    if standing is not None:
        standing.ended_seq, standing.ended_because = seq, "decided"
        db.session.flush()


def undo(disclosure: Disclosure, actor: Actor, now: datetime) -> None:
    """Takes a decision back within five minutes, before its letter leaves; the case is where it was."""
    db.session.refresh(disclosure, with_for_update=True)
    decision = newest_decision(disclosure)
    if decision is None or decision.undone_seq is not None or now - decision.at > UNDO_WITHIN:
        raise NotPossible(_l("A decision can be undone for five minutes. Ask a senior officer to reopen the case."))
    back_to = State(decision.was)
    move(disclosure, Action.UNDO, actor, now, back_to=back_to, reviewer_id=disclosure.reviewer_id or actor.person_id)
    decision.undone_seq = record(Event.DECISION_UNDONE, actor, _subject(disclosure), now, decision=decision.reference)
    notices.drop(f"outcome:{decision.reference}", "undone")
    restore(disclosure, disclosure.reviewer_id, now, actor)


def recuse(disclosure: Disclosure, reason: str, actor: Actor, now: datetime) -> None:
    """Steps out with a reason: access ends at once, the history stays, the next who is free gets the case (SD3)."""
    db.session.refresh(disclosure, with_for_update=True)
    if not reason.strip():
        raise Refused(_l("Write the reason."), "reason")
    if not allows(actor, Permission.RECUSE, facts_for(disclosure, actor)):
        raise NotPossible(_l("You may not do this with this filing."))
    seq = record(Event.RECUSED, actor, _subject(disclosure), now, reviewer=actor.person_id, because=sha256(reason))
    db.session.add(Recusal(disclosure_id=disclosure.id, reviewer_id=actor.person_id, reason=reason, seq=seq))
    db.session.flush()
    release(disclosure, "recused", now)


def prioritise(disclosure: Disclosure, risk: Risk, reason: str, actor: Actor, now: datetime) -> None:
    """A reviewer changes the review priority, with a reason."""
    db.session.refresh(disclosure, with_for_update=True)
    if not reason.strip():
        raise Refused(_l("Write the reason."), "reason")
    if not allows(actor, Permission.PRIORITISE, facts_for(disclosure, actor)):
        raise NotPossible(_l("You may not do this with this filing."))
    seq = record(
        Event.PRIORITY_CHANGED, actor, _subject(disclosure), now, from_=disclosure.risk.value, to=risk.value, because=sha256(reason)
    )
    set_risk(disclosure, risk, reason, actor, seq)


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


def newest_version(disclosure: Disclosure) -> DisclosureVersion:
    """The signed version that counts; raises NotPossible for a draft."""
    signed = db.session.scalar(
        select(DisclosureVersion).where(
            DisclosureVersion.disclosure_id == disclosure.id, DisclosureVersion.number == disclosure.version
        )
    )
    if signed is None:
        raise NotPossible(_l("This filing is not signed yet."))
    return signed


def newest_decision(disclosure: Disclosure) -> Decision | None:
    """The decision that stands, if there is one."""
    return db.session.scalar(
        select(Decision)
        .where(Decision.disclosure_id == disclosure.id, Decision.undone_seq.is_(None))
        .order_by(Decision.id.desc())
        .limit(1)
    )


def _subject(disclosure: Disclosure) -> str:
    return f"disclosure:{disclosure.reference}"

