"""Filings: where each stands, its drafts, its signed versions that never change, its flags, interests and history."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.campaigns import Campaign
from coi.models.people import Person
from coi.models.questionnaires import Questionnaire
from coi.models.types import Code, Id, Moment, Seq, codes
from coi.vocabulary import Kind, Outcome, Risk, State

# The queue asks in these words and no others: an index of a part is used only where the question names the part as it does.
IS_OPEN = "disclosures.state IN ('submitted', 'in_review', 'escalated', 'returned')"
ON_OFFICE = "disclosures.state IN ('in_review', 'escalated') AND disclosures.waiting_on_filer_since IS NULL"
ON_FILER = (
    "(disclosures.state = 'returned' OR "
    "(disclosures.state IN ('in_review', 'escalated') AND disclosures.waiting_on_filer_since IS NOT NULL))"
)
ESCALATED = "disclosures.state = 'escalated'"
WITH_NOBODY = "disclosures.state IN ('submitted', 'escalated') AND disclosures.reviewer_id IS NULL"


def partial(name: str, where: str, *first: str) -> Index:
    """An index of the queue's order over the filings of which `where` holds."""
    part = text(where.replace("disclosures.", ""))
    columns = (*first, "rank", "due_at", "id")
    return Index(f"ix_disclosures_{name}", *columns, postgresql_where=part, sqlite_where=part)


class Disclosure(Model):
    """One filing of one person. State, outcome, risk, reviewer, version are caches of dated rows; only move.py sets the state."""

    __tablename__ = "disclosures"
    __table_args__ = (
        UniqueConstraint("id", "filer_id"),
        CheckConstraint(codes(State, "state"), name="state_is_known"),
        CheckConstraint("reviewer_id <> filer_id", name="nobody_reviews_their_own"),
        CheckConstraint("state <> 'in_review' OR reviewer_id IS NOT NULL", name="in_review_has_a_reviewer"),
        CheckConstraint("state <> 'decided' OR outcome IS NOT NULL", name="decided_has_an_outcome"),
        CheckConstraint("(state = 'draft') = (version = 0)", name="signed_unless_draft"),
        CheckConstraint("state = 'draft' OR due_at IS NOT NULL", name="signed_has_a_day_for_its_first_look"),
        partial("open", IS_OPEN),
        partial("desk_open", IS_OPEN, "desk"),
        partial("reviewer_open", IS_OPEN, "reviewer_id"),
        partial("reviewer_on_office", ON_OFFICE, "reviewer_id"),
        partial("reviewer_on_filer", ON_FILER, "reviewer_id"),
        partial("on_office", ON_OFFICE),
        partial("desk_on_office", ON_OFFICE, "desk"),
        partial("on_filer", ON_FILER),
        partial("desk_on_filer", ON_FILER, "desk"),
        partial("with_nobody", WITH_NOBODY),
        partial("desk_with_nobody", WITH_NOBODY, "desk"),
        partial("escalated", ESCALATED),
        partial("desk_escalated", ESCALATED, "desk"),
        partial("reviewer_escalated", ESCALATED, "reviewer_id"),
        partial("decided", "disclosures.state = 'decided'"),
        partial("desk_decided", "disclosures.state = 'decided'", "desk"),
        partial("reviewer_decided", "disclosures.state = 'decided'", "reviewer_id"),
        partial("withdrawn", "disclosures.state = 'withdrawn'"),
        partial("desk_withdrawn", "disclosures.state = 'withdrawn'", "desk"),
        partial("reviewer_withdrawn", "disclosures.state = 'withdrawn'", "reviewer_id"),
        Index("ix_disclosures_reviewer_state", "reviewer_id", "state"),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    filer_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"), index=True)
    obligation_id: Mapped[int | None] = mapped_column(ForeignKey("obligations.id"), index=True)
    form_id: Mapped[str] = mapped_column(String(80))
    kind: Mapped[Kind] = mapped_column(Code(Kind))
    reporting_year: Mapped[int]
    state: Mapped[State] = mapped_column(Code(State), default=State.DRAFT)
    outcome: Mapped[Outcome | None] = mapped_column(Code(Outcome))
    risk: Mapped[Risk] = mapped_column(Code(Risk), default=Risk.NONE)
    rank: Mapped[int] = mapped_column(default=0)  # 0 = now … 4 = routine: the queue reads upwards
    nil: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=0)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    desk: Mapped[str] = mapped_column(String(40), default="")
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    waiting_on_filer_since: Mapped[datetime | None] = mapped_column(Moment)
    first_submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    imported: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment)

    filer: Mapped[Person] = relationship(foreign_keys=[filer_id])
    reviewer: Mapped[Person | None] = relationship(foreign_keys=[reviewer_id])
    campaign: Mapped[Campaign | None] = relationship()
    versions: Mapped[list["DisclosureVersion"]] = relationship(back_populates="disclosure", order_by="DisclosureVersion.number")
    draft: Mapped["Draft | None"] = relationship(back_populates="disclosure", uselist=False)


