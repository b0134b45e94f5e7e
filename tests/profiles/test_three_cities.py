"""Three cities on one program: who is asked what, by which rules, with no change to the code."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from coi.campaigns.actions import open_campaign
from coi.campaigns.queries import owed_by
from coi.models import Obligation, PolicyVersion
from coi.profiles.current import current_profile, forget
from coi.profiles.loading import folder_of, read_profile
from tests.city import CLOCK
from tests.factories import OPERATOR, PersonFactory

PEOPLE = (
    ("Road Worker", "Civilian Union"),
    ("Patrol Officer", "Police Union"),
    ("Firefighter", "Firefighters Union"),
    ("Parks Director", "Management"),
    ("Council Member, Ward 2", "Elected"),
    ("Seasonal Helper", "Civilian Union"),
)
LATER_THAN_EVERY_OPENING = timedelta(days=45)


@pytest.fixture
def opened(app, db, runner):
    """`opened("york")` loads the profile, hires six people and opens the year; gives what is owed as (title, form, level)."""

    def open_there(city: str) -> set[tuple[str, str, str]]:
        told = runner.invoke(args=["profiles", "load", city])
        assert told.exit_code == 0, told.stderr
        forget()
        for title, group in PEOPLE:
            PersonFactory(title=title, group=group)
        db.session.flush()
        open_campaign(2026, OPERATOR, CLOCK + LATER_THAN_EVERY_OPENING, setup=True)
        return {(one.title, one.form_id, one.level) for one in db.session.scalars(select(Obligation))}

    return open_there


def test_lancaster_asks_everybody(opened):
    owed = opened("lancaster")
    assert {title for title, _form, _level in owed} == {title for title, _group in PEOPLE}
    assert {form for _title, form, _level in owed} == {"city-coi"}


def test_york_asks_everybody_and_gives_police_and_fire_dates_of_their_own(opened, db):
    owed = opened("york")
    assert ("Seasonal Helper", "city-coi", "policies_only") in owed
    assert ("Road Worker", "city-coi", "short") in owed
    due = dict(db.session.execute(select(Obligation.title, Obligation.due_on)).all())
    assert (due["Patrol Officer"], due["Firefighter"], due["Road Worker"]) == (
        date(2026, 5, 15),
        date(2026, 5, 15),
        date(2026, 5, 1),
    )


def test_harrisburg_asks_management_and_those_elected_and_the_states_form_of_some(opened):
    assert opened("harrisburg") == {
        ("Parks Director", "city-coi", "full"),
        ("Parks Director", "pa-sec-1", "full"),
        ("Council Member, Ward 2", "city-coi", "full"),
        ("Council Member, Ward 2", "pa-sec-1", "full"),
    }


def test_in_harrisburg_nobody_else_owes_anything(opened, db):
    opened("harrisburg")
    others = db.session.scalars(select(Obligation.person_id).where(Obligation.group == "Civilian Union")).all()
    assert others == []
    worker = PersonFactory(title="Road Worker", group="Civilian Union")
    assert owed_by(worker.id, CLOCK.date()) == []


@pytest.mark.parametrize(("name", "versions"), [("lancaster", 4), ("york", 2), ("harrisburg", 2)])
def test_a_citys_policies_come_with_its_profile(opened, db, name, versions):
    opened(name)
    assert db.session.scalar(select(func.count()).select_from(PolicyVersion)) == versions
    assert current_profile().city.short.lower() == name


@pytest.mark.parametrize("name", ["lancaster", "york", "harrisburg"])
def test_no_city_copies_anothers_texts(name):
    mine = _texts(name)
    others = {text for other in ("lancaster", "york", "harrisburg") if other != name for text in _texts(other)}
    assert mine
    assert mine & others == set()


def _texts(city: str) -> set[str]:
    policies = read_profile(folder_of(city)).policies
    return {text for policy in policies for version in policy.versions for text in version.text.values()}
