"""Where giving a form ends: two forms, the last day that can be, who is let in, what was excused; and what hostile hands send."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from coi.audit.record import record
from coi.campaigns import arrivals, giving, leaving
from coi.campaigns.obligations import make_obligation
from coi.disclosures.actions import start
from coi.errors import NotPossible
from coi.models import AuditEntry, FormUsed, Letter, Obligation, Refusal
from coi.people.actions import import_roster
from coi.people.reading import Line
from coi.rules.permissions import SYSTEM
from coi.vocabulary import Event, GiveReason, Kind
from tests.city import CLOCK
from tests.factories import OPERATOR, PersonFactory, QuestionnaireFactory, an_entry

EVENT = date(2026, 2, 16)
TODAY = date(2026, 3, 2)
HOSTILE = "<script>alert(1)</script>\u202e=1+1"


@pytest.fixture
def given(cast, campaign):
    """`given("kit", Kind.NEW_POSITION, …)`: what Dee of the desk gives."""

    def to(name: str, kind: Kind, event_on: date = EVENT) -> list[Obligation]:
        return giving.give(cast[name].person, kind, event_on, GiveReason.ROSTER_LATE, cast.dee.actor, CLOCK)

    return to


def asked_of(db, person, kind: Kind) -> list[Obligation]:
    rows = select(Obligation).where(Obligation.person_id == person.id, Obligation.kind == kind, Obligation.ended_seq.is_(None))
    return list(db.session.scalars(rows.order_by(Obligation.id)))


def also(db, kind: Kind, *, published: bool = True) -> None:
    """A second form that is asked for this kind."""
    if published:
        QuestionnaireFactory(form_id="research-support")
    db.session.add(FormUsed(form_id="research-support", kinds=[kind.value], at=CLOCK, seq=an_entry()))
    db.session.flush()


def moved(db, person, department: str) -> None:
    """The roster shows a new position at last, and the worker acts on it the next day."""
    told = {"number": person.number, "name": person.name, "department": department}
    import_roster([Line(2, told, {})], False, "r.csv", "0" * 64, OPERATOR, CLOCK)
    db.session.commit()
    arrivals.after_imports(CLOCK + timedelta(days=1))
    db.session.commit()


def test_of_two_forms_the_one_that_was_asked_is_not_asked_again(db, cast, given):
    [first] = given("kit", Kind.NEW_POSITION)
    also(db, Kind.NEW_POSITION)
    [second] = given("kit", Kind.NEW_POSITION)
    assert (first.form_id, second.form_id) == ("city-coi", "research-support")
    assert len(asked_of(db, cast.kit.person, Kind.NEW_POSITION)) == 2
    with pytest.raises(NotPossible, match=first.reference):
        given("kit", Kind.NEW_POSITION)


def test_a_form_that_is_not_published_is_not_given(db, cast, given):
    also(db, Kind.NEW_POSITION, published=False)
    with pytest.raises(NotPossible, match="research-support is not published"):
        given("kit", Kind.NEW_POSITION)
    assert asked_of(db, cast.kit.person, Kind.NEW_POSITION) == []


@pytest.mark.parametrize("event_on", [date(2025, 3, 1), date(2027, 3, 3)])
def test_a_year_away_to_the_day_can_be(given, event_on):
    [made] = given("kit", Kind.NEW_POSITION, event_on)
    assert giving.event_of(made) == event_on


def test_who_is_no_employee_is_asked_for_nothing(cast, given):
    cast.kit.person.employee = False
    with pytest.raises(NotPossible, match="no employee"):
        given("kit", Kind.NEW_HIRE)


@pytest.mark.parametrize(("because", "works"), [("left", True), ("asked by the office", False)])
def test_only_an_account_that_the_leaving_closed_works_again(db, cast, given, because, works):
    cast.kit.person.active, cast.kit.person.left_on, cast.kit.account.active = False, date(2026, 2, 27), False
    record(Event.ACCOUNT_CLOSED, SYSTEM, f"account:{cast.kit.account.id}", CLOCK, because=because)
    given("kit", Kind.LEAVING, date(2026, 2, 27))
    assert cast.kit.account.active is works


def test_who_left_long_ago_can_sign_in_as_long_as_anybody_who_is_asked(db, cast, given):
    kit = cast.kit
    kit.person.active, kit.person.left_on, kit.account.active = False, TODAY - timedelta(days=200), False
    record(Event.ACCOUNT_CLOSED, SYSTEM, f"account:{kit.account.id}", CLOCK, because="left")
    [made] = given("kit", Kind.LEAVING, kit.person.left_on)
    assert (leaving.close_accounts(CLOCK + timedelta(days=180)), kit.account.active) == (0, True)
    assert (leaving.close_accounts(CLOCK + timedelta(days=181)), kit.account.active) == (1, False)
    kit.account.active = True
    giving.take_back(made, cast.dee.actor, CLOCK)
    assert (leaving.close_accounts(CLOCK), kit.account.active) == (1, False)


@pytest.mark.parametrize(("kind", "column"), [(Kind.NEW_HIRE, "hired_on"), (Kind.LEAVING, "left_on")])
def test_what_the_roster_asked_before_the_day_came_is_about_that_day(db, cast, given, signs, kind, column):
    later = date(2026, 3, 16)
    setattr(cast.kit.person, column, later)
    cast.kit.person.title = "Deputy Director"
    [made] = make_obligation(cast.kit.person, kind, "roster:ROS-2026-AAAAAA", CLOCK)
    made.settled_on = TODAY
    with pytest.raises(NotPossible, match="same event"):
        given("kit", kind, later)
    assert given("kit", kind, later + timedelta(days=1))


def test_what_was_taken_back_keeps_the_roster_from_nothing(db, cast, given):
    PersonFactory(department=cast.finn.person.department)
    PersonFactory(department="Bureau of Purchasing")
    [made] = given("finn", Kind.NEW_POSITION)
    giving.take_back(made, cast.dee.actor, CLOCK)
    moved(db, cast.finn.person, "Bureau of Purchasing")
    assert [one.occasion.partition(":")[0] for one in asked_of(db, cast.finn.person, Kind.NEW_POSITION)] == ["roster"]


def test_a_form_of_another_kind_keeps_the_roster_from_nothing(db, cast, given):
    PersonFactory(department=cast.finn.person.department)
    PersonFactory(department="Bureau of Purchasing")
    given("finn", Kind.LEAVING, date(2026, 3, 20))
    moved(db, cast.finn.person, "Bureau of Purchasing")
    assert len(asked_of(db, cast.finn.person, Kind.NEW_POSITION)) == 1


def test_what_somebody_else_was_asked_keeps_nobody_from_being_asked(db, cast, given):
    given("finn", Kind.NEW_POSITION)
    assert given("kit", Kind.NEW_POSITION)


def test_what_was_excused_is_open_no_more(db, cast, given):
    [made] = given("kit", Kind.NEW_POSITION)
    made.excused = True
    db.session.flush()
    with pytest.raises(NotPossible, match="Nothing is due"):
        giving.take_back(made, cast.dee.actor, CLOCK)
    assert given("kit", Kind.NEW_POSITION, EVENT + timedelta(days=1))


def test_who_had_a_letter_about_something_else_gets_none_about_a_form_taken_back(db, cast, given, owed):
    told = {"message_id": "<a@city.example>", "kind": "reminder", "language": "en", "subject": "S", "text": "T", "html": "T"}
    about = {"once": f"due:{owed('kit').reference}", "person_id": cast.kit.person.id, "to_address": "kit@city.example"}
    db.session.add(Letter(**told, **about, due_at=CLOCK, made_at=CLOCK, sent_at=CLOCK))
    [made] = given("kit", Kind.NEW_POSITION)
    giving.take_back(made, cast.dee.actor, CLOCK)
    assert "not_needed" not in db.session.scalars(select(Letter.kind)).all()


def test_what_may_go_is_what_is_open_and_not_begun(db, cast, given):
    [made] = given("kit", Kind.NEW_POSITION)
    assert giving.given_among([made], [])[made.id].may_go
    assert not giving.given_among([made], [made.id])[made.id].may_go
    made.settled_on = TODAY
    assert not giving.given_among([made], [])[made.id].may_go


# The pages, in hostile hands.


def typed(**more: str) -> dict[str, str]:
    return {"kind": "new_position", "event_on": "2026-02-16", "reason": "left_out", **more}


def entries(db) -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEntry))


def test_pressed_twice_it_is_one_form_and_a_stale_page_takes_back_nothing(sign_in, db, cast, campaign):
    desk, path = sign_in("dee"), f"/campaign-desk/give/{cast.kit.person.number}"
    assert [desk.post(path, data=typed()).status_code for _press in range(2)] == [302, 422]
    [made] = asked_of(db, cast.kit.person, Kind.NEW_POSITION)
    back = f"/campaign-desk/people/{made.reference}/take-back"
    start(made, cast.kit.actor, CLOCK)
    db.session.commit()
    before = entries(db)
    reply = desk.post(back)
    assert (reply.status_code, "has begun" in reply.text) == (422, True)
    db.session.refresh(made)
    assert (made.ended_seq, entries(db)) == (None, before)


def test_taken_back_twice_is_taken_back_once(sign_in, db, cast, campaign, given):
    [made] = given("kit", Kind.NEW_POSITION)
    db.session.commit()
    back = f"/campaign-desk/people/{made.reference}/take-back"
    assert [sign_in("dee").post(back).status_code for _press in range(2)] == [302, 422]
    ended = select(func.count()).select_from(AuditEntry).where(AuditEntry.event == Event.OBLIGATION_ENDED.code)
    assert db.session.scalar(ended) == 1


@pytest.mark.parametrize("name", ["finn", "sam", "olu", "ada"])
def test_nobody_else_gives_or_takes_back(sign_in, db, cast, campaign, given, name):
    [made] = given("kit", Kind.NEW_POSITION)
    db.session.commit()
    before = entries(db)
    for path in (f"/campaign-desk/give/{cast.kit.person.number}", f"/campaign-desk/people/{made.reference}/take-back"):
        assert sign_in(name).post(path, data=typed(event_on="2026-02-20")).status_code == 404
    assert entries(db) == before
    assert db.session.scalar(select(func.count()).select_from(Refusal)) > 0


def test_only_a_page_gives_and_only_a_button_takes_back(sign_in, cast, campaign, given):
    [made] = given("kit", Kind.NEW_POSITION)
    desk = sign_in("dee")
    assert desk.get(f"/campaign-desk/people/{made.reference}/take-back").status_code == 405
    for method in ("put", "delete", "patch"):
        assert getattr(desk, method)(f"/campaign-desk/give/{cast.kit.person.number}").status_code == 405


@pytest.mark.parametrize("number", ["%00", "1", "001003%20", "=1+1", "%3Cscript%3E", "..%2F001003", "\u0661" * 6, "9" * 3000])
def test_a_number_that_nobody_has_is_nothing(sign_in, campaign, number):
    desk = sign_in("dee")
    assert desk.get(f"/campaign-desk/give/{number}").status_code == 404
    assert desk.post(f"/campaign-desk/give/{number}", data=typed()).status_code == 404


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "2026-02-16T00:00", HOSTILE, "\x00", "9" * 5000])
def test_a_day_that_can_not_be_is_refused_and_shown_harmlessly(sign_in, db, cast, campaign, day):
    before = entries(db)
    reply = sign_in("dee").post(f"/campaign-desk/give/{cast.kit.person.number}", data=typed(event_on=day))
    assert (reply.status_code, entries(db)) == (422, before)
    assert "<script>alert" not in reply.text


def test_what_else_is_sent_along_changes_nothing_of_it(sign_in, db, cast, campaign):
    more = {"person_id": str(cast.finn.person.id), "due_on": "2030-01-01", "occasion": "roster:x", "because": HOSTILE}
    assert sign_in("dee").post(f"/campaign-desk/give/{cast.kit.person.number}", data=typed(**more)).status_code == 302
    [made] = asked_of(db, cast.kit.person, Kind.NEW_POSITION)
    assert (made.occasion, made.due_on) == ("desk:2026-02-16", date(2026, 4, 1))
    assert json.loads(db.session.get(AuditEntry, made.seq).details) == {"kind": "new_position", "count": 1, "because": "left_out"}
    assert asked_of(db, cast.finn.person, Kind.NEW_POSITION) == []


def test_a_hostile_name_and_a_hostile_search_are_words(sign_in, db, cast, campaign):
    PersonFactory(number="000779", name=f"Una {HOSTILE}", search_name="una hostile", title=HOSTILE, department=HOSTILE)
    db.session.commit()
    desk = sign_in("dee")
    for path in ("/campaign-desk/people?search=una+hostile", "/campaign-desk/give/000779"):
        page = desk.get(path)
        assert (page.status_code, "Una &lt;script&gt;" in page.text, "<script>alert" in page.text) == (200, True, False)
    for search in ("%3Cscript%3Ealert(1)%3C/script%3E", "%00", "%25", "_", "%E2%80%AE", "a" * 5000):
        page = desk.get(f"/campaign-desk/people?search={search}")
        assert (page.status_code, "<script>alert" in page.text, "Give a form" in page.text) == (200, False, False)


def test_who_looks_for_themselves_is_offered_nothing_that_they_may_not_do(sign_in, db, cast, form):
    page = sign_in("dee").get("/campaign-desk/people?search=desk").text
    assert f"/campaign-desk/give/{cast.dan.person.number}" in page
    assert f"/campaign-desk/give/{cast.dee.person.number}" not in page
