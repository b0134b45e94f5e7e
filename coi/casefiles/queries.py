"""All reads about certified case files: what is on offer to whom, what a job needs, which entries of the log are of a case."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from coi.accounts.door import actor_of, serves
from coi.config import Settings
from coi.db import db
from coi.disclosures import seals
from coi.disclosures.facts import facts_for
from coi.models import Account, AuditEntry, CaseFile, Disclosure, Motion, Request
from coi.rules.permissions import Actor, Facts, Permission, allows
from coi.vocabulary import CasePurpose, JobState

PAGE = 100
STALE = timedelta(minutes=5)
OPEN = (JobState.WAITING, JobState.RUNNING)
# What is written about the case and is none of it: who read it, and case files themselves.
NOTHING_NEW = ("disclosure:read", "advice:read", "attachment:read", "receipt:read", "plan:read")


def folder() -> Path:
    """Where finished case files lie."""
    settings: Settings = current_app.config["SETTINGS"]
    settings.case_files_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return settings.case_files_folder


def pdf_of(one: CaseFile) -> Path:
    """The PDF of a case file."""
    return folder() / f"{one.reference}.pdf"


def mine(actor: Actor) -> list[CaseFile]:
    """What this person asked for, the newest first."""
    wanted = select(CaseFile).where(CaseFile.asked_by_id == actor.person_id, CaseFile.asked_by_id.is_not(None))
    return list(db.session.scalars(wanted.options(*_people()).order_by(CaseFile.id.desc()).limit(PAGE)))


def of_case(disclosure: Disclosure) -> list[CaseFile]:
    """Every certified file of a case, the newest first: who asked and what for, for the officers who may ask for one."""
    wanted = select(CaseFile).where(CaseFile.disclosure_id == disclosure.id)
    return list(db.session.scalars(wanted.options(*_people()).order_by(CaseFile.id.desc()).limit(PAGE)))


def _people() -> tuple[ExecutableOption, ...]:
    return (joinedload(CaseFile.asked_by), joinedload(CaseFile.approved_by), joinedload(CaseFile.disclosure))


def own_done(reference: str, actor: Actor) -> tuple[CaseFile, Facts] | None:
    """A finished case file with the facts of its case, owned by who asked: the rule says who may have it."""
    found = db.session.scalar(select(CaseFile).where(CaseFile.reference == reference, CaseFile.state == JobState.DONE))
    if found is None or not pdf_of(found).is_file():
        return None
    return found, replace(facts_for(found.disclosure, actor), owner_id=found.asked_by_id)


def same_request(disclosure: Disclosure, purpose: CasePurpose, language: str, reason: str, actor: Actor) -> CaseFile | None:
    """The file that this person asked for in the same words and that is whole: nothing happened in the case since."""
    wanted = select(CaseFile).where(
        CaseFile.disclosure_id == disclosure.id,
        CaseFile.asked_by_id == actor.person_id,
        CaseFile.purpose == purpose,
        CaseFile.language == language,
        CaseFile.reason == reason,
        CaseFile.state.in_((*OPEN, JobState.DONE)),
    )
    found = db.session.scalar(wanted.order_by(CaseFile.id.desc()).limit(1))
    if found is None or found.state is not JobState.DONE:
        return found
    newer = select(AuditEntry.seq).where(
        of_the_case(disclosure), AuditEntry.seq > found.through, AuditEntry.event.not_in(NOTHING_NEW)
    )
    return found if pdf_of(found).is_file() and db.session.scalar(newer.limit(1)) is None else None


def waiting(now: datetime) -> CaseFile | None:
    """The oldest job that nobody works on, locked: new, or its worker was not heard of for a while."""
    unclaimed = or_(
        CaseFile.state == JobState.WAITING, (CaseFile.state == JobState.RUNNING) & (CaseFile.claimed_at < now - STALE)
    )
    return db.session.scalar(select(CaseFile).where(unclaimed).order_by(CaseFile.id).limit(1).with_for_update(skip_locked=True))


def may_still(one: CaseFile, on: date) -> bool:
    """Whether who asked still holds the right, free of conflict with the filer (SD10)."""
    account = db.session.scalar(select(Account).where(Account.person_id == one.asked_by_id, Account.active))
    if account is None or not serves(account, on):
        return False
    actor = actor_of(account, on)
    return allows(actor, Permission.CASE_FILE, facts_for(one.disclosure, actor))


def untold(on: date) -> list[CaseFile]:
    """Finished files of which the filer was not told, and whose reading is under no seal on this day (U41), locked."""
    wanted = select(CaseFile).where(CaseFile.state == JobState.DONE, CaseFile.told_at.is_(None)).order_by(CaseFile.id)
    found = db.session.scalars(wanted.limit(PAGE).with_for_update(skip_locked=True))
    return [one for one in found if not sealed(one, on)]


def sealed(one: CaseFile, on: date) -> bool:
    """Whether a seal stands on what its asker reads of this case."""
    return any(one.asked_by_id in seal.readers for seal in seals.standing(one.disclosure_id, on))


def of_the_case(disclosure: Disclosure) -> ColumnElement[bool]:
    """The entries of the log that are of this case: of the filing, of requests about it, of motions on it."""
    requests = select(Request.reference).where(
        Request.subject == f"disclosure:{disclosure.reference}", Request.action.not_in(("seal", "case_file"))
    )
    asked = [f"request:{one}" for one in db.session.scalars(requests)]
    motions = select(Motion.seq).where(Motion.disclosure_id == disclosure.id)
    return or_(AuditEntry.subject.in_([f"disclosure:{disclosure.reference}", *asked]), AuditEntry.seq.in_(motions))


def entries(disclosure: Disclosure, through: int, on: date) -> list[AuditEntry]:
    """The entries of a case up to a number, in order; what was read under a seal that stands is left out (U41)."""
    hidden = [not_(one) for one in seals.hidden(disclosure, on)]
    wanted = select(AuditEntry).where(of_the_case(disclosure), AuditEntry.seq <= through, and_(True, *hidden))
    return list(db.session.scalars(wanted.order_by(AuditEntry.seq)))
