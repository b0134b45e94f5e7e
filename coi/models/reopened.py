"""That a decided case was opened again: by whom, why, and which decision stands meanwhile; never by its filer."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from coi.db import Model
from coi.models.review import Decision
from coi.models.types import Code, Id, Moment, Seq, codes
from coi.vocabulary import Reopened


class Reopening(Model):
    """One reopening; the decision it names stands on record until another is made."""

    __tablename__ = "reopenings"
    __table_args__ = (
        ForeignKeyConstraint(["disclosure_id", "filer_id"], ["disclosures.id", "disclosures.filer_id"]),
        CheckConstraint("by_id <> filer_id", name="nobody_reopens_their_own"),
        CheckConstraint("asked_by_id <> filer_id", name="nobody_asks_to_reopen_their_own"),
        CheckConstraint("asked_by_id <> by_id", name="two_people_reopen"),
        CheckConstraint(codes(Reopened, "because"), name="reopened_because_is_known"),
    )

    id: Mapped[Id]
    disclosure_id: Mapped[int] = mapped_column(index=True)
    filer_id: Mapped[int]
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    because: Mapped[Reopened] = mapped_column(Code(Reopened))
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    request: Mapped[str] = mapped_column(String(30), default="")
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    decision: Mapped[Decision] = relationship(backref=backref("reopenings", order_by="Reopening.id"))
