"""Kinds of filing that the roster causes: leaving, a new position, coming back; and the last day with its trouble (U6, U23)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from coi.accounts.queries import login_hash
from coi.campaigns import actions, arrivals, leaving
from coi.campaigns.obligations import as_listed, settle
from coi.campaigns.trouble import allowance, facts_of
from coi.disclosures.actions import start_voluntary
from coi.errors import NotPossible
from coi.models import Account, Decision, Obligation, OnTimeFact, Person, PersonVersion, Settlement, SignInAttempt
from coi.people.actions import import_roster, undo_import
from coi.people.reading import Line
from coi.rules.deadlines import renamed, stays_open, still_on_time
from coi.vocabulary import Kind, Outcome, State
from tests.city import CLOCK
from tests.factories import OPERATOR, an_entry, filing

HERE = ZoneInfo("America/New_York")
NEXT = CLOCK + timedelta(days=1)
CODES = ("required", "first_year")


def hour(day: date, at: int = 12) -> datetime:
    """An hour of the city."""
    return datetime(day.year, day.month, day.day, at, tzinfo=HERE)


@pytest.fixture
def roster(db, cast, campaign):
    """`roster(person, title=…)`: an import that changes these columns of one person, and the worker's part of the next day."""

    def change(person: Person, now: datetime = CLOCK, **columns: str):
        told = {"number": person.number, "name": person.name, **columns}
        made = import_roster([Line(2, told, {})], False, "r.csv", "0" * 64, OPERATOR, now)
        db.session.commit()
        arrivals.after_imports(now + timedelta(days=1))
        db.session.commit()
        return made

    return change


def kinds(db, person) -> dict[Kind, Obligation]:
    """What somebody owes, ended or not."""
    rows = db.session.scalars(select(Obligation).where(Obligation.person_id == person.id).order_by(Obligation.id))
    return {one.kind: one for one in rows}


def test_a_sec1_filer_who_leaves_owes_a_leaving_form_due_on_the_last_day_and_nothing_else(db, cast, roster):
    cast.finn.person.title = "Deputy Director"
    db.session.commit()
    roster(cast.finn.person, left_on="2026-03-20")
    assert kinds(db, cast.finn.person)[Kind.LEAVING].due_on == date(2026, 3, 20)
    assert kinds(db, cast.finn.person)[Kind.ANNUAL].ended_seq is None
    assert cast.finn.person.active
    arrivals.after_imports(hour(date(2026, 3, 20)))
    assert not cast.finn.person.active
    owed = kinds(db, cast.finn.person)
    assert owed[Kind.ANNUAL].ended_seq is not None
    assert owed[Kind.LEAVING].ended_seq is None
    versions = db.session.scalars(
        select(PersonVersion).where(PersonVersion.person_id == cast.finn.person.id).order_by("seq")
    ).all()
    assert (versions[-1].active, versions[-1].import_id) == (False, None)


def test_who_files_no_sec1_and_has_no_condition_owes_no_leaving_form(db, cast, roster):
    roster(cast.finn.person, left_on="2026-03-20")
    assert Kind.LEAVING not in kinds(db, cast.finn.person)


def test_open_conditions_ask_for_a_leaving_form(db, cast, roster):
    made = filing(cast.finn.person, State.DECIDED, cast.olu.person, outcome=Outcome.MANAGED)
    told = {
        "reason_for_filer": "so",
        "at": CLOCK,
        "seq": an_entry(),
        "filer_id": cast.finn.person.id,
        "by_id": cast.sia.person.id,
    }
    db.session.add(
        Decision(
            reference="DEC-2026-AAAAAA",
            disclosure_id=made.id,
            version_id=made.versions[0].id,
            outcome=Outcome.MANAGED,
            conditions=["report_change"],
            recommended_by_id=cast.olu.person.id,
            **told,
        )
    )
    db.session.commit()
    roster(cast.finn.person, left_on="2026-03-20")
    assert Kind.LEAVING in kinds(db, cast.finn.person)


def test_what_was_late_before_somebody_left_stays_late(db, cast, roster):
    roster(cast.finn.person, now=hour(date(2026, 5, 11)), left_on="2026-05-11")
    assert kinds(db, cast.finn.person)[Kind.ANNUAL].ended_seq is None


def test_undoing_the_import_asks_again_for_what_it_ended(db, cast, roster):
    cast.finn.person.title = "Deputy Director"
    db.session.commit()
    made = roster(cast.finn.person, left_on="2026-03-02")
    assert kinds(db, cast.finn.person)[Kind.ANNUAL].ended_seq is not None
    undo_import(made, OPERATOR, NEXT)
    for _twice in range(2):
        arrivals.after_imports(NEXT)
    rows = db.session.scalars(select(Obligation).where(Obligation.person_id == cast.finn.person.id).order_by("id")).all()
    assert [(one.kind, one.ended_seq is None) for one in rows] == [
        (Kind.ANNUAL, False),
        (Kind.LEAVING, False),
        (Kind.ANNUAL, True),
    ]
    assert rows[2].due_on == rows[0].due_on


def test_who_left_files_what_is_asked_and_tells_nothing_else(db, cast, sign_in, roster):
    cast.finn.person.title = "Deputy Director"
    db.session.commit()
    roster(cast.finn.person, left_on="2026-03-02")
    with pytest.raises(NotPossible):
        start_voluntary(Kind.GIFT, cast.finn.actor, NEXT)
    home = sign_in("finn").get("/").text
    assert "Leaving" in home
    assert "I got a gift" not in home
    leaving_form = kinds(db, cast.finn.person)[Kind.LEAVING]
    assert sign_in("finn").post(f"/forms/start/{leaving_form.reference}").status_code == 303


