"""The day of an event that the office enters: due dates come of it at once, and nothing that stood before is overwritten."""

import json
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from coi.campaigns import entering, giving, queries
from coi.campaigns.reminders import write_due
from coi.disclosures.importing import import_line
from coi.errors import NotPossible, Refused
from coi.exports.registers.asof import dues, last_entry
from coi.models import AuditEntry, EventDate, Letter, Obligation
from coi.rules.deadlines import due_on
from coi.vocabulary import Event, GiveReason, Kind
from tests.campaigns.voting import DUE, FORM, LATER, LATER_DUE, ON, TOLD, VOTE, bring_form, due_rows
from tests.city import CLOCK
from tests.factories import OPERATOR
from tests.faults import rebuilt

SOON = CLOCK + timedelta(days=3)


@pytest.fixture
def waits(db, cast, campaign):
    """`waits("finn")`: the form of the vote, given to somebody of the cast by Dee."""
    bring_form(db)

    def give(name: str) -> Obligation:
        giving.give(cast[name].person, Kind.NEW_POSITION, CLOCK.date(), GiveReason.LEFT_OUT, cast.dee.actor, CLOCK)
        db.session.commit()
        return of_vote(db, name, cast)

    return give


def of_vote(db, name: str, cast) -> Obligation:
    """What somebody owes of the form of the vote, the newest."""
    wanted = select(Obligation).where(Obligation.form_id == FORM, Obligation.person_id == cast[name].person.id)
    return db.session.scalars(wanted.order_by(Obligation.id.desc())).first()


def enter(db, on: date, person=None, actor=OPERATOR, now: datetime = SOON) -> entering.Plan:
    """The vote is on this day."""
    made = entering.enter(FORM, VOTE, on, person, actor, now)
    db.session.commit()
    return made


def file(db, cast, name: str, kind: str, **answers: str) -> Obligation:
    """A filing of the form from a file; gives what it settled."""
    line = {"employee": cast[name].person.number, "form": FORM, "kind": kind, "reporting_year": 2025, "signed_name": name}
    line |= {"answers": {"any_support": "no", **answers}, "signed_at": "2026-03-02"}
    result = import_line(1, json.dumps(line).encode(), OPERATOR, SOON)
    assert result.errors == []
    db.session.commit()
    return of_vote(db, name, cast)


def test_a_day_entered_later_gives_a_due_date_to_what_was_asked_before(db, cast, waits):
    finn, kit = waits("finn"), waits("kit")
    assert (finn.due_on, kit.due_on) == (None, None)
    made = enter(db, ON)
    assert sorted(due for _one, due in made.new) == [DUE, DUE]
    assert (finn.due_on, kit.due_on, made.moved) == (DUE, DUE, [])
    assert due_rows(db, finn) == [(None, DUE)]
    assert queries.as_owed([finn], SOON.date())[0].due_on == DUE


def test_a_plan_keeps_nothing(db, cast, waits):
    finn = waits("finn")
    assert [due for _one, due in entering.plan(FORM, VOTE, None, ON).new] == [DUE]
    db.session.expire_all()
    assert finn.due_on is None
    assert db.session.scalar(select(func.count()).select_from(EventDate)) == 0


def test_what_is_asked_after_the_day_is_known_is_due_at_once(db, cast, waits):
    enter(db, ON)
    assert waits("finn").due_on == DUE


def test_the_day_of_one_person_goes_before_everybodys_in_either_order(db, cast, waits):
    finn, kit = waits("finn"), waits("kit")
    enter(db, LATER, cast.finn.person)
    assert (finn.due_on, kit.due_on) == (LATER_DUE, None)
    enter(db, ON)
    assert (finn.due_on, kit.due_on) == (LATER_DUE, DUE)


def test_a_corrected_day_moves_what_is_open_and_leaves_what_is_filed(db, cast, waits):
    finn = waits("finn")
    waits("kit")
    enter(db, ON)
    kit = file(db, cast, "kit", "new_position")
    assert kit.settled_on is not None
    made = enter(db, LATER, now=SOON + timedelta(days=1))
    assert (finn.due_on, kit.due_on, made.new) == (LATER_DUE, DUE, [])
    assert due_rows(db, finn) == [(None, DUE), (DUE, LATER_DUE)]
    days = db.session.scalars(select(EventDate.happens_on).order_by(EventDate.id)).all()
    assert days == [ON, LATER]


def test_a_filing_that_waited_gets_its_due_date_too(db, cast, waits):
    kit = file(db, cast, "kit", "change")
    assert (kit.due_on, kit.settled_on is not None) == (None, True)
    made = enter(db, ON)
    assert (kit.due_on, made.signed, made.past(SOON.date())) == (DUE, 1, 0)


def test_what_counts_from_an_answer_waits_for_no_vote(db, cast, waits):
    kit = file(db, cast, "kit", "change", **{TOLD: "2026-02-27"})
    told = due_on(f"30_days_after_{TOLD}", {TOLD: date(2026, 2, 27)}, 2025)
    assert (kit.due_on, enter(db, ON).new) == (told, [])


