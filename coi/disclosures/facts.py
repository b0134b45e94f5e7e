"""What the rules must know of a filing, seen from one person: filer, reviewer, state, and every conflict between them."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, literal, or_, select

from coi.db import db
from coi.disclosures.kept import once
from coi.disclosures.lines import above_and_below, above_in, lines
from coi.models import (
    Appeal,
    Assignment,
    BodyDeclaration,
    Decision,
    Delegation,
    Disclosure,
    DisclosureVersion,
    Obligation,
    PaperForm,
    ReadGrant,
    Recommendation,
    Recusal,
    Tie,
)
from coi.profiles.current import current_profile
from coi.rules.permissions import AT_BODY, AT_MY_DESK, DECLARED, HAS_BODY, OPENED, TYPED, TYPING, Actor, Facts
from coi.rules.routing import MEMBERS
from coi.vocabulary import Role


def facts_for(disclosure: Disclosure, actor: Actor) -> Facts:
    """The facts of `disclosure` for `actor`; conflicts are codes: filer, above, below, relation, shared_party, recused."""
    conflicts: frozenset[str] = frozenset()
    if actor.person_id is not None:
        conflicts = conflicts_with(disclosure.filer_id, [actor.person_id], disclosure).get(actor.person_id, frozenset())
    stands = _what_stands(disclosure.id)
    appealed = stands is not None and stands.appeal_id is not None
    delegate = actor.person_id if stands_in(disclosure, actor) else None
    return Facts(
        filer_id=disclosure.filer_id,
        reviewer_id=disclosure.reviewer_id,
        delegate_id=delegate,
        state=disclosure.state,
        recommended_by_id=stands.by_id if stands is not None else None,
        decided_by_id=stands.decided_by_id if stands is not None else None,
        appeal_open=appealed,
        appealed_from=_appealed_from(stands),
        conflicts=conflicts,
        owner_id=disclosure.filer_id,
        desk_member=actor.person_id is not None and actor.person_id in (disclosure.reviewer_id, delegate),
        stand_in=is_with_a_stand_in(disclosure.desk),
        extra=from_paper(disclosure.filer_id, actor, disclosure)
        | _opened(disclosure, actor)
        | sits_there(disclosure, actor)
        | to_the_body(disclosure, actor),
    )


def decided_what_is_appealed(disclosure: Disclosure) -> frozenset[int]:
    """Who decided and who recommended the decision that stands, while an appeal of it is open; else nobody."""
    return _appealed_from(_what_stands(disclosure.id))


def recommended_by(disclosure: Disclosure) -> int | None:
    """Who recommended an outcome that waits for a second person; None where nobody did."""
    stands = _what_stands(disclosure.id)
    return stands.by_id if stands is not None else None


def _what_stands(disclosure_id: int) -> Any:
    """The newest recommendation and decision that stand, with the appeal of it, in one statement."""
    recommended = (
        select(Recommendation.by_id)
        .where(Recommendation.disclosure_id == Disclosure.id, Recommendation.ended_seq.is_(None))
        .order_by(Recommendation.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    appeal = (
        Appeal.id.label("appeal_id"),
        Appeal.decided_by_id.label("decider_id"),
        Appeal.recommended_by_id.label("recommender_id"),
    )
    standing = (
        select(recommended.label("by_id"), Decision.by_id.label("decided_by_id"), *appeal)
        .select_from(Disclosure)
        .outerjoin(Decision, (Decision.disclosure_id == Disclosure.id) & Decision.undone_seq.is_(None))
        .outerjoin(Appeal, Appeal.decision_id == Decision.id)
        .where(Disclosure.id == disclosure_id)
        .order_by(Decision.id.desc())
        .limit(1)
    )
    return once(("what stands", disclosure_id), lambda: db.session.execute(standing).first())


def _appealed_from(stands: Any) -> frozenset[int]:
    return frozenset({stands.decider_id, stands.recommender_id} - {None}) if stands is not None else frozenset()


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
    others = once(("in whose stead", actor.person_id, actor.on), lambda: db.session.scalars(standing).all())
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
    found_lines = lines({filer_id, *others}, disclosure.obligation_id if disclosure is not None else None, filer_id)
    for person_id in above_in(filer_id, found_lines) & others:
        found.setdefault(person_id, set()).add("above")
    for person_id in others:
        if filer_id in above_in(person_id, found_lines):
            found.setdefault(person_id, set()).add("below")
    known = [*ties_of(filer_id), *(_out_of(disclosure.id) if disclosure is not None else ())]
    for person_id, kind in known:
        if person_id in others:
            found.setdefault(person_id, set()).add(kind)
    return {person_id: frozenset(kinds) for person_id, kinds in found.items()}


def ties_of(person_id: int) -> list[tuple[int, str]]:
    """Everybody with a confirmed tie to a person, and which: a relation, or an outside business that they share."""

    def look() -> list[tuple[int, str]]:
        mine = or_(Tie.person_id == person_id, Tie.other_id == person_id)
        rows = db.session.execute(select(Tie.person_id, Tie.other_id, Tie.kind).where(Tie.ended_seq.is_(None), mine))
        return [(other if one == person_id else one, kind) for one, other, kind in rows]

    return once(("ties", person_id), look)


def _out_of(disclosure_id: int) -> list[tuple[int, str]]:
    """Who stepped out of a case, and who typed its form in from paper."""
    stepped_out = select(Recusal.reviewer_id, literal("recused")).where(Recusal.disclosure_id == disclosure_id)
    typed = select(PaperForm.clerk_id, literal("typed")).where(PaperForm.disclosure_id == disclosure_id)
    rows = stepped_out.union_all(typed)
    return once(("out of", disclosure_id), lambda: [(one, kind) for one, kind in db.session.execute(rows)])


def in_conflict(person_id: int) -> ColumnElement[bool]:
    """The filings that are in conflict with this person: what conflicts_with says of each, as one condition for lists."""
    near, below = once(("near", person_id), lambda: _near(person_id))
    # These two are looked up once for a list; each row then costs nothing but its own columns.
    recused = select(Recusal.disclosure_id).where(Recusal.reviewer_id == person_id)
    typed = select(PaperForm.disclosure_id).where(PaperForm.clerk_id == person_id, PaperForm.disclosure_id.is_not(None))
    then = select(Obligation.id).where(
        Obligation.id == Disclosure.obligation_id, Obligation.supervisor_id.in_(sorted(below | {person_id}))
    )
    return or_(Disclosure.filer_id.in_(sorted(near)), Disclosure.id.in_(recused), Disclosure.id.in_(typed), then.exists())


def _near(person_id: int) -> tuple[set[int], set[int]]:
    """Everybody whose filings are in conflict with this person by line or tie, themselves too; and those below them."""
    above, below = above_and_below(person_id)
    return above | below | {one for one, _kind in ties_of(person_id)} | {person_id}, below


def open_assignment(disclosure: Disclosure) -> Assignment | None:
    """The assignment that holds now, if the case lies at a desk."""
    return db.session.scalar(select(Assignment).where(Assignment.disclosure_id == disclosure.id, Assignment.ended_seq.is_(None)))
