"""What people owe: made once, settled by every filing that covers it, standing the same in rules and in SQL."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from coi.campaigns import actions, arrivals, desk, queries
from coi.campaigns.extensions import set_leave
from coi.campaigns.obligations import end, make_obligation
from coi.models import Disclosure, Letter, Obligation, Person, PersonVersion, RosterImport, Settlement
from coi.notices.actions import post
from coi.vocabulary import Kind, Standing, State
from tests.city import CLOCK
from tests.factories import OPERATOR, DisclosureFactory, PersonFactory, an_entry

TODAY = date(2026, 3, 2)


def test_a_filing_settles_what_it_was_begun_for(db, campaign, cast, owed, signs):
    filing = signs("finn", obligation_id=owed("finn").id)
    row = db.session.scalars(select(Settlement)).one()
    assert (row.obligation_id, row.disclosure_id, row.counted_on) == (owed("finn").id, filing.id, TODAY)
    assert queries.owed_by(cast.finn.person.id, TODAY)[0].standing is Standing.FILED


def test_the_day_that_counts_is_the_citys(db, campaign, owed, signs):
    # 4:30 in the morning UTC is the evening before in the city.
    signs("finn", now=datetime(2026, 5, 2, 3, 30, tzinfo=CLOCK.tzinfo))
    assert owed("finn").settled_on == date(2026, 5, 1)


@pytest.mark.parametrize(("days", "covered"), [(-31, True), (-1, True), (0, False)])
def test_a_yearly_form_stands_for_a_new_hire_form_within_ninety_days(db, campaign, cast, signs, days, covered):
    make_obligation(cast.finn.person, Kind.NEW_HIRE, "hired", CLOCK)
    signs("finn", now=CLOCK + timedelta(days=30 + 91 + days), reporting_year=2025)
    standing = {one.obligation.kind: one.obligation.settled_on is not None for one in queries.owed_by(cast.finn.person.id, TODAY)}
    assert standing == {Kind.ANNUAL: True, Kind.NEW_HIRE: covered}


def test_a_gift_settles_no_yearly_form_and_gets_a_row_of_its_own(db, campaign, cast, signs):
    gift = signs("finn", kind=Kind.GIFT)
    rows = {one.obligation.kind: one for one in queries.owed_by(cast.finn.person.id, TODAY)}
    assert rows[Kind.ANNUAL].standing is Standing.NOT_STARTED
    assert rows[Kind.GIFT].obligation.occasion == gift.reference
    assert rows[Kind.GIFT].disclosure.id == gift.id
    assert gift.obligation_id == rows[Kind.GIFT].obligation.id


def test_another_form_is_not_settled(db, campaign, cast, signs):
    signs("finn", form_id="pa-sec-1")
    standings = {one.obligation.form_id: one.standing for one in queries.owed_by(cast.finn.person.id, TODAY)}
    assert standings == {"city-coi": Standing.NOT_STARTED, "pa-sec-1": Standing.FILED}


def test_a_correction_settles_nothing_twice(db, campaign, owed, signs):
    signs("finn")
    signs("finn", now=CLOCK + timedelta(days=3))
    assert owed("finn").settled_on == TODAY


def test_filing_stops_the_letters_that_wait(db, campaign, cast, owed, signs):
    post("reminder", cast.finn.person, CLOCK, f"reminder:{owed('finn').reference}:2026-05-01:half", due="May 1, 2026")
    post("reminder", cast.kit.person, CLOCK, f"reminder:{owed('kit').reference}:2026-05-01:half", due="May 1, 2026")
    signs("finn")
    dropped = dict(db.session.execute(select(Letter.person_id, Letter.dropped)).all())
    assert dropped == {cast.finn.person.id: "filed", cast.kit.person.id: ""}


def test_a_new_hire_is_due_thirty_days_after_the_later_of_hired_and_told(db, campaign, cast):
    early = make_obligation(PersonFactory(hired_on=date(2026, 2, 1)), Kind.NEW_HIRE, "hired", CLOCK)
    later = make_obligation(PersonFactory(hired_on=date(2026, 3, 16)), Kind.NEW_HIRE, "hired", CLOCK)
    unknown = make_obligation(PersonFactory(hired_on=None), Kind.NEW_HIRE, "hired", CLOCK)
    assert [one[0].due_on for one in (early, later, unknown)] == [date(2026, 4, 1), date(2026, 4, 15), date(2026, 4, 1)]


def test_an_obligation_is_made_once_for_an_occasion(db, campaign, cast):
    first = make_obligation(cast.finn.person, Kind.NEW_POSITION, "moved", CLOCK)
    again = make_obligation(cast.finn.person, Kind.NEW_POSITION, "moved", CLOCK)
    assert [one.id for one in first] == [one.id for one in again]


def test_what_was_ended_is_no_longer_owed(db, campaign, cast, owed):
    end(owed("finn"), "asked by mistake", OPERATOR, CLOCK)
    assert queries.owed_by(cast.finn.person.id, TODAY) == []


def roster(db, campaign, **columns):
    """An import after the opening whose time has come."""
    made = RosterImport(
        reference="ROS-2026-AAAAAA",
        filename="roster.csv",
        sha256="0" * 64,
        full=False,
        rows=1,
        added=1,
        changed=0,
        left=0,
        unchanged=0,
        refused=0,
        active_after=1,
        actor=OPERATOR.name,
        at=CLOCK,
        acts_after=CLOCK,
        seq=an_entry(),
        **columns,
    )
    db.session.add(made)
    db.session.flush()
    return made


def version(db, person, made, **columns):
    """What the import said of somebody."""
    names = ("name", "email", "title", "department", "group", "supervisor_id", "language", "hired_on", "left_on", "active")
    kept = {name: getattr(person, name) for name in names}
    db.session.add(PersonVersion(person_id=person.id, seq=made.seq, import_id=made.id, **{**kept, **columns}))
    db.session.flush()


def bare(db, **columns):
    """Somebody who comes with an import and had no version before."""
    number = f"{7000 + db.session.scalar(select(func.count()).select_from(Person))}"
    person = Person(number=number, name=f"Nova {number}", search_name=f"nova {number}", title="Clerk", language="en", **columns)
    db.session.add(person)
    db.session.flush()
    return person


def test_new_people_of_a_later_import_owe_a_new_hire_form_unless_hired_before(db, campaign):
    made = roster(db, campaign)
    fresh, unknown, old = (bare(db, hired_on=on) for on in (date(2026, 3, 9), None, date(2020, 1, 1)))
    for person in (fresh, unknown, old):
        version(db, person, made)
    assert arrivals.after_imports(CLOCK) == 2
    assert arrivals.after_imports(CLOCK) == 0
    kinds = dict(db.session.execute(select(Obligation.person_id, Obligation.kind)).all())
    assert (kinds.get(fresh.id), kinds.get(unknown.id), kinds.get(old.id)) == (Kind.NEW_HIRE, Kind.NEW_HIRE, None)


def test_an_import_before_the_first_campaign_asks_nobody(db, form):
    made = roster(db, None)
    version(db, bare(db, hired_on=None), made)
    assert arrivals.after_imports(CLOCK) == 0
    actions.open_campaign(2026, OPERATOR, CLOCK)
    assert arrivals.after_imports(CLOCK) == 0


def test_an_import_waits_for_its_time(db, campaign):
    made = roster(db, campaign)
    made.acts_after = CLOCK + timedelta(hours=1)
    version(db, bare(db, hired_on=None), made)
    assert arrivals.after_imports(CLOCK) == 0
    assert arrivals.after_imports(CLOCK + timedelta(hours=1)) == 1


def test_a_new_title_asks_again_only_when_it_asks_something_else(db, campaign, cast):
    made = roster(db, campaign)
    finn, kit = cast.finn.person, cast.kit.person
    finn.title, kit.title = "Deputy Director", "Clerk II"
    version(db, finn, made)
    version(db, kit, made)
    assert arrivals.after_imports(CLOCK) == 1
    moved = db.session.scalars(select(Obligation).where(Obligation.kind == Kind.NEW_POSITION)).one()
    assert (moved.person_id, moved.level, moved.due_on) == (finn.id, "full", date(2026, 4, 1))


def test_undoing_an_import_takes_back_what_it_asked(db, campaign):
    made = roster(db, campaign)
    fresh = bare(db, hired_on=None)
    version(db, fresh, made)
    arrivals.after_imports(CLOCK)
    made.undone_seq = an_entry()
    arrivals.after_imports(CLOCK)
    assert db.session.scalars(select(Obligation).where(Obligation.person_id == fresh.id)).one().ended_seq is not None


def test_the_list_and_the_rule_agree_for_everybody(db, campaign, cast, owed, signs):
    signs("sam")
    DisclosureFactory(filer=cast.finn.person, obligation_id=owed("finn").id, form_id="city-coi")
    DisclosureFactory(
        filer=cast.kit.person, obligation_id=owed("kit").id, form_id="city-coi", state=State.WITHDRAWN, version=1, due_at=CLOCK
    )
    owed("olu").excused = True
    owed("ren").extended_to = date(2026, 6, 1)
    set_leave(cast.ada.person, date(2026, 3, 1), date(2026, 5, 10), False, OPERATOR, CLOCK)
    set_leave(cast.sia.person, date(2026, 1, 1), date(2026, 1, 10), True, OPERATOR, CLOCK)
    make_obligation(cast.sol.person, Kind.NEW_HIRE, "hired", CLOCK)
    db.session.flush()
    for on in (TODAY, date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 11), date(2026, 6, 2), date(2026, 6, 20)):
        by_rule = {}
        for name in cast:
            mine = [one for one in queries.owed_by(cast[name].person.id, on) if one.obligation.campaign_id == campaign.id]
            by_rule[cast[name].person.name] = min((one.standing for one in mine), key=desk.RANK.__getitem__)
        rows, _after = desk.people(campaign, desk.Filters(standing="everybody"), on)
        assert {row.name: row.standing for row in rows} == by_rule
        total = desk.total(desk.stations(campaign, on))
        assert {one: total.counts[one] for one in Standing} == {
            one: sum(standing is one for standing in by_rule.values()) for one in Standing
        }
        for standing in Standing:
            listed, _after = desk.people(campaign, desk.Filters(standing=standing.value), on)
            assert {row.name for row in listed} == {name for name, told in by_rule.items() if told is standing}


def test_the_list_turns_pages_without_losing_anybody(db, campaign, monkeypatch):
    seen, after = [], ""
    while True:
        rows, after = desk.people(campaign, desk.Filters(standing="everybody", after=after), TODAY, limit=3)
        seen += [row.name for row in rows]
        if not after:
            break
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == 10


def test_caches_of_an_obligation_are_what_its_rows_say(db, campaign, owed, signs):
    signs("finn")
    for obligation in db.session.scalars(select(Obligation)):
        row = db.session.scalar(select(Settlement.counted_on).where(Settlement.obligation_id == obligation.id))
        assert obligation.settled_on == row
    assert db.session.scalars(select(Disclosure.obligation_id)).all() == [owed("finn").id]
