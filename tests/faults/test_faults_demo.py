"""The demo: filled once and kept, never on a city of real people, and every page says what it is."""

import pytest
from sqlalchemy import func, inspect, select

from coi.db import db
from coi.demo.city import PASSPHRASE
from coi.models import Campaign, Disclosure, Person
from coi.serve import refuse_what_is_no_city
from tests.faults.filers import looking
from tests.faults.small_city import LATER, PEOPLE, demo_settings, fill
from tests.faults.test_faults_reading import fingerprints


def test_the_demo_is_a_city_of_so_many_people_with_two_years(demo_city):
    with looking():
        assert db.session.scalar(select(func.count()).select_from(Person).where(Person.employee)) == PEOPLE
        assert db.session.scalar(select(func.count()).select_from(Campaign)) == 2
        assert db.session.scalar(select(func.count()).select_from(Disclosure)) > PEOPLE
    assert PASSPHRASE in demo_city.made.output


def test_a_second_run_keeps_everything_as_it_is(demo_city):
    before = fingerprints()
    again = demo_city.run("demo", "--people", str(PEOPLE), "--no-serve", at=LATER)
    assert again.exit_code == 0, again.output
    assert fingerprints() == before
    assert PASSPHRASE in again.output


def test_without_the_switch_nothing_is_filled(engine, tmp_path):
    app = demo_settings(engine.empty("no_switch"), tmp_path)
    told = fill(app)
    assert told.exit_code == 1
    assert "COI_DEMO=1" in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1
    with app.app_context():
        assert not inspect(db.engine).get_table_names()
        db.engine.dispose()


def test_a_real_installation_is_never_filled(own_city):
    before = fingerprints()
    app = demo_settings(own_city.url, own_city.folder, demo=True)
    told = fill(app)
    with app.app_context():
        db.engine.dispose()
    assert told.exit_code == 1
    assert "real installation" in told.stderr
    assert fingerprints() == before


def test_production_does_not_serve_a_demo(demo_city, tmp_path):
    app = demo_settings(demo_city.url, tmp_path)
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"testing": False})
    with pytest.raises(SystemExit, match="demo"):
        refuse_what_is_no_city(app)
    with app.app_context():
        db.engine.dispose()


def test_every_page_says_that_it_is_a_demo(demo_city, own_city):
    for path in ("/accounts/sign-in", "/help", "/no-such-page"):
        assert "demo" in demo_city.app.test_client().get(path).text.lower()
        assert "coi-demo" not in own_city.app.test_client().get(path).text
