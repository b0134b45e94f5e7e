"""What the table of access points to of records requests: one with a filing to look at and one that went out."""

from collections.abc import Mapping

from sqlalchemy import select

from coi.db import db
from coi.models import Disclosure, RecordsFiling, RecordsRelease, RecordsRequest
from coi.records.queries import pdf_of
from coi.vocabulary import JobState, Role
from tests.city import CLOCK
from tests.factories import AccountFactory, Cast, PersonFactory, RoleGrantFactory, an_entry


def for_the_public(cast: Cast, made: Mapping[str, str]) -> dict[str, str]:
    """Ron keeps the request; Finn's filing in review was gathered, the decided one went out."""
    seq = an_entry(CLOCK)
    ron = PersonFactory(number="001096", name="Ron Records", email="ron@city.example", department="City Clerk", version=seq)
    RoleGrantFactory(account=AccountFactory(person=ron, seq=seq), role=Role.RECORDS_OFFICER, seq=seq)
    around = {"by_id": ron.id, "at": CLOCK, "seq": seq}
    days = {"received_on": CLOCK.date(), "due_on": CLOCK.date().replace(day=9)}
    who = {"requester": "La Prensa", "contact": "desk@paper.example", "asked": "Todo.", "language": "en"}
    asked = RecordsRequest(reference="PRR-2026-WORLD1", **days, **who, **around)
    db.session.add(asked)
    for name in ("in_review", "decided"):
        disclosure = db.session.scalars(select(Disclosure).where(Disclosure.reference == made[name])).one()
        asked.filings.append(RecordsFiling(disclosure_id=disclosure.id, filer_id=disclosure.filer_id, versions=[1], **around))
    db.session.flush()
    whose = {"filing_id": asked.filings[1].id, "filer_id": asked.filings[1].filer_id}
    out = RecordsRelease(reference="REL-2026-WORLD1", state=JobState.DONE, sha256="0" * 64, done_seq=seq, **whose, **around)
    db.session.add(out)
    db.session.flush()
    pdf_of(out).write_bytes(b"%PDF-1.7")
    return {"records_request": asked.reference, "went_out": out.reference}
