"""Letters of a campaign to many: first to the desk, in hours and at the pace, never stale, lists for heads, by hand."""

import json
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from coi.campaigns import actions
from coi.campaigns.by_hand import remind
from coi.campaigns.extensions import set_leave
from coi.campaigns.obligations import settle
from coi.campaigns.reminders import write_due
from coi.errors import NotPossible
from coi.models import AuditEntry, Letter, LetterStop, Obligation, Rehearsal
from coi.notices import queries, rehearsal
from coi.notices.queries import MASS
from coi.notices.sweep import sweep
from coi.vocabulary import State
from tests.city import CLOCK
from tests.factories import OPERATOR, PersonFactory, QuestionnaireFactory, an_entry, filing


def at(month: int, day: int, hour: int = 14, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CLOCK.tzinfo)


@pytest.fixture
def form(db, cast):
    QuestionnaireFactory(form_id="city-coi")
    db.session.commit()


@pytest.fixture
def campaign(db, form):
    made = actions.open_campaign(2026, OPERATOR, CLOCK, setup=True)
    db.session.commit()
    return made


def run(*moments: datetime) -> None:
    for moment in moments:
        write_due(moment)
        sweep(moment, 1000, paced=False)


def owed_by(db, member) -> Obligation:
    return db.session.scalars(select(Obligation).where(Obligation.person_id == member.person.id)).one()


def kinds(db, member) -> list[str]:
    db.session.expire_all()
    rows = select(Letter.kind).where(Letter.person_id == member.person.id, Letter.sent_at.is_not(None)).order_by(Letter.id)
    return list(db.session.scalars(rows))


def entries(db, event: str) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.seq)))


def test_letters_wait_until_the_desk_had_them_sent_to_itself(db, form, cast):
    made = actions.open_campaign(2026, OPERATOR, CLOCK, request="REQ-1")
    db.session.commit()
    run(CLOCK)
    assert kinds(db, cast.finn) == []
    number = rehearsal.send_to_me(made, cast.dee.actor, cast.dee.person, CLOCK, CLOCK.date())
    db.session.commit()
    assert number == 2 * len(MASS)
    run(CLOCK + timedelta(minutes=1))
    assert kinds(db, cast.finn) == ["invitation"]
    assert Counter(kinds(db, cast.dee))["sample"] == number
    assert '"waived":false' in entries(db, "letters:rehearsed")[0].details


def test_going_without_needs_a_reason_and_is_kept(sign_in, db, form, cast):
    actions.open_campaign(2026, OPERATOR, CLOCK, request="REQ-1")
    db.session.commit()
    client = sign_in("dee")
    assert "wait" in client.get("/notices/first").text
    assert client.post("/notices/first/without", data={"reason": "  "}).status_code == 422
    assert client.post("/notices/first/without", data={"reason": "Sent on paper last week."}).status_code == 302
    row = db.session.scalars(select(Rehearsal)).one()
    assert (row.waived, row.reason) == (True, "Sent on paper last week.")
    assert "Sent on paper last week." not in str(entries(db, "letters:rehearsed")[0].details)
    assert client.post("/notices/first/send").status_code == 302


def test_a_worker_that_was_off_for_three_days_catches_up_once(db, campaign, cast):
    run(at(3, 2), at(4, 1))
    run(at(4, 24, 22))  # after hours
    # Off from April 28 to May 1: "two days" passed, "today" has come.
    run(at(5, 1), at(5, 1, 15))
    assert kinds(db, cast.finn) == ["invitation", "reminder", "last_day"]
    assert [json.loads(one.details)["step"] for one in entries(db, "letters:skipped")] == ["two", "week"]


def test_an_outage_over_the_due_date_says_only_what_is_still_true(db, campaign, cast):
    run(at(3, 2))
    write_due(at(4, 24))  # written, and the worker dies before it sends
    run(at(5, 8))
    assert kinds(db, cast.finn) == ["invitation", "overdue"]
    stopped = db.session.scalars(select(LetterStop.because)).all()
    assert set(stopped) == {"overtaken"}
    assert len(entries(db, "letter:stopped")) == len(stopped)


def test_leave_that_begins_after_the_letter_was_written_stops_it_and_it_leaves_after_the_pause(db, campaign, cast):
    write_due(CLOCK)
    set_leave(cast.finn.person, None, None, True, OPERATOR, CLOCK)
    db.session.commit()
    run(CLOCK + timedelta(minutes=1))
    assert kinds(db, cast.finn) == []
    set_leave(cast.finn.person, None, None, False, OPERATOR, CLOCK)
    db.session.commit()
    run(CLOCK + timedelta(minutes=2))
    assert kinds(db, cast.finn) == ["invitation"]


