"""People as the roster knows them, their dated versions, imports, leave, absence and confirmed ties."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.types import Id, MaybeSeq, Moment, Seq


class Person(Model):
    """Somebody the city knows; the columns are the newest PersonVersion, kept for reading. Nobody is ever deleted."""

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("supervisor_id <> id", name="nobody_supervises_themselves"),
        Index("ix_people_search", "search_name"),
    )

    id: Mapped[Id]
    number: Mapped[str | None] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    search_name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    department: Mapped[str] = mapped_column(String(200), default="", index=True)
    group: Mapped[str] = mapped_column("group_name", String(100), default="", index=True)
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    language: Mapped[str] = mapped_column(String(5), default="en")
    hired_on: Mapped[date | None]
    left_on: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True, index=True)
    employee: Mapped[bool] = mapped_column(default=True)
    body: Mapped[str] = mapped_column(String(200), default="")
    appointed_by: Mapped[str] = mapped_column(String(200), default="")
    serves_from: Mapped[date | None]
    serves_to: Mapped[date | None]

    supervisor: Mapped["Person | None"] = relationship(remote_side="Person.id")


class PersonVersion(Model):
    """What the roster said about a person from one audit entry on."""

    __tablename__ = "person_versions"
    __table_args__ = (Index("ix_person_versions_person_seq", "person_id", "seq"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    seq: Mapped[Seq]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("roster_imports.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    title: Mapped[str] = mapped_column(String(200))
    department: Mapped[str] = mapped_column(String(200))
    group: Mapped[str] = mapped_column("group_name", String(100))
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    language: Mapped[str] = mapped_column(String(5))
    hired_on: Mapped[date | None]
    left_on: Mapped[date | None]
    active: Mapped[bool]


class RosterImport(Model):
    """One roster file: what it changed, from which bytes, by whom, and whether it was undone."""

    __tablename__ = "roster_imports"

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    full: Mapped[bool]
    rows: Mapped[int]
    added: Mapped[int]
    changed: Mapped[int]
    left: Mapped[int] = mapped_column("left_count")
    unchanged: Mapped[int]
    refused: Mapped[int]
    active_after: Mapped[int]
    actor: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment)
    acts_after: Mapped[datetime | None] = mapped_column(Moment)
    acted_at: Mapped[datetime | None] = mapped_column(Moment)
    seq: Mapped[Seq]
    undone_seq: Mapped[MaybeSeq]


class RosterNote(Model):
    """ "My title, department or supervisor is wrong": a note to the campaign desk beside the form, never an answer (U12)."""

    __tablename__ = "roster_notes"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]
    done_seq: Mapped[MaybeSeq]


class Leave(Model):
    """When somebody is on leave, without a reason (U5); the newest row counts."""

    __tablename__ = "leave"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    leave_from: Mapped[date | None]
    leave_to: Mapped[date | None]
    hold_letters: Mapped[bool] = mapped_column(default=False)
    seq: Mapped[Seq]


class Absence(Model):
    """When a reviewer is away and gets no new cases."""

    __tablename__ = "absences"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    away_from: Mapped[date]
    away_to: Mapped[date]
    seq: Mapped[Seq]
    ended_seq: Mapped[MaybeSeq]


class Tie(Model):
    """A confirmed relation of two people, or a confirmed outside party they share: keeps one from reviewing the other (SD2)."""

    __tablename__ = "ties"
    __table_args__ = (
        CheckConstraint("person_id <> other_id", name="a_tie_has_two_people"),
        UniqueConstraint("person_id", "other_id", "kind", "seq"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seq: Mapped[Seq]
    ended_seq: Mapped[MaybeSeq]
