"""A company on a filing and on the City's lists, as addresses of tests point to it."""

from decimal import Decimal

from sqlalchemy import select

from coi.db import db
from coi.models import Contract, ContractAlert, Disclosure, Interest, InterestMatch
from coi.vendors.queries import pair_of
from coi.vocabulary import Risk
from tests.city import CLOCK
from tests.factories import an_entry


def a_known_vendor(reference: str) -> str:
    """A filing names a vendor with a contract that is newer than the signature: what the address of the alert calls it."""
    case = db.session.scalars(select(Disclosure).where(Disclosure.reference == reference)).one()
    around = {"question_id": "has_job", "entry_number": None, "risk": Risk.LOW, "seq": an_entry(CLOCK)}
    named = {"party": "Acme Paving", "party_search": "acme paving", "party_normal": "acme paving"}
    interest = Interest(version_id=case.versions[-1].id, **named, **around)
    vendor = {"vendor": "Acme Paving, Inc.", "vendor_key": "acme paving"}
    contract = Contract(number="C1", department="Public Works", amount=Decimal("20000.50"), seq=an_entry(CLOCK), **vendor)
    db.session.add_all([interest, contract])
    db.session.flush()
    told = {"level": "exact", "score": 1000, "seq": an_entry(CLOCK)}
    db.session.add(InterestMatch(interest_id=interest.id, **vendor, **told))
    alert = ContractAlert(
        reference="NEW-2026-WORLD1",
        disclosure_id=case.id,
        filer_id=case.filer_id,
        interest_id=interest.id,
        pair=pair_of("acme paving", "acme paving"),
        party="Acme Paving",
        contracts=[contract.id],
        newest_contract_id=contract.id,
        risk=Risk.LOW,
        state_then=case.state,
        at=CLOCK,
        seq=an_entry(CLOCK),
        **vendor,
    )
    db.session.add(alert)
    return alert.reference
