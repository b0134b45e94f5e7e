"""What the City's lists hold of a disclosed party, from one audit entry to another: matches, verdicts on them, new contracts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.disclosures import Disclosure, Interest
from coi.models.people import Person
from coi.models.types import Code, Id, MaybeSeq, Moment, Seq, codes
from coi.vocabulary import Risk, State, VerdictCategory

STANDS = text("ended_seq IS NULL")


class InterestMatch(Model):
    """That the party of an interest may be a vendor; its key is its number (#V12), else what its same names have in common."""

    __tablename__ = "interest_matches"
    __table_args__ = (
        CheckConstraint("level IN ('exact', 'likely', 'possible')", name="level_is_known"),
        Index(
            "ix_interest_matches_one_stands",
            "interest_id",
            "vendor_key",
            unique=True,
            postgresql_where=STANDS,
            sqlite_where=STANDS,
        ),
    )

    id: Mapped[Id]
    interest_id: Mapped[int] = mapped_column(ForeignKey("interests.id"), index=True)
    # The record of the vendor list; none for who stands on contracts alone.
    record_id: Mapped[int | None] = mapped_column(ForeignKey("list_records.id"), index=True)
    vendor_key: Mapped[str] = mapped_column(String(500), index=True)
    vendor: Mapped[str] = mapped_column(String(500))
    level: Mapped[str] = mapped_column(String(10))
    score: Mapped[int]  # of 1000
    seq: Mapped[Seq]
    ended_seq: Mapped[MaybeSeq]

    interest: Mapped[Interest] = relationship()


class VendorVerdict(Model):
    """What an officer said of a party and a vendor: for one filing, or everywhere; never by the filer, never overwritten."""

    __tablename__ = "vendor_verdicts"
    __table_args__ = (
        ForeignKeyConstraint(["disclosure_id", "filer_id"], ["disclosures.id", "disclosures.filer_id"]),
        CheckConstraint("by_id <> filer_id", name="nobody_judges_a_match_of_their_own"),
        CheckConstraint(codes(VerdictCategory, "category"), name="category_is_known"),
        Index(
            "ix_vendor_verdicts_one_of_a_filing",
            "disclosure_id",
            "pair",
            unique=True,
            postgresql_where=text("ended_seq IS NULL AND NOT everywhere"),
            sqlite_where=text("ended_seq IS NULL AND NOT everywhere"),
        ),
        Index(
            "ix_vendor_verdicts_one_everywhere",
            "pair",
            unique=True,
            postgresql_where=text("ended_seq IS NULL AND everywhere"),
            sqlite_where=text("ended_seq IS NULL AND everywhere"),
        ),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    disclosure_id: Mapped[int] = mapped_column(index=True)
    filer_id: Mapped[int]
    everywhere: Mapped[bool]
    pair: Mapped[str] = mapped_column(String(64), index=True)  # SHA-256 of party_normal and vendor_key
    party: Mapped[str] = mapped_column(String(500))
    party_normal: Mapped[str] = mapped_column(String(500), index=True)
    vendor_key: Mapped[str] = mapped_column(String(500), index=True)
    vendor: Mapped[str] = mapped_column(String(500))
    category: Mapped[VerdictCategory] = mapped_column(Code(VerdictCategory))
    because: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[date | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]
    ended_by: Mapped[str] = mapped_column(String(80), default="")
    ended_because: Mapped[str] = mapped_column(String(40), default="")
    ended_seq: Mapped[MaybeSeq]

    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    disclosure: Mapped[Disclosure] = relationship(foreign_keys=[disclosure_id])


class ContractAlert(Model):
    """New contracts with a vendor that a standing filing names: open until an officer dismisses it or the case is reopened."""

    __tablename__ = "contract_alerts"
    __table_args__ = (
        ForeignKeyConstraint(["disclosure_id", "filer_id"], ["disclosures.id", "disclosures.filer_id"]),
        CheckConstraint("asked_by_id <> filer_id AND ended_by_id <> filer_id", name="nobody_settles_an_alert_of_their_own"),
        Index(
            "ix_contract_alerts_open",
            "disclosure_id",
            "pair",
            "newest_contract_id",
            unique=True,
            postgresql_where=STANDS,
            sqlite_where=STANDS,
        ),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    disclosure_id: Mapped[int] = mapped_column(index=True)
    filer_id: Mapped[int]
    interest_id: Mapped[int] = mapped_column(ForeignKey("interests.id"), index=True)
    pair: Mapped[str] = mapped_column(String(64), index=True)
    party: Mapped[str] = mapped_column(String(500))
    vendor_key: Mapped[str] = mapped_column(String(500))
    vendor: Mapped[str] = mapped_column(String(500))
    contracts: Mapped[list[Any]] = mapped_column(JSON)
    newest_contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"), index=True)
    risk: Mapped[Risk] = mapped_column(Code(Risk))
    state_then: Mapped[State] = mapped_column(Code(State))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    asked_reason: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    asked_seq: Mapped[MaybeSeq]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_because: Mapped[str] = mapped_column(String(40), default="")
    ended_reason: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_seq: Mapped[MaybeSeq]

    disclosure: Mapped[Disclosure] = relationship(foreign_keys=[disclosure_id])
    asked_by: Mapped[Person | None] = relationship(foreign_keys=[asked_by_id])
    ended_by: Mapped[Person | None] = relationship(foreign_keys=[ended_by_id])


class MatchSweep(Model):
    """How far the parties of standing filings are matched against the lists as one entry left them: a job's place, no record."""

    __tablename__ = "match_sweeps"

    id: Mapped[Id]
    through_seq: Mapped[int] = mapped_column(ForeignKey("audit_entries.seq"), unique=True)
    after_id: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
