"""What the City knows of several parties at once: two statements for a page, however many names stand on it; reads only."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import select

from coi.db import db
from coi.models import Contract
from coi.vendors.lists import city_lists
from coi.vendors.queries import VENDOR_LIST, Item, KnownParty

MOST_RECORDS = 5
MOST_CONTRACTS = 60  # of one record: the newest


def known_of(names: Iterable[str]) -> dict[str, list[KnownParty]]:
    """For each name what the City knows of it, the surest first; a name that is on no list has an empty row."""
    lists = city_lists()
    found = {name: lists.items(VENDOR_LIST, name)[:MOST_RECORDS] for name in dict.fromkeys(names)}
    contracts = _contracts({number for rows in found.values() for _level, item in rows for number in _newest(item)})
    return {
        name: [KnownParty(item.record, level, _sorted(contracts, _newest(item))) for level, item in rows]
        for name, rows in found.items()
    }


def _newest(item: Item) -> list[int]:
    return item.contracts[-MOST_CONTRACTS:]


def _contracts(numbers: Collection[int]) -> dict[int, Contract]:
    if not numbers:
        return {}
    rows = select(Contract).where(Contract.id.in_(sorted(numbers)), Contract.ended_seq.is_(None))
    return {one.id: one for one in db.session.scalars(rows)}


def _sorted(contracts: dict[int, Contract], numbers: Iterable[int]) -> list[Contract]:
    def newest_first(one: Contract) -> tuple[Any, ...]:
        return (one.starts_on is None, -one.starts_on.toordinal() if one.starts_on else 0, -one.id)

    return sorted((contracts[number] for number in numbers if number in contracts), key=newest_first)
