"""That a decided case was opened again, or a rule that clears was withdrawn: by whom and why; never by the filer."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from coi.db import Model
from coi.models.review import Decision
from coi.models.types import Code, Id, MaybeSeq, Moment, Seq, codes
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


class RuleWithdrawal(Model):
    """That a rule that clears by itself was withdrawn: what it cleared since a day goes back to review; a job carries it out."""

    __tablename__ = "rule_withdrawals"
    __table_args__ = (CheckConstraint("asked_by_id <> by_id", name="two_people_withdraw"),)

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    rule: Mapped[str] = mapped_column(String(80))
    since: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    request: Mapped[str] = mapped_column(String(30), default="")
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]
    done_seq: Mapped[MaybeSeq]
