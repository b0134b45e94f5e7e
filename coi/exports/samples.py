"""Audit samples: drawn from the outcomes of a campaign as of a moment by a stored seed, so that anybody can draw them again."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from coi.audit.chain import moment, sha256, stamp
from coi.audit.record import record
from coi.db import chain_lock, db
from coi.errors import Refused
from coi.exports.filters import NO_FILTERS, Filters
from coi.exports.registers.asof import Moment, last_entry
from coi.exports.registers.rows import outcomes
from coi.exports.registers.sample import AT
from coi.exports.registers.sieve import Sieve
from coi.models import AuditSample, AuditSampleRow, Campaign, Disclosure, Obligation, Person, ReadGrant
from coi.models.types import new_reference
from coi.profiles.current import profile_as_of, today, zone
from coi.rules.permissions import Actor, Facts
from coi.rules.sampling import tickets_in_order
from coi.vocabulary import Event, Risk, State, Word

MOST = 1000
PAGE = 50
RANDOM, WEIGHTED = "random", "weighted"
# Each step of the review priority doubles the chance.
TICKETS = {risk: 2**risk.rank for risk in Risk}


@dataclass(frozen=True)
class Wanted:
    """What is drawn from: a campaign as of a moment, filed ones only or everything that was due, perhaps one department."""

    campaign: Campaign | None
    as_of: str
    way: str
    size: int
    seed: str
    once: str
    only_filed: bool = True
    narrow: Filters = NO_FILTERS

    @property
    def filters(self) -> dict[str, Any]:
        """What it is drawn from, as the log keeps it."""
        return {"only_filed": self.only_filed, **self.narrow.to_json()}


@dataclass(frozen=True)
class Plan:
    """A drawing that is not written yet: as of which entry, from how many, what came out with its priority."""

    wanted: Wanted
    n: int
    drawn_from: int
    drawn: tuple[tuple[str, str], ...]


def plan(wanted: Wanted, now: datetime) -> Plan:
    """Draws, and writes nothing; raises Refused where there is nothing to draw from or the size does not fit."""
    wanted = replace(wanted, seed=wanted.seed or secrets.token_hex(16), as_of=wanted.as_of or stamp(now))
    if not 1 <= wanted.size <= MOST:
        raise Refused(_l("Draw between 1 and %(most)s filings.", most=MOST), "size")
    n = last_entry(wanted.as_of)
    with profile_as_of(n):
        at = Moment(wanted.as_of, n, zone())
        there = dict(_there(wanted, at))
    if wanted.size > len(there):
        raise Refused(_l("There are only %(there)s to draw from. Choose a smaller number.", there=len(there)), "size")
    tickets = {one: TICKETS[risk] if wanted.way == WEIGHTED and risk else 1 for one, risk in there.items()}
    drawn = tickets_in_order(wanted.seed, tickets)[: wanted.size]
    named = ((one, risk.value if (risk := there[one]) else "") for one in drawn)
    return Plan(wanted, n, len(there), tuple(named))


def _there(wanted: Wanted, at: Moment) -> dict[str, Risk | None]:
    """Each reference of Outcomes once, with its review priority; a filing may settle several obligations."""
    rows = outcomes(at, wanted.campaign, Sieve(wanted.narrow, at, wanted.campaign))
    return {row[AT["reference"]]: row[AT["priority"]] for row in rows if row[AT["version"]] or not wanted.only_filed}


def keep(made: Plan, actor: Actor, now: datetime) -> AuditSample:
    """Writes a drawing down with its entry; a double click gives the one that there is.

    The entry comes after the moment that was drawn as of, so that this moment means the same entries for ever.
    """
    wanted = made.wanted
    db.session.execute(select(Person.id).where(Person.id == actor.person_id).with_for_update())
    there = db.session.scalar(
        select(AuditSample).where(AuditSample.drawn_by_id == actor.person_id, AuditSample.once == wanted.once)
    )
    if there is not None:
        return there
    chain_lock()
    if last_entry(wanted.as_of) != made.n:
        made = plan(wanted, now)
    reference = new_reference(f"SMP-{today(now).year}")
    after = max(now, moment(wanted.as_of) + timedelta(microseconds=1))
    told = {"as_of": wanted.as_of, "campaign": wanted.campaign.year if wanted.campaign else None, "filters": wanted.filters}
    drawing = {"way": wanted.way, "seed": wanted.seed, "size": wanted.size, "from": made.drawn_from}
    digest = sha256("\n".join(one for one, _risk in made.drawn))
    seq = record(Event.SAMPLE_DRAWN, actor, f"sample:{reference}", after, sha256=digest, **told, **drawing)
    sample = AuditSample(
        reference=reference,
        campaign_id=wanted.campaign.id if wanted.campaign else None,
        as_of=wanted.as_of,
        filters=wanted.filters,
        way=wanted.way,
        seed=wanted.seed,
        size=wanted.size,
        drawn_from=made.drawn_from,
        once=wanted.once,
        drawn_by=actor.name,
        drawn_by_id=actor.person_id,
        at=now,
        seq=seq,
    )
    db.session.add(sample)
    db.session.flush()
    for place, (one, priority) in enumerate(made.drawn, 1):
        db.session.add(AuditSampleRow(sample_id=sample.id, place=place, reference=one, priority=priority, seq=seq))
    db.session.flush()
    return sample


def all_samples() -> list[tuple[AuditSample, str, int | None]]:
    """The newest samples, whoever drew them, with that name and the campaign's year."""
    wanted = select(AuditSample, Person.name, Campaign.year).join(Person, Person.id == AuditSample.drawn_by_id)
    wanted = wanted.outerjoin(Campaign, Campaign.id == AuditSample.campaign_id)
    return [(one, name, year) for one, name, year in db.session.execute(wanted.order_by(AuditSample.id.desc()).limit(PAGE))]


