"""A database that is held by somebody, or gone: a page of ours says so with 503, and what was typed can be sent again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from html import escape
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from coi.db import db, transaction
from coi.disclosures import queries
from coi.models import Disclosure
from coi.vocabulary import State
from tests.disclosures.steps import NOTHING
from tests.factories import filing, find_cast
from tests.faults.filers import Filer, filers, looking
from tests.faults.standing import Answer, Standing, sign_in

TYPED = "About my brother's <bakery> & more"
SOON = {"sqlite": "PRAGMA busy_timeout=50", "postgresql": "SET lock_timeout = '50ms'"}


@pytest.fixture
def impatient(own_city: Standing) -> Iterator[None]:
    """Who waits for the database gives up soon, so that the test does not wait as people would."""

    def soon(connection: Any, _record: Any) -> None:
        with closing(connection.cursor()) as cursor:
            cursor.execute(SOON[db.engine.dialect.name])
        connection.commit()

    afresh()
    event.listen(db.engine, "connect", soon)
    yield
    event.remove(db.engine, "connect", soon)
    afresh()


def afresh() -> None:
    """Every connection is made anew."""
    db.session.remove()
    db.engine.dispose()


@contextmanager
def held(city: Standing) -> Iterator[None]:
    """Somebody writes for a long time: SQLite's one lock; on PostgreSQL the filings and the chain."""
    db.session.rollback()
    if city.url.startswith("sqlite"):
        with closing(sqlite3.connect(city.url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
    else:
        with psycopg.connect(city.url) as other:
            other.execute("SELECT id FROM disclosures FOR UPDATE")
            other.execute("SELECT pg_advisory_xact_lock(20266)")
            other.execute("LOCK TABLE refusals IN ACCESS EXCLUSIVE MODE")
            yield
            other.rollback()


@pytest.fixture
def finn(own_city: Standing) -> Filer:
    """Somebody with a form begun."""
    return filers(own_city, 1)[0]


def browser(city: Standing, cookie: str) -> FlaskClient:
    """A browser with this cookie."""
    client = city.app.test_client()
    client.set_cookie("session", cookie)
    return client


def form_of(finn: Filer) -> dict[str, str]:
    """A page of the form as it is sent."""
    asked = " ".join([*NOTHING, "outside_work", "anything_else"])
    return {"csrf_token": finn.signed.token, "asked": asked, "revision": "0", "press": "save", "anything_else.": TYPED}


def test_a_form_that_meets_a_held_database_keeps_its_text_and_is_sent_again(own_city, finn, impatient):
    client, path = browser(own_city, finn.signed.cookie), f"/forms/{finn.reference}"
    with held(own_city):
        reply = client.post(path, data=form_of(finn))
        assert reply.status_code == 503
        assert "We are busy just now" in reply.text
        assert escape(TYPED, quote=False) in reply.text.replace("&#39;", "'")
    again = client.post(path, data=Answer(503, "", reply.text).hidden)
    assert again.status_code == 303, again.text
    with looking():
        disclosure = db.session.scalars(select(Disclosure).where(Disclosure.reference == finn.reference)).one()
        draft = queries.draft_of(disclosure)
        assert draft is not None
        assert draft.answers["anything_else"] == TYPED


def test_a_page_whose_reading_cannot_be_noted_is_not_shown(own_city, impatient):
    with transaction():
        cast = find_cast()
        reference = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person).reference
        cookie = sign_in(own_city.app, cast.olu.account).cookie
    client = browser(own_city, cookie)
    with held(own_city):
        reply = client.get(f"/review/{reference}")
        assert (reply.status_code, "We are busy just now" in reply.text) == (503, True)
    assert client.get(f"/review/{reference}").status_code == 200


def test_a_page_that_leaves_no_trace_is_served_and_a_refusal_stays_a_refusal(own_city, finn, impatient):
    client = browser(own_city, finn.signed.cookie)
    with held(own_city):
        assert client.get("/").status_code == 200
        assert client.get("/filings/COI-2026-XXXXXX").status_code == 404


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_database_that_is_gone_is_a_page_of_ours(own_city, finn, method):
    client, dialect = browser(own_city, finn.signed.cookie), db.engine.dialect

    def gone(*_arguments: Any) -> None:
        raise dialect.loaded_dbapi.OperationalError("unable to open the database")

    afresh()
    event.listen(db.engine, "do_connect", gone)
    try:
        reply = client.open(f"/forms/{finn.reference}", method=method, data=form_of(finn) if method == "POST" else None)
    finally:
        event.remove(db.engine, "do_connect", gone)
        afresh()
    assert (reply.status_code, "We are busy just now" in reply.text) == (503, True)
    if method == "POST":
        again = client.post(f"/forms/{finn.reference}", data=Answer(503, "", reply.text).hidden)
        assert again.status_code == 303, again.text


def test_no_secret_is_carried(own_city, impatient):
    client = browser(own_city, "")
    with held(own_city):
        reply = client.post("/accounts/sign-in", data={"login": "001001", "passphrase": "my own secret words"})
    assert "my own secret words" not in reply.text
