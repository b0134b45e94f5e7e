"""Days of events that the office enters, and due dates that came later or moved: dated rows, the newest counts."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.people import Person
from coi.models.types import Id, Seq


class EventDate(Model):
    """The day of one event that a form's deadlines name; without a person it is everybody's who has none of their own."""

    __tablename__ = "event_dates"
    __table_args__ = (Index("ix_event_dates_form_id_event", "form_id", "event"),)

    id: Mapped[Id]
    form_id: Mapped[str] = mapped_column(String(80))
    event: Mapped[str] = mapped_column(String(500))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    happens_on: Mapped[date]
    by: Mapped[str] = mapped_column(String(80))
    seq: Mapped[Seq]

    person: Mapped[Person | None] = relationship()


class DueDate(Model):
    """A due date that an obligation got after it was made, or another one; `before` is what stood until then.

    `obligations.due_on` is the cache of the newest.
    """

    __tablename__ = "due_dates"

    id: Mapped[Id]
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id"), index=True)
    due_on: Mapped[date]
    before: Mapped[date | None]
    event: Mapped[str] = mapped_column(String(500))
    given_on: Mapped[date]
    seq: Mapped[Seq]
