"""All reads of records requests: the register, one request, how far its filings are, what may be gathered, what went out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from flask import current_app
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from coi.config import Settings
from coi.db import db
from coi.disclosures.facts import facts_for
from coi.disclosures.official import is_official
from coi.models import (
    Campaign,
    Disclosure,
    DisclosureVersion,
    Obligation,
    Person,
    RecordsFiling,
    RecordsRelease,
    RecordsRequest,
    RemovalRuling,
)
from coi.records.items import Item, items_of
from coi.rules.permissions import Actor, Facts, Permission, allows
from coi.rules.searching import search_text
from coi.vocabulary import JobState, State

PAGE = 100
STALE = timedelta(minutes=5)


class Far(StrEnum):
    """How far a gathered filing is."""

    PROPOSE = "propose"  # ethics looks what must be removed
    RULE = "rule"  # the solicitor rules
    READY = "ready"  # to be released
    MAKING = "making"
    OUT = "out"
    TAKEN_OUT = "taken_out"


@dataclass(frozen=True)
class Line:
    """A filing of a request: how far it is, whose position it is, how many removals it has."""

    filing: RecordsFiling
    far: Far
    department: str
    title: str
    removed: int


def folder() -> Path:
    """Where released copies lie."""
    settings: Settings = current_app.config["SETTINGS"]
    settings.records_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return settings.records_folder


def pdf_of(release: RecordsRelease) -> Path:
    """The file of a release."""
    return folder() / f"{release.reference}.pdf"


def register() -> list[RecordsRequest]:
    """Every request: what is open first, by its last day, then the newest."""
    rows = select(RecordsRequest).options(joinedload(RecordsRequest.steps)).order_by(RecordsRequest.id.desc()).limit(PAGE)
    found = list(db.session.scalars(rows).unique())
    return sorted(found, key=lambda one: (one.closed_seq is not None, one.until.toordinal() if one.closed_seq is None else 0))


def open_requests() -> list[RecordsRequest]:
    """The requests that wait for an answer."""
    return list(db.session.scalars(select(RecordsRequest).where(RecordsRequest.closed_seq.is_(None)).order_by(RecordsRequest.id)))


def request_for(reference: str) -> tuple[RecordsRequest, Facts] | None:
    """One request by its reference."""
    found = db.session.scalar(select(RecordsRequest).where(RecordsRequest.reference == reference))
    return (found, Facts()) if found is not None else None


def filing_for(reference: str, filing: str, actor: Actor) -> tuple[RecordsFiling, Facts] | None:
    """A filing that stands in a request, with the facts of this actor; one that was taken out is not there."""
    found = db.session.scalar(
        select(RecordsFiling)
        .join(RecordsRequest, RecordsRequest.id == RecordsFiling.request_id)
        .join(Disclosure, Disclosure.id == RecordsFiling.disclosure_id)
        .where(RecordsRequest.reference == reference, Disclosure.reference == filing, RecordsFiling.taken_out_seq.is_(None))
    )
    return (found, facts_for(found.disclosure, actor)) if found is not None else None


def released(release: str, actor: Actor) -> tuple[RecordsRelease, Facts] | None:
    """What went out, by the reference of the release."""
    found = db.session.scalar(
        select(RecordsRelease).where(RecordsRelease.reference == release, RecordsRelease.state == JobState.DONE)
    )
    if found is None or not pdf_of(found).is_file():
        return None
    return found, facts_for(found.filing.disclosure, actor)


def far(filing: RecordsFiling) -> Far:
    """How far a filing is; a form of the State is public whole and needs nobody's look."""
    if filing.taken_out_seq is not None:
        return Far.TAKEN_OUT
    if filing.release is not None:
        ended = filing.release.state in (JobState.FAILED, JobState.CANCELLED)
        return Far.READY if ended else Far.OUT if filing.release.state is JobState.DONE else Far.MAKING
    if is_official(filing.disclosure.form_id):
        return Far.READY
    if filing.proposed_seq is None:
        return Far.PROPOSE
    return Far.RULE if any(one.ruling is None for one in filing.removals) else Far.READY


def lines_of(request: RecordsRequest) -> list[Line]:
    """The filings of a request as its page shows them."""
    told = []
    for one in request.filings:
        owed = db.session.get(Obligation, one.disclosure.obligation_id) if one.disclosure.obligation_id else None
        then = owed if owed is not None else one.disclosure.filer
        told.append(Line(one, far(one), then.department, then.title, removed_of(one)))
    return told


RIGHTS = (Permission.RECORDS_PROPOSE, Permission.RECORDS_RULE, Permission.RECORDS_GATHER, Permission.RECORDS_RELEASED)


