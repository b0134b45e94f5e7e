"""Hostile names and addresses in letters, each under its id: a subject comes out as it went in, and a letter has one reader."""

from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from coi.models import Account, Letter, Person
from coi.notices.actions import post
from coi.notices.sweep import as_mail
from tests.disclosures.steps import now

NAMES = ["𠜎 山田", "שלום سلام", "José Ñuñez-O'Brien, Jr.", "Zoë <b>Zed</b> & Co", "=1+1"]


@pytest.mark.parametrize("name", NAMES)
def test_f18_a_name_of_any_script_reaches_the_subject_and_both_texts_of_a_mail(db, cast, name):
    cast.finn.person.name = name
    post("escalated", cast.finn.person, now(), "once", reference=f"COI of {name}")
    letter = db.session.scalars(select(Letter)).one()
    mail = message_from_bytes(as_mail(letter).as_bytes(), policy=policy.default)
    assert mail["Subject"] == f"A case waits for your decision: COI of {name}"
    assert f"Hello {name}," in mail.get_body(("plain",)).get_content()
    assert mail.get_body(("html",)).get_content().count("<b>Zed</b>") == 0


# As in the list, and what a mail program would take for a second reader.
ADDRESSES = [
    "a@x.example, evil@y.example",
    "a@x.example\r\nBcc: z@x.example",
    '"a@b.example"<evil@x.example>',
    "a@x.example;evil@y.example",
    "a@x.example evil@y.example",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_f44_an_address_that_is_more_than_one_is_refused_wherever_one_is_typed(db, cast, sign_in, address):
    accounts, people = select(Account.reset_email), select(Person.email)
    before = (db.session.scalars(accounts).all(), db.session.scalars(people).all())
    outsider = {"name": "Vera", "body": "Commission", "appointed_by": "Council", "serves_from": "2026-01-01"}
    outsider |= {"serves_to": "2026-12-31", "email": address}
    replies = {
        "reset": sign_in("finn").post("/accounts/me/reset-email", data={"reset_email": address}),
        "outsider": sign_in("dee").post("/accounts/outsiders", data=outsider),
    }
    assert {name: reply.status_code for name, reply in replies.items()} == {"reset": 422, "outsider": 422}
    assert (db.session.scalars(accounts).all(), db.session.scalars(people).all()) == before
    assert db.session.scalars(select(Letter)).all() == []
