"""All reads of appeals: what may be appealed until when, which appeal is open, what answered one; changes nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from coi.db import db
from coi.disclosures.kept import once
from coi.models import Appeal, AppealAnswer, Decision, Disclosure, Plan
from coi.profiles.current import current_profile, today
from coi.rules.appeals import burdens, last_day
from coi.vocabulary import State

LETTER_LEAVES = timedelta(minutes=5)  # until then the decision can be undone, and nobody was told


class Stands(StrEnum):
    """Where the filer stands with an appeal."""

    OPEN = "open"
    LATE = "late"
    APPEALED = "appealed"
    ANSWERED = "answered"  # what stands was decided on appeal: no further one here
    NOT_DECIDED = "not_decided"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Situation:
    """What an appeal page starts from: the decision that stands, the last day, the appeal that was made."""

    stands: Stands
    decision: Decision | None = None
    until: date | None = None
    appeal: Appeal | None = None


def situation(disclosure: Disclosure, now: datetime, known: Decision | None = None) -> Situation:
    """Whether the filer may appeal now: the newest decision that was not undone counts, `known` if it was read already."""
    decision = known or standing_decision(disclosure)
    if decision is None:
        return Situation(Stands.NOT_DECIDED)
    made = appeal_of(decision)
    if made is not None:
        return Situation(Stands.APPEALED, decision, made.until, made)
    answered = answer_by(decision)
    if answered is not None:
        return Situation(Stands.ANSWERED, decision, appeal=answered.appeal)
    until = until_of(decision)
    if until is None:
        return Situation(Stands.NOTHING, decision)
    if disclosure.state is not State.DECIDED:
        return Situation(Stands.NOT_DECIDED, decision, until)
    return Situation(Stands.LATE if today(now) > until else Stands.OPEN, decision, until)


def until_of(decision: Decision | None) -> date | None:
    """The last day on which a decision may be appealed; None where it burdens nobody, or was itself made on appeal.

    Counted from the day on which its letter leaves; a day that a plan's letter named holds, whatever the profile says now.
    """
    if decision is None or answer_by(decision) is not None:
        return None
    if not burdens(decision.outcome, decision.conditions):
        return None
    named = db.session.scalar(select(Plan.appeal_until).where(Plan.decision_id == decision.id))
    return named or counted_from(decision.at)


def counted_from(decided: datetime) -> date:
    """The last day for a decision of this moment, by the profile's days and the city's calendar."""
    profile = current_profile()
    return last_day(today(decided + LETTER_LEAVES), profile.clocks.appeal_days, profile.next_business_day)


def standing_decision(disclosure: Disclosure) -> Decision | None:
    """The newest decision that was not undone."""
    wanted = select(Decision).where(Decision.disclosure_id == disclosure.id, Decision.undone_seq.is_(None))
    newest = wanted.order_by(Decision.id.desc()).limit(1)
    return once(("standing decision", disclosure.id), lambda: db.session.scalar(newest))


def decision_named(disclosure: Disclosure, reference: str) -> Decision | None:
    """A decision of this filing by its reference, also one that was undone."""
    return db.session.scalar(select(Decision).where(Decision.disclosure_id == disclosure.id, Decision.reference == reference))


def appeal_of(decision: Decision | None) -> Appeal | None:
    """The appeal that was made of a decision."""
    return db.session.scalar(select(Appeal).where(Appeal.decision_id == decision.id)) if decision is not None else None


def newest_of(disclosure: Disclosure) -> Appeal | None:
    """The appeal that was made last about a filing."""
    return db.session.scalar(select(Appeal).where(Appeal.disclosure_id == disclosure.id).order_by(Appeal.id.desc()).limit(1))


def answered(appeal: Appeal) -> AppealAnswer | None:
    """What came of an appeal; an undone decision answered nothing."""
    return next((one for one in reversed(appeal.answers) if one.decision.undone_seq is None), None)


def open_appeal(disclosure: Disclosure) -> Appeal | None:
    """The appeal that waits for a decision: of the decision that stands."""
    newest = (
        select(Decision.id)
        .where(Decision.disclosure_id == disclosure.id, Decision.undone_seq.is_(None))
        .order_by(Decision.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return db.session.scalar(select(Appeal).where(Appeal.decision_id == newest))


def answer_by(decision: Decision | None) -> AppealAnswer | None:
    """The appeal that a decision answered."""
    return answers_of([decision]).get(decision.id) if decision is not None else None


def answers_of(decisions: Collection[Decision]) -> dict[int, AppealAnswer]:
    """Which of these decisions were made on appeal, by decision."""
    numbers = tuple(sorted(one.id for one in decisions))
    rows = select(AppealAnswer).where(AppealAnswer.decision_id.in_(numbers))
    return once(("answers", numbers), lambda: {one.decision_id: one for one in db.session.scalars(rows)}) if numbers else {}


def appealed_on(filings: Collection[Disclosure]) -> dict[int, datetime]:
    """When each of these filings was appealed, where the appeal is still open."""
    ids = [one.id for one in filings if one.state not in (State.DECIDED, State.DRAFT)]
    if not ids:
        return {}
    newer = Decision.__table__.alias("newer")
    later = select(newer.c.id).where(
        newer.c.disclosure_id == Appeal.disclosure_id, newer.c.id > Appeal.decision_id, newer.c.undone_seq.is_(None)
    )
    rows = select(Appeal.disclosure_id, Appeal.at).where(Appeal.disclosure_id.in_(ids), ~later.exists())
    return dict(db.session.execute(rows.order_by(Appeal.id)).all())