def may_by_filing(request: RecordsRequest, actor: Actor) -> dict[int, set[str]]:
    """What this person may do with each filing of a request: propose, rule, take out and release, read what went out."""
    told = {}
    for one in request.filings:
        facts = facts_for(one.disclosure, actor)
        told[one.id] = {right.value for right in RIGHTS if allows(actor, right, facts)}
    return told


def removed_of(filing: RecordsFiling) -> int:
    """How many answers are taken out by a ruling."""
    return sum(1 for one in filing.removals if one.ruling is not None and one.ruling.approved)


def versions_of(filing: RecordsFiling) -> list[DisclosureVersion]:
    """The signed versions that were asked for, the oldest first."""
    rows = select(DisclosureVersion).where(
        DisclosureVersion.disclosure_id == filing.disclosure_id, DisclosureVersion.number.in_(filing.versions)
    )
    return list(db.session.scalars(rows.order_by(DisclosureVersion.number)))


def items_in(filing: RecordsFiling) -> list[Item]:
    """Every piece of these versions that can be taken out, in order."""
    return [item for version in versions_of(filing) for item in items_of(version)]


@dataclass(frozen=True)
class Sought:
    """What the records officer looks for."""

    reference: str = ""
    person: str = ""
    department: str = ""
    year: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.reference or self.person or self.department or self.year)


def found(sought: Sought) -> list[Disclosure]:
    """The signed filings that fit: by number, by name or employee number, by department, by year of the campaign; at most 100."""
    wanted = select(Disclosure).join(Person, Person.id == Disclosure.filer_id).where(Disclosure.state != State.DRAFT)
    if sought.reference:
        wanted = wanted.where(Disclosure.reference == sought.reference.upper())
    if sought.person:
        words = search_text(sought.person).split()
        named = [Person.search_name.contains(word, autoescape=True) for word in words]
        wanted = wanted.where(or_(Person.number == sought.person, _all(named)))
    if sought.department:
        owed = select(Obligation.id).where(Obligation.department == sought.department)
        wanted = wanted.where(
            or_(Disclosure.obligation_id.in_(owed), Disclosure.obligation_id.is_(None) & (Person.department == sought.department))
        )
    if sought.year:
        year = int(sought.year) if sought.year.isascii() and sought.year.isdigit() and len(sought.year) < 5 else 0
        campaigns = select(Campaign.id).where(Campaign.year == year)
        wanted = wanted.where(Disclosure.campaign_id.in_(campaigns))
    rows = wanted.options(joinedload(Disclosure.filer)).order_by(Person.search_name, Disclosure.id).limit(PAGE)
    return list(db.session.scalars(rows))


def _all(conditions: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    made: ColumnElement[bool] = Person.id.is_not(None)
    for one in conditions:
        made = made & one
    return made


def years() -> list[int]:
    """The years of campaigns, the newest first."""
    return list(db.session.scalars(select(Campaign.year).order_by(Campaign.year.desc())))


def by_reference(references: list[str]) -> list[Disclosure]:
    """These filings, in the order of their numbers."""
    rows = select(Disclosure).where(Disclosure.reference.in_(references)).order_by(Disclosure.id)
    return list(db.session.scalars(rows))


def waiting(now: datetime) -> RecordsRelease | None:
    """The oldest release that nobody works on, locked: new, or its worker was not heard of for a while."""
    unclaimed = or_(
        RecordsRelease.state == JobState.WAITING,
        (RecordsRelease.state == JobState.RUNNING) & (RecordsRelease.claimed_at < now - STALE),
    )
    rows = select(RecordsRelease).where(unclaimed).order_by(RecordsRelease.id).limit(1)
    return db.session.scalar(rows.with_for_update(skip_locked=True))


def out_of(request: RecordsRequest) -> list[RecordsFiling]:
    """The filings of a request that went out."""
    return [one for one in request.filings if far(one) is Far.OUT]


def to_see_to(request: RecordsRequest) -> list[RecordsFiling]:
    """The filings of a request that are neither out nor taken out."""
    return [one for one in request.filings if far(one) not in (Far.OUT, Far.TAKEN_OUT)]


def ruled_by(filing: RecordsFiling) -> RemovalRuling | None:
    """The newest ruling on a filing: who was faster."""
    rulings = [one.ruling for one in filing.removals if one.ruling is not None]
    return max(rulings, key=lambda one: one.id) if rulings else None


def overdue(request: RecordsRequest, on: date) -> bool:
    """Whether the last day of an open request has passed."""
    return request.closed_seq is None and on > request.until
