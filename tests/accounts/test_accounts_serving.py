"""What is not served: a database without a city, and a demo's database in production, whose passphrase everybody knows."""

import pytest
from sqlalchemy import select

from app import create_app
from coi.db import db as database
from coi.models import Installation
from coi.serve import commands, refuse_what_is_no_city
from tests.city import settings_for


@pytest.fixture
def made_as_demo(db) -> None:
    """The database says that it was filled by `make demo`."""
    db.session.scalars(select(Installation)).one().demo = True
    db.session.commit()


def serve_as(app, monkeypatch, **told) -> None:
    settings = app.config["SETTINGS"].model_copy(update={"testing": False, **told})
    monkeypatch.setitem(app.config, "SETTINGS", settings)


def test_a_demo_is_not_served_in_production(app, made_as_demo, monkeypatch):
    serve_as(app, monkeypatch)
    with pytest.raises(SystemExit, match="This database is a demo's"):
        refuse_what_is_no_city(app)


def test_no_process_of_a_city_starts_on_a_demo(app, made_as_demo, monkeypatch, runner):
    serve_as(app, monkeypatch)
    for command in ("serve", "worker"):
        told = runner.invoke(args=[command])
        assert told.exit_code == 1
        assert "This database is a demo's" in str(told.exception or told.output)


def test_a_demo_is_served_as_one(app, made_as_demo, monkeypatch):
    serve_as(app, monkeypatch, demo=True)
    assert refuse_what_is_no_city(app) is None


def test_a_real_city_is_served(app, monkeypatch):
    serve_as(app, monkeypatch)
    assert refuse_what_is_no_city(app) is None


def test_where_nothing_is_installed_it_says_what_to_do(engine, tmp_path):
    empty = create_app(settings_for(engine.empty("nothing"), tmp_path))
    with pytest.raises(SystemExit, match="run `flask init` first"):
        refuse_what_is_no_city(empty)
    with empty.app_context():
        database.engine.dispose()


def test_the_web_server_is_given_the_door_that_asks(app):
    assert "app:web()" in commands(8000, "127.0.0.1", 1)[0]


@pytest.mark.parametrize(
    ("told", "hosts"),
    [
        ({"public_url": "https://ethics.city.example/"}, ["ethics.city.example"]),
        ({"public_url": "https://ethics.city.example", "trusted_hosts": ["inside.city.example"]}, ["inside.city.example"]),
        ({"public_url": "http://localhost:8000"}, []),
    ],
    ids=str,
)
def test_a_city_with_an_address_answers_to_no_other_name(tmp_path, told, hosts):
    assert settings_for("sqlite://", tmp_path, **told).hosts == hosts


def test_a_strange_name_is_refused(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["ethics.city.example"])
    told = {path: client.get(path, headers={"Host": "evil.example"}) for path in ("/accounts/lost", "/audit", "/nothing")}
    assert {path: reply.status_code for path, reply in told.items()} == dict.fromkeys(told, 400)
    assert client.get("/accounts/lost", headers={"Host": "ethics.city.example"}).status_code == 200
