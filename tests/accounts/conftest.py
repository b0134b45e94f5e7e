"""Somebody without e-mail, entries of the log by event, and letters by kind."""

import json

import pytest
from sqlalchemy import select

from coi.models import AuditEntry, Letter
from tests.factories import PersonFactory


@pytest.fixture
def rosa(db, cast):
    """Rosa works at a station, has no e-mail and never signed in."""
    person = PersonFactory(number="000777", name="Rosa Paz", email=None, department="Station 3", language="es")
    db.session.commit()
    return person


@pytest.fixture
def told(db):
    """`told("role:granted")`: actor and details of every such entry, the oldest first."""

    def of(event: str):
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.seq))
        return [(row.actor, json.loads(row.details)) for row in rows]

    return of


@pytest.fixture
def letters(db):
    """`letters("reset")`: the letters of a kind."""

    def of(kind: str):
        return list(db.session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))

    return of
