"""The campaign desk as people use it: lists by station, one person's page, acts that keep what was typed; no answer in sight."""

from datetime import date

import pytest
from sqlalchemy import select

from coi.models import Campaign, Draft, Extension, Leave, Request, RosterNote
from coi.vocabulary import State
from tests.city import CLOCK
from tests.factories import DisclosureFactory, an_entry, filing

SECRET = "Zanzibar Plumbing"


@pytest.fixture
def page(sign_in):
    """`page("dee", "/campaign-desk/")`: the text of a page as somebody sees it."""

    def get(name: str, path: str) -> str:
        reply = sign_in(name).get(path)
        assert reply.status_code == 200
        return reply.text

    return get


def test_without_a_campaign_the_desk_says_what_to_do(page):
    assert "/campaign-desk/open" in page("dee", "/campaign-desk/")
    assert "/campaign-desk/open" not in page("ada", "/campaign-desk/")


def test_the_desk_lists_who_has_not_filed_by_station(page, campaign, signs):
    signs("sam")
    text = page("dee", "/campaign-desk/")
    assert "1 of 10 people are done" in text
    assert text.index("Ethics Office") < text.index("Public Works")
    assert "department=Public+Works" in text or "department=Public%20Works" in text


def test_a_station_lists_its_people_and_leads_to_each(page, campaign, owed, signs):
    signs("sam")
    text = page("dee", "/campaign-desk/people?department=Public+Works")
    assert "Finn Filer" in text
    assert "Sam Supervisor" not in text
    assert f"/campaign-desk/people/{owed('finn').reference}" in text
    assert "Sam Supervisor" in page("dee", "/campaign-desk/people?department=Public+Works&standing=filed")


def test_an_auditor_sees_the_list_and_no_way_to_a_person(page, campaign, owed):
    text = page("ada", "/campaign-desk/people?standing=everybody")
    assert "Finn Filer" in text
    assert owed("finn").reference not in text


@pytest.mark.parametrize("typed", ["finn", "FILER finn", "001002"])
def test_people_are_found_by_name_and_number(page, campaign, typed):
    text = page("dee", f"/campaign-desk/people?search={typed}")
    assert "Finn Filer" in text
    assert "Kit Stranger" not in text


@pytest.mark.parametrize("typed", ["%", "_", "zzz", "%00", "%ff", "'; drop table people; --", "~9999999999999999999999"])
def test_odd_searches_find_nobody_and_break_nothing(page, campaign, typed):
    assert "Finn Filer" not in page(
        "dee", f"/campaign-desk/people?search={typed.replace('%', '%25') if len(typed) == 1 else typed}x"
    )
    assert page("dee", f"/campaign-desk/people?standing=everybody&after={typed}")


def test_no_answer_and_no_outcome_is_anywhere_at_the_desk(page, db, cast, campaign, owed):
    filed = filing(cast.finn.person, State.DECIDED, cast.olu.person, obligation_id=owed("finn").id)
    draft = DisclosureFactory(filer=cast.kit.person, obligation_id=owed("kit").id)
    form_id = filed.versions[0].questionnaire_id
    db.session.add(Draft(disclosure_id=draft.id, questionnaire_id=form_id, answers={"employer": SECRET}, saved_at=CLOCK))
    db.session.commit()
    paths = ["/campaign-desk/", "/campaign-desk/people?standing=everybody", "/campaign-desk/printed-list"]
    paths += [f"/campaign-desk/people/{owed(name).reference}" for name in ("finn", "kit")]
    for path in paths:
        text = page("dee", path)
        assert SECRET not in text
        assert "No conflict" not in text
        assert filed.reference not in text
        assert draft.reference not in text


def test_more_time_is_given_on_the_persons_page(sign_in, db, campaign, owed):
    path = f"/campaign-desk/people/{owed('finn').reference}"
    reply = sign_in("dee").post(f"{path}/extend", data={"extend-until": "2026-05-15", "extend-reason": "away"})
    assert (reply.status_code, reply.location) == (302, path)
    assert db.session.scalars(select(Extension.until)).all() == [date(2026, 5, 15)]
    assert "May 15, 2026" in sign_in("dee").get(path).text


def test_a_refusal_comes_back_with_what_was_typed(sign_in, db, campaign, owed):
    path = f"/campaign-desk/people/{owed('finn').reference}/extend"
    reply = sign_in("dee").post(path, data={"extend-until": "2026-04-15", "extend-reason": "records", "extend-why": "Kept words"})
    assert reply.status_code == 422
    assert "Kept words" in reply.text
    assert "due later than that already" in reply.text
    assert db.session.scalars(select(Extension)).all() == []


def test_more_than_thirty_days_become_a_request(sign_in, db, campaign, owed):
    path = f"/campaign-desk/people/{owed('finn').reference}/extend"
    data = {"extend-until": "2026-07-15", "extend-reason": "away", "extend-why": "Works at sea"}
    assert sign_in("dee").post(path, data=data).status_code == 302
    assert db.session.scalars(select(Request.action)).all() == ["extension"]


def test_an_excuse_asks_for_a_why(sign_in, db, campaign, owed):
    path = f"/campaign-desk/people/{owed('finn').reference}/excuse"
    assert sign_in("dee").post(path, data={"excuse-reason": "left", "excuse-why": " "}).status_code == 422
    assert sign_in("dee").post(path, data={"excuse-reason": "left", "excuse-why": "Gone in May"}).status_code == 302
    assert db.session.scalars(select(Request.action)).all() == ["excuse"]