class Draft(Model):
    """What a filer has typed and not signed: of a new filing, or of a correction to a signed one."""

    __tablename__ = "drafts"

    id: Mapped[Id]
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id", ondelete="CASCADE"), unique=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"), index=True)
    filer: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    policies: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seen: Mapped[list[str]] = mapped_column(JSON, default=list)
    revision: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime] = mapped_column(Moment)
    because: Mapped[str] = mapped_column(Text, default="")
    carried: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default=text("'{}'"))

    disclosure: Mapped[Disclosure] = relationship(back_populates="draft")
    questionnaire: Mapped[Questionnaire] = relationship()


class DisclosureVersion(Model):
    """One signature: the record of access.md section 4 as canonical JSON, its hash, and the answers with their keys."""

    __tablename__ = "disclosure_versions"
    __table_args__ = (UniqueConstraint("disclosure_id", "number"), UniqueConstraint("idempotency_key"))

    id: Mapped[Id]
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id"), index=True)
    number: Mapped[int]
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"), index=True)
    record: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    filer: Mapped[dict[str, Any]] = mapped_column(JSON)
    language: Mapped[str] = mapped_column(String(5))
    signed_at: Mapped[datetime] = mapped_column(Moment)
    signed_name: Mapped[str] = mapped_column(String(200))
    because: Mapped[str] = mapped_column(Text, default="")
    nil: Mapped[bool]
    not_checked: Mapped[list[str]] = mapped_column(JSON, default=list)
    imported: Mapped[bool] = mapped_column(default=False)
    confirmed_seq: Mapped[int | None]
    idempotency_key: Mapped[str] = mapped_column(String(80))
    seq: Mapped[Seq]

    disclosure: Mapped[Disclosure] = relationship(back_populates="versions")
    questionnaire: Mapped[Questionnaire] = relationship()
    flags: Mapped[list["Flag"]] = relationship(order_by="Flag.id")
    interests: Mapped[list["Interest"]] = relationship(order_by="Interest.id")


class Flag(Model):
    """One true trigger of the form: a task for the reviewer, never shown to the filer."""

    __tablename__ = "flags"
    # Precedents are read by question, the newest first.
    __table_args__ = (Index("ix_flags_question", "question_id", "id"),)

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("disclosure_versions.id"), index=True)
    risk: Mapped[Risk] = mapped_column(Code(Risk))
    reason: Mapped[str] = mapped_column(Text)
    question_id: Mapped[str] = mapped_column(String(80))
    entry_number: Mapped[int | None]
    entry_key: Mapped[str] = mapped_column(String(40), default="")
    matched: Mapped[list[Any]] = mapped_column(JSON, default=list)
    route: Mapped[str] = mapped_column(String(40), default="")
    seq: Mapped[Seq]


class Interest(Model):
    """A reported entry of a list, or a question outside lists that raised a flag."""

    __tablename__ = "interests"

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("disclosure_versions.id"), index=True)
    question_id: Mapped[str] = mapped_column(String(80))
    entry_number: Mapped[int | None]
    entry_key: Mapped[str] = mapped_column(String(40), default="")
    party: Mapped[str] = mapped_column(String(500), default="")
    # The party as people search for it, and what two same names have in common: copies, made at signing.
    party_search: Mapped[str] = mapped_column(String(200), default="", server_default="", index=True)
    party_normal: Mapped[str] = mapped_column(String(500), default="", server_default="", index=True)
    risk: Mapped[Risk] = mapped_column(Code(Risk), default=Risk.NONE)
    seq: Mapped[Seq]


class PriorityRow(Model):
    """The risk of a filing from one entry on: computed at signing, or changed by a reviewer with a reason."""

    __tablename__ = "priorities"

    id: Mapped[Id]
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id"), index=True)
    version: Mapped[int]
    risk: Mapped[Risk] = mapped_column(Code(Risk))
    because: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(String(80))
    seq: Mapped[Seq]


class Transition(Model):
    """One move of a filing from state to state; the state column is the newest of these."""

    __tablename__ = "transitions"

    id: Mapped[Id]
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id"), index=True)
    action: Mapped[str] = mapped_column(String(30))
    origin: Mapped[State] = mapped_column(Code(State))
    target: Mapped[State] = mapped_column(Code(State))
    actor: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment)
    because: Mapped[str] = mapped_column(Text, default="")
    seq: Mapped[Seq]
