"""Official forms of another body that the City keeps: that the office received one on paper, and on which day (U29)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.people import Person
from coi.models.types import Id, Moment, Seq


class OfficialFormReceived(Model):
    """The office has the printed and signed form: from this row on it counts as filed with the City, never before."""

    __tablename__ = "official_forms_received"
    __table_args__ = (
        UniqueConstraint("disclosure_id", "version"),
        ForeignKeyConstraint(["disclosure_id", "filer_id"], ["disclosures.id", "disclosures.filer_id"]),
        CheckConstraint("by_id <> filer_id", name="nobody_receives_their_own"),
    )

    id: Mapped[Id]
    disclosure_id: Mapped[int]
    filer_id: Mapped[int]
    version: Mapped[int]
    received_on: Mapped[date]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    by: Mapped[Person] = relationship()
