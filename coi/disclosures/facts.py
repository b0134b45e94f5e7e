"""What the rules must know of a filing, seen from one person: filer, reviewer, state, and every conflict between them."""

from collections.abc import Collection

from sqlalchemy import Select, or_, select

from coi.db import db
from coi.models import (
    Assignment,
    AuditEntry,
    Decision,
    Disclosure,
    Obligation,
    Person,
    PersonVersion,
    Recommendation,
    Recusal,
    Tie,
)
from coi.rules.permissions import Actor, Facts


def facts_for(disclosure: Disclosure, actor: Actor) -> Facts:
    """The facts of `disclosure` for `actor`; conflicts are codes: filer, above, below, relation, shared_party, recused."""
    conflicts: frozenset[str] = frozenset()
    if actor.person_id is not None:
        conflicts = conflicts_with(disclosure.filer_id, [actor.person_id], disclosure).get(actor.person_id, frozenset())
    recommended = db.session.scalar(
        select(Recommendation.by_id)
        .where(Recommendation.disclosure_id == disclosure.id, Recommendation.ended_seq.is_(None))
        .order_by(Recommendation.id.desc())
        .limit(1)
    )
    decided = db.session.scalar(
        select(Decision.by_id)
        .where(Decision.disclosure_id == disclosure.id, Decision.undone_seq.is_(None))
        .order_by(Decision.id.desc())
        .limit(1)
    )
    return Facts(
        filer_id=disclosure.filer_id,
        reviewer_id=disclosure.reviewer_id,
        state=disclosure.state,
        recommended_by_id=recommended,
        decided_by_id=decided,
        conflicts=conflicts,
        owner_id=disclosure.filer_id,
        desk_member=actor.person_id is not None and disclosure.reviewer_id == actor.person_id,
    )


def conflicts_with(filer_id: int, candidates: Collection[int], disclosure: Disclosure | None = None) -> dict[int, frozenset[str]]:
    """For each candidate with one, the codes of conflict with this filer (SD1, SD2, SD3). No supervisor known is no conflict."""
    found: dict[int, set[str]] = {}
    wanted = set(candidates)
    if filer_id in wanted:
        found.setdefault(filer_id, set()).add("filer")
    for person_id in _above({filer_id}, disclosure) & wanted:
        found.setdefault(person_id, set()).add("above")
    for person_id in wanted - {filer_id}:
        if filer_id in _above({person_id}, None):
            found.setdefault(person_id, set()).add("below")
    ties = db.session.execute(
        select(Tie.person_id, Tie.other_id, Tie.kind).where(
            Tie.ended_seq.is_(None), or_(Tie.person_id == filer_id, Tie.other_id == filer_id)
        )
    )
    for one, other, kind in ties:
        tied = other if one == filer_id else one
        if tied in wanted:
            found.setdefault(tied, set()).add(kind)
    if disclosure is not None:
        recused = db.session.scalars(select(Recusal.reviewer_id).where(Recusal.disclosure_id == disclosure.id))
        for person_id in set(recused) & wanted:
            found.setdefault(person_id, set()).add("recused")
    return {person_id: frozenset(kinds) for person_id, kinds in found.items()}


def _above(people: set[int], disclosure: Disclosure | None) -> set[int]:
    """Everybody above `people` in the reporting line: now, at submission, or within the last twelve months (SD2)."""
    above: set[int] = set()
    if disclosure is not None and disclosure.obligation_id is not None:
        snapshot = db.session.scalar(select(Obligation.supervisor_id).where(Obligation.id == disclosure.obligation_id))
        above |= {snapshot} if snapshot else set()
    level = set(people) | above
    while level:
        now = db.session.scalars(select(Person.supervisor_id).where(Person.id.in_(level), Person.supervisor_id.is_not(None)))
        before = db.session.scalars(_supervisors_of_late(level))
        level = {person_id for person_id in (*now, *before) if person_id is not None} - above - people
        above |= level
    return above - people


def _supervisors_of_late(people: set[int]) -> Select[int | None]:
    """Supervisors that a version of the last twelve months names; the log's own clock tells how old a version is."""
    newest = db.session.scalar(select(AuditEntry.at).order_by(AuditEntry.seq.desc()).limit(1))
    floor = f"{int(newest[:4]) - 1}{newest[4:]}" if newest else ""
    # A version counts when it, or the version that replaced it, is younger than a year.
    replaced = PersonVersion.__table__.alias("replaced")
    younger = (
        select(AuditEntry.seq).where(AuditEntry.at >= floor).order_by(AuditEntry.at, AuditEntry.seq).limit(1).scalar_subquery()
    )
    later = (
        select(replaced.c.id)
        .where(replaced.c.person_id == PersonVersion.person_id, replaced.c.seq > PersonVersion.seq, replaced.c.seq < younger)
        .exists()
    )
    return select(PersonVersion.supervisor_id).where(
        PersonVersion.person_id.in_(people), PersonVersion.supervisor_id.is_not(None), ~later
    )


def open_assignment(disclosure: Disclosure) -> Assignment | None:
    """The assignment that holds now, if the case lies at a desk."""
    return db.session.scalar(select(Assignment).where(Assignment.disclosure_id == disclosure.id, Assignment.ended_seq.is_(None)))
