"""What stands beside the interests of a case: vendors, contracts, amounts, verdicts, new contracts; a few reads for all."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Exists, func, or_, select
from sqlalchemy.orm import joinedload

from coi.db import db
from coi.disclosures.kept import once
from coi.models import Contract, ContractAlert, Disclosure, Interest, InterestMatch, ListRecord, VendorVerdict
from coi.vendors.matches import standing_of
from coi.vendors.queries import pair_of

SHOWN = 20  # contracts shown of one vendor; all of them are counted


@dataclass(frozen=True)
class Deals:
    """Contracts of one vendor: those still running first, then the newest; how many there are, and all amounts together."""

    shown: tuple[Contract, ...] = ()
    count: int = 0
    amount: Decimal = Decimal(0)


@dataclass
class KnownVendor:
    """One vendor that a party may be, as the case page shows it; `level` is exact, likely or possible.

    `verdict` is what holds for this filing: its own one, else the one for the party everywhere; `earlier` are those that ended.
    """

    match: InterestMatch
    deals: Deals
    departments: list[str]
    verdict: VendorVerdict | None = None
    earlier: list[VendorVerdict] = field(default_factory=list)
    alerts: list[ContractAlert] = field(default_factory=list)

    @property
    def name(self) -> str:
        """As the City's list has it."""
        return self.match.vendor

    @property
    def number(self) -> str:
        """The vendor number of the list, if it has one."""
        return self.match.vendor_key[1:] if self.match.vendor_key.startswith("#") else ""

    @property
    def level(self) -> str:
        """How surely it is meant, before anybody said so."""
        return self.match.level

    @property
    def dismissed(self) -> bool:
        """Whether an officer said that it is another company, or nothing to look at."""
        return self.verdict is not None and not self.verdict.category.confirms

    @property
    def confirmed(self) -> bool:
        """Whether an officer said that it is the same company."""
        return self.verdict is not None and self.verdict.category.confirms


def known_of(
    disclosure: Disclosure, interests: Iterable[Interest], today: date, *, alerts: bool = True
) -> dict[int, list[KnownVendor]]:
    """For every interest by its id: the vendors that its party may be, the surest first; nothing for one without a match.

    `alerts`: whether the filing has any. Six reads however many interests there are; those that an officer dismissed come last.
    """
    parties = {one.id: one for one in interests if one.party_normal}
    matches = standing_of(parties) if parties else []
    if not matches:
        return {}
    keys = {match.vendor_key for match in matches}
    deals, departments, verdicts = deals_with(keys, today), _departments(matches), _verdicts(disclosure, parties, matches)
    waiting = _alerts(disclosure) if alerts else {}
    known: dict[int, list[KnownVendor]] = {}
    for match in matches:
        pair = pair_of(parties[match.interest_id].party_normal, match.vendor_key)
        mine, told = deals.get(match.vendor_key, Deals()), verdicts.get(pair, [])
        standing = [one for one in told if stands(one, today)]
        of_vendor = dict.fromkeys([*departments.get(match.id, ()), *(one.department for one in mine.shown if one.department)])
        known.setdefault(match.interest_id, []).append(
            KnownVendor(
                match=match,
                deals=mine,
                departments=list(of_vendor),
                verdict=standing[0] if standing else None,
                earlier=[one for one in told if one not in standing[:1]],
                alerts=waiting.get(pair, []),
            )
        )
    return {number: sorted(ones, key=lambda one: one.dismissed) for number, ones in known.items()}


def stands(verdict: VendorVerdict, today: date) -> bool:
    """Whether a verdict holds on a day: nobody ended it, and its last day has not passed."""
    return verdict.ended_seq is None and (verdict.until is None or verdict.until >= today)


