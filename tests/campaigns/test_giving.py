"""A form that the desk gives to one person: due as an import would make it due, once for an event, taken back while not begun."""

import json
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from coi.audit.record import record
from coi.campaigns import actions, arrivals, giving, reminders
from coi.campaigns.obligations import make_obligation
from coi.disclosures.actions import start
from coi.errors import NotPossible, Refused
from coi.models import AuditEntry, Letter, Obligation, Person
from coi.people.actions import import_roster
from coi.people.reading import Line
from coi.rules.deadlines import same_event
from coi.rules.permissions import SYSTEM
from coi.vocabulary import Event, GiveReason, Kind
from tests.city import CLOCK
from tests.factories import OPERATOR, PersonFactory

EVENT = date(2026, 2, 16)
NEXT = CLOCK + timedelta(days=1)


@pytest.fixture
def given(cast, campaign):
    """`given("finn", Kind.NEW_POSITION, …)`: what Dee of the desk gives."""

    def to(name: str, kind: Kind, event_on: date = EVENT, now: datetime = CLOCK) -> list[Obligation]:
        return giving.give(cast[name].person, kind, event_on, GiveReason.ROSTER_LATE, cast.dee.actor, now)

    return to


def of_kind(db, person, kind: Kind) -> list[Obligation]:
    """What was asked of somebody by kind, ended or not."""
    rows = select(Obligation).where(Obligation.person_id == person.id, Obligation.kind == kind)
    return list(db.session.scalars(rows.order_by(Obligation.id)))


@pytest.mark.parametrize(
    ("kind", "event_on", "due_on"),
    [
        (Kind.NEW_HIRE, EVENT, date(2026, 4, 1)),  # thirty days after being told, which came later
        (Kind.NEW_HIRE, date(2026, 3, 16), date(2026, 4, 15)),  # thirty days after the event, which comes later
        (Kind.NEW_POSITION, date(2026, 3, 5), date(2026, 4, 6)),  # a Saturday moves to Monday
        (Kind.LEAVING, date(2026, 3, 20), date(2026, 3, 20)),
    ],
)
def test_it_is_due_as_an_import_would_make_it_due(db, cast, given, kind, event_on, due_on):
    [made] = given("kit", kind, event_on)
    assert (made.kind, made.due_on, made.told_on, made.form_id) == (kind, due_on, date(2026, 3, 2), "city-coi")
    assert (made.name, made.filer["kind"], made.reporting_year) == ("Kit Stranger", kind.value, 2025)


def test_the_entry_names_the_reason_as_a_code_and_who_gave_it(db, cast, given):
    [made] = given("kit", Kind.NEW_POSITION)
    entry = db.session.get(AuditEntry, made.seq)
    assert (entry.event, entry.actor, entry.subject) == (
        Event.OBLIGATION_MADE.code,
        cast.dee.actor.name,
        f"obligation:{made.reference}",
    )
    assert json.loads(entry.details) == {"kind": "new_position", "count": 1, "because": "roster_late"}
    told = giving.given_among([made], [])[made.id]
    assert (told.event_on, str(told.reason), told.by, told.may_go) == (
        EVENT,
        "The roster does not show it yet",
        cast.dee.person.name,
        True,
    )


@pytest.mark.parametrize("kind", [Kind.ANNUAL, Kind.CHANGE, Kind.GIFT])
def test_what_is_the_employees_own_to_tell_can_not_be_given(db, cast, given, kind):
    with pytest.raises(Refused) as refusal:
        given("kit", kind)
    assert refusal.value.field == "kind"
    assert [one for one in of_kind(db, cast.kit.person, kind) if giving.event_of(one)] == []


def test_the_same_event_is_asked_about_once_filed_or_not(db, cast, given, signs):
    given("kit", Kind.NEW_POSITION)
    with pytest.raises(NotPossible, match="still open"):
        given("kit", Kind.NEW_POSITION, date(2026, 2, 1))
    signs("kit", kind=Kind.NEW_POSITION)
    with pytest.raises(NotPossible, match="same event"):
        given("kit", Kind.NEW_POSITION)
    given("kit", Kind.NEW_POSITION, date(2026, 3, 9))
    assert len(of_kind(db, cast.kit.person, Kind.NEW_POSITION)) == 2


def test_where_nobody_kept_the_day_what_was_asked_on_it_or_after_it_was_about_it():
    told = date(2026, 3, 2)
    assert same_event(told, None, told)
    assert same_event(told - timedelta(days=1), None, told)
    assert not same_event(told + timedelta(days=1), None, told)
    assert same_event(told + timedelta(days=1), told + timedelta(days=1), told)
    assert not same_event(told - timedelta(days=1), told - timedelta(days=9), told, exactly=True)


