"""The slip of the guided tour: somebody of the made-up city without e-mail, whose code is kept in a file beside the demo."""

from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from coi.accounts import slips
from coi.config import Settings
from coi.db import db
from coi.models import Obligation, Person
from coi.rules.permissions import Actor


def slip_for_tour(actor: Actor, now: datetime) -> None:
    """A slip for somebody without e-mail who has not begun yet."""
    person = db.session.scalars(
        select(Person)
        .join(Obligation, Obligation.person_id == Person.id)
        .where(Person.email.is_(None), Person.title == "Laborer", Obligation.settled_on.is_(None), Obligation.level != "full")
        .order_by(Person.id.desc())
        .limit(1)
    ).first()
    if person is not None:
        code = slips.issue(person, actor, now)
        _file().write_text(f"{person.number} {slips.spaced(code)}\n", encoding="utf-8")


def slip_code(now: datetime) -> tuple[str, str] | None:
    """The number and code of the tour's slip while it still works."""
    if not _file().is_file():
        return None
    number, _blank, code = _file().read_text(encoding="utf-8").strip().partition(" ")
    fits = slips.fitting(number, code, now) is not None
    db.session.rollback()
    return (number, code) if fits else None


def _file() -> Path:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.folder / "tour-slip.txt"
