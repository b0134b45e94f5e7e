"""All reads of the final body: cases before it, who declared what, meetings and motions, who has a vote; changes nothing."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from coi.db import db
from coi.disclosures.facts import body_desk, conflicts_with, facts_for
from coi.models import (
    Account,
    BodyCover,
    BodyDeclaration,
    Disclosure,
    DisclosureVersion,
    Meeting,
    MeetingRecord,
    Motion,
    Person,
    RoleGrant,
    Transition,
)
from coi.profiles.current import current_profile
from coi.review import queries as review
from coi.review.seats import members
from coi.rules.permissions import AT_BODY, HAS_BODY, Actor, Facts, Permission, allows
from coi.vocabulary import Action, Role, State

PAGE = 50


@dataclass(frozen=True)
class Member:
    """One member seen from one case: has a conflict, recommended it, what was declared (True, False, or nothing yet)."""

    person: Person
    in_conflict: bool
    recommended: bool
    declared: bool | None
    reason: str = ""

    @property
    def counts(self) -> bool:
        """Whether this member has a vote, and counts for the quorum."""
        return not self.in_conflict and not self.recommended


def case(reference: str, actor: Actor) -> tuple[Disclosure, Facts] | None:
    """A filing by its reference, with the facts of this actor."""
    return review.case(reference, actor)


def case_as_shown(reference: str, actor: Actor, state: str) -> tuple[Disclosure, Facts] | None:
    """A case of the body as the page showed it, for a recorder who comes too late: the action tells who was faster."""
    found = review.case(reference, actor)
    if found is None or state != State.ESCALATED or not was_before_the_body(found[0]):
        return found
    return found[0], replace(found[1], state=State.ESCALATED, extra=found[1].extra | {HAS_BODY, AT_BODY})


def was_before_the_body(disclosure: Disclosure) -> bool:
    """Whether the body decided about this case before, or sent it back."""
    return db.session.scalar(select(Motion.id).where(Motion.disclosure_id == disclosure.id).limit(1)) is not None


def cases(actor: Actor) -> list[Disclosure]:
    """The cases before the body that this person may see there, the longest waiting first."""
    waiting = (
        select(Disclosure)
        .where(Disclosure.state == State.ESCALATED, Disclosure.desk == (body_desk() or "-"))
        .options(joinedload(Disclosure.filer))
        .order_by(Disclosure.rank, Disclosure.due_at, Disclosure.id)
    )
    return [one for one in db.session.scalars(waiting) if allows(actor, Permission.READ_BODY_CASE, facts_for(one, actor))]


def signed(disclosure: Disclosure) -> DisclosureVersion:
    """The signed version that lies before the body."""
    newest = select(DisclosureVersion).where(
        DisclosureVersion.disclosure_id == disclosure.id, DisclosureVersion.number == disclosure.version
    )
    return db.session.scalars(newest).one()


def cover(disclosure: Disclosure) -> BodyCover | None:
    """The text with which the case lies before the body now; one of an earlier time is over."""
    since = db.session.scalar(
        select(Transition.seq)
        .where(Transition.disclosure_id == disclosure.id, Transition.action.in_([Action.ESCALATE, Action.APPEAL]))
        .order_by(Transition.seq.desc())
        .limit(1)
    )
    newest = select(BodyCover).where(BodyCover.disclosure_id == disclosure.id, BodyCover.seq > (since or 0))
    return db.session.scalar(newest.order_by(BodyCover.id.desc()).limit(1))


def declarations(disclosure: Disclosure) -> dict[int, BodyDeclaration]:
    """What each person said last of this version, by person id."""
    rows = (
        select(BodyDeclaration)
        .where(BodyDeclaration.disclosure_id == disclosure.id, BodyDeclaration.version_id == signed(disclosure).id)
        .options(joinedload(BodyDeclaration.person))
        .order_by(BodyDeclaration.id)
    )
    return {one.person_id: one for one in db.session.scalars(rows)}


def seated(disclosure: Disclosure, on: date, also: Collection[int] = ()) -> list[Member]:
    """The members who serve on a day, and `also` some more, by name, each as seen from this case; never its filer."""
    numbers = {*members(body_desk() or "", on), *also} - {disclosure.filer_id}
    conflicts = conflicts_with(disclosure.filer_id, numbers, disclosure)
    said = declarations(disclosure)
    standing, sent = review.standing_recommendation(disclosure), cover(disclosure)
    recommended = {one.by_id for one in (standing, sent) if one is not None}
    people = db.session.scalars(select(Person).where(Person.id.in_(numbers)).order_by(Person.name, Person.id))
    return [
        Member(
            one,
            bool(conflicts.get(one.id)) or (one.id in said and said[one.id].conflict),
            one.id in recommended,
            said[one.id].conflict if one.id in said else None,
            said[one.id].reason if one.id in said else "",
        )
        for one in people
    ]


def ever_members() -> list[Person]:
    """Everybody who is or was a member of the body, by name: who was present at a meeting of some day."""
    held = (
        select(Person)
        .join(Account, Account.person_id == Person.id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role == Role.COMMISSIONER)
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return list(db.session.scalars(held))


def serving(on: date) -> set[int]:
    """Who served as a member on a day, also one whose time is over now."""
    held = (
        select(Account.person_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .join(Person, Person.id == Account.person_id)
        .where(
            RoleGrant.role == Role.COMMISSIONER,
            RoleGrant.starts_on <= on,
            (RoleGrant.ends_on.is_(None)) | (RoleGrant.ends_on >= on),
            (Person.serves_from.is_(None)) | (Person.serves_from <= on),
            (Person.serves_to.is_(None)) | (Person.serves_to >= on),
        )
    )
    return set(db.session.scalars(held))


def quorum() -> int:
    """How many members must be counted, so that the body can decide."""
    return int(current_profile().final_body.quorum)


def meetings(before: str = "") -> tuple[list[Meeting], str]:
    """The newest meetings, and the reference after which the next page begins."""
    rows = select(Meeting).order_by(Meeting.id.desc())
    last = db.session.scalar(select(Meeting.id).where(Meeting.reference == before)) if before else None
    if last is not None:
        rows = rows.where(Meeting.id < last)
    found = list(db.session.scalars(rows.limit(PAGE + 1)))
    return found[:PAGE], found[PAGE - 1].reference if len(found) > PAGE else ""


def meeting(held: str) -> tuple[Meeting, Facts] | None:
    """A meeting by its reference."""
    found = db.session.scalar(select(Meeting).where(Meeting.reference == held))
    return (found, Facts()) if found is not None else None


def record_of(held: Meeting) -> MeetingRecord:
    """What counts of a meeting: the newest record."""
    return held.records[-1]


def motions(held: Meeting, actor: Actor) -> list[Motion]:
    """The motions of a meeting as they stand after corrections, as far as this person is free of conflict with their cases."""
    newest = {one.name: one for one in held.motions}
    return [one for one in newest.values() if not facts_for(one.disclosure, actor).conflicts]


def left_out(held: Meeting, actor: Actor) -> int:
    """How many motions of a meeting this person does not see."""
    return len({one.name for one in held.motions}) - len(motions(held, actor))


def history(held: Meeting, name: str) -> list[Motion]:
    """Every row of one motion, the oldest first."""
    return [one for one in held.motions if one.name == name]


def case_at(held: str, reference: str, actor: Actor, state: str) -> tuple[tuple[Meeting, Disclosure], Facts] | None:
    """A meeting and a case before the body, with the facts of the case."""
    one, other = meeting(held), case_as_shown(reference, actor, state)
    return ((one[0], other[0]), other[1]) if one is not None and other is not None else None


def motion(held: str, name: str, actor: Actor) -> tuple[Motion, Facts] | None:
    """A motion of a meeting as it stands, with the facts of its case."""
    one = meeting(held)
    rows = history(one[0], name) if one is not None else []
    return (rows[-1], facts_for(rows[-1].disclosure, actor)) if rows else None


def names(numbers: Collection[int]) -> list[str]:
    """Names by id, in order."""
    return sorted(review.names(set(numbers)).values())
