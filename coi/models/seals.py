"""What is kept from a filer for a time: that somebody read under a seal, and to whom a filing was referred."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.people import Person
from coi.models.review import Decision
from coi.models.types import Id, MaybeSeq, Moment, Seq


class Seal(Model):
    """That named readers of one filing are not told to its filer until a day; asked by one person, approved by another (U41)."""

    __tablename__ = "seals"
    __table_args__ = (
        ForeignKeyConstraint(["disclosure_id", "filer_id"], ["disclosures.id", "disclosures.filer_id"]),
        CheckConstraint("approved_by_id <> filer_id AND asked_by_id <> filer_id", name="nobody_seals_their_own"),
        CheckConstraint("approved_by_id <> asked_by_id", name="a_seal_needs_two_persons"),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    disclosure_id: Mapped[int] = mapped_column(index=True)
    filer_id: Mapped[int]
    readers: Mapped[list[Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    until: Mapped[date]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    approved_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]
    lifted_seq: Mapped[MaybeSeq]

    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    approved_by: Mapped[Person] = relationship(foreign_keys=[approved_by_id])


class Referral(Model):
    """To whom a decided filing was referred, and when; whether its filer is told is the officer's choice, mostly no (U41)."""

    __tablename__ = "referrals"

    id: Mapped[Id]
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), unique=True)
    whom: Mapped[str] = mapped_column(String(300))
    day: Mapped[date]
    told: Mapped[bool]
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    decision: Mapped[Decision] = relationship(back_populates="referral")
