"""All writes of the vendors room: a later load ends the records that are gone and keeps the rest; nothing is overwritten."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from coi.audit.record import record
from coi.db import db
from coi.errors import Refused
from coi.models import Contract, ListLoad, ListRecord
from coi.rules.matching import normal
from coi.rules.permissions import Actor
from coi.vendors.queries import vendor_key
from coi.vendors.reading import LIST_NAME, Deal, Entry
from coi.vocabulary import Event

VENDOR_LIST = "city_vendors"
CONTRACT_LIST = "contracts"
# These come from the roster and from contracts; nobody loads them.
MADE_HERE = ("city_employees", "departments", CONTRACT_LIST)
AT_ONCE = 1000


def load_vendors(entries: Sequence[Entry], sha256: str, actor: Actor, now: datetime) -> ListLoad:
    """Loads the vendor list and ties contracts to it by name."""
    made = _load(VENDOR_LIST, entries, sha256, actor, now)
    _tie_contracts()
    return made


def load_list(name: str, entries: Sequence[Entry], sha256: str, actor: Actor, now: datetime) -> ListLoad:
    """Loads any other outside list; raises Refused for a name that is none or is made here."""
    if not LIST_NAME.match(name):
        raise Refused(_("A list's name has small letters, digits and _ only, such as organisations."), "name")
    if name in MADE_HERE:
        raise Refused(_("The list %(name)s is made from the roster and the contracts; it is not loaded.", name=name), "name")
    if name == VENDOR_LIST:
        return load_vendors(entries, sha256, actor, now)
    return _load(name, entries, sha256, actor, now)


def load_contracts(deals: Sequence[Deal], sha256: str, actor: Actor, now: datetime) -> ListLoad:
    """Loads the contracts; those that are no longer in the file are ended."""
    live: dict[Deal, list[int]] = defaultdict(list)
    for row in db.session.scalars(select(Contract).where(Contract.ended_seq.is_(None)).order_by(Contract.id)):
        live[_deal_of(row)].append(row.id)
    new = [deal for deal in deals if not _taken(live, deal)]
    made = _loaded(CONTRACT_LIST, len(deals), sha256, actor, now)
    _end(Contract, _left(live), made.seq)
    rows = [
        {
            "number": deal.number,
            "vendor": deal.vendor,
            "department": deal.department,
            "description": deal.description,
            "starts_on": deal.starts_on,
            "ends_on": deal.ends_on,
            "amount": deal.amount,
            "seq": made.seq,
        }
        for deal in new
    ]
    _insert(Contract, rows)
    _tie_contracts()
    db.session.expire_all()
    return made


def _load(name: str, entries: Sequence[Entry], sha256: str, actor: Actor, now: datetime) -> ListLoad:
    live: dict[Any, list[int]] = defaultdict(list)
    query = select(ListRecord).where(ListRecord.list_name == name, ListRecord.ended_seq.is_(None)).order_by(ListRecord.id)
    for row in db.session.scalars(query):
        live[_key(row.number, row.name, row.aliases, row.attributes)].append(row.id)
    new = [one for one in entries if not _taken(live, _key(one.number, one.name, one.aliases, dict(one.attributes)))]
    made = _loaded(name, len(entries), sha256, actor, now)
    _end(ListRecord, _left(live), made.seq)
    rows = [
        {
            "list_name": name,
            "number": one.number,
            "name": one.name,
            "normal": normal(one.name)[:500],
            "aliases": list(one.aliases),
            "attributes": {key: list(value) if isinstance(value, tuple) else value for key, value in one.attributes},
            "seq": made.seq,
        }
        for one in new
    ]
    _insert(ListRecord, rows)
    db.session.expire_all()
    return made


def _key(number: str, name: str, aliases: Sequence[str], attributes: dict[str, Any]) -> tuple[str, str, str]:
    return number, name, json.dumps([list(aliases), attributes], sort_keys=True)


def _deal_of(row: Contract) -> Deal:
    return Deal(row.number, row.vendor, row.department, row.description, row.starts_on, row.ends_on, row.amount)


def _taken(live: dict[Any, list[int]], key: Any) -> bool:
    """Whether a record like this stands already; each standing one is taken once."""
    if not live.get(key):
        return False
    live[key].pop()
    return True


def _left(live: dict[Any, list[int]]) -> list[int]:
    return sorted(one for ids in live.values() for one in ids)


def _loaded(name: str, rows: int, sha256: str, actor: Actor, now: datetime) -> ListLoad:
    seq = record(Event.LIST_LOADED, actor, f"list:{name}", now, list=name, sha256=sha256, rows=rows)
    made = ListLoad(name=name, sha256=sha256, rows=rows, at=now, seq=seq)
    db.session.add(made)
    db.session.flush()
    return made


def _end(model: Any, ids: Sequence[int], seq: int) -> None:
    for part in _parts(ids):
        db.session.execute(update(model).where(model.id.in_(part)).values(ended_seq=seq))


def _insert(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    for part in _parts(rows):
        db.session.execute(insert(model), part)


def _parts(rows: Sequence[Any]) -> Iterable[list[Any]]:
    return (list(rows[start : start + AT_ONCE]) for start in range(0, len(rows), AT_ONCE))


def _tie_contracts() -> None:
    """Points every standing contract to its vendor on the list, by number or the same name; a cache, made anew each time."""
    vendors: dict[str, int] = {}
    keys: dict[int | None, str] = {}
    for row in db.session.execute(
        select(ListRecord.id, ListRecord.number, ListRecord.normal, ListRecord.aliases)
        .where(ListRecord.list_name == VENDOR_LIST, ListRecord.ended_seq.is_(None))
        .order_by(ListRecord.id.desc())
    ):
        keys[row.id] = f"#{row.number}" if row.number else row.normal
        for name in (*map(normal, row.aliases), f"#{row.number}" if row.number else row.normal, row.normal):
            vendors[name] = row.id
    moved = []
    for contract in db.session.execute(
        select(Contract.id, Contract.vendor, Contract.vendor_id, Contract.vendor_key).where(Contract.ended_seq.is_(None))
    ):
        vendor = vendors.get(normal(contract.vendor)) or vendors.get(f"#{contract.vendor}")
        key = keys.get(vendor) or vendor_key("", contract.vendor)
        if (vendor, key) != (contract.vendor_id, contract.vendor_key):
            moved.append({"id": contract.id, "vendor_id": vendor, "vendor_key": key})
    for part in _parts(moved):
        db.session.execute(update(Contract), part)
