"""Stepping aside: who keeps out of which matter from when, who stands in, until when; rows that nobody can change."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.people import Person
from coi.models.types import Code, Id, Moment, Seq
from coi.vocabulary import Origin


class StepAside(Model):
    """That somebody keeps out of a matter of the City because of a party; the supervisor is who the roster named that day."""

    __tablename__ = "step_asides"
    __table_args__ = (CheckConstraint("supervisor_id <> person_id", name="nobody_is_told_of_their_own"),)

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    matter: Mapped[str] = mapped_column(Text)
    party: Mapped[str] = mapped_column(String(500))
    since: Mapped[date]
    # Whose wish it is: the own one, the office's for the time of a review, or a condition of a plan.
    origin: Mapped[Origin] = mapped_column(Code(Origin), server_default="own", default=Origin.OWN)
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    supervisor: Mapped[Person | None] = relationship(foreign_keys=[supervisor_id])
    steps: Mapped[list["StepAsideStep"]] = relationship(order_by="StepAsideStep.id")


class StepAsideStep(Model):
    """What came later: a stand-in was named, or it is over; the newest of each kind counts."""

    __tablename__ = "step_aside_steps"
    __table_args__ = (CheckConstraint("(stand_in_id IS NULL) <> (over_on IS NULL)", name="one_thing_at_a_time"),)

    id: Mapped[Id]
    step_aside_id: Mapped[int] = mapped_column(ForeignKey("step_asides.id"), index=True)
    stand_in_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    over_on: Mapped[date | None]
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    stand_in: Mapped[Person | None] = relationship(foreign_keys=[stand_in_id])
