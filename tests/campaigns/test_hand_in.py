"""A form of the State, signed here and not yet with the office on paper: its letters say that, and never "not signed" (U29)."""

from datetime import datetime

import pytest
from sqlalchemy import select

from coi.campaigns import by_hand
from coi.campaigns.obligations import settle
from coi.campaigns.reminders import write_due
from coi.models import Letter, Obligation
from coi.notices.sweep import sweep
from coi.vocabulary import State
from tests.city import CLOCK
from tests.disclosures.steps import owed as owes
from tests.factories import OPERATOR, an_entry, filing

NEVER = ("not signed", "did not sign", "have not signed", "no está firmado", "no firmó", "no ha firmado")


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 14, tzinfo=CLOCK.tzinfo)


@pytest.fixture
def state_form(db, campaign, cast) -> Obligation:
    """What Finn owes on the State's form beside the City's own."""
    made = owes(cast.finn.person, form_id="pa-sec-1", occasion="state")
    db.session.commit()
    return made


def fill_in(db, cast, obligation: Obligation, state: State = State.IN_REVIEW) -> None:
    reviewer = None if state is State.DRAFT else cast.olu.person
    filing(cast.finn.person, state, reviewer, form_id="pa-sec-1", obligation_id=obligation.id)
    db.session.commit()


def files_the_other(db, cast) -> None:
    made = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person, form_id="city-coi")
    settle(made, cast.finn.actor, CLOCK, an_entry())
    db.session.commit()


def letters(db, person) -> list[Letter]:
    db.session.expire_all()
    return list(db.session.scalars(select(Letter).where(Letter.person_id == person.id).order_by(Letter.id)))


def run(db, *moments: datetime) -> None:
    for moment in moments:
        write_due(moment)
        sweep(moment, 1000, paced=False)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_letter_until_the_office_has_it_asks_for_the_paper(db, cast, state_form, language):
    cast.finn.account.language = language
    fill_in(db, cast, state_form)
    files_the_other(db, cast)
    run(db, at(4, 24), at(4, 29), at(5, 1), at(5, 4), at(5, 6))
    told = letters(db, cast.finn.person)
    kinds = [one.kind for one in told]
    assert kinds == ["hand_in", "hand_in", "hand_in_today", "hand_in_late", "hand_in_late"]
    asks = "give it to the office" if language == "en" else "entréguelo a la oficina"
    for one in told:
        words = f"{one.subject} {' '.join(one.text.split())}"
        assert asks in words
        assert not [never for never in NEVER if never in words.casefold()]


@pytest.mark.parametrize("language", ["en", "es"])
def test_with_another_form_to_sign_one_letter_says_both(db, cast, state_form, language):
    cast.finn.account.language = language
    fill_in(db, cast, state_form)
    run(db, at(4, 24))
    (told,) = letters(db, cast.finn.person)
    assert told.kind == "two_things"
    both = ("One form is not signed yet.", "you signed here") if language == "en" else ("Un formulario", "lo firmó usted aquí")
    assert all(words in " ".join(told.text.split()) for words in both)


@pytest.mark.parametrize("state", [None, State.DRAFT])
def test_one_that_is_not_signed_is_reminded_as_every_form(db, cast, state_form, state):
    if state is not None:
        fill_in(db, cast, state_form, state)
    run(db, at(3, 2), at(4, 24))
    assert [one.kind for one in letters(db, cast.finn.person)] == ["invitation", "reminder"]


def test_the_desk_reminds_by_hand_of_the_paper(db, cast, state_form):
    by_hand.remind(state_form, OPERATOR, at(4, 15))
    fill_in(db, cast, state_form)
    by_hand.remind(state_form, OPERATOR, at(4, 16))
    before, after = letters(db, cast.finn.person)
    assert (before.kind, after.kind) == ("by_hand", "hand_in_by_hand")
    assert "not signed yet" in before.text
    assert not [never for never in NEVER if never in after.text.casefold()]
