"""Where one case stands by its dated rows, and who the people of a walk are; reads no cache, asks no rule of the code."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select

from coi.db import db
from coi.models import (
    Account,
    Appeal,
    AppealAnswer,
    Assignment,
    BodyCover,
    BodyDeclaration,
    Decision,
    Delegation,
    Disclosure,
    DisclosureVersion,
    Draft,
    Message,
    Motion,
    Plan,
    ReadGrant,
    Recommendation,
    Recusal,
    Reopening,
    Request,
    RoleGrant,
    Seal,
    SupervisorQuestion,
    Transition,
)

BODY = "commission"  # it decides at its meetings, never one member alone


@dataclass(frozen=True)
class Who:
    """Somebody as the roster and the grants have them; nobody has no id."""

    name: str
    person_id: int | None = None
    account: str = "nobody"
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Stand:
    """Where a case stands by its dated rows, and who is in conflict with its filer."""

    filer_id: int
    state: str
    version: int
    desk: str
    reviewer_id: int | None
    delegates: frozenset[int]
    recommended_by: int | None
    sent_by: int | None  # who laid it before the body
    decided_by: int | None
    decided_at: datetime | None
    decision: str
    burdens: bool  # what was decided asks something of the filer
    on_appeal: bool  # what was decided answered an appeal
    appeal_open: bool
    appealed_from: frozenset[int]  # who decided and who recommended what is appealed
    conflicts: frozenset[int]
    declared: frozenset[int]  # who said of this version: I have no conflict
    opened_to: frozenset[int]
    voluntary: bool
    has_draft: bool
    advice: bool


def newest(model: Any, *where: Any) -> Any:
    """The last dated row that fits."""
    return db.session.scalar(select(model).where(*where).order_by(model.seq.desc(), model.id.desc()).limit(1))


def stand(case: int, conflicts: frozenset[int], on: date) -> Stand:
    """The case as its rows say it; `conflicts` are the people whom the test brought into conflict."""
    row = db.session.execute(select(Disclosure.filer_id, Disclosure.kind).where(Disclosure.id == case)).one()
    moved, given = newest(Transition, Transition.disclosure_id == case), newest(Assignment, Assignment.disclosure_id == case)
    signed = newest(DisclosureVersion, DisclosureVersion.disclosure_id == case)
    decided = newest(Decision, Decision.disclosure_id == case, Decision.undone_seq.is_(None))
    said = newest(Recommendation, Recommendation.disclosure_id == case, Recommendation.ended_seq.is_(None))
    holder = given.reviewer_id if given is not None else None
    out = set(db.session.scalars(select(Recusal.reviewer_id).where(Recusal.disclosure_id == case)))
    advice = select(Message.id).where(Message.disclosure_id == case, Message.kind == "legal_advice").limit(1)
    runs = (ReadGrant.disclosure_id == case, ReadGrant.starts_on <= on, ReadGrant.ends_on >= on)
    return Stand(
        filer_id=row.filer_id,
        state=moved.target.value if moved is not None else "draft",
        version=signed.number if signed is not None else 0,
        desk=given.desk if given is not None else "",
        reviewer_id=holder,
        delegates=_delegates(case, holder, on),
        recommended_by=said.by_id if said is not None else None,
        decided_by=decided.by_id if decided is not None else None,
        decided_at=decided.at if decided is not None else None,
        decision=decided.reference if decided is not None else "",
        **_appeal(decided),
        **_at_the_body(case, given, signed),
        conflicts=conflicts | out | {row.filer_id},
        opened_to=frozenset(db.session.scalars(select(ReadGrant.auditor_id).where(*runs))),
        voluntary=row.kind.value in ("gift", "change"),
        has_draft=db.session.scalar(select(Draft.id).where(Draft.disclosure_id == case)) is not None,
        advice=db.session.scalar(advice) is not None,
    )


def _delegates(case: int, holder: int | None, on: date) -> frozenset[int]:
    runs = select(Delegation.delegate_id).where(
        Delegation.disclosure_id == case,
        Delegation.reviewer_id == holder,
        Delegation.ended_seq.is_(None),
        Delegation.since <= on,
        Delegation.until >= on,
    )
    return frozenset(db.session.scalars(runs))


def _appeal(decided: Decision | None) -> dict[str, Any]:
    """What the filer may appeal, and who takes no part while an appeal of it is open: who decided (a body looks at its own
    again) and who recommended."""
    if decided is None:
        return {"burdens": False, "on_appeal": False, "appeal_open": False, "appealed_from": frozenset()}
    is_open = db.session.scalar(select(Appeal.id).where(Appeal.decision_id == decided.id)) is not None
    by_body = is_open and db.session.scalar(select(Motion.id).where(Motion.decision_id == decided.id).limit(1)) is not None
    first = {None if by_body else decided.by_id, decided.recommended_by_id} - {None}
    return {
        "burdens": decided.outcome.value in ("eliminated", "managed", "not_permitted") or bool(decided.conditions),
        "on_appeal": db.session.scalar(select(AppealAnswer.id).where(AppealAnswer.decision_id == decided.id)) is not None,
        "appeal_open": is_open,
        "appealed_from": frozenset(first) if is_open else frozenset(),
    }


def _at_the_body(case: int, given: Assignment | None, signed: DisclosureVersion | None) -> dict[str, Any]:
    """What members said of the version that lies before the body, and who sent it there."""
    if given is None or given.desk != BODY or signed is None:
        return {"declared": frozenset(), "sent_by": None}
    rows = select(BodyDeclaration).where(BodyDeclaration.disclosure_id == case, BodyDeclaration.version_id == signed.id)
    said = {one.person_id: one.conflict for one in db.session.scalars(rows.order_by(BodyDeclaration.id))}
    since = newest(Transition, Transition.disclosure_id == case, Transition.action.in_(["escalate", "appeal"]))
    cover = newest(BodyCover, BodyCover.disclosure_id == case, BodyCover.seq > (since.seq if since is not None else 0))
    told = frozenset(one for one, conflict in said.items() if not conflict)
    return {"declared": told, "sent_by": cover.by_id if cover is not None else None}


COUNTED = (Transition, Decision, Assignment, Recommendation, Message, Recusal, Reopening, Plan, Appeal, BodyCover, Seal, Motion)


def counted(case: int) -> dict[str, int]:
    """The newest id of each kind of row of a case: what came after is what an act wrote."""
    found = {}
    for model in COUNTED:
        where = model.disclosure_id == case
        found[model.__tablename__] = db.session.scalar(select(model.id).where(where).order_by(model.id.desc()).limit(1)) or 0
    return found


def held_roles(on: date) -> dict[str, frozenset[str]]:
    """The roles of every account of the log's actors, by the dated grants."""
    rows = select(RoleGrant.account_id, RoleGrant.role).where(
        RoleGrant.ended_seq.is_(None), RoleGrant.starts_on <= on, or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= on)
    )
    found: dict[str, frozenset[str]] = {}
    for number, role in db.session.execute(rows):
        found[f"account:{number}"] = found.get(f"account:{number}", frozenset()) | {role.value}
    return found


def open_request(*subjects: str, actions: tuple[str, ...] = ()) -> Request | None:
    """The newest request that waits about one of these subjects, or for one of these acts."""
    about = Request.subject.in_(subjects) if subjects else Request.action.in_(actions)
    return db.session.scalar(select(Request).where(about, Request.state == "waiting").order_by(Request.id.desc()).limit(1))


def open_fact(case: int) -> SupervisorQuestion | None:
    """The question of fact that was put last."""
    return newest(SupervisorQuestion, SupervisorQuestion.disclosure_id == case)


def account_of(number: int) -> str:
    """The random piece that stands in the addresses of a person's account."""
    piece = db.session.scalar(select(Account.fs_uniquifier).where(Account.person_id == number))
    return (piece or "0" * 16)[:16]
