"""What the rules must know of a filing, seen from one person: filer, reviewer, state, and every conflict between them."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from flask import has_request_context, request
from sqlalchemy import ColumnElement, CompoundSelect, Exists, Integer, String, cast, func, or_, select

from coi.db import db
from coi.models import (
    Appeal,
    Assignment,
    AuditEntry,
    BodyDeclaration,
    Decision,
    Delegation,
    Disclosure,
    DisclosureVersion,
    Obligation,
    PaperForm,
    Person,
    PersonVersion,
    ReadGrant,
    Recommendation,
    Recusal,
    Tie,
)
from coi.profiles.current import current_profile
from coi.rules.permissions import AT_BODY, AT_MY_DESK, DECLARED, HAS_BODY, OPENED, TYPED, TYPING, Actor, Facts
from coi.rules.routing import MEMBERS
from coi.vocabulary import Role

Looked = TypeVar("Looked")
# Another look at the same table, made once: every page about a filing asks for it.
REPLACED = PersonVersion.__table__.alias("replaced")


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
    decided = db.session.execute(
        select(Decision.by_id, Appeal.id, Appeal.decided_by_id, Appeal.recommended_by_id)
        .outerjoin(Appeal, Appeal.decision_id == Decision.id)
        .where(Decision.disclosure_id == disclosure.id, Decision.undone_seq.is_(None))
        .order_by(Decision.id.desc())
        .limit(1)
    ).first()
    appeal = decided if decided is not None and decided.id is not None else None
    delegate = actor.person_id if stands_in(disclosure, actor) else None
    return Facts(
        filer_id=disclosure.filer_id,
        reviewer_id=disclosure.reviewer_id,
        delegate_id=delegate,
        state=disclosure.state,
        recommended_by_id=recommended,
        decided_by_id=decided.by_id if decided is not None else None,
        appeal_open=appeal is not None,
        appealed_from=frozenset({appeal.decided_by_id, appeal.recommended_by_id} - {None}) if appeal else frozenset(),
        conflicts=conflicts,
        owner_id=disclosure.filer_id,
        desk_member=actor.person_id is not None and actor.person_id in (disclosure.reviewer_id, delegate),
        stand_in=is_with_a_stand_in(disclosure.desk),
        extra=from_paper(disclosure.filer_id, actor, disclosure)
        | _opened(disclosure, actor)
        | sits_there(disclosure, actor)
        | to_the_body(disclosure, actor),
    )


def decided_what_is_appealed(disclosure: Disclosure) -> set[int]:
    """Who decided and who recommended the decision that stands, while an appeal of it is open; else nobody."""
    row = db.session.execute(
        select(Appeal.decided_by_id, Appeal.recommended_by_id)
        .select_from(Decision)
        .outerjoin(Appeal, Appeal.decision_id == Decision.id)
        .where(Decision.disclosure_id == disclosure.id, Decision.undone_seq.is_(None))
        .order_by(Decision.id.desc())
        .limit(1)
    ).first()
    return {one for one in row if one is not None} if row is not None else set()


def stands_in(disclosure: Disclosure, actor: Actor) -> bool:
    """Whether this actor stands in, on the actor's day, for the reviewer who has the case."""
    if actor.on is None or not actor.roles or disclosure.reviewer_id in (None, actor.person_id):
        return False
    wanted = select(Delegation.id).where(
        Delegation.disclosure_id == disclosure.id,
        Delegation.reviewer_id == disclosure.reviewer_id,
        Delegation.delegate_id == actor.person_id,
        Delegation.ended_seq.is_(None),
        Delegation.since <= actor.on,
        Delegation.until >= actor.on,
    )
    return db.session.scalar(wanted.limit(1)) is not None


def with_them(actor: Actor) -> ColumnElement[bool]:
    """The filings that lie with this person: as their reviewer, or in whose stead they act today; the twin of `stands_in`."""
    return or_(*ways_to_them(actor))


