"""Looking at a page changes nothing: every address, opened by everybody, leaves every table as it was but for three."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text

from coi.db import db, for_reading
from coi.models import AuditEntry
from coi.vocabulary import Event
from tests.city import CLOCK
from tests.factories import find_cast, make_sign_in
from tests.house.test_house_access import CASES, address, table

# The log's entries of reading, and the two tables about who was refused (DESIGN 2).
MAY_GROW = {"audit_entries", "refusals", "sign_in_attempts"}
READING = {
    Event.DISCLOSURE_READ,
    Event.RECEIPT_READ,
    Event.LIST_READ,
    Event.AUDIT_READ,
    Event.EXPORT_READ,
    Event.ATTACHMENT_READ,
    Event.RECUSAL_READ,
}
GETS = [case for case in CASES if case.method == "GET"]


def fingerprints() -> dict[str, str]:
    """What every table holds, as a hash of its rows; files of the city beside them."""
    db.session.rollback()
    with for_reading():
        found = {}
        for name in inspect(db.engine).get_table_names():
            rows = sorted(repr(tuple(row)) for row in db.session.execute(text(f'SELECT * FROM "{name}"')))
            found[name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
        db.session.rollback()
    return found


@pytest.fixture
def browsers(app: Flask, world: dict[str, str]) -> dict[str, Any]:
    """Everybody of the table of routes, with a browser."""
    made = {}
    for name in table()["actors"]:
        client = app.test_client()
        if name != "nobody":
            token = make_sign_in(find_cast()[name].account, CLOCK)
            with client.session_transaction() as cookie:
                cookie["sign_in"] = token
        made[name] = client
    db.session.commit()
    return made


@pytest.fixture
def changed(browsers: dict[str, Any]) -> Callable[[str], set[str]]:
    """`changed(path)`: the tables that are not as they were after everybody opened that page, but for those that may grow."""
    before = fingerprints()

    def look(path: str) -> set[str]:
        nonlocal before
        for client in browsers.values():
            client.get(path)
        browsers["sia"].head(path)
        was, before = before, fingerprints()
        return {name for name in was if was[name] != before[name]} - MAY_GROW

    return look


def test_opening_a_page_changes_no_table(app, db, world, changed):
    last = db.session.scalar(select(AuditEntry.seq).order_by(AuditEntry.seq.desc()).limit(1))
    found = {str(case): changed(address(app, case, world)) for case in GETS}
    assert {name: tables for name, tables in found.items() if tables} == {}
    events = set(db.session.scalars(select(AuditEntry.event).where(AuditEntry.seq > last)))
    assert events <= {event.code for event in READING}
    assert events, "nobody read anything: the test looks at nothing"


def test_a_page_that_writes_is_caught(app, db, cast, changed, monkeypatch):
    def writes(*_arguments: Any, **_options: Any) -> str:
        db.session.execute(text("UPDATE people SET title = 'changed by looking'"))
        db.session.commit()
        return "a page"

    monkeypatch.setattr("coi.public.render_template", writes)
    assert changed("/help") == {"people"}
