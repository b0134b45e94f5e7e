"""Which readings of a filing its filer is not told for now, and which entries of the log tell of a seal; reads only (U41)."""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from coi.db import db
from coi.models import Account, AuditEntry, CaseFile, Disclosure, Request, Seal
from coi.vocabulary import Event

# Entries that somebody read a filing, or what lies with it: papers, conditions, advice, what its parties are in.
OF_READING = tuple(
    one.code
    for one in (
        *(Event.DISCLOSURE_READ, Event.RECEIPT_READ, Event.ATTACHMENT_READ),
        *(Event.PLAN_READ, Event.PARTY_READ, Event.ADVICE_READ),
    )
)


def standing(disclosure_id: int, on: date) -> list[Seal]:
    """The seals of a filing that stand on a day: not lifted, their last day not over."""
    rows = select(Seal).where(Seal.disclosure_id == disclosure_id, Seal.lifted_seq.is_(None), Seal.until >= on)
    return list(db.session.scalars(rows.order_by(Seal.id)))


def hidden(disclosure: Disclosure, on: date) -> list[ColumnElement[bool]]:
    """Conditions on entries of reading: each fits what was read under a seal that stands."""
    return [_under(one, disclosure.reference) for one in standing(disclosure.id, on)]


def _under(seal: Seal, reference: str) -> ColumnElement[bool]:
    accounts = db.session.scalars(select(Account.id).where(Account.person_id.in_(seal.readers)))
    actors = [f"account:{one}" for one in accounts]
    return and_(
        AuditEntry.subject == f"disclosure:{reference}",
        AuditEntry.event.in_(OF_READING),
        AuditEntry.actor.in_(actors),
        AuditEntry.seq > seal.seq,
    )


def not_for(person_id: int, on: date) -> ColumnElement[bool] | None:
    """What the log keeps from a person about the own filings: seals that stand with what is read under them, requests for one."""
    rows = select(Seal, Disclosure.reference).join(Disclosure, Disclosure.id == Seal.disclosure_id)
    mine = db.session.execute(rows.where(Seal.filer_id == person_id, Seal.lifted_seq.is_(None), Seal.until >= on)).all()
    told = [_under(seal, reference) for seal, reference in mine]
    subjects = [*(f"seal:{seal.reference}" for seal, _reference in mine), *_asked_about(person_id)]
    subjects += [f"case_file:{one}" for seal, _reference in mine for one in _files_under(seal)]
    if subjects:
        told.append(AuditEntry.subject.in_(subjects))
    return or_(*told) if told else None


def _files_under(seal: Seal) -> list[str]:
    """The certified files of a case that somebody asked for whose reading is sealed."""
    asked = select(CaseFile.reference).where(CaseFile.disclosure_id == seal.disclosure_id)
    return list(db.session.scalars(asked.where(CaseFile.asked_by_id.in_(seal.readers))))


def _asked_about(person_id: int) -> list[str]:
    """Every request to seal a filing of this person or to make a file of it, whatever became of it.

    Who may not read it learns nothing from the log.
    """
    own = select(Disclosure.reference).where(Disclosure.filer_id == person_id)
    subjects = [f"disclosure:{one}" for one in db.session.scalars(own)]
    if not subjects:
        return []
    rows = select(Request.reference).where(Request.action.in_(("seal", "case_file")), Request.subject.in_(subjects))
    return [f"request:{one}" for one in db.session.scalars(rows)]
