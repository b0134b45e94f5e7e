"""Every page about a case that somebody of a walk may open, and who may: written by hand, asks no rule of the code."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from coi.audit.chain import stamp
from coi.db import db
from coi.models import AuditEntry, Decision, Plan, Refusal
from tests.faults import oracle
from tests.faults.oracle_stand import Stand, Who

Rule = Callable[[Who, Stand], bool]


def _own(who: Who, on: Stand) -> bool:
    return oracle.is_own(who, on) and on.state != "draft"


def _advised(who: Who, on: Stand) -> bool:
    asked = "solicitor" in who.roles and oracle.is_free(who, on) and on.advice and on.state != "draft"
    return oracle.may_read(who, on) or asked


def _agenda(who: Who, on: Stand) -> bool:
    return oracle.at_body(who, on) and bool(who.roles & (oracle.OF_THE_BODY | {"senior_officer"}))


def _packet(who: Who, on: Stand) -> bool:
    declared = oracle.is_senior(who) or who.person_id in on.declared
    return _agenda(who, on) and declared


def _opened(who: Who, on: Stand) -> bool:
    return "auditor" in who.roles and who.person_id in on.opened_to and not oracle.is_own(who, on)


# Address -> who may open it. {plan} is the newest plan's.
PAGES: dict[str, Rule] = {
    "/review/{case}": oracle.may_read,
    "/review/{case}/versions/1/record": oracle.may_read,
    "/review/{case}/seal": oracle.senior_and_free,
    "/filings/{case}": _own,
    "/filings/{case}/receipt": _own,
    "/filings/{case}/versions/1": _own,
    "/forms/{case}": oracle.is_own,
    "/legal-advice/{case}": _advised,
    "/meetings/cases/{case}": _agenda,
    "/meetings/cases/{case}/packet.pdf": _packet,
    "/duties/opened/{case}": _opened,
    "/conditions/{plan}": _own,
}
# What leaves an entry when it is read (access.md: L), by what it is called in the log.
TRACED = {"/review/{case}": "disclosure:read", "/filings/{case}": "disclosure:read", "/legal-advice/{case}": "advice:read"}


def address(page: str, reference: str, case: int) -> str | None:
    """The page's address; None where the case has no such thing yet."""
    if "{plan}" not in page:
        return page.format(case=reference)
    stands = select(Plan.reference).join(Decision, Decision.id == Plan.decision_id).where(Decision.undone_seq.is_(None))
    plan = db.session.scalar(stands.where(Plan.disclosure_id == case).order_by(Plan.id.desc()).limit(1))
    return page.format(plan=plan) if plan else None


def codes(page: str, may: bool, who: Who, on: Stand) -> tuple[int, ...]:
    """What the page answers: the sign-in page to nobody, 404 to who may not; a form without a draft leads to what was signed."""
    if who.person_id is None:
        return (302,)
    if not may:
        return (404,)
    return (302,) if page.startswith("/forms/") and not on.has_draft else (200,)


def is_noted(who: Who, code: int) -> bool:
    """Whether a refusal of this moment is kept (access.md: both logged)."""
    wanted = select(Refusal.id).where(Refusal.actor == who.account, Refusal.code == code, Refusal.at == datetime.now(UTC))
    return db.session.scalar(wanted.limit(1)) is not None


def left_a_trace(page: str, reference: str, who: Who) -> bool:
    """Whether the log says within the hour that this person read it."""
    since = stamp(datetime.now(UTC) - timedelta(hours=1))
    wanted = select(AuditEntry.seq).where(
        AuditEntry.subject == f"disclosure:{reference}",
        AuditEntry.event == TRACED[page],
        AuditEntry.actor == who.account,
        AuditEntry.at > since,
    )
    return db.session.scalar(wanted.limit(1)) is not None
