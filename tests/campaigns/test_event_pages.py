"""The desk's page of days that forms wait for, the person's page, and what home and receipt say meanwhile, in both languages."""

import pytest
from sqlalchemy import func, select

from coi.campaigns import giving
from coi.models import Disclosure, DueDate, EventDate
from coi.vocabulary import GiveReason, Kind
from tests.campaigns.test_events import enter, file, of_vote
from tests.campaigns.voting import DUE, FORM, LATER_DUE, ON, VOTE, bring_form
from tests.city import CLOCK

PAGE = "/campaign-desk/events"
WAITS = "No due date yet: it waits for the day of “Vote of the board”."


@pytest.fixture
def waiting(db, cast, campaign):
    """Finn and Kit were given the form of the vote."""
    bring_form(db)
    for name in ("finn", "kit"):
        giving.give(cast[name].person, Kind.NEW_POSITION, CLOCK.date(), GiveReason.LEFT_OUT, cast.dee.actor, CLOCK)
    db.session.commit()
    return of_vote(db, "finn", cast)


def posted(browser, press: str, **more: str):
    """What the page answers."""
    return browser.post(PAGE, data={"which": f"{FORM}~{VOTE}", "on": ON.isoformat(), "person": "", "press": press, **more})


def counted(db, table) -> int:
    """How many rows there are."""
    return db.session.scalar(select(func.count()).select_from(table))


def test_the_page_says_who_waits_and_what_a_day_would_do(sign_in, db, waiting):
    page = sign_in("dee").get(PAGE).text
    assert "Vote of the board" in page
    assert ">2</td>" in page
    reply = posted(sign_in("dee"), "look")
    assert (reply.status_code, counted(db, EventDate)) == (200, 0)
    assert "2 forms get a due date. Due on April 10, 2026." in reply.text
    assert 'value="keep"' in reply.text
    assert 'value="keep"' not in page


def test_a_day_is_kept_and_stands_in_the_list(sign_in, db, waiting):
    browser = sign_in("dee")
    reply = posted(browser, "keep")
    assert (reply.status_code, counted(db, DueDate)) == (302, 2)
    page = browser.get(PAGE).text
    assert "The day is kept. 2 forms get a due date." in page
    assert "everybody" in page
    assert "April 20, 2026" in page


@pytest.mark.parametrize("typed", ["number", "name"])
def test_one_person_is_found_by_number_and_by_name(sign_in, db, cast, waiting, typed):
    person = cast.kit.person
    posted(sign_in("dee"), "keep", person=person.number if typed == "number" else person.name.lower())
    db.session.expire_all()
    assert (waiting.due_on, of_vote(db, "kit", cast).due_on) == (None, DUE)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"person": "nobody like this"}, "Nobody on the roster has this number or name."),
        ({"person": "e"}, "Several people have this name"),
        ({"on": ""}, 'id="on-error"'),
        ({"which": "city-coi~hired_on"}, 'id="error-summary"'),
        ({"person": "001009"}, "Somebody else must do this for you."),
    ],
)
def test_a_refusal_keeps_what_was_typed_and_nothing_else(sign_in, db, cast, waiting, more, told):
    assert cast.dee.person.number == "001009"
    reply = posted(sign_in("dee"), "keep", **more)
    assert (reply.status_code, counted(db, EventDate)) == (422, 0)
    assert told in reply.text
    assert more.get("person", "") in reply.text


def test_home_and_the_desk_say_for_what_it_waits_in_both_languages(sign_in, db, waiting):
    assert WAITS in sign_in("finn").get("/").text
    assert WAITS in sign_in("finn").get("/my-record").text
    desk = sign_in("dee").get(f"/campaign-desk/people/{waiting.reference}").text
    assert WAITS in desk
    browser = sign_in("finn")
    with browser.session_transaction() as cookie:
        cookie["language"] = "es"
    assert "Todavía no hay plazo: falta el día de «Votación de la junta»." in browser.get("/").text
    enter(db, ON)
    home = sign_in("finn").get("/").text
    assert WAITS not in home
    assert "April 10, 2026" in home


def test_the_day_is_entered_on_the_persons_page(sign_in, db, cast, waiting):
    path = f"/campaign-desk/people/{waiting.reference}"
    page = sign_in("dee").get(path).text
    assert "Enter the day of “Vote of the board”" in page
    reply = sign_in("dee").post(f"{path}/event", data={"event-on": "2026-05-11"})
    assert reply.status_code == 302
    db.session.expire_all()
    assert (waiting.due_on, of_vote(db, "kit", cast).due_on) == (LATER_DUE, None)
    page = sign_in("dee").get(path).text
    assert "Due on May 1, 2026" in page
    assert "Enter the day of “Vote of the board”" in page
    assert sign_in("dee").post(f"{path}/event", data={"event-on": "x"}).status_code == 422


def test_a_yearly_form_offers_no_day(sign_in, db, owed, waiting):
    path = f"/campaign-desk/people/{owed('sam').reference}"
    assert "Enter the day of" not in sign_in("dee").get(path).text
    assert sign_in("dee").post(f"{path}/event", data={"event-on": "2026-05-11"}).status_code == 422
    assert counted(db, EventDate) == 0


def test_the_receipt_says_for_what_it_waits_and_then_the_day(sign_in, db, cast, waiting):
    owed = file(db, cast, "kit", "change")
    reference = db.session.scalar(select(Disclosure.reference).where(Disclosure.obligation_id == owed.id))
    assert WAITS in sign_in("kit").get(f"/filings/{reference}/receipt").text
    enter(db, ON)
    receipt = sign_in("kit").get(f"/filings/{reference}/receipt").text
    assert WAITS not in receipt
    assert "April 10, 2026" in receipt
