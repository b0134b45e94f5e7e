"""A city with its form published and its campaign of 2026 open, as an operator leaves it in setup."""

from datetime import date, datetime
from typing import Any

import pytest

from coi.campaigns import actions, queries
from coi.campaigns.obligations import settle
from coi.disclosures.facts import Disclosure
from coi.models import Campaign, Obligation
from coi.vocabulary import State
from tests.city import CLOCK
from tests.factories import OPERATOR, QuestionnaireFactory, an_entry, filing


@pytest.fixture
def form(db, cast) -> None:
    """The city's form, published; what it asks is of no interest here."""
    QuestionnaireFactory(form_id="city-coi")
    db.session.commit()


@pytest.fixture
def campaign(db, form) -> Campaign:
    """The campaign of 2026, opened at the tests' hour: due on May 1."""
    made = actions.open_campaign(2026, OPERATOR, CLOCK, setup=True)
    db.session.commit()
    return made


@pytest.fixture
def owed(db, campaign, cast):
    """`owed("finn")`: what somebody of the cast owes, as the rows stand now."""

    def of(name: str) -> Obligation:
        found = queries.owed_by(cast[name].person.id, date(2026, 3, 2))
        return found[0].obligation

    return of


@pytest.fixture
def signs(db, cast):
    """`signs("finn", kind=…)`: a signed filing, settled as signing does."""

    def make(name: str, now: datetime = CLOCK, **columns: Any) -> Disclosure:
        person = cast[name].person
        reviewer = cast.olu.person if name != "olu" else cast.ren.person
        made = filing(person, State.IN_REVIEW, reviewer, **{"form_id": "city-coi", **columns})
        settle(made, cast[name].actor, now, an_entry())
        db.session.commit()
        return made

    return make