def test_an_answer_gives_the_due_date_at_signing_to_what_had_none(db, cast, waits):
    finn = waits("finn")
    file(db, cast, "finn", "new_position", **{TOLD: "2026-02-27"})
    assert (finn.due_on, finn.settled_on is not None) == (date(2026, 3, 30), True)
    assert due_rows(db, finn) == [(None, date(2026, 3, 30))]


def test_the_workbook_as_of_an_earlier_entry_shows_what_stood_then(db, cast, waits):
    finn = waits("finn")
    moments = [last_entry("9999")]
    for on in (ON, LATER):
        enter(db, on)
        moments.append(last_entry("9999"))
    shown = []
    for n in moments:
        [row] = [due for batch in dues(n, None) for due in batch if due.obligation.id == finn.id]
        shown.append((row.first_due, row.due_on()))
    assert shown == [(None, None), (DUE, DUE), (LATER_DUE, LATER_DUE)]


def test_the_cache_is_what_the_rows_say(db, cast, waits):
    finn = waits("finn")
    enter(db, ON)
    assert rebuilt.differences(rebuilt.obligations()) == {}
    finn.due_on = LATER_DUE
    db.session.flush()
    assert rebuilt.differences(rebuilt.obligations()) == {f"{finn.id}.due_on": (LATER_DUE, DUE)}


def test_the_entry_holds_codes_and_ids_only_and_the_same_day_twice_is_one(db, cast, waits):
    waits("finn")
    enter(db, ON, cast.finn.person, cast.dee.actor)
    enter(db, ON, cast.finn.person, cast.dee.actor)
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.event == Event.EVENT_DATED.code)).all()
    assert [(one.subject, json.loads(one.details)) for one in entries] == [
        (f"form:{FORM}", {"form": FORM, "event": VOTE, "person": cast.finn.person.id, "on": "2026-04-20", "count": 1})
    ]


@pytest.mark.parametrize(
    ("form_id", "event", "on"),
    [
        (FORM, "hired_on", ON),
        (FORM, TOLD, ON),
        ("nobodys-form", VOTE, ON),
        (FORM, VOTE, date(1899, 1, 1)),
        (FORM, VOTE, date.max),
    ],
)
def test_what_no_form_waits_for_is_refused(db, cast, waits, form_id, event, on):
    with pytest.raises(Refused):
        entering.enter(form_id, event, on, None, OPERATOR, SOON)
    assert db.session.scalar(select(func.count()).select_from(EventDate)) == 0


def test_nobody_enters_a_day_for_themselves(db, cast, waits):
    with pytest.raises(NotPossible):
        entering.enter(FORM, VOTE, ON, cast.dee.person, cast.dee.actor, SOON)


def test_what_ended_or_is_excused_stays_without_a_due_date(db, cast, waits):
    finn, kit = waits("finn"), waits("kit")
    giving.take_back(finn, cast.dee.actor, CLOCK)
    kit.excused = True
    assert (enter(db, ON).all, finn.due_on, kit.due_on) == ([], None, None)


def test_a_day_of_the_profile_holds_until_one_is_entered(db, cast, campaign):
    bring_form(db, events={VOTE: LATER})
    giving.give(cast.finn.person, Kind.NEW_POSITION, CLOCK.date(), GiveReason.LEFT_OUT, cast.dee.actor, CLOCK)
    finn = of_vote(db, "finn", cast)
    assert finn.due_on == LATER_DUE
    enter(db, ON)
    assert (finn.due_on, due_rows(db, finn)) == (DUE, [(LATER_DUE, DUE)])
    [row] = [due for batch in dues(finn.seq, None) for due in batch if due.obligation.id == finn.id]
    assert row.first_due == LATER_DUE


def test_letters_begin_when_the_due_date_is_known(db, cast, waits):
    finn = waits("finn")
    about = select(Letter.once).where(Letter.once.contains(finn.reference))
    weeks_later = CLOCK + timedelta(days=21)
    write_due(SOON)
    assert db.session.scalars(about).all() == []
    enter(db, ON, now=weeks_later)
    write_due(weeks_later)
    assert db.session.scalars(about).all() == [f"reminder:{finn.reference}:{DUE.isoformat()}:invitation"]
    skipped = select(func.count()).select_from(AuditEntry).where(AuditEntry.event == Event.LETTERS_SKIPPED.code)
    assert db.session.scalar(skipped) == 0


def test_the_command_enters_a_day_for_everybody_or_one(db, cast, waits, runner):
    finn, kit = waits("finn"), waits("kit")
    told = runner.invoke(args=["campaigns", "event", FORM, VOTE, "2026-05-11", "--person", cast.kit.person.number])
    assert (told.exit_code, told.stdout) == (0, "1 form gets a due date. Due on May 1, 2026.\n")
    told = runner.invoke(args=["campaigns", "event", FORM, VOTE, "2026-04-20"])
    assert (told.exit_code, told.stdout) == (0, "1 form gets a due date. Due on April 10, 2026.\n")
    db.session.expire_all()
    assert (finn.due_on, kit.due_on) == (DUE, LATER_DUE)
    told = runner.invoke(args=["campaigns", "event", FORM, "other", "2026-04-20"])
    assert (told.exit_code, told.stderr) == (1, f"This form waits for no such event; it knows {VOTE}.\n")