def ways_to_them(actor: Actor) -> list[ColumnElement[bool]]:
    """The same in the pieces that an index answers each; no filing is in two."""
    mine = Disclosure.reviewer_id == actor.person_id
    if actor.on is None:
        return [mine]
    standing = select(Delegation.disclosure_id).where(
        Delegation.delegate_id == actor.person_id,
        Delegation.ended_seq.is_(None),
        Delegation.since <= actor.on,
        Delegation.until >= actor.on,
    )
    # Asked first: for nearly everybody there is none, and the queue stays one walk along one index.
    others = _once(("in whose stead", actor.person_id, actor.on), lambda: db.session.scalars(standing).all())
    held = select(Delegation.id).where(
        Delegation.disclosure_id == Disclosure.id,
        Delegation.ended_seq.is_(None),
        Delegation.reviewer_id == Disclosure.reviewer_id,
        Delegation.delegate_id == actor.person_id,
    )
    return (
        [mine, Disclosure.id.in_(sorted(set(others))) & (Disclosure.reviewer_id != actor.person_id) & held.exists()]
        if others
        else [mine]
    )


def _opened(disclosure: Disclosure, actor: Actor) -> frozenset[str]:
    """Whether two people opened this filing to this auditor, and that time runs (SD8)."""
    if Role.AUDITOR not in actor.roles or actor.on is None:
        return frozenset()
    wanted = select(ReadGrant.id).where(
        ReadGrant.disclosure_id == disclosure.id,
        ReadGrant.auditor_id == actor.person_id,
        ReadGrant.starts_on <= actor.on,
        ReadGrant.ends_on >= actor.on,
    )
    return frozenset({OPENED}) if db.session.scalar(wanted.limit(1)) is not None else frozenset()


def desks_of(roles: frozenset[Role]) -> set[str]:
    """The desks at which who holds these roles sits."""
    return {name for name, desk in current_profile().desks.items() if MEMBERS.get(desk.members, frozenset()) & roles}


def sits_there(disclosure: Disclosure, actor: Actor) -> frozenset[str]:
    """Whether the case lies at a desk of this actor's: such a case may be listed, not read (access.md 8)."""
    return frozenset({AT_MY_DESK}) if disclosure.desk in desks_of(actor.roles) else frozenset()


def to_the_body(disclosure: Disclosure, actor: Actor) -> frozenset[str]:
    """What the case is to a body that decides at its meetings, and whether this person declared for the version as it stands."""
    if body_desk() is None:
        return frozenset()
    if not is_at_the_body(disclosure.desk):
        return frozenset({HAS_BODY})
    found = {HAS_BODY, AT_BODY}
    if actor.roles & {Role.COMMISSIONER, Role.RECORDER}:
        said = db.session.scalar(
            select(BodyDeclaration.conflict)
            .join(DisclosureVersion, DisclosureVersion.id == BodyDeclaration.version_id)
            .where(
                BodyDeclaration.disclosure_id == disclosure.id,
                BodyDeclaration.person_id == actor.person_id,
                DisclosureVersion.number == disclosure.version,
            )
            .order_by(BodyDeclaration.id.desc())
            .limit(1)
        )
        found |= {DECLARED} if said is False else set()
    return frozenset(found)


def body_desk() -> str | None:
    """The desk of the body that decides at its meetings; none where one person is the last step (PROFILE "Final body")."""
    profile = current_profile()
    if profile.final_body.kind != "commission":
        return None
    return next((name for name, desk in profile.desks.items() if desk.members == "commission"), None)


def is_at_the_body(desk: str) -> bool:
    """Whether a desk is that of a body that decides at its meetings."""
    named = current_profile().desks.get(desk)
    return named is not None and named.members == "commission" and current_profile().final_body.kind == "commission"


def from_paper(filer_id: int, actor: Actor, disclosure: Disclosure | None = None) -> frozenset[str]:
    """Whether this actor has a paper form of that person open, and whether this filing is one that they typed in (U4)."""
    if Role.PAPER_ENTRY not in actor.roles or actor.person_id is None:
        return frozenset()
    mine = select(PaperForm.id).where(PaperForm.clerk_id == actor.person_id, PaperForm.person_id == filer_id)
    found = {TYPING} if db.session.scalar(mine.where(PaperForm.filed_seq.is_(None)).limit(1)) is not None else set()
    if disclosure is not None:
        version = DisclosureVersion.disclosure_id == PaperForm.disclosure_id
        typed = mine.join(DisclosureVersion, version).where(
            PaperForm.disclosure_id == disclosure.id,
            PaperForm.filed_seq.is_not(None),
            DisclosureVersion.number == disclosure.version,
            DisclosureVersion.imported,
            DisclosureVersion.confirmed_seq.is_(None),
        )
        if db.session.scalar(typed.limit(1)) is not None:
            found.add(TYPED)
    return frozenset(found)


