"""Campaigns with their parts, and what each person owes: obligations, extensions, excuses, settlements."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.people import Person
from coi.models.types import Code, Id, MaybeSeq, Moment, Seq
from coi.vocabulary import Kind


class Campaign(Model):
    """One year's round; `year` is when it runs, `reporting_year` what it reports."""

    __tablename__ = "campaigns"

    id: Mapped[Id]
    year: Mapped[int] = mapped_column(unique=True)
    reporting_year: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]
    closed_seq: Mapped[MaybeSeq]

    parts: Mapped[list["CampaignPart"]] = relationship(back_populates="campaign", order_by="CampaignPart.position")


class CampaignPart(Model):
    """One part by group, with its own dates, level and policies; no groups means everyone whom no other part names."""

    __tablename__ = "campaign_parts"
    __table_args__ = (UniqueConstraint("campaign_id", "position"),)

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    position: Mapped[int]
    groups: Mapped[list[str]] = mapped_column(JSON, default=list)
    opens_on: Mapped[date]
    due_on: Mapped[date]
    level: Mapped[str | None] = mapped_column(String(20))
    policies: Mapped[list[str] | None] = mapped_column(JSON)
    paused: Mapped[bool] = mapped_column(default=False)

    campaign: Mapped[Campaign] = relationship(back_populates="parts")


class CampaignStep(Model):
    """Opened, paused, resumed, closed: the dated history behind the columns above."""

    __tablename__ = "campaign_steps"

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    part_id: Mapped[int | None] = mapped_column(ForeignKey("campaign_parts.id"))
    step: Mapped[str] = mapped_column(String(20))
    seq: Mapped[Seq]


class Obligation(Model):
    """What one person owes, with a snapshot of who they were when it was made."""

    __tablename__ = "obligations"
    __table_args__ = (
        UniqueConstraint("person_id", "form_id", "kind", "occasion"),
        Index("ix_obligations_campaign_department", "campaign_id", "department"),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"), index=True)
    part_id: Mapped[int | None] = mapped_column(ForeignKey("campaign_parts.id"))
    form_id: Mapped[str] = mapped_column(String(80))
    kind: Mapped[Kind] = mapped_column(Code(Kind))
    occasion: Mapped[str] = mapped_column(String(60))
    reporting_year: Mapped[int]
    level: Mapped[str] = mapped_column(String(20), default="")
    filer: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    told_on: Mapped[date]
    due_on: Mapped[date | None]
    number: Mapped[str] = mapped_column(String(40), default="")
    name: Mapped[str] = mapped_column(String(200))
    department: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    group: Mapped[str] = mapped_column("group_name", String(100), default="")
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    seq: Mapped[Seq]
    ended_seq: Mapped[MaybeSeq]
    # Caches of the dated rows below; a test rebuilds them, and `due_on` from those in models/events.py.
    extended_to: Mapped[date | None]
    excused: Mapped[bool] = mapped_column(default=False)
    settled_on: Mapped[date | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    campaign: Mapped[Campaign | None] = relationship()
    part: Mapped[CampaignPart | None] = relationship()


class Extension(Model):
    """More time for one obligation, with a reason code and a name."""

    __tablename__ = "extensions"

    id: Mapped[Id]
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id"), index=True)
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(80))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"))
    seq: Mapped[Seq]


class Excuse(Model):
    """That nothing is due any more, with a reason code and two names."""

    __tablename__ = "excuses"

    id: Mapped[Id]
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id"), index=True)
    reason: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(80))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"))
    seq: Mapped[Seq]


class Settlement(Model):
    """Which filing settled which obligation, and when it counted."""

    __tablename__ = "settlements"
    __table_args__ = (UniqueConstraint("obligation_id"),)

    id: Mapped[Id]
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id"))
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id"), index=True)
    counted_on: Mapped[date]
    seq: Mapped[Seq]


class OnTimeFact(Model):
    """That a filing after the last day counts as made on it, and because of what (U23: trouble with signing in)."""

    __tablename__ = "on_time_facts"
    __table_args__ = (
        UniqueConstraint("obligation_id"),
        CheckConstraint("filed_on > last_day", name="filed_after_the_last_day"),
    )

    id: Mapped[Id]
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id"))
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id"), index=True)
    because: Mapped[str] = mapped_column(String(40))
    last_day: Mapped[date]
    filed_on: Mapped[date]
    seq: Mapped[Seq]
