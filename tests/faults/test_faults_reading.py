"""Looking at a page changes nothing: every address, opened by everybody, leaves every table as it was but for three."""

import hashlib
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event, inspect, select, text

from coi.db import db, for_reading
from coi.models import AuditEntry
from coi.vocabulary import Event
from tests.city import CLOCK
from tests.factories import find_cast, make_sign_in
from tests.house.test_house_access import CASES, address, table

# The log's entries of reading, and the two tables about who was refused (DESIGN 2).
MAY_GROW = {"audit_entries", "refusals", "sign_in_attempts"}
WRITES = re.compile(r'\b(INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO|TRUNCATE)\s+"?(\w+)', re.IGNORECASE)
READING = {
    Event.DISCLOSURE_READ,
    Event.RECEIPT_READ,
    Event.LIST_READ,
    Event.AUDIT_READ,
    Event.EXPORT_READ,
    Event.ATTACHMENT_READ,
    Event.RECUSAL_READ,
    Event.ADVICE_READ,
    Event.PARTY_READ,
    Event.PLAN_READ,
    Event.CASE_FILE_READ,
    Event.RECORDS_READ,
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
def written(browsers: dict[str, Any], db: SQLAlchemy) -> Iterator[Callable[[str], set[str]]]:
    """`written(path)`: the tables into which anything was written while everybody opened that page, but for those that may grow.

    Told by the statements, so that each address costs little; what a statement hid is found by the fingerprints at the end.
    """
    found: set[str] = set()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        for what, name in WRITES.findall(statement):
            if name not in MAY_GROW or not what.upper().startswith("INSERT"):
                found.add(name)

    def look(path: str) -> set[str]:
        found.clear()
        for client in browsers.values():
            client.get(path)
        browsers["sia"].head(path)
        return set(found)

    event.listen(db.engine, "before_cursor_execute", note)
    yield look
    event.remove(db.engine, "before_cursor_execute", note)


def test_opening_a_page_changes_no_table(app, db, world, written):
    before = fingerprints()
    last = db.session.scalar(select(AuditEntry.seq).order_by(AuditEntry.seq.desc()).limit(1))
    found = {str(case): written(address(app, case, world)) for case in GETS}
    assert {name: tables for name, tables in found.items() if tables} == {}
    after = fingerprints()
    assert {name for name in before if before[name] != after[name]} <= MAY_GROW
    events = set(db.session.scalars(select(AuditEntry.event).where(AuditEntry.seq > last)))
    assert events <= {event.code for event in READING}
    assert events, "nobody read anything: the test looks at nothing"


def test_a_page_that_writes_is_caught(app, db, cast, written, monkeypatch):
    def writes(*_arguments: Any, **_options: Any) -> str:
        db.session.execute(text("UPDATE people SET title = 'changed by looking'"))
        db.session.commit()
        return "a page"

    monkeypatch.setattr("coi.public.render_template", writes)
    assert written("/help") == {"people"}
