"""An outside party over the years, for who may read a case that names it; of other cases a count and how they came out."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import g
from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import joinedload

from coi.audit.chain import sha256
from coi.db import db
from coi.disclosures.facts import conflicts_with, in_conflict, with_them
from coi.languages import language
from coi.models import (
    Contract,
    Decision,
    Disclosure,
    DisclosureVersion,
    Interest,
    InterestMatch,
    Recommendation,
    StepAside,
    VendorVerdict,
)
from coi.plans.words import bare
from coi.profiles.current import current_profile, today
from coi.review.queries import case
from coi.rules.matching import normal
from coi.rules.permissions import Actor, Facts
from coi.vendors.on_case import deals_with
from coi.vendors.queries import pair_of
from coi.vocabulary import Outcome, Role, State

MOST = 200  # filings looked at, the newest; more are only counted
MOST_CONTRACTS = 100
SURE = ("exact", "likely")
NOT_SIGNED = (State.DRAFT, State.WITHDRAWN)


@dataclass(frozen=True)
class Line:
    """One thing that happened on a day: `what` is contract, filing, outcome, verdict or recusal; `told` is its row.

    `more` of an outcome is (the outcome, whose filing it is).
    """

    on: date
    what: str
    told: Any
    more: Any = None


@dataclass
class Timeline:
    """Everything that this reader may know of one party, the newest first; `hidden` counts the cases that they may not read."""

    disclosure: Disclosure
    party: str
    party_normal: str
    vendors: list[str] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    contract_count: int = 0
    amount: Any = None
    filings: list[Disclosure] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    hidden: int = 0
    hidden_outcomes: list[tuple[Outcome | None, int]] = field(default_factory=list)
    hidden_conditions: list[str] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """The party as the log keeps it."""
        return sha256(self.party_normal)


def of_party(reference: str, place: str, actor: Actor) -> tuple[Timeline, Facts] | None:
    """The gate's loader: the timeline of the party of one interest, by its place on the signed version, from 1."""
    found = case(reference, actor)
    if found is None or not (place.isascii() and place.isdigit() and 0 < len(place) < 5):
        return None
    disclosure, facts = found
    interests = interests_of(disclosure)
    if not 0 < int(place) <= len(interests) or not interests[int(place) - 1].party_normal:
        return None
    named = interests[int(place) - 1]
    return _gather(Timeline(disclosure, named.party, named.party_normal), actor, today(g.now)), facts


def interests_of(disclosure: Disclosure) -> list[Interest]:
    """The interests of the version that counts, in the order in which places are counted."""
    rows = select(Interest).join(DisclosureVersion, DisclosureVersion.id == Interest.version_id)
    rows = rows.where(DisclosureVersion.disclosure_id == disclosure.id, DisclosureVersion.number == disclosure.version)
    return list(db.session.scalars(rows.order_by(Interest.id)))


def conditions_in_words() -> dict[str, str]:
    """The profile's library of conditions in the reader's language."""
    return {one.code: bare(one.text.get(language()) or one.text["en"]) for one in current_profile().conditions}


def may_read(actor: Actor) -> ColumnElement[bool]:
    """The filings whose case this officer may read: READ_CASE as one condition, but for the draft.

    Also what they read in the stead of a colleague who is away.
    """
    if actor.person_id is None:
        return false()
    free = ~in_conflict(actor.person_id)
    if Role.SENIOR_OFFICER in actor.roles:
        return free
    recommended = select(Recommendation.disclosure_id).where(
        Recommendation.by_id == actor.person_id, Recommendation.ended_seq.is_(None)
    )
    return free & or_(with_them(actor), Disclosure.id.in_(recommended))


def _gather(seen: Timeline, actor: Actor, on: date) -> Timeline:
    keys = _vendors(seen, on)
    _contracts(seen, keys, on)
    named = _filings(seen, keys)
    ids = [one.id for one in named]
    readable = set(db.session.scalars(select(Disclosure.id).where(Disclosure.id.in_(ids), may_read(actor)))) if ids else set()
    seen.filings = [one for one in named if one.id in readable]
    outcomes = _outcomes(ids)
    for one in seen.filings:
        seen.lines.append(Line(today(one.first_submitted_at or one.created_at), "filing", one))
        for decision, outcome in outcomes.get(one.id, []):
            seen.lines.append(Line(today(decision.at), "outcome", decision, (outcome, one.filer.name)))
    _hide(seen, [one for one in named if one.id not in readable], outcomes)
    _said(seen, readable)
    _stepped_aside(seen, actor)
    seen.lines += [Line(one.starts_on or one.ends_on or date.min, "contract", one) for one in seen.contracts]
    seen.lines.sort(key=lambda line: line.on, reverse=True)
    return seen


