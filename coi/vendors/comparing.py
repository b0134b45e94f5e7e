"""What a load of a list would change: which records are new, which end, how many stay as they are; reads only."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from coi.db import db
from coi.models import Contract, ListLoad, ListRecord
from coi.vendors.queries import CONTRACT_LIST, VENDOR_LIST
from coi.vendors.reading import Deal, Entry

# The lists that have a page of their own, by the word of their address.
NAMES = {"vendors": VENDOR_LIST, "contracts": CONTRACT_LIST}
PERCENT = 5
AT_LEAST = 10


@dataclass(frozen=True)
class Difference:
    """The records of a file that are new, the ids of those that are no longer in it, how many there were before."""

    new: tuple[Any, ...]
    ended: tuple[int, ...]
    before: int

    @property
    def same(self) -> int:
        """How many stay as they are."""
        return self.before - len(self.ended)

    @property
    def needs_confirmation(self) -> bool:
        """Whether more would end than the larger of 5% and 10: is it the right file? Somebody types the number, as in U6."""
        return len(self.ended) > max(self.before * PERCENT / 100, AT_LEAST)


def compare(of: str, records: Sequence[Any]) -> Difference:
    """A file of `vendors` or of `contracts` against what stands."""
    return compare_entries(NAMES[of], records) if of == "vendors" else compare_contracts(records)


def state_of(of: str) -> str:
    """A mark of the list as it stands: another load makes another one."""
    return str(db.session.scalar(select(func.max(ListLoad.id)).where(ListLoad.name == NAMES[of])) or 0)


def ending(of: str, told: Difference, most: int) -> list[tuple[str, str]]:
    """The first records that would end, as (number, name)."""
    ids = told.ended[:most]
    if of == "vendors":
        rows = select(ListRecord.number, ListRecord.name).where(ListRecord.id.in_(ids)).order_by(ListRecord.id)
    else:
        rows = select(Contract.number, Contract.vendor).where(Contract.id.in_(ids)).order_by(Contract.id)
    return [(number, name) for number, name in db.session.execute(rows)]


def compare_entries(name: str, entries: Sequence[Entry]) -> Difference:
    """A file of a list against the records that stand; the same record twice stands twice."""
    rows = select(ListRecord).where(ListRecord.list_name == name, ListRecord.ended_seq.is_(None)).order_by(ListRecord.id)
    live = ((_key(row.number, row.name, row.aliases, row.attributes), row.id) for row in db.session.scalars(rows))
    told = ((_key(one.number, one.name, one.aliases, dict(one.attributes)), one) for one in entries)
    return _difference(live, told)


def compare_contracts(deals: Sequence[Deal]) -> Difference:
    """A file of contracts against those that stand."""
    rows = db.session.scalars(select(Contract).where(Contract.ended_seq.is_(None)).order_by(Contract.id))
    return _difference(((deal_of(row), row.id) for row in rows), ((deal, deal) for deal in deals))


def deal_of(row: Contract) -> Deal:
    """A standing contract as a file would have it."""
    return Deal(row.number, row.vendor, row.department, row.description, row.starts_on, row.ends_on, row.amount)


def _difference(live: Iterable[tuple[Any, int]], told: Iterable[tuple[Any, Any]]) -> Difference:
    standing: dict[Any, list[int]] = defaultdict(list)
    for key, number in live:
        standing[key].append(number)
    before = sum(map(len, standing.values()))
    new = [one for key, one in told if not _taken(standing, key)]
    return Difference(tuple(new), tuple(sorted(number for ids in standing.values() for number in ids)), before)


def _taken(standing: dict[Any, list[int]], key: Any) -> bool:
    """Whether a record like this stands already; each standing one is taken once."""
    if not standing.get(key):
        return False
    standing[key].pop()
    return True


def _key(number: str, name: str, aliases: Sequence[str], attributes: dict[str, Any]) -> tuple[str, str, str]:
    return number, name, json.dumps([list(aliases), attributes], sort_keys=True)
