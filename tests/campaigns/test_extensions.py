"""More time, excuses and leave: one person up to thirty days, two beyond, nobody for themselves, letters that stop."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from coi.accounts import requests
from coi.campaigns import extensions, queries
from coi.campaigns.extensions import ask_excuse, extend, extend_many, set_leave
from coi.errors import NotPossible, Refused
from coi.models import AuditEntry, Excuse, Extension, Leave, Request
from coi.vocabulary import Event, ExcuseReason, ExtensionReason, Standing
from tests.city import CLOCK

DUE = date(2026, 5, 1)
AWAY = ExtensionReason.AWAY


def test_thirty_days_are_one_persons_act(db, campaign, cast, owed):
    assert extend(owed("finn"), date(2026, 5, 29), AWAY, "", cast.dee.actor, CLOCK) is None
    row = db.session.scalars(select(Extension)).one()
    assert (row.until, row.reason, row.by, row.request_id) == (date(2026, 5, 29), "away", cast.dee.actor.name, None)
    assert queries.owed_by(cast.finn.person.id, DUE)[0].due_on == date(2026, 5, 29)


def test_a_weekend_moves_the_new_due_date_on(db, campaign, cast, owed):
    extend(owed("finn"), date(2026, 5, 16), AWAY, "", cast.dee.actor, CLOCK)
    assert owed("finn").extended_to == date(2026, 5, 18)


def test_more_days_need_a_second_person(db, campaign, cast, owed):
    request = extend(owed("finn"), date(2026, 6, 2), AWAY, "Works at sea", cast.dee.actor, CLOCK)
    assert owed("finn").extended_to is None
    assert requests.approve(request, "Fine", cast.sia.actor, CLOCK)
    row = db.session.scalars(select(Extension)).one()
    assert (row.until, row.by, row.request_id) == (date(2026, 6, 2), cast.sia.actor.name, request.id)


def test_thirty_days_twice_are_sixty(db, campaign, cast, owed):
    extend(owed("finn"), date(2026, 5, 29), AWAY, "", cast.dee.actor, CLOCK)
    assert extend(owed("finn"), date(2026, 6, 26), AWAY, "Again", cast.dee.actor, CLOCK) is not None


def test_more_days_without_a_why_are_refused(campaign, cast, owed):
    with pytest.raises(Refused) as refusal:
        extend(owed("finn"), date(2026, 6, 2), AWAY, "", cast.dee.actor, CLOCK)
    assert refusal.value.field == "why"


@pytest.mark.parametrize("until", [date(2026, 3, 2), date(2026, 4, 30), DUE])
def test_an_earlier_day_gives_nobody_more_time(campaign, cast, owed, until):
    with pytest.raises(Refused):
        extend(owed("finn"), until, AWAY, "", cast.dee.actor, CLOCK)


def test_what_is_filed_needs_no_time(campaign, cast, owed, signs):
    signs("finn")
    with pytest.raises(NotPossible):
        extend(owed("finn"), date(2026, 5, 29), AWAY, "", cast.dee.actor, CLOCK)


def test_a_filing_meanwhile_voids_the_request(db, campaign, cast, owed, signs):
    request = extend(owed("finn"), date(2026, 6, 2), AWAY, "Works at sea", cast.dee.actor, CLOCK)
    signs("finn")
    assert not requests.approve(request, "Fine", cast.sia.actor, CLOCK)
    assert db.session.scalars(select(Extension)).all() == []


def test_a_department_gets_more_time_under_one_entry(db, campaign, cast, owed, signs):
    signs("sam")
    number, waiting = extend_many(2026, "Public Works", "", date(2026, 5, 15), AWAY, "", cast.dee.actor, CLOCK)
    assert (number, waiting) == (1, None)
    assert owed("finn").extended_to == date(2026, 5, 15)
    assert owed("kit").extended_to is None
    assert db.session.scalar(select(func.count()).where(AuditEntry.event == Event.EXTENDED.code)) == 1


def test_the_desk_leaves_itself_out(db, campaign, cast, owed):
    number, _waiting = extend_many(2026, "", "", date(2026, 5, 15), AWAY, "", cast.dee.actor, CLOCK)
    assert number == 9
    assert owed("dee").extended_to is None


def test_who_approves_for_all_gets_no_time_by_it(db, campaign, cast, owed):
    number, request = extend_many(2026, "", "", date(2026, 7, 1), AWAY, "Flood", cast.dee.actor, CLOCK)
    assert number == 0
    requests.approve(request, "Fine", cast.sia.actor, CLOCK)
    assert {name for name in cast if owed(name).extended_to is None} == {"dee", "sia"}


def test_an_excuse_needs_two_persons_and_keeps_both_names(db, campaign, cast, owed):
    request = ask_excuse(owed("finn"), ExcuseReason.NOT_COVERED, "A volunteer", cast.dee.actor, CLOCK)
    assert not owed("finn").excused
    assert requests.approve(request, "Right", cast.sia.actor, CLOCK)
    row = db.session.scalars(select(Excuse)).one()
    assert (row.reason, row.request_id) == ("not_covered", request.id)
    assert cast.dee.actor.name in row.by
    assert cast.sia.actor.name in row.by
    assert queries.owed_by(cast.finn.person.id, DUE)[0].standing is Standing.EXCUSED


def test_nobody_approves_their_own_excuse(db, campaign, cast, owed):
    request = ask_excuse(owed("sia"), ExcuseReason.NOT_COVERED, "No reason", cast.dee.actor, CLOCK)
    with pytest.raises(NotPossible):
        requests.approve(request, "Right", cast.sia.actor, CLOCK)
    db.session.rollback()
    assert not owed("sia").excused
    assert db.session.scalars(select(Excuse)).all() == []


def test_the_reason_in_words_is_not_in_the_log(db, campaign, cast, owed):
    ask_excuse(owed("finn"), ExcuseReason.OTHER, "A very private matter", cast.dee.actor, CLOCK)
    assert "private" not in "".join(db.session.scalars(select(AuditEntry.details)))


def test_leave_moves_the_due_date_and_is_never_late(db, campaign, cast, owed):
    set_leave(cast.finn.person, date(2026, 4, 1), date(2026, 6, 5), False, cast.dee.actor, CLOCK)
    of = cast.finn.person.id
    assert queries.owed_by(of, date(2026, 5, 20))[0].standing is Standing.ON_LEAVE
    back = queries.owed_by(of, date(2026, 6, 8))[0]
    assert (back.standing, back.due_on) == (Standing.NOT_STARTED, date(2026, 7, 6))
    assert queries.owed_by(of, date(2026, 7, 7))[0].standing is Standing.LATE


def test_the_newest_leave_counts(db, campaign, cast):
    set_leave(cast.finn.person, date(2026, 4, 1), None, False, cast.dee.actor, CLOCK)
    set_leave(cast.finn.person, None, None, False, cast.dee.actor, CLOCK + timedelta(days=1))
    assert db.session.scalar(select(func.count()).select_from(Leave)) == 2
    assert queries.owed_by(cast.finn.person.id, date(2026, 5, 20))[0].standing is Standing.LATE


def test_a_leave_that_ends_before_it_begins_is_refused(campaign, cast):
    with pytest.raises(Refused):
        set_leave(cast.finn.person, date(2026, 4, 2), date(2026, 4, 1), False, cast.dee.actor, CLOCK)
    with pytest.raises(Refused):
        set_leave(cast.finn.person, None, date(2026, 4, 1), False, cast.dee.actor, CLOCK)


def test_nobody_sets_their_own_leave(campaign, cast):
    with pytest.raises(NotPossible):
        set_leave(cast.dee.person, date(2026, 4, 2), None, False, cast.dee.actor, CLOCK)


def test_what_is_asked_is_said_in_words(db, campaign, cast, owed):
    extend(owed("finn"), date(2026, 6, 2), AWAY, "Works at sea", cast.dee.actor, CLOCK)
    request = db.session.scalars(select(Request)).one()
    assert owed("finn").reference in requests.describe(request)
    assert request.action == extensions.EXTEND