def _vendors(seen: Timeline, on: date) -> set[str]:
    """The vendors that the party is: by name or confirmed everywhere, without those that were said to be another company."""
    rows = db.session.execute(
        select(InterestMatch.vendor_key, InterestMatch.vendor, InterestMatch.level)
        .join(Interest, Interest.id == InterestMatch.interest_id)
        .where(Interest.party_normal == seen.party_normal, InterestMatch.ended_seq.is_(None))
        .distinct()
    ).all()
    verdicts = select(VendorVerdict).where(
        VendorVerdict.party_normal == seen.party_normal, VendorVerdict.everywhere, VendorVerdict.ended_seq.is_(None)
    )
    said = {one.pair: one.category for one in db.session.scalars(verdicts) if one.until is None or one.until >= on}
    meant: dict[str, str] = {}
    for row in rows:
        category = said.get(pair_of(seen.party_normal, row.vendor_key))
        if category.confirms if category is not None else row.level in SURE:
            meant.setdefault(row.vendor_key, row.vendor)
    seen.vendors = sorted(set(meant.values()))
    return set(meant)


def _contracts(seen: Timeline, keys: Collection[str], on: date) -> None:
    for deals in (deals_with(keys, on, MOST_CONTRACTS) if keys else {}).values():
        seen.contracts += deals.shown
        seen.contract_count += deals.count
        seen.amount = (seen.amount or 0) + deals.amount


def _filings(seen: Timeline, keys: Collection[str]) -> list[Disclosure]:
    """Signed filings whose version that counts names the party, or surely a vendor that it is; the newest first."""
    by_vendor = select(InterestMatch.interest_id).where(
        InterestMatch.vendor_key.in_(sorted(keys)), InterestMatch.ended_seq.is_(None), InterestMatch.level.in_(SURE)
    )
    rows = (
        select(Disclosure)
        .join(DisclosureVersion, DisclosureVersion.disclosure_id == Disclosure.id)
        .join(Interest, Interest.version_id == DisclosureVersion.id)
        .where(
            or_(Interest.party_normal == seen.party_normal, Interest.id.in_(by_vendor)),
            DisclosureVersion.number == Disclosure.version,
            Disclosure.state.not_in(NOT_SIGNED),
        )
        .options(joinedload(Disclosure.filer))
        .order_by(Disclosure.id.desc())
        .distinct()
    )
    return list(db.session.scalars(rows.limit(MOST)))


def _outcomes(ids: Collection[int]) -> dict[int, list[tuple[Decision, Outcome]]]:
    """Standing decisions and their outcomes, by filing."""
    decisions = select(Decision).where(Decision.disclosure_id.in_(ids), Decision.undone_seq.is_(None)).order_by(Decision.id)
    found: dict[int, list[tuple[Decision, Outcome]]] = {}
    for one in db.session.scalars(decisions) if ids else ():
        found.setdefault(one.disclosure_id, []).append((one, one.outcome))
    return found


def _hide(seen: Timeline, others: list[Disclosure], outcomes: dict[int, list[tuple[Decision, Outcome]]]) -> None:
    """Of cases that this reader may not read: how many, how they came out, and which conditions of the library were set."""
    library = {one.code for one in current_profile().conditions}
    newest = [outcomes[one.id][-1] if outcomes.get(one.id) else None for one in others]
    seen.hidden = len(others)
    counted = Counter(one[1] if one is not None else None for one in newest)
    seen.hidden_outcomes = sorted(counted.items(), key=lambda one: (-one[1], str(one[0])))
    told = {code for one in newest if one is not None for code in one[0].conditions if code in library}
    seen.hidden_conditions = sorted(told)


def _said(seen: Timeline, readable: Collection[int]) -> None:
    """Verdicts for the party, and those for one filing where it may be read."""
    rows = select(VendorVerdict).where(VendorVerdict.party_normal == seen.party_normal).options(joinedload(VendorVerdict.by))
    for one in db.session.scalars(rows.order_by(VendorVerdict.id)):
        if one.everywhere or one.disclosure_id in readable:
            seen.lines.append(Line(today(one.at), "verdict", one))


def _stepped_aside(seen: Timeline, actor: Actor) -> None:
    """Who stepped aside because of it, where the reader is free of conflict with that person (U32)."""
    found = [
        row.id for row in db.session.execute(select(StepAside.id, StepAside.party)) if normal(row.party) == seen.party_normal
    ]
    rows = (
        db.session.scalars(select(StepAside).where(StepAside.id.in_(found)).options(joinedload(StepAside.person)))
        if found
        else ()
    )
    for one in rows:
        if actor.person_id is not None and not conflicts_with(one.person_id, [actor.person_id]):
            seen.lines.append(Line(one.since, "recusal", one))
