"""Records requests: what was asked and when, the filings gathered, each removal with its ground and ruling, what went out."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.disclosures import Disclosure
from coi.models.people import Person
from coi.models.types import Code, Id, MaybeSeq, Moment, Seq, codes
from coi.vocabulary import JobState, MoreTime, RecordsAnswer, RecordsStepKind, RemovalGround


class RecordsRequest(Model):
    """That somebody asked for public records; `due_on` is 5 business days after the day on which it came (U64)."""

    __tablename__ = "records_requests"
    __table_args__ = (CheckConstraint("due_on > received_on", name="due_after_it_came"),)

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    received_on: Mapped[date]
    due_on: Mapped[date] = mapped_column(index=True)
    requester: Mapped[str] = mapped_column(String(200))
    contact: Mapped[str] = mapped_column(String(300))
    asked: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(5))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]
    closed_seq: Mapped[MaybeSeq]

    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    steps: Mapped[list["RecordsStep"]] = relationship(order_by="RecordsStep.id")
    filings: Mapped[list["RecordsFiling"]] = relationship(order_by="RecordsFiling.id", back_populates="request")

    @property
    def until(self) -> date:
        """The last day for an answer, with the time that was added."""
        return next((one.until for one in reversed(self.steps) if one.until is not None), self.due_on)

    @property
    def extended(self) -> "RecordsStep | None":
        """The step that took more time."""
        return next((one for one in self.steps if one.kind is RecordsStepKind.EXTENDED), None)

    @property
    def closed(self) -> "RecordsStep | None":
        """The step that answered it."""
        return next((one for one in self.steps if one.kind is RecordsStepKind.CLOSED), None)


class RecordsStep(Model):
    """More time, with its ground; or the answer."""

    __tablename__ = "records_steps"
    __table_args__ = (
        UniqueConstraint("request_id", "kind"),
        CheckConstraint(codes(RecordsStepKind, "kind"), name="kind_is_known"),
        CheckConstraint("kind <> 'extended' OR (until IS NOT NULL AND ground IS NOT NULL)", name="more_time_has_ground_and_day"),
        CheckConstraint("kind <> 'closed' OR answer IS NOT NULL", name="closed_has_its_answer"),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("records_requests.id"), index=True)
    kind: Mapped[RecordsStepKind] = mapped_column(Code(RecordsStepKind))
    ground: Mapped[MoreTime | None] = mapped_column(Code(MoreTime))
    until: Mapped[date | None]
    answer: Mapped[RecordsAnswer | None] = mapped_column(Code(RecordsAnswer))
    words: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    by: Mapped[Person] = relationship(foreign_keys=[by_id])


class RecordsFiling(Model):
    """A filing gathered for a request, and which of its versions; taken out again, or proposed, ruled and released."""

    __tablename__ = "records_filings"
    __table_args__ = (
        ForeignKeyConstraint(["disclosure_id", "filer_id"], ["disclosures.id", "disclosures.filer_id"]),
        UniqueConstraint("request_id", "disclosure_id"),
        CheckConstraint("by_id <> filer_id", name="nobody_gathers_their_own"),
        CheckConstraint("proposed_by_id <> filer_id", name="nobody_proposes_on_their_own"),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("records_requests.id"), index=True)
    disclosure_id: Mapped[int] = mapped_column(index=True)
    filer_id: Mapped[int]
    versions: Mapped[list[Any]] = mapped_column(JSON)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]
    # The entries of later steps; caches of rows below and of the log.
    taken_out_seq: Mapped[MaybeSeq]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    proposed_seq: Mapped[MaybeSeq]

    request: Mapped[RecordsRequest] = relationship(back_populates="filings")
    disclosure: Mapped[Disclosure] = relationship(
        foreign_keys=[disclosure_id], viewonly=True, primaryjoin=disclosure_id == Disclosure.id
    )
    proposed_by: Mapped[Person | None] = relationship(foreign_keys=[proposed_by_id])
    removals: Mapped[list["Removal"]] = relationship(order_by="Removal.id", back_populates="filing")
    release: Mapped["RecordsRelease | None"] = relationship(back_populates="filing")


class Removal(Model):
    """That an answer should be taken out, on which ground; `marked`: by the form's own marks, `keep`: ethics would not."""

    __tablename__ = "records_removals"
    __table_args__ = (
        UniqueConstraint("filing_id", "version", "place"),
        CheckConstraint(codes(RemovalGround, "ground"), name="ground_is_known"),
        CheckConstraint("ground <> 'other' OR words <> ''", name="another_ground_has_its_words"),
        CheckConstraint("NOT keep OR words <> ''", name="who_would_give_it_says_why"),
    )

    id: Mapped[Id]
    filing_id: Mapped[int] = mapped_column(ForeignKey("records_filings.id"), index=True)
    version: Mapped[int]
    place: Mapped[str] = mapped_column(String(300))
    ground: Mapped[RemovalGround] = mapped_column(Code(RemovalGround))
    words: Mapped[str] = mapped_column(Text, default="")
    marked: Mapped[bool] = mapped_column(server_default=false(), default=False)
    keep: Mapped[bool] = mapped_column(server_default=false(), default=False)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    filing: Mapped[RecordsFiling] = relationship(back_populates="removals")
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    ruling: Mapped["RemovalRuling | None"] = relationship(back_populates="removal")


class RemovalRuling(Model):
    """What the solicitor said of one removal: never who proposed it, never the filer."""

    __tablename__ = "records_rulings"
    __table_args__ = (
        CheckConstraint("by_id <> proposed_by_id", name="who_proposed_does_not_rule"),
        CheckConstraint("by_id <> filer_id", name="nobody_rules_on_their_own"),
        CheckConstraint("approved OR reason <> ''", name="who_refuses_says_why"),
    )

    id: Mapped[Id]
    removal_id: Mapped[int] = mapped_column(ForeignKey("records_removals.id"), unique=True)
    filer_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    approved: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    removal: Mapped[Removal] = relationship(back_populates="ruling")
    by: Mapped[Person] = relationship(foreign_keys=[by_id])


class RecordsRelease(Model):
    """What went out of one filing: the file's hash, how many answers are removed in it; made by the worker."""

    __tablename__ = "records_releases"
    __table_args__ = (
        CheckConstraint("by_id <> filer_id", name="nobody_releases_their_own"),
        CheckConstraint("state <> 'done' OR sha256 <> ''", name="done_has_its_hash"),
    )

    id: Mapped[Id]
    filing_id: Mapped[int] = mapped_column(ForeignKey("records_filings.id"), unique=True)
    filer_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[JobState] = mapped_column(Code(JobState), default=JobState.WAITING)
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[str] = mapped_column(Text, default="")
    size_bytes: Mapped[int] = mapped_column(default=0)
    removed: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    seq: Mapped[Seq]
    done_seq: Mapped[MaybeSeq]

    filing: Mapped[RecordsFiling] = relationship(back_populates="release")
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