def test_what_the_roster_asked_about_is_not_asked_again_by_the_desk(db, cast, given, signs):
    [made] = make_obligation(cast.kit.person, Kind.NEW_HIRE, "roster:ROS-2026-AAAAAA", CLOCK)
    signs("kit", kind=Kind.NEW_HIRE, obligation_id=made.id)
    assert made.settled_on is not None
    with pytest.raises(NotPossible, match="same event"):
        given("kit", Kind.NEW_HIRE)


def changed(db, person, now: datetime, **columns: str) -> None:
    """A roster that shows it at last, and the worker's part of the next day."""
    told = {"number": person.number, "name": person.name, **columns}
    import_roster([Line(2, told, {})], False, "r.csv", "0" * 64, OPERATOR, now)
    db.session.commit()
    arrivals.after_imports(now + timedelta(days=1))
    db.session.commit()


@pytest.mark.parametrize("filed", [False, True])
def test_the_roster_that_comes_late_asks_no_second_time(db, cast, given, signs, filed):
    for stays in (cast.finn.person.department, "Bureau of Purchasing"):
        PersonFactory(department=stays)  # somebody stays, so the move is no new name of the department
    given("finn", Kind.NEW_POSITION)
    if filed:
        signs("finn", kind=Kind.NEW_POSITION)
    changed(db, cast.finn.person, CLOCK, department="Bureau of Purchasing")
    assert len(of_kind(db, cast.finn.person, Kind.NEW_POSITION)) == 1
    changed(db, cast.finn.person, CLOCK + timedelta(days=9), department="Fire")
    assert len(of_kind(db, cast.finn.person, Kind.NEW_POSITION)) == (2 if filed else 1)


def test_an_import_that_knows_of_no_leaving_does_not_end_the_form_that_the_desk_gave(db, cast, given):
    cast.finn.person.title = "Deputy Director"
    [made] = given("finn", Kind.LEAVING, date(2026, 3, 20))
    changed(db, cast.finn.person, CLOCK, email="finn.new@city.example")
    assert made.ended_seq is None
    changed(db, cast.finn.person, CLOCK + timedelta(days=2), left_on="2026-03-20")
    assert [one.id for one in of_kind(db, cast.finn.person, Kind.LEAVING)] == [made.id]


def test_a_new_hire_whom_an_import_brings_meanwhile_is_asked_once(db, cast, campaign):
    line = {"number": "000777", "name": "Nia Newcomer", "hired_on": "2026-03-02"}
    import_roster([Line(2, line, {})], False, "r.csv", "0" * 64, OPERATOR, CLOCK)
    db.session.commit()
    nia = db.session.scalars(select(Person).where(Person.number == "000777")).one()
    giving.give(nia, Kind.NEW_HIRE, date(2026, 3, 2), GiveReason.TOLD_US, cast.dee.actor, CLOCK)
    db.session.commit()
    arrivals.after_imports(NEXT)
    assert len(of_kind(db, nia, Kind.NEW_HIRE)) == 1


def test_a_letter_tells_the_person_and_another_one_takes_it_back(db, cast, given):
    [made] = given("kit", Kind.LEAVING, date(2026, 4, 20))
    db.session.commit()
    reminders.write_due(CLOCK)
    letters = select(Letter).where(Letter.person_id == cast.kit.person.id).order_by(Letter.id)
    asked = db.session.scalars(letters).all()[-1]
    assert (asked.kind, "April 20, 2026" in asked.text) == ("asked_leaving", True)
    giving.take_back(made, cast.dee.actor, CLOCK)
    assert (asked.dropped, db.session.scalars(letters).all()[-1].id) == ("ended", asked.id)
    [again] = given("kit", Kind.LEAVING, date(2026, 4, 20))
    db.session.commit()
    reminders.write_due(CLOCK)
    sent = db.session.scalars(letters).all()[-1]
    sent.sent_at = CLOCK
    db.session.flush()
    giving.take_back(again, cast.dee.actor, CLOCK)
    assert db.session.scalars(letters).all()[-1].kind == "not_needed"


def test_who_comes_after_the_campaign_closed_is_told_all_the_same(db, cast, campaign, given):
    actions.close(campaign, OPERATOR, CLOCK)
    given("kit", Kind.NEW_POSITION)
    db.session.commit()
    reminders.write_due(CLOCK)
    kinds = db.session.scalars(select(Letter.kind).where(Letter.person_id == cast.kit.person.id)).all()
    assert kinds == ["asked"]


