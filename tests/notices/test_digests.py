"""Digests and reminders: once each, by what is due and not done; a worker that slept writes one; counts and references only."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from coi.disclosures.clocks import answer_by, clock_of
from coi.models import Leave, Letter
from coi.profiles import current
from coi.review import actions
from coi.workload.digests import write
from coi.workload.reminders import remind
from tests.disclosures.steps import now
from tests.factories import an_entry
from tests.review.cases import at, away, case_of, holder


def letters(db, *kinds):
    """(kind, reader) of the letters of these kinds, in order."""
    rows = db.session.execute(select(Letter.kind, Letter.person_id).where(Letter.kind.in_(kinds)).order_by(Letter.id))
    return [tuple(row) for row in rows]


def asked(cast):
    """A case whose holder asked the filer something this morning."""
    made = case_of(cast)
    actions.ask(made, "Which days?", cast[holder(made, cast)].actor, now(), **at(made))
    return made


def on_day(clock, day):
    """The same hour on another day."""
    clock.shift(timedelta(days=(day - now().date()).days))


REMINDERS = ("question_waits", "question_last")


def test_two_reminders_at_half_and_at_the_end_then_the_office_decides_on_what_is_known(db, cast, clock, sign_in):
    made = asked(cast)
    db.session.commit()
    half, end = answer_by(now(), 5), answer_by(now())
    assert (half, end) == (date(2026, 3, 9), date(2026, 3, 16))  # Monday + 5 and + 10 business days
    on_day(clock, half - timedelta(days=3))
    assert remind(now()) == 0
    on_day(clock, half)
    assert (remind(now()), remind(now())) == (1, 0)
    on_day(clock, end)
    assert not clock_of(made, now()).over
    assert (remind(now()), remind(now())) == (1, 0)
    finn = cast.finn.person.id
    assert letters(db, *REMINDERS) == [("question_waits", finn), ("question_last", finn)]
    on_day(clock, end + timedelta(days=1))
    assert clock_of(made, now()).over
    olu = sign_in(holder(made, cast))
    assert "Decide on what is known" in olu.get("/review/").text
    assert "Decide on what is known" in olu.get(f"/review/{made.reference}").text


def test_a_worker_that_slept_past_both_writes_the_last_one_only(db, cast, clock):
    made = asked(cast)
    db.session.commit()
    on_day(clock, answer_by(now()) + timedelta(days=3))
    assert (remind(now()), remind(now())) == (1, 0)
    assert letters(db, *REMINDERS) == [("question_last", made.filer_id)]


def test_an_answer_ends_the_reminders_and_a_new_question_begins_anew(db, cast, clock):
    made = asked(cast)
    db.session.commit()
    on_day(clock, answer_by(now(), 5))
    actions.answer(made, "Sundays", cast.finn.actor, now())
    db.session.commit()
    assert remind(now()) == 0
    actions.ask(made, "And at night?", cast[holder(made, cast)].actor, now(), **at(made))
    db.session.commit()
    assert remind(now()) == 0
    on_day(clock, answer_by(now(), 5))
    assert remind(now()) == 1


def test_who_is_on_leave_is_reminded_when_back(db, cast, clock):
    made = asked(cast)
    until = answer_by(now()) + timedelta(days=1)
    db.session.add(Leave(person_id=made.filer_id, leave_from=now().date(), leave_to=until, hold_letters=False, seq=an_entry()))
    db.session.commit()
    on_day(clock, answer_by(now()))
    assert remind(now()) == 0
    on_day(clock, until + timedelta(days=1))
    assert remind(now()) == 1


def test_what_was_sent_back_is_reminded_of_as_a_correction(db, cast, clock):
    made = case_of(cast)
    actions.send_back(made, "Name it.", cast[holder(made, cast)].actor, now(), **at(made))
    db.session.commit()
    on_day(clock, answer_by(now(), 5))
    assert remind(now()) == 1
    assert letters(db, "correction_waits") == [("correction_waits", made.filer_id)]


@pytest.mark.parametrize("shift", [timedelta(hours=-6), timedelta(days=-1)], ids=["at night", "on a Sunday"])
def test_nothing_is_written_outside_work_hours(db, cast, clock, shift):
    case_of(cast)
    db.session.commit()
    clock.shift(shift)
    assert write(now()) == 0


def test_the_morning_says_what_is_new_late_and_answered_once_and_names_nobody(db, cast, clock):
    made = case_of(cast)
    reader = made.reviewer_id
    db.session.commit()
    write(now())
    first = db.session.scalars(select(Letter).where(Letter.kind == "morning")).all()
    assert [one.person_id for one in first] == [reader]  # nobody else has anything
    assert "1 new case:" in first[0].text
    assert made.reference in first[0].text
    assert "Finn" not in first[0].text
    assert "Catering" not in first[0].text
    assert write(now()) == 0
    on_day(clock, date(2026, 3, 3))
    assert write(now()) == 0  # nothing new: no letter
    # Three days asleep, an answer, and the first look is late: one letter.
    actions.ask(made, "Which days?", cast[holder(made, cast)].actor, now(), **at(made))
    actions.answer(made, "Sundays", cast.finn.actor, now() + timedelta(minutes=1))
    made.due_at = now() + timedelta(days=1)
    db.session.commit()
    on_day(clock, date(2026, 3, 6))
    assert (write(now()), write(now())) == (1, 0)
    text = db.session.scalars(select(Letter.text).where(Letter.kind == "morning").order_by(Letter.id.desc())).first()
    assert "1 case is past its first look:" in text
    assert "1 case has an answer:" in text
    assert "new case" not in text


def test_who_is_away_is_told_when_back(db, cast, clock):
    made = case_of(cast)
    db.session.commit()
    away(cast, holder(made, cast))
    write(now())
    assert letters(db, "morning") == []
    on_day(clock, date(2026, 3, 3))
    write(now())
    assert letters(db, "morning") == [("morning", made.reviewer_id)]


def test_senior_officers_get_the_week_once_with_ages_priorities_and_reviewers(db, cast, clock):
    made = case_of(cast)
    db.session.commit()
    for _each in range(2):
        write(now())
    on_day(clock, date(2026, 3, 4))
    write(now())
    seniors = [cast.sia.person.id, cast.sol.person.id]
    assert [reader for _kind, reader in letters(db, "weekly")] == seniors
    text = db.session.scalars(select(Letter.text).where(Letter.kind == "weekly")).first()
    assert "0 to 5: 1" in text
    assert f"{made.reviewer.name}: 1, of these 0 past the first look" in text
    assert "Finn" not in text
    on_day(clock, date(2026, 3, 11))  # the worker slept over Monday: the week's letter comes on Wednesday
    write(now())
    assert len(letters(db, "weekly")) == 4


def test_a_profile_may_do_without_each(db, cast, monkeypatch):
    made = asked(cast)
    made.waiting_on_filer_since = now() - timedelta(days=30)
    db.session.commit()
    profile = current.current_profile()
    off = profile.letters.model_copy(update={"cadence": {"morning": False, "weekly": False, "questions": False}})
    quiet = profile.model_copy(update={"letters": off})
    for module in ("digests", "reminders"):
        monkeypatch.setattr(f"coi.workload.{module}.current_profile", lambda: quiet)
    assert (write(now()), remind(now())) == (0, 0)
    assert letters(db, "morning", "weekly", *REMINDERS) == []


def test_a_digest_speaks_the_readers_language(db, cast):
    made = case_of(cast)
    cast[holder(made, cast)].account.language = "es"
    db.session.commit()
    write(now())
    text = db.session.scalars(select(Letter.text).where(Letter.kind == "morning")).one()
    assert "1 caso nuevo:" in text
    assert "Todos sus casos abiertos: 1." in text
