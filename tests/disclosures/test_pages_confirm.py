"""A form that the office typed in: its person is asked to look at it, and confirms it with the policies that stayed open."""

import json

import pytest

from coi.disclosures import queries
from coi.disclosures.importing import import_line
from coi.models import Disclosure, PolicyReceipt
from coi.policies.actions import load_from_profile
from coi.profiles.current import current_profile
from tests.disclosures.steps import NOTHING, now, owed
from tests.factories import OPERATOR


@pytest.fixture
def imported(db, cast) -> Disclosure:
    """Finn's paper form, typed in."""
    load_from_profile(current_profile(), OPERATOR, now())
    owed(cast.finn.person)
    line = {
        "employee": cast.finn.person.number,
        "form": "city-coi",
        "kind": "annual",
        "language": "en",
        "reporting_year": 2025,
        "filer": {"kind": "annual", "level": "short"},
        "answers": {**NOTHING, "anything_else": "Typed in from paper", "affirm": "yes"},
        "signed_name": "F. Filer",
        "signed_at": "2026-02-20",
    }
    result = import_line(1, json.dumps(line).encode(), OPERATOR, now())
    assert result.errors == []
    db.session.commit()
    return Disclosure.query.one()


def test_the_home_page_asks_to_confirm_and_the_page_shows_what_was_typed_in(sign_in, imported):
    finn = sign_in("finn")
    assert "Please confirm your form" in finn.get("/").text
    page = finn.get(f"/filings/{imported.reference}/confirm").text
    assert "Typed in from paper" in page
    assert "Code of conduct" in page
    assert "not signed here" in finn.get(f"/filings/{imported.reference}").text


def test_confirming_signs_the_policies_and_is_done_once(sign_in, imported):
    due = queries.policies_due(imported, queries.version_of(imported).filer, now().date())
    said = {f"policy.{one.id}": "received" for one in due}
    finn, here = sign_in("finn"), f"/filings/{imported.reference}/confirm"
    data = {"signed_name": "Finn", "key": "confirm", **said}
    assert [finn.post(here, data=data).status_code for _time in range(2)] == [303, 303]
    assert PolicyReceipt.query.count() == len(due) > 0
    assert "You have nothing to do now." in finn.get("/").text


def test_nothing_is_confirmed_without_a_name_or_with_an_objection_without_words(sign_in, imported):
    due = queries.policies_due(imported, queries.version_of(imported).filer, now().date())
    said = {f"policy.{one.id}": "objection" for one in due}
    finn, here = sign_in("finn"), f"/filings/{imported.reference}/confirm"
    assert finn.post(here, data={"signed_name": " ", "key": "confirm", **said}).status_code == 422
    reply = finn.post(here, data={"signed_name": "Finn", "key": "confirm", **said})
    assert reply.status_code == 422
    assert queries.is_unconfirmed(imported)
    assert PolicyReceipt.query.count() == 0