def by_reference(reference: str) -> tuple[AuditSample, Facts] | None:
    """One sample."""
    found = db.session.scalar(select(AuditSample).where(AuditSample.reference == reference))
    return (found, Facts()) if found is not None else None


@dataclass(frozen=True)
class Line:
    """One filing of a sample as the page shows it: who, where it stands today, and whether this reader may open it."""

    place: int
    reference: str
    name: str
    department: str
    priority: Risk | None
    state: Word | None
    opened: bool


def lines(sample: AuditSample, actor: Actor, on: date, after: int = 0) -> list[Line]:
    """A page of a sample's filings, from place `after` on."""
    rows = select(AuditSampleRow).where(AuditSampleRow.sample_id == sample.id, AuditSampleRow.place > after)
    drawn = db.session.scalars(rows.order_by(AuditSampleRow.place).limit(PAGE)).all()
    named = [one.reference for one in drawn]
    filed = select(Disclosure.reference, Disclosure.id, Disclosure.state, Person.name, Person.department)
    filed = filed.join(Person, Person.id == Disclosure.filer_id).where(Disclosure.reference.in_(named))
    there = {one.reference: one for one in db.session.execute(filed)}
    due = select(Obligation.reference, Obligation.name, Obligation.department).where(Obligation.reference.in_(named))
    owed = {one.reference: one for one in db.session.execute(due)}
    mine = _opened_to(actor, on, [one.id for one in there.values()])
    return [_line(row, there.get(row.reference), owed.get(row.reference), mine) for row in drawn]


def _line(row: AuditSampleRow, filed: Any, owed: Any, mine: set[int]) -> Line:
    who = filed or owed
    state: State | None = filed.state if filed else None
    risk = Risk(row.priority) if row.priority else None
    name, department = (who.name, who.department) if who else ("", "")
    return Line(row.place, row.reference, name, department, risk, state, bool(filed) and filed.id in mine)


def _opened_to(actor: Actor, on: date, ids: Sequence[int]) -> set[int]:
    given = select(ReadGrant.disclosure_id).where(
        ReadGrant.auditor_id == actor.person_id,
        ReadGrant.disclosure_id.in_(ids),
        ReadGrant.starts_on <= on,
        ReadGrant.ends_on >= on,
    )
    return set(db.session.scalars(given))


def count(sample: AuditSample) -> int:
    """How many filings it holds."""
    return db.session.scalar(select(func.count()).where(AuditSampleRow.sample_id == sample.id)) or 0