@pytest.mark.parametrize("last", ["9999-12-31", "2101-01-01", "0001-01-01"])
def test_no_day_outside_the_times_of_an_office_is_kept(sign_in, db, campaign, owed, last):
    path = f"/campaign-desk/people/{owed('finn').reference}"
    reply = sign_in("dee").post(f"{path}/leave", data={"leave-leave_from": "0001-01-01", "leave-leave_to": last})
    assert reply.status_code == 422
    assert f'value="{last}"' in reply.text
    assert db.session.scalars(select(Leave)).all() == []
    reply = sign_in("dee").post(f"{path}/extend", data={"extend-until": last, "extend-reason": "away", "extend-why": ""})
    assert reply.status_code == 422


def test_the_second_person_reads_whom_it_is_about(sign_in, db, cast, campaign, owed):
    path = f"/campaign-desk/people/{owed('finn').reference}/excuse"
    sign_in("dee").post(path, data={"excuse-reason": "left", "excuse-why": "Gone in May"})
    request = db.session.scalars(select(Request)).one()
    for page in ("/accounts/requests", f"/accounts/requests/{request.reference}"):
        assert cast.finn.person.name in sign_in("sia").get(page).text


def test_leave_is_kept_without_a_reason(sign_in, db, campaign, owed):
    path = f"/campaign-desk/people/{owed('finn').reference}"
    data = {"leave-leave_from": "2026-03-01", "leave-leave_to": "2026-06-01", "leave-hold_letters": "y"}
    assert sign_in("dee").post(f"{path}/leave", data=data).status_code == 302
    row = db.session.scalars(select(Leave)).one()
    assert (row.leave_from, row.leave_to, row.hold_letters) == (date(2026, 3, 1), date(2026, 6, 1), True)
    assert "On leave" in sign_in("dee").get(path).text


def test_nobody_acts_for_themselves(sign_in, db, campaign, owed):
    path = f"/campaign-desk/people/{owed('dee').reference}"
    assert "extend-until" not in sign_in("dee").get(path).text
    data = {"extend-until": "2026-05-15", "extend-reason": "away"}
    assert sign_in("dee").post(f"{path}/extend", data=data).status_code == 404
    assert sign_in("dan").post(f"{path}/extend", data=data).status_code == 302


def test_a_note_about_the_roster_is_seen_to(sign_in, db, cast, campaign, owed):
    db.session.add(RosterNote(person_id=cast.finn.person.id, text="I am a Foreman now", at=CLOCK, seq=an_entry()))
    db.session.commit()
    path = f"/campaign-desk/people/{owed('finn').reference}"
    assert "Finn Filer says that something on the roster is wrong" in sign_in("dee").get("/campaign-desk/").text
    assert "I am a Foreman now" in sign_in("dee").get(path).text
    sign_in("dee").post(f"{path}/notes-done")
    assert "I am a Foreman now" not in sign_in("dee").get(path).text


def test_the_desk_asks_to_open_and_is_told_that_it_waits(sign_in, db, form):
    client = sign_in("dee")
    assert "May 1, 2026" in client.get("/campaign-desk/open").text
    reply = client.post("/campaign-desk/open", data={"year": "2026", "reason": "The year begins"})
    assert reply.status_code == 302
    assert db.session.scalars(select(Campaign)).all() == []
    assert db.session.scalars(select(Request.action)).all() == ["open_campaign"]
    assert client.post("/campaign-desk/open", data={"year": "2026", "reason": "Again"}).status_code == 422


@pytest.mark.parametrize("year", ["", "20", "abc", "99999", "2026.5"])
def test_an_odd_year_is_refused(sign_in, db, form, year):
    assert sign_in("dee").post("/campaign-desk/open", data={"year": year, "reason": "x"}).status_code == 422
    assert db.session.scalars(select(Request)).all() == []


def test_closing_and_pausing_are_asked_for(sign_in, db, campaign):
    client = sign_in("dee")
    assert client.post("/campaign-desk/close", data={"reason": ""}).status_code == 422
    assert client.post("/campaign-desk/close", data={"reason": "The year is over"}).status_code == 302
    assert client.post("/campaign-desk/pause", data={"part": "0", "paused": "yes", "reason": ""}).status_code == 422
    assert client.post("/campaign-desk/pause", data={"part": "77", "paused": "yes", "reason": "Order"}).status_code == 422
    assert client.post("/campaign-desk/pause", data={"part": "0", "paused": "yes", "reason": "Court order"}).status_code == 302
    assert db.session.scalars(select(Request.action).order_by(Request.id)).all() == ["close_campaign", "pause_campaign"]


def test_many_get_more_time_at_once(sign_in, db, campaign):
    data = {"whom": "department", "department": "Public Works", "until": "2026-05-15", "reason": "city_needs"}
    assert "Public Works" in sign_in("dee").get("/campaign-desk/extend").text
    assert sign_in("dee").post("/campaign-desk/extend", data={**data, "department": ""}).status_code == 422
    assert sign_in("dee").post("/campaign-desk/extend", data=data).status_code == 302
    assert len(db.session.scalars(select(Extension)).all()) == 2


def test_every_page_speaks_spanish_too(sign_in, campaign, owed):
    client = sign_in("dee")
    with client.session_transaction() as cookie:
        cookie["language"] = "es"
    for path in (
        "/campaign-desk/",
        "/campaign-desk/people",
        f"/campaign-desk/people/{owed('finn').reference}",
        "/campaign-desk/open",
    ):
        assert 'lang="es"' in client.get(path).text