def test_it_is_taken_back_while_nobody_began_it_and_may_be_given_again(db, cast, given):
    [made] = given("kit", Kind.NEW_POSITION)
    giving.take_back(made, cast.dee.actor, CLOCK)
    assert made.ended_seq is not None
    assert json.loads(db.session.get(AuditEntry, made.ended_seq).details) == {"because": "taken_back"}
    with pytest.raises(NotPossible):
        giving.take_back(made, cast.dee.actor, CLOCK)
    [again] = given("kit", Kind.NEW_POSITION)
    assert (again.id != made.id, again.occasion) == (True, "desk:2026-02-16:2")
    assert giving.event_of(again) == EVENT
    start(again, cast.kit.actor, CLOCK)
    with pytest.raises(NotPossible, match="has begun"):
        giving.take_back(again, cast.dee.actor, CLOCK)
    assert again.ended_seq is None


def test_what_the_desk_did_not_give_is_not_its_to_take_back(db, cast, owed):
    with pytest.raises(NotPossible, match="that the desk gave"):
        giving.take_back(owed("kit"), cast.dee.actor, CLOCK)


def test_nobody_gives_a_form_to_themselves(db, cast, campaign):
    with pytest.raises(NotPossible):
        giving.give(cast.dee.person, Kind.NEW_POSITION, EVENT, GiveReason.OTHER, cast.dee.actor, CLOCK)


def test_who_left_is_given_a_leaving_form_only_and_may_sign_in_for_it(db, cast, given):
    cast.kit.person.active, cast.kit.person.left_on = False, date(2026, 2, 27)
    with pytest.raises(NotPossible, match="leaving form"):
        given("kit", Kind.NEW_POSITION)
    cast.kit.account.active = False
    record_closed(cast)
    given("kit", Kind.LEAVING, date(2026, 2, 27))
    assert cast.kit.account.active


def record_closed(cast) -> None:
    """That the account was closed because its person left."""
    record(Event.ACCOUNT_CLOSED, SYSTEM, f"account:{cast.kit.account.id}", CLOCK, because="left")


@pytest.mark.parametrize("event_on", [date(2024, 3, 1), date(2027, 3, 4)])
def test_a_day_more_than_a_year_away_is_a_slip_of_the_pen(db, cast, given, event_on):
    with pytest.raises(Refused) as refusal:
        given("kit", Kind.NEW_POSITION, event_on)
    assert refusal.value.field == "event_on"


# The pages.


def typed(**more: str) -> dict[str, str]:
    return {"kind": "new_position", "event_on": "2026-02-16", "reason": "left_out", **more}


def test_the_desk_gives_a_form_on_the_page_and_takes_it_back(sign_in, db, cast, campaign):
    path = f"/campaign-desk/give/{cast.finn.person.number}"
    desk = sign_in("dee")
    page = desk.get(path).text
    assert "Give a form to Finn Filer" in page
    assert "Something changed" not in page
    reply = desk.post(path, data=typed())
    [made] = of_kind(db, cast.finn.person, Kind.NEW_POSITION)
    assert (reply.status_code, reply.location) == (302, f"/campaign-desk/people/{made.reference}")
    page = desk.get(reply.location).text
    assert "Was left out by mistake" in page
    assert f"{reply.location}/take-back" in page
    assert desk.post(f"{reply.location}/take-back").status_code == 302
    db.session.refresh(made)
    assert made.ended_seq is not None
    assert "take-back" not in desk.get(reply.location).text


def test_a_form_twice_is_refused_at_the_day_with_what_was_typed(sign_in, db, cast, campaign):
    path = f"/campaign-desk/give/{cast.finn.person.number}"
    sign_in("dee").post(path, data=typed())
    reply = sign_in("dee").post(path, data=typed(event_on="2026-02-17"))
    assert reply.status_code == 422
    assert "still open" in reply.text
    assert 'value="2026-02-17"' in reply.text
    assert len(of_kind(db, cast.finn.person, Kind.NEW_POSITION)) == 1


@pytest.mark.parametrize("wrong", [{"kind": "gift"}, {"kind": ""}, {"event_on": ""}, {"event_on": "x"}, {"reason": "flu"}])
def test_what_is_not_offered_is_refused_and_changes_nothing(sign_in, db, cast, campaign, wrong):
    before = db.session.scalar(select(func.count()).select_from(AuditEntry))
    reply = sign_in("dee").post(f"/campaign-desk/give/{cast.finn.person.number}", data=typed(**wrong))
    assert reply.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == before


def test_who_owes_nothing_is_found_by_the_desk_and_by_no_auditor(sign_in, db, cast, campaign):
    PersonFactory(number="000778", name="Una Unasked", search_name="una unasked")
    db.session.commit()
    path = "/campaign-desk/people?search=unasked"
    assert "/campaign-desk/give/000778" in sign_in("dee").get(path).text
    assert "Una Unasked" not in sign_in("ada").get(path).text