def test_filing_stops_what_is_written_at_once(db, campaign, cast):
    write_due(CLOCK)
    made = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person, form_id="city-coi")
    settle(made, cast.finn.actor, CLOCK, an_entry())
    db.session.commit()
    sweep(CLOCK, 1000, paced=False)
    assert kinds(db, cast.finn) == []


def test_letters_to_many_leave_in_work_hours_and_twenty_a_minute_whoever_wakes_the_worker(db, cast, form):
    for number in range(45):
        PersonFactory(name=f"Clerk {number}", email=f"clerk{number}@city.example")
    actions.open_campaign(2026, OPERATOR, CLOCK, setup=True)
    db.session.commit()
    write_due(CLOCK)
    assert sweep(at(3, 2, 23)) == 0
    assert queries.waiting_for_hours(at(3, 2, 23)) == 55
    monday = at(3, 3)
    assert [sweep(monday + timedelta(seconds=second)) for second in (0, 10, 61, 70, 130)] == [20, 0, 20, 0, 15]


def test_heads_are_asked_and_everybody_hears_that_it_comes(db, form, cast):
    made = actions.open_campaign(2026, OPERATOR, CLOCK, setup=True)
    for part in made.parts:
        part.opens_on = date(2026, 4, 6)
    db.session.commit()
    run(at(3, 13))
    assert kinds(db, cast.sam) == []
    run(at(3, 16), at(3, 17), at(3, 30), at(4, 6))
    assert kinds(db, cast.sam) == ["heads", "soon", "invitation"]
    soon = db.session.scalars(select(Letter).where(Letter.kind == "soon")).first()
    assert "<a " not in soon.html
    assert "April 6, 2026" in soon.text


def test_a_heads_list_holds_names_only_once_and_nobody_on_leave(db, campaign, cast):
    twin = PersonFactory(name="Zoe Away", department=cast.finn.person.department, supervisor_id=cast.sam.person.id)
    db.session.flush()
    set_leave(cast.finn.person, date(2026, 5, 4), date(2026, 5, 30), False, OPERATOR, CLOCK)
    first = owed_by(db, cast.finn)
    columns = ("campaign_id", "part_id", "kind", "reporting_year", "told_on", "due_on", "seq", "form_id", "occasion")
    kept = {name: getattr(first, name) for name in columns}
    db.session.add(Obligation(**kept, reference="DUE-2026-TWIN", person_id=twin.id, name=twin.name))
    db.session.commit()
    run(at(5, 6), at(5, 7), at(5, 7, 15))
    digests = list(db.session.scalars(select(Letter).where(Letter.kind == "digest")))
    mine = [one for one in digests if one.person_id == cast.sam.person.id]
    assert len(mine) == 1
    assert "Zoe Away" in mine[0].text
    assert cast.finn.person.name not in mine[0].text
    run(at(5, 18), at(5, 19))
    assert kinds(db, cast.sam).count("digest") == 2
    desk = db.session.scalars(select(Letter).where(Letter.kind == "late_list")).all()
    assert {one.person_id for one in desk} >= {cast.dee.person.id, cast.sia.person.id}
    assert len({one.person_id for one in desk}) == len(desk)


def test_a_reminder_by_hand_goes_once_a_day_and_never_to_who_gets_none(db, campaign, cast):
    owed = owed_by(db, cast.finn)
    remind(owed, cast.dee.actor, at(3, 3))
    with pytest.raises(NotPossible, match="today already"):
        remind(owed, cast.dee.actor, at(3, 3, 16))
    set_leave(cast.finn.person, None, None, True, OPERATOR, CLOCK)
    with pytest.raises(NotPossible, match="on leave or gets no letters"):
        remind(owed, cast.dee.actor, at(3, 4))
    letter = db.session.scalars(select(Letter).where(Letter.kind == "by_hand")).one()
    assert "May 1, 2026" in letter.text


def test_the_list_of_the_long_late_reminds_by_hand(sign_in, db, campaign, cast):
    owed = owed_by(db, cast.finn)
    owed.due_on = date(2026, 2, 2)
    client = sign_in("dee")
    page = client.get("/notices/late").text
    assert cast.finn.person.name in page
    assert cast.kit.person.name not in page
    assert client.post(f"/notices/remind/{owed.reference}").status_code == 302
    assert db.session.scalar(select(func.count()).where(Letter.kind == "by_hand")) == 1