def deals_with(keys: Iterable[str], today: date, most: int = SHOWN) -> dict[str, Deals]:
    """The standing contracts of these vendors by key, `most` of each, with the count and the sum of all; one read."""
    running = or_(Contract.ends_on.is_(None), Contract.ends_on >= today)
    newest = (running.desc(), Contract.starts_on.desc().nulls_last(), Contract.id.desc())
    place = func.row_number().over(partition_by=Contract.vendor_key, order_by=newest)
    numbered = (
        select(
            Contract.id,
            place.label("place"),
            func.count().over(partition_by=Contract.vendor_key).label("all"),
            func.sum(Contract.amount).over(partition_by=Contract.vendor_key).label("amount"),
        )
        .where(Contract.vendor_key.in_(sorted(keys)), Contract.ended_seq.is_(None))
        .subquery()
    )
    wanted = select(Contract, numbered.c["all"], numbered.c.amount).join(numbered, numbered.c.id == Contract.id)
    rows = db.session.execute(wanted.where(numbered.c.place <= most).order_by(Contract.vendor_key, numbered.c.place)).all()
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row[0].vendor_key, []).append(row)
    return {
        key: Deals(tuple(row[0] for row in mine), mine[0][1], Decimal(str(mine[0][2] or 0)).quantize(Decimal("0.01")))
        for key, mine in found.items()
    }


def _departments(matches: Iterable[InterestMatch]) -> dict[int, list[str]]:
    """The departments that the vendor list itself names, by match."""
    records = {one.id: one.record_id for one in matches if one.record_id is not None}
    rows = select(ListRecord.id, ListRecord.attributes).where(ListRecord.id.in_(sorted(set(records.values()))))
    told = {row.id: row.attributes.get("departments") or [] for row in db.session.execute(rows)} if records else {}
    named = {number: told.get(record, []) for number, record in records.items()}
    return {number: [one] if isinstance(one, str) else list(one) for number, one in named.items()}


def _verdicts(
    disclosure: Disclosure, parties: dict[int, Interest], matches: Iterable[InterestMatch]
) -> dict[str, list[VendorVerdict]]:
    """Verdicts by pair, this filing's before those for the party, the newest first."""
    pairs = {pair_of(parties[match.interest_id].party_normal, match.vendor_key) for match in matches}
    rows = (
        select(VendorVerdict)
        .where(VendorVerdict.pair.in_(sorted(pairs)), or_(VendorVerdict.everywhere, VendorVerdict.disclosure_id == disclosure.id))
        .options(joinedload(VendorVerdict.by))
        .order_by(VendorVerdict.everywhere, VendorVerdict.id.desc())
    )
    found: dict[str, list[VendorVerdict]] = {}
    for row in db.session.scalars(rows):
        found.setdefault(row.pair, []).append(row)
    return found


def _alerts(disclosure: Disclosure) -> dict[str, list[ContractAlert]]:
    found: dict[str, list[ContractAlert]] = {}
    for one in alerts_of(disclosure):
        found.setdefault(one.pair, []).append(one)
    return found


def alerts_of(disclosure: Disclosure) -> list[ContractAlert]:
    """Every new contract that was found for a filing, the open ones first, then the newest."""
    rows = (
        select(ContractAlert)
        .where(ContractAlert.disclosure_id == disclosure.id)
        .options(joinedload(ContractAlert.ended_by), joinedload(ContractAlert.asked_by))
        .order_by(ContractAlert.ended_seq.is_not(None), ContractAlert.id.desc())
    )
    return once(("alerts", disclosure.id), lambda: list(db.session.scalars(rows)))


def told_to_the_filer(disclosure: Disclosure) -> list[ContractAlert]:
    """New contracts as the filer hears of them, in the filer's own word for the company; none that was another company's."""
    return [one for one in alerts_of(disclosure) if one.ended_because != "another_company"]


def alerts_shown(disclosure: Disclosure) -> list[tuple[ContractAlert, list[Contract]]]:
    """Every new contract of a filing as its page shows it: what it is about, and the contracts; two reads."""
    alerts = alerts_of(disclosure)
    ids = {number for one in alerts for number in one.contracts}
    rows = db.session.scalars(select(Contract).where(Contract.id.in_(sorted(ids)))) if ids else ()
    known = {row.id: row for row in rows}
    return [(one, [known[number] for number in one.contracts if number in known]) for one in alerts]


def with_open_alert() -> Exists:
    """The filings that wait because of a new contract, whatever their state: a condition for the queue, from a partial index."""
    return (
        select(ContractAlert.id).where(ContractAlert.disclosure_id == Disclosure.id, ContractAlert.ended_seq.is_(None)).exists()
    )


def waiting_for_a_look() -> ColumnElement[bool]:
    """The same as a list of ids: fits where the queue begins from the few filings with an alert."""
    return Disclosure.id.in_(select(ContractAlert.disclosure_id).where(ContractAlert.ended_seq.is_(None)))