def is_with_a_stand_in(desk: str) -> bool:
    """Whether a desk is one of those that stand in for the ethics office: counsel, or the final body (SD4, U14)."""
    named = current_profile().desks.get(desk)
    return named is not None and named.members not in ("reviewers", "senior_officers")


def conflicts_with(filer_id: int, candidates: Collection[int], disclosure: Disclosure | None = None) -> dict[int, frozenset[str]]:
    """For each candidate with one, the codes of conflict with this filer (SD1, SD2, SD3). No supervisor known is no conflict."""
    found: dict[int, set[str]] = {}
    wanted = set(candidates)
    if filer_id in wanted:
        found.setdefault(filer_id, set()).add("filer")
    others = wanted - {filer_id}
    if not others:
        return {person_id: frozenset(kinds) for person_id, kinds in found.items()}
    lines = _lines(filer_id, others, disclosure)
    for person_id in _above(filer_id, lines) & others:
        found.setdefault(person_id, set()).add("above")
    for person_id in others:
        if filer_id in _above(person_id, lines):
            found.setdefault(person_id, set()).add("below")
    ties = db.session.execute(
        select(Tie.person_id, Tie.other_id, Tie.kind).where(
            Tie.ended_seq.is_(None), or_(Tie.person_id == filer_id, Tie.other_id == filer_id)
        )
    )
    for one, other, kind in ties:
        tied = other if one == filer_id else one
        if tied in others:
            found.setdefault(tied, set()).add(kind)
    if disclosure is not None:
        recused = db.session.scalars(select(Recusal.reviewer_id).where(Recusal.disclosure_id == disclosure.id))
        for person_id in set(recused) & others:
            found.setdefault(person_id, set()).add("recused")
        typed = db.session.scalars(select(PaperForm.clerk_id).where(PaperForm.disclosure_id == disclosure.id))
        for person_id in set(typed) & others:
            found.setdefault(person_id, set()).add("typed")
    return {person_id: frozenset(kinds) for person_id, kinds in found.items()}


def _lines(filer_id: int, others: set[int], disclosure: Disclosure | None) -> dict[int, set[int]]:
    """Who is or was whose supervisor, upwards from all these people: now, at submission, or within twelve months (SD2)."""
    lines: dict[int, set[int]] = {}
    level = {filer_id, *others}
    if disclosure is not None and disclosure.obligation_id is not None:
        snapshot = db.session.scalar(select(Obligation.supervisor_id).where(Obligation.id == disclosure.obligation_id))
        if snapshot is not None:
            lines[filer_id] = {snapshot}
            level.add(snapshot)
    since, known = _a_year_ago(), set(level)
    while level:
        for person_id, supervisor_id in db.session.execute(_supervisors(level, since)):
            if supervisor_id is not None:
                lines.setdefault(person_id, set()).add(supervisor_id)
        level = {above for person_id in level for above in lines.get(person_id, ())} - known
        known |= level
    return lines


def _above(person_id: int, lines: dict[int, set[int]]) -> set[int]:
    """Everybody above one person along these lines; a circle in the roster ends where it began."""
    above: set[int] = set()
    level = {person_id}
    while level:
        level = {one for below in level for one in lines.get(below, ())} - above
        above |= level
    return above - {person_id}


def _a_year_ago() -> int:
    """The first entry younger than a year; the log's own clock tells how old an entry is. One statement: every case asks it."""
    newest = select(AuditEntry.at).order_by(AuditEntry.seq.desc()).limit(1).scalar_subquery()
    year = cast(cast(func.substr(newest, 1, 4), Integer) - 1, String)
    floor = year + func.substr(newest, 5)
    younger = select(AuditEntry.seq).where(AuditEntry.at >= floor).order_by(AuditEntry.at, AuditEntry.seq).limit(1)
    return db.session.scalar(younger) or 0


