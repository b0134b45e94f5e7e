"""A department's head: who that is, the list to confirm, what is wrong with it, and whom it is hidden from."""

import pytest
from sqlalchemy import func, select

from coi.campaigns import actions
from coi.departments import queries
from coi.models import AuditEntry, DepartmentCheck, RosterNote
from coi.profiles.current import current_profile
from tests.city import CLOCK
from tests.factories import OPERATOR, PersonFactory, QuestionnaireFactory


@pytest.fixture
def campaign(db, cast):
    QuestionnaireFactory(form_id="city-coi")
    made = actions.open_campaign(2026, OPERATOR, CLOCK, setup=True)
    db.session.commit()
    return made


def test_the_head_leads_people_of_the_department_and_is_led_from_outside(db, cast):
    sam = cast.sam.person
    assert queries.heads(current_profile())[sam.department].id == sam.id
    other = PersonFactory(name="Lee Leader", department=sam.department)
    for number in range(2):
        PersonFactory(name=f"Staff {number}", department=sam.department, supervisor_id=other.id)
    db.session.flush()
    assert queries.heads(current_profile())[sam.department].id == other.id


def test_the_profile_may_name_the_head_by_number_or_title(db, cast):
    finn = cast.finn.person
    profile = current_profile()
    named = profile.letters.model_copy(update={"heads": {finn.department: finn.number}})
    assert queries.heads(profile.model_copy(update={"letters": named}))[finn.department].id == finn.id


def test_a_department_without_a_leader_is_named(db, cast):
    PersonFactory(name="Solo", department="Lighthouse")
    db.session.flush()
    assert "Lighthouse" in queries.without_head(current_profile())


def test_the_page_shows_who_is_asked_what_and_confirming_is_an_entry(sign_in, db, cast, campaign):
    client = sign_in("sam")
    page = client.get("/my-department/").text
    for told in (cast.finn.person.name, cast.finn.person.title):
        assert told in page
    led, _facts = queries.mine(cast.sam.actor)
    data = {"department": led[0].name, "seen": led[0].fingerprint}
    assert client.post("/my-department/right", data=data).status_code == 302
    client.post("/my-department/right", data=data)
    check = db.session.scalars(select(DepartmentCheck)).one()
    assert (check.department, check.people) == (led[0].name, len(led[0].members))
    assert db.session.scalar(select(func.count()).where(AuditEntry.event == "department:checked")) == 1
    assert "You said on March 2, 2026" in client.get("/my-department/").text


def test_a_list_that_changed_meanwhile_is_not_confirmed(sign_in, db, cast, campaign):
    led, _facts = queries.mine(cast.sam.actor)
    data = {"department": led[0].name, "seen": led[0].fingerprint}
    cast.finn.person.title = "Buyer II"
    reply = sign_in("sam").post("/my-department/right", data=data)
    assert reply.status_code == 409
    assert "The list changed" in reply.text
    assert db.session.scalars(select(DepartmentCheck)).all() == []


def test_what_is_wrong_is_a_note_to_the_campaign_desk(sign_in, db, cast, campaign):
    led, _facts = queries.mine(cast.sam.actor)
    client = sign_in("sam")
    assert client.post("/my-department/wrong", data={"department": led[0].name, "text": " "}).status_code == 422
    data = {"department": led[0].name, "text": "Finn is a foreman."}
    assert client.post("/my-department/wrong", data=data).status_code == 302
    note = db.session.scalars(select(RosterNote)).one()
    assert note.text == f"{led[0].name}: Finn is a foreman."
    assert note.person_id == cast.sam.person.id


@pytest.mark.parametrize("name", ["Nowhere", "' OR 1=1", "Straße", ""])
def test_a_department_that_somebody_does_not_lead_stays_as_it_is(sign_in, db, cast, campaign, name):
    client = sign_in("sam")
    for path, more in (("right", {"seen": "x"}), ("wrong", {"text": "x"})):
        assert client.post(f"/my-department/{path}", data={"department": name, **more}).status_code == 422
    assert db.session.scalars(select(DepartmentCheck)).all() == db.session.scalars(select(RosterNote)).all() == []


def test_who_leads_nobody_has_no_such_page(sign_in, cast, campaign):
    assert sign_in("finn").get("/my-department/").status_code == 404
