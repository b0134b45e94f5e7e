"""Who may do what with one case, written by hand from the city's rules (access.md, SD1-SD5); asks nothing of the code it judges.

It reads the dated rows and never a cache, and knows conflicts because the test made them.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from coi.db import db
from coi.models import (
    Assignment,
    Decision,
    Delegation,
    Disclosure,
    DisclosureVersion,
    Draft,
    Message,
    Plan,
    Recommendation,
    Recusal,
    Reopening,
    Request,
    SupervisorQuestion,
    Transition,
)

MILD = frozenset({"no_conflict", "noted", "exempt"})
OFFICE = frozenset({"reviewer", "senior_officer", "solicitor", "commissioner"})
STAND_INS = frozenset({"outside_counsel", "commission"})  # SD4: the desks of who stands in for the ethics office
BODY = "commission"  # it decides at its meetings, never one member alone
AT_OFFICE = frozenset({"in_review", "escalated"})
UNDO = timedelta(minutes=5)
OFFICE_FRESH, OWN_FRESH = timedelta(minutes=15), timedelta(minutes=60)

# DESIGN 3, column by column: from which states an action may start and where it may lead.
LIFE: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    name: (frozenset(origins.split()), frozenset(targets.split()))
    for name, origins, targets in (
        ("submit", "draft returned", "submitted"),
        ("clear_by_rule", "submitted in_review", "decided"),
        ("assign", "submitted escalated", "in_review escalated"),
        ("unassign", "in_review escalated", "submitted escalated"),
        ("ask", "in_review escalated", "same"),
        ("answer", "in_review escalated", "same"),
        ("return", "in_review escalated", "returned"),
        ("correct", "submitted in_review escalated decided", "same in_review submitted"),
        ("escalate", "in_review", "escalated"),
        ("hand_back", "escalated", "in_review submitted"),
        ("decide", "in_review escalated", "decided"),
        ("appeal", "decided", "escalated"),
        ("undo", "decided", "in_review escalated"),
        ("reopen", "decided", "in_review submitted"),
        ("withdraw", "submitted in_review returned escalated", "withdrawn"),
        ("recuse", "in_review escalated", "submitted escalated"),
        ("reassign", "in_review escalated", "same"),
    )
}
BY_FILER = frozenset({"submit", "answer", "correct", "withdraw", "appeal"})
BY_SYSTEM = frozenset({"assign", "unassign", "clear_by_rule"})


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
    decided_by: int | None
    decided_at: datetime | None
    decision_id: int
    conflicts: frozenset[int]
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
    runs = select(Delegation.delegate_id).where(
        Delegation.disclosure_id == case,
        Delegation.reviewer_id == holder,
        Delegation.ended_seq.is_(None),
        Delegation.since <= on,
        Delegation.until >= on,
    )
    out = set(db.session.scalars(select(Recusal.reviewer_id).where(Recusal.disclosure_id == case)))
    advice = select(Message.id).where(Message.disclosure_id == case, Message.kind == "legal_advice").limit(1)
    return Stand(
        filer_id=row.filer_id,
        state=moved.target.value if moved is not None else "draft",
        version=signed.number if signed is not None else 0,
        desk=given.desk if given is not None else "",
        reviewer_id=holder,
        delegates=frozenset(db.session.scalars(runs)),
        recommended_by=said.by_id if said is not None else None,
        decided_by=decided.by_id if decided is not None else None,
        decided_at=decided.at if decided is not None else None,
        decision_id=decided.id if decided is not None else 0,
        conflicts=conflicts | out | {row.filer_id},
        voluntary=row.kind.value in ("gift", "change"),
        has_draft=db.session.scalar(select(Draft.id).where(Draft.disclosure_id == case)) is not None,
        advice=db.session.scalar(advice) is not None,
    )


def is_free(who: Who, on: Stand) -> bool:
    """SD1-SD3: not the filer, not in the line, no tie, not recused."""
    return who.person_id is not None and who.person_id not in on.conflicts


def has_it(who: Who, on: Stand) -> bool:
    """R: assigned, or standing in for who is, and of the office."""
    return who.person_id is not None and who.person_id in ({on.reviewer_id} | on.delegates) and bool(who.roles & OFFICE)


def is_senior(who: Who) -> bool:
    """S."""
    return "senior_officer" in who.roles


def may_read(who: Who, on: Stand) -> bool:
    """Access 9-11: R, S, and who recommended what is being decided; never who has a conflict, never a draft."""
    recommended = who.person_id is not None and who.person_id == on.recommended_by and bool(who.roles & OFFICE)
    return is_free(who, on) and on.state != "draft" and (has_it(who, on) or is_senior(who) or recommended)


def is_own(who: Who, on: Stand) -> bool:
    """E."""
    return who.person_id == on.filer_id


def handles(who: Who, on: Stand) -> bool:
    """R or S on a case that is with the office; S not on one that lies with who stands in for the office (SD4)."""
    here = is_senior(who) and on.desk not in STAND_INS
    return is_free(who, on) and on.state in AT_OFFICE and (has_it(who, on) or here)


def is_second(who: Who, on: Stand) -> bool:
    """SD5: S, or the named alternate that has the case; never who recommended, never one member of the body alone."""
    alternate = has_it(who, on) and bool(who.roles & {"solicitor", "commissioner"})
    here = is_senior(who) and on.desk not in STAND_INS
    fit = is_free(who, on) and on.state == "escalated" and who.person_id != on.recommended_by
    return fit and on.desk != BODY and (here or alternate)


def clears(who: Who, on: Stand, sent: dict[str, Any]) -> bool:
    """Access 18: what is not more than no_conflict, noted, exempt, in review."""
    return handles(who, on) and on.state == "in_review" and on.desk != BODY and set(sent.get("outcomes", ())) <= MILD


def _writes(who: Who, on: Stand) -> bool:
    return is_free(who, on) and on.state != "draft" and (has_it(who, on) or is_senior(who))


def _ties(who: Who, on: Stand) -> bool:
    return handles(who, on) or (is_free(who, on) and on.state != "draft" and is_senior(who))


def _reassigns(who: Who, on: Stand, sent: dict[str, Any]) -> bool:
    to = sent.get("to")
    wrong = to in on.conflicts or (on.state == "escalated" and to == on.recommended_by)
    return is_free(who, on) and is_senior(who) and on.state in AT_OFFICE | {"submitted"} and not wrong


def _undoes(who: Who, on: Stand, now: datetime) -> bool:
    young = on.decided_at is not None and now - on.decided_at <= UNDO
    return is_free(who, on) and on.state == "decided" and who.person_id == on.decided_by and young


def _reopens(who: Who, on: Stand) -> bool:
    return is_free(who, on) and is_senior(who) and on.state == "decided"


def _advises(who: Who, on: Stand) -> bool:
    return _writes(who, on) or (is_free(who, on) and "solicitor" in who.roles and on.advice and on.state != "draft")


def _withdraws(who: Who, on: Stand) -> bool:
    return is_own(who, on) and on.voluntary and on.state in AT_OFFICE | {"submitted", "returned"}


FRESH = {
    **dict.fromkeys(("clear", "decide", "undo", "reopen", "approve", "batch", "release", "send"), OFFICE_FRESH),
    **dict.fromkeys(("sign", "plan_answer"), OWN_FRESH),
}


def may(act: str, who: Who, on: Stand, sent: dict[str, Any], now: datetime, ago: timedelta = timedelta(0)) -> bool:
    """Whether the rules allow this act; `sent` says what was pressed: outcomes, to, stale, asked_by, owner, signed."""
    if who.person_id is None or sent.get("stale") or ago > FRESH.get(act, ago):
        return False
    if act in ("ask", "return", "priority", "interim", "interim_over", "supervisor", "supervisor_back"):
        return handles(who, on)
    if act in ("plan_office", "condition_office"):
        return may_read(who, on)
    told: dict[str, bool] = {
        "note": _writes(who, on),
        "tie": _ties(who, on),
        "verdict": _ties(who, on),
        "advice": _advises(who, on),
        "release": is_free(who, on) and "solicitor" in who.roles and on.advice,
        "clear": clears(who, on, sent),
        "batch": clears(who, on, sent),
        "escalate": handles(who, on) and on.state == "in_review",
        "decide": is_second(who, on),
        "hand_back": is_second(who, on),
        "send": _sends(who, on),
        "undo": _undoes(who, on, now),
        "recuse": has_it(who, on) and not is_own(who, on) and on.state in AT_OFFICE,
        "reassign": _reassigns(who, on, sent),
        "reopen": may_read(who, on) and on.state == "decided",
        "approve": _reopens(who, on) and sent.get("asked_by") != who.person_id,
        "supervisor_answer": sent.get("owner") == who.person_id and not is_own(who, on),
        "answer": is_own(who, on) and on.state in AT_OFFICE,
        "correct": is_own(who, on) and on.state not in ("draft", "withdrawn"),
        "sign": is_own(who, on) and (on.has_draft or bool(sent.get("again"))),
        "discard": is_own(who, on) and on.has_draft,
        "withdraw": _withdraws(who, on),
        "plan_answer": is_own(who, on),
        "say": sent.get("owner") == who.person_id,
        "confirm": sent.get("confirmer") == who.person_id and not is_own(who, on),
        "away": bool(who.roles & OFFICE),
        "back": bool(who.roles & OFFICE),
    }
    return told[act]


def _sends(who: Who, on: Stand) -> bool:
    """An officer puts an escalated case before the body: also who recommended may, since others decide."""
    alternate = has_it(who, on) and bool(who.roles & {"solicitor", "commissioner"})
    here = is_senior(who) and on.desk not in STAND_INS
    return is_free(who, on) and on.state == "escalated" and on.desk != BODY and (here or alternate)


COUNTED = (Transition, Decision, Assignment, Recommendation, Message, Recusal, Reopening, Plan)


def counted(case: int) -> dict[str, int]:
    """The newest id of each kind of row of a case: what came after is what an act wrote."""
    found = {}
    for model in COUNTED:
        where = model.disclosure_id == case
        found[model.__tablename__] = db.session.scalar(select(model.id).where(where).order_by(model.id.desc()).limit(1)) or 0
    return found


def open_request(reference: str) -> Request | None:
    """The request to open the case again that waits."""
    where = (Request.subject == f"disclosure:{reference}", Request.action == "reopen", Request.state == "waiting")
    return db.session.scalar(select(Request).where(*where).order_by(Request.id.desc()).limit(1))


def open_fact(case: int) -> SupervisorQuestion | None:
    """The question of fact that was put last."""
    return newest(SupervisorQuestion, SupervisorQuestion.disclosure_id == case)
