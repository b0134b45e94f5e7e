"""Acts that need a second person: asked by one, approved or refused by another (PROFILE "Two persons")."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.people import Person
from coi.models.types import Code, Id, MaybeSeq, Moment, Seq, codes
from coi.vocabulary import RequestState


class Request(Model):
    """What is asked, of which subject in which version, with which parameters; waits 14 days."""

    __tablename__ = "requests"
    __table_args__ = (
        CheckConstraint(codes(RequestState, "state"), name="request_state_is_known"),
        CheckConstraint("decided_by_id <> asked_by_id", name="two_different_people"),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(120), index=True)
    subject_version: Mapped[str] = mapped_column(String(80), default="")
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    parameters_sha256: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[RequestState] = mapped_column(Code(RequestState), default=RequestState.WAITING)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    seq: Mapped[Seq]
    decided_seq: Mapped[MaybeSeq]

    asker: Mapped[Person | None] = relationship(foreign_keys=[asked_by_id])
    decider: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
