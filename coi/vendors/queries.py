"""All reads of the vendors room: which lists are loaded, their records, what the City knows of a party; changes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from coi.audit.chain import sha256
from coi.db import db
from coi.models import Contract, ListLoad, ListRecord, Person, PersonVersion, VendorVerdict
from coi.rules.matching import normal
from coi.vocabulary import VerdictCategory

VENDOR_LIST = "city_vendors"
CONTRACT_LIST = "contracts"
EMPLOYEE_LIST = "city_employees"
DEPARTMENT_LIST = "departments"
MOST_CONTRACTS = 200


@dataclass
class Item:
    """One record of a list as the index holds it: its names, what the engine and the case page see, its contracts, its key."""

    names: list[str]
    record: dict[str, Any]
    contracts: list[int] = field(default_factory=list)
    key: str = ""
    record_id: int | None = None


def loads() -> Sequence[ListLoad]:
    """The newest load of each list, by name."""
    newest = select(func.max(ListLoad.id)).group_by(ListLoad.name)
    return db.session.scalars(select(ListLoad).where(ListLoad.id.in_(newest)).order_by(ListLoad.name)).all()


def vendor_key(number: str, name: str) -> str:
    """Whom a match, a verdict or a contract is about, whatever record holds the name today: #number, else the same name."""
    return f"#{number}" if number else normal(name)[:500]


def pair_of(party_normal: str, key: str) -> str:
    """A party and a vendor as one text of fixed length."""
    return sha256(f"{party_normal}\n{key}")


def aliases_stamp() -> tuple[Any, ...]:
    """A mark that changes whenever a verdict for a party is given or ends."""
    marks = select(func.max(VendorVerdict.seq), func.max(VendorVerdict.ended_seq)).where(VendorVerdict.everywhere)
    return tuple(db.session.execute(marks).one())


def aliases() -> list[tuple[str, str]]:
    """(vendor, name) for every name that an officer confirmed to be a vendor's, everywhere."""
    confirmed = [one for one in VerdictCategory if one.confirms]
    wanted = select(VendorVerdict.vendor_key, VendorVerdict.party).where(
        VendorVerdict.everywhere, VendorVerdict.ended_seq.is_(None), VendorVerdict.category.in_(confirmed)
    )
    return [(row.vendor_key, row.party) for row in db.session.execute(wanted.order_by(VendorVerdict.id))]


def stamp_of(name: str) -> tuple[Any, ...] | None:
    """A mark that changes with every load of what the list is made of, or None when there is nothing to compare with."""
    if name in (EMPLOYEE_LIST, DEPARTMENT_LIST):
        newest = select(PersonVersion.id, PersonVersion.seq, PersonVersion.name, PersonVersion.department)
        row = db.session.execute(newest.order_by(PersonVersion.id.desc()).limit(1)).first()
        return tuple(row) if row else None
    sources = (VENDOR_LIST, CONTRACT_LIST) if name == VENDOR_LIST else (name,)
    newest_ids = select(func.max(ListLoad.id)).where(ListLoad.name.in_(sources)).group_by(ListLoad.name)
    rows = db.session.execute(
        select(ListLoad.id, ListLoad.seq, ListLoad.sha256, ListLoad.rows).where(ListLoad.id.in_(newest_ids)).order_by(ListLoad.id)
    ).all()
    return tuple(tuple(row) for row in rows) or None


def items_of(name: str) -> list[Item]:
    """Every standing record of a list."""
    if name == EMPLOYEE_LIST:
        return _employees()
    if name == DEPARTMENT_LIST:
        return _departments()
    items = _records(name)
    return _with_contracts(items) if name == VENDOR_LIST else list(items.values())


def _employees() -> list[Item]:
    rows = db.session.execute(
        select(Person.name, Person.number, Person.department, Person.title).where(Person.active, Person.employee)
    )
    return [
        Item([row.name], {"name": row.name, "number": row.number or "", "department": row.department, "title": row.title})
        for row in rows
    ]


def _departments() -> list[Item]:
    query = select(Person.department).where(Person.active, Person.department != "").distinct().order_by(Person.department)
    return [Item([name], {"name": name}) for name in db.session.scalars(query)]


def _records(name: str) -> dict[int, Item]:
    query = select(ListRecord).where(ListRecord.list_name == name, ListRecord.ended_seq.is_(None)).order_by(ListRecord.id)
    return {
        row.id: Item(
            [row.name, *row.aliases],
            {**row.attributes, "name": row.name, "number": row.number},
            key=vendor_key(row.number, row.name),
            record_id=row.id,
        )
        for row in db.session.scalars(query)
    }


def _with_contracts(vendors: dict[int, Item]) -> list[Item]:
    """Vendors with the departments of their contracts; whoever has a contract and is on no list is a vendor too."""
    unlisted: dict[str, Item] = {}
    rows = db.session.execute(
        select(Contract.id, Contract.vendor, Contract.vendor_id, Contract.department)
        .where(Contract.ended_seq.is_(None))
        .order_by(Contract.id)
    )
    for row in rows:
        item = vendors.get(row.vendor_id) if row.vendor_id is not None else None
        if item is None:
            key = vendor_key("", row.vendor)
            item = unlisted.setdefault(key, Item([row.vendor], {"name": row.vendor, "number": ""}, key=key))
        item.contracts.append(row.id)
        departments = item.record.setdefault("departments", [])
        if row.department and row.department not in departments:
            departments.append(row.department)
    return [*vendors.values(), *unlisted.values()]


@dataclass(frozen=True)
class KnownParty:
    """What the City knows of a party: the record, how surely it is meant, its contracts."""

    record: dict[str, Any]
    level: str
    contracts: Sequence[Contract]

    def __iter__(self) -> Any:
        return iter((self.record, self.level, self.contracts))

    @property
    def amount(self) -> Decimal:
        """The amounts of the contracts, together."""
        return sum((one.amount for one in self.contracts if one.amount is not None), Decimal(0))

    @property
    def departments(self) -> list[str]:
        """The departments that deal with the party."""
        told = self.record.get("departments") or []
        return [told] if isinstance(told, str) else list(told)


def contracts_by_id(ids: Iterable[int]) -> Sequence[Contract]:
    """Standing contracts, the newest first."""
    query = select(Contract).where(Contract.id.in_(list(ids)[-MOST_CONTRACTS:]), Contract.ended_seq.is_(None))
    return db.session.scalars(query.order_by(Contract.starts_on.desc().nulls_last(), Contract.id.desc())).all()


def known(text: str, most: int = 5) -> list[KnownParty]:
    """What the City knows of the party that `text` names, the surest first; nothing when no vendor list is loaded."""
    from coi.vendors.lists import city_lists  # the lists are made of these queries

    found = city_lists().items(VENDOR_LIST, text)[:most]
    return [KnownParty(item.record, level, contracts_by_id(item.contracts)) for level, item in found]