def _supervisors(people: set[int], since: int) -> CompoundSelect[int, int | None]:
    """The supervisor of each now, and of every version that held within the year: that it, or what replaced it, is younger."""
    now = select(Person.id, Person.supervisor_id).where(Person.id.in_(people), Person.supervisor_id.is_not(None))
    before = select(PersonVersion.person_id, PersonVersion.supervisor_id).where(
        PersonVersion.person_id.in_(people), PersonVersion.supervisor_id.is_not(None), ~_replaced_before(since)
    )
    return now.union(before)


def _replaced_before(since: int) -> Exists:
    """Whether a version of a person was replaced before that entry, so that it held in no part of the year."""
    newer = select(REPLACED.c.id).where(
        REPLACED.c.person_id == PersonVersion.person_id, REPLACED.c.seq > PersonVersion.seq, REPLACED.c.seq < since
    )
    return newer.exists()


def in_conflict(person_id: int) -> ColumnElement[bool]:
    """The filings that are in conflict with this person: what conflicts_with says of each, as one condition for lists."""
    near, below = _once(("near", person_id), lambda: _near(person_id))
    recused = select(Recusal.id).where(Recusal.disclosure_id == Disclosure.id, Recusal.reviewer_id == person_id)
    typed = select(PaperForm.id).where(PaperForm.disclosure_id == Disclosure.id, PaperForm.clerk_id == person_id)
    then = select(Obligation.id).where(
        Obligation.id == Disclosure.obligation_id, Obligation.supervisor_id.in_(sorted(below | {person_id}))
    )
    return or_(Disclosure.filer_id.in_(sorted(near)), recused.exists(), typed.exists(), then.exists())


def _near(person_id: int) -> tuple[set[int], set[int]]:
    """Everybody whose filings are in conflict with this person by line or tie, themselves too; and those below them."""
    since = _a_year_ago()
    above, below = _reached({person_id}, since, _supervisors), _reached({person_id}, since, _reports)
    tied = {
        other if one == person_id else one
        for one, other in db.session.execute(
            select(Tie.person_id, Tie.other_id).where(
                Tie.ended_seq.is_(None), or_(Tie.person_id == person_id, Tie.other_id == person_id)
            )
        )
    }
    return above | below | tied | {person_id}, below


def _once(key: tuple[Any, ...], look: Callable[[], Looked]) -> Looked:
    """What was looked up of a person, kept for the length of a GET; looked up again wherever anything may be written."""
    if not has_request_context() or request.method not in ("GET", "HEAD"):
        return look()
    kept: dict[tuple[Any, ...], Looked] = request.environ.setdefault("coi.looked_up", {})
    if key not in kept:
        kept[key] = look()
    return kept[key]


def reports_of(person_id: int) -> set[int]:
    """Everybody below a person in the reporting line, now or within the year, as far down as it goes."""
    return _reached({person_id}, _a_year_ago(), _reports)


def _reached(start: set[int], since: int, steps: Callable[[set[int], int], CompoundSelect[Any, Any]]) -> set[int]:
    """Everybody along the reporting line in one direction, as far as it goes."""
    found: set[int] = set()
    level = start
    while level:
        level = {to for _one, to in db.session.execute(steps(level, since)) if to is not None} - found - start
        found |= level
    return found


def _reports(people: set[int], since: int) -> CompoundSelect[int | None, int]:
    """Who reports to each now, or did within the year."""
    now = select(Person.supervisor_id, Person.id).where(Person.supervisor_id.in_(people))
    before = select(PersonVersion.supervisor_id, PersonVersion.person_id).where(
        PersonVersion.supervisor_id.in_(people), ~_replaced_before(since)
    )
    return now.union(before)


def open_assignment(disclosure: Disclosure) -> Assignment | None:
    """The assignment that holds now, if the case lies at a desk."""
    return db.session.scalar(select(Assignment).where(Assignment.disclosure_id == disclosure.id, Assignment.ended_seq.is_(None)))
