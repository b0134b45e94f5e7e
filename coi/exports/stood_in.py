"""In which full workbooks a filing stood, for its filer: who asked, on which day; reads only, and tells nothing under a seal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from coi.db import db
from coi.disclosures.seals import standing
from coi.exports.filters import Filters
from coi.exports.registers.asof import Moment
from coi.exports.registers.sieve import Sieve
from coi.models import Campaign, Disclosure, DisclosureVersion, Export, ExportApproval, Obligation, Person, Settlement
from coi.profiles.current import today, zone
from coi.vocabulary import JobState

OF_FILINGS = frozenset({"outcomes", "interests", "decisions", "plans"})


@dataclass(frozen=True)
class Stood:
    """A full workbook that a filing stood in: asked by whom, made on which day of the city."""

    who: str
    day: date


def stood_in(disclosure: Disclosure, on: date) -> list[Stood]:
    """The full workbooks that held this filing, the newest first; those that a named reader asked for wait until a seal ends."""
    kept_back = [(one.seq, set(one.readers)) for one in standing(disclosure.id, on)]
    made = (
        select(Export, Person.name)
        .join(ExportApproval, ExportApproval.export_id == Export.id)
        .join(Person, Person.id == Export.asked_by_id)
        .where(Export.state == JobState.DONE)
    )
    told = []
    for export, name in db.session.execute(made.order_by(Export.id.desc())):
        hidden = any(export.seq > since and export.asked_by_id in readers for since, readers in kept_back)
        if export.finished_at is not None and not hidden and _holds(export, disclosure):
            told.append(Stood(name, today(export.finished_at)))
    return told


def _holds(export: Export, disclosure: Disclosure) -> bool:
    """Whether one of its sheets had a row of this filing."""
    n = int((export.seal or {}).get("size", 0))
    signed = select(DisclosureVersion.id).where(DisclosureVersion.disclosure_id == disclosure.id, DisclosureVersion.seq <= n)
    if not OF_FILINGS & set(export.filters["sheets"]) or db.session.scalar(signed.limit(1)) is None:
        return False
    if export.campaign_id is not None and export.campaign_id not in _campaigns(disclosure, n):
        return False
    campaign = db.session.get(Campaign, export.campaign_id) if export.campaign_id is not None else None
    sieve = Sieve(Filters.from_json(export.filters), Moment(export.as_of, n, zone()), campaign)
    return disclosure.id in sieve.filings({disclosure.id})


def _campaigns(disclosure: Disclosure, n: int) -> Iterator[int | None]:
    settled = select(Obligation.campaign_id).join(Settlement, Settlement.obligation_id == Obligation.id)
    yield disclosure.campaign_id
    yield from db.session.scalars(settled.where(Settlement.disclosure_id == disclosure.id, Settlement.seq <= n))