def test_the_account_of_a_leaver_closes_when_nothing_is_open(db, cast, roster):
    roster(cast.finn.person, left_on="2026-03-02")
    account = db.session.scalar(select(Account).where(Account.person_id == cast.finn.person.id))
    leaving.close_accounts(hour(date(2026, 4, 1)))
    assert account.active
    leaving.close_accounts(hour(date(2026, 4, 2)))
    assert not account.active


def test_an_open_form_keeps_the_account_open_longer_but_not_for_good():
    left = date(2026, 3, 2)
    assert stays_open(left, date(2026, 4, 2), busy=True)
    assert not stays_open(left, date(2026, 4, 2), busy=False)
    assert not stays_open(left, date(2026, 8, 30), busy=True)


def test_another_department_is_a_new_position_and_a_new_name_of_it_is_none(db, cast, roster):
    db.session.add(Person(number="099", name="Stays Here", search_name="stays here", department=cast.finn.person.department))
    db.session.commit()
    roster(cast.finn.person, department="Bureau of Purchasing")
    assert kinds(db, cast.finn.person)[Kind.NEW_POSITION].due_on == date(2026, 4, 2)
    assert renamed([("Parks", "Parks and Trees"), ("Parks", "Parks and Trees")], {"Fire"}) == {("Parks", "Parks and Trees")}
    assert renamed([("Parks", "Water"), ("Parks", "Fire")], set()) == frozenset()
    assert renamed([("Parks", "Water")], {"Parks"}) == frozenset()


def tries(db, cast, on: date, what: str = "passphrase") -> None:
    """Finn's wrong try on a day of the city."""
    row = {"login_hash": login_hash(cast.finn.person.number), "address": "192.0.2.7", "what": what, "at": hour(on, 23)}
    db.session.add(SignInAttempt(**row))
    db.session.commit()


@pytest.mark.parametrize(
    ("tried_on", "filed_on", "counts_on"),
    [
        (date(2026, 5, 1), date(2026, 5, 4), date(2026, 5, 1)),  # a Friday; Monday is the next business day
        (date(2026, 5, 1), date(2026, 5, 5), date(2026, 5, 5)),
        (date(2026, 4, 30), date(2026, 5, 4), date(2026, 5, 4)),
        (date(2026, 5, 1), date(2026, 5, 1), date(2026, 5, 1)),
    ],
)
def test_trouble_on_the_last_day_gives_until_the_end_of_the_next_business_day(
    db, cast, owed, signs, tried_on, filed_on, counts_on
):
    owed("finn")
    tries(db, cast, tried_on)
    made = signs("finn", now=hour(filed_on, 20), obligation_id=owed("finn").id)
    row = db.session.scalars(select(Settlement)).one()
    assert (row.counted_on, owed("finn").settled_on) == (counts_on, counts_on)
    fact = facts_of(made.id)
    assert (fact is not None) == (counts_on != filed_on)
    if fact is not None:
        assert (fact.because, fact.last_day, fact.filed_on) == ("sign_in", date(2026, 5, 1), filed_on)


def test_without_trouble_late_is_late_and_the_page_promises_nothing(db, cast, owed, signs):
    assert allowance(owed("finn"), date(2026, 5, 4)) is None
    signs("finn", now=hour(date(2026, 5, 4)))
    assert db.session.scalars(select(OnTimeFact)).all() == []
    assert owed("finn").settled_on == date(2026, 5, 4)


def test_a_right_try_is_no_trouble(db, cast, owed):
    tries(db, cast, date(2026, 5, 1), what="right")
    assert allowance(owed("finn"), date(2026, 5, 4)) is None


def test_the_home_page_says_so(db, cast, owed, sign_in, clock):
    owed("finn")
    tries(db, cast, date(2026, 5, 1))
    clock.move_to(hour(date(2026, 5, 4)))
    assert "If you file today, it counts as on time." in sign_in("finn").get("/").text


def test_the_next_business_day_skips_weekend_and_holiday():
    assert still_on_time(date(2026, 5, 1), date(2026, 5, 4))
    assert not still_on_time(date(2026, 5, 1), date(2026, 5, 5))
    assert not still_on_time(date(2026, 5, 1), date(2026, 5, 1))


def test_jobs_listed_by_the_due_date_of_the_first_campaign_raise_no_approval_flag(db, cast, campaign, owed):
    mine = owed("finn")
    told = {"job_approval": "required", "level": "short"}
    listed = [as_listed(told, CODES, mine, campaign, on)["job_approval"] for on in (date(2026, 5, 1), date(2026, 5, 2))]
    assert listed == ["first_year", "required"]
    assert as_listed(told, ("required",), mine, campaign, date(2026, 4, 1))["job_approval"] == "required"
    second = actions.open_campaign(2027, OPERATOR, CLOCK + timedelta(days=365), setup=True)
    later = db.session.scalars(
        select(Obligation).where(Obligation.campaign_id == second.id, Obligation.person_id == cast.finn.person.id)
    ).one()
    assert as_listed(told, CODES, later, second, date(2027, 4, 1))["job_approval"] == "required"


def test_a_closed_campaign_still_takes_a_filing_and_counts_it_late(db, cast, campaign, owed, sign_in, clock):
    actions.close(campaign, OPERATOR, hour(date(2026, 6, 1)))
    db.session.commit()
    clock.move_to(hour(date(2026, 6, 2)))
    reply = sign_in("finn").post(f"/forms/start/{owed('finn').reference}")
    assert reply.status_code == 303
    assert sign_in("finn").get(reply.headers["Location"]).status_code == 200
    made = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person, form_id="city-coi", obligation_id=owed("finn").id)
    settle(made, cast.finn.actor, hour(date(2026, 6, 2)), an_entry())
    assert owed("finn").settled_on == date(2026, 6, 2)
