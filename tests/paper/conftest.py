"""Pat, who types in paper forms; what Finn owes; Finn's paper as it is typed, and as it was filed."""

from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from coi.models import (
    Disclosure,
    Obligation,
    PaperForm,
)
from coi.policies.actions import load_from_profile
from coi.profiles.current import current_profile
from coi.vocabulary import Role
from tests.disclosures.steps import now, owed
from tests.factories import OPERATOR, AccountFactory, PersonFactory, RoleGrantFactory, find_cast
from tests.paper.steps import begin, file, scan


@pytest.fixture
def pat(db, cast):
    """Pat, who types in paper forms."""
    person = PersonFactory(number="001099", name="Pat Paper", email="pat@city.example")
    RoleGrantFactory(account=AccountFactory(person=person), role=Role.PAPER_ENTRY)
    db.session.commit()
    cast.members["pat"] = find_cast().pat
    return cast.pat


@pytest.fixture
def due(db, cast, pat) -> Obligation:
    """What Finn owes."""
    load_from_profile(current_profile(), OPERATOR, now())
    made = owed(cast.finn.person, told_on=date(2026, 2, 1), due_on=date(2026, 2, 25))
    db.session.commit()
    return made


@pytest.fixture
def begun(db, cast, pat, due, sign_in):
    """Pat's browser at Finn's paper form."""
    browser = sign_in("pat")
    reply = begin(browser, cast.finn.person, due.reference)
    assert reply.status_code == 303
    form = db.session.scalar(select(PaperForm))
    return SimpleNamespace(browser=browser, form=form, at=f"/paper/{form.reference}")


@pytest.fixture
def typed(db, begun):
    """Finn's paper form, filed by Pat."""
    assert scan(begun).status_code == 303
    reply = file(begun)
    assert (reply.status_code, reply.location) == (303, f"{begun.at}/filed")
    db.session.expire_all()
    return SimpleNamespace(**vars(begun), disclosure=db.session.get(Disclosure, begun.form.disclosure_id))
