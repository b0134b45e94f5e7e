"""Letters about something due: who gets which, never twice, and what stops them."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from coi.campaigns import actions
from coi.campaigns.extensions import extend, set_leave
from coi.campaigns.reminders import write_due
from coi.models import Letter, Obligation
from coi.notices.sweep import sweep
from coi.vocabulary import ExtensionReason, Kind
from tests.city import CLOCK
from tests.factories import OPERATOR, DisclosureFactory


def at(month: int, day: int, hour: int = 14) -> datetime:
    """A moment of 2026; 14:00 UTC is morning in the city."""
    return datetime(2026, month, day, hour, tzinfo=CLOCK.tzinfo)


def letters(db, person) -> list[str]:
    """The kinds and steps of what was written to somebody, in order."""
    db.session.expire_all()
    rows = db.session.execute(select(Letter.kind, Letter.once).where(Letter.person_id == person.id).order_by(Letter.id))
    return [f"{kind}:{once.rpartition(':')[2]}" if kind != "extended" else kind for kind, once in rows]


def days(db, *moments: datetime) -> None:
    """The worker runs at these moments."""
    for moment in moments:
        write_due(moment)
        sweep(moment, 1000, paced=False)


def test_everybody_is_invited_once(db, campaign, cast):
    assert write_due(CLOCK) == 10
    assert write_due(CLOCK + timedelta(minutes=1)) == 0
    assert letters(db, cast.finn.person) == ["invitation:invitation"]


def test_the_letters_of_a_whole_campaign(db, campaign, cast, signs):
    for number in range(100):
        days(db, at(3, 2) + timedelta(days=number))
        if number == 40:
            signs("kit", now=at(3, 2) + timedelta(days=number))
    assert letters(db, cast.finn.person) == [
        "invitation:invitation",
        "reminder:half",
        "reminder:week",
        "reminder:two",
        "last_day:due",
        "overdue:late_1",
        "overdue:late_5",
        "overdue:late_15",
    ]
    assert letters(db, cast.kit.person) == ["invitation:invitation", "reminder:half"]


def test_who_has_begun_is_nearly_done(db, campaign, cast, owed):
    DisclosureFactory(filer=cast.finn.person, obligation_id=owed("finn").id, form_id="city-coi")
    db.session.commit()
    days(db, at(3, 2), at(4, 29))
    assert letters(db, cast.finn.person)[-1] == "reminder_started:two"
    assert letters(db, cast.kit.person)[-1] == "reminder:two"


@pytest.mark.parametrize("moment", [at(3, 7), at(3, 2, 6), at(3, 2, 23), at(5, 25)])
def test_nothing_is_written_outside_work_hours(db, campaign, moment):
    assert write_due(moment) == 0


def test_a_draft_letter_says_the_day_in_the_persons_language(db, campaign, cast):
    cast.finn.account.language = "es"
    db.session.commit()
    write_due(CLOCK)
    texts = dict(db.session.execute(select(Letter.person_id, Letter.text)).all())
    assert "1 de mayo de 2026" in texts[cast.finn.person.id]
    assert "May 1, 2026" in texts[cast.kit.person.id]


def test_nobody_on_leave_and_nobody_whose_letters_are_held_gets_any(db, campaign, cast):
    set_leave(cast.finn.person, date(2026, 3, 1), date(2026, 3, 31), False, OPERATOR, CLOCK)
    set_leave(cast.kit.person, None, None, True, OPERATOR, CLOCK)
    db.session.commit()
    write_due(CLOCK)
    assert letters(db, cast.finn.person) == letters(db, cast.kit.person) == []
    write_due(at(4, 1))
    assert letters(db, cast.finn.person) == ["invitation:invitation"]


def test_a_paused_part_is_left_in_peace(db, campaign, cast):
    actions.pause(campaign.parts[-1], True, OPERATOR, CLOCK)
    db.session.commit()
    assert write_due(CLOCK) == 0
    actions.pause(campaign.parts[-1], False, OPERATOR, CLOCK)
    db.session.commit()
    assert write_due(CLOCK) == 10


def test_closing_ends_the_letters(db, campaign):
    actions.close(campaign, OPERATOR, CLOCK)
    db.session.commit()
    assert write_due(CLOCK) == 0


def test_who_is_excused_or_left_gets_none(db, campaign, cast, owed):
    owed("finn").excused = True
    cast.kit.person.active = False
    db.session.commit()
    assert write_due(CLOCK) == 8


def test_nothing_is_written_long_before_the_part_opens(db, campaign):
    for part in campaign.parts:
        part.opens_on = date(2026, 4, 6)
    db.session.commit()
    assert write_due(CLOCK) == 0
    assert write_due(at(4, 6)) == 10


def test_an_extension_is_told_once_and_its_reminders_follow_the_new_day(db, campaign, cast, owed):
    days(db, at(3, 2), at(4, 1))
    extend(owed("finn"), date(2026, 5, 15), ExtensionReason.AWAY, "", cast.dee.actor, at(4, 2))
    db.session.commit()
    days(db, at(4, 2), at(4, 2, 15), at(4, 24))
    assert letters(db, cast.finn.person) == ["invitation:invitation", "reminder:half", "extended"]
    days(db, at(5, 8), at(5, 13), at(5, 15), at(5, 18))
    assert letters(db, cast.finn.person)[3:] == ["reminder:week", "reminder:two", "last_day:due", "overdue:late_1"]


def test_two_forms_of_one_day_come_in_one_letter(db, campaign, cast, owed):
    first = owed("finn")
    columns = ("person_id", "campaign_id", "part_id", "kind", "reporting_year", "told_on", "due_on", "name", "seq")
    kept = {name: getattr(first, name) for name in columns}
    db.session.add(Obligation(**kept, reference="DUE-2026-SECOND", form_id="pa-sec-1", occasion="campaign:2026"))
    db.session.commit()
    write_due(CLOCK)
    letter = db.session.scalars(select(Letter).where(Letter.person_id == cast.finn.person.id)).one()
    assert first.reference in letter.once
    assert "DUE-2026-SECOND" in letter.once


def test_a_new_hire_is_asked_in_other_words(db, campaign, cast):
    from coi.campaigns.obligations import make_obligation

    make_obligation(cast.finn.person, Kind.NEW_HIRE, "hired", CLOCK)
    db.session.commit()
    write_due(CLOCK)
    assert sorted(letters(db, cast.finn.person)) == ["asked:invitation", "invitation:invitation"]


def test_a_run_is_limited_and_the_next_goes_on(db, campaign, monkeypatch):
    monkeypatch.setattr("coi.campaigns.reminders.A_RUN", 4)
    assert [write_due(CLOCK + timedelta(minutes=n)) for n in range(4)] == [4, 4, 2, 0]
