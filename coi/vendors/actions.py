"""All writes of the vendors room: a later load ends the records that are gone and keeps the rest; nothing is overwritten."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from coi.audit.record import record
from coi.db import db
from coi.errors import Refused, SomebodyWasFaster
from coi.models import Contract, ListLoad, ListRecord
from coi.rules.matching import normal
from coi.rules.permissions import Actor
from coi.vendors.comparing import NAMES, compare, compare_contracts, compare_entries, state_of
from coi.vendors.queries import vendor_key
from coi.vendors.reading import LIST_NAME, Deal, Entry
from coi.vocabulary import Event

VENDOR_LIST = "city_vendors"
CONTRACT_LIST = "contracts"
# These come from the roster and from contracts; nobody loads them.
MADE_HERE = ("city_employees", "departments", CONTRACT_LIST)
AT_ONCE = 1000


def load_shown(
    of: str, records: Sequence[Any], sha256: str, actor: Actor, now: datetime, *, state: str, number: int | None
) -> ListLoad:
    """Loads exactly what a preview showed: `state` is the mark of the list as it stood then, `number` what a person typed.

    Raises SomebodyWasFaster when the list was loaded again meanwhile, Refused (field `confirm`) when so many records would end
    that somebody has to type how many.
    """
    newest = select(ListLoad).where(ListLoad.name == NAMES[of]).order_by(ListLoad.id.desc()).limit(1)
    db.session.scalar(newest.with_for_update())
    if state_of(of) != state:
        raise SomebodyWasFaster(_("The list was loaded again since you looked at this preview. Look at it again."))
    told = compare(of, records)
    if told.needs_confirmation and number != len(told.ended):
        raise Refused(_("Type how many records would end: %(count)s.", count=len(told.ended)), "confirm")
    return load_vendors(records, sha256, actor, now) if of == "vendors" else load_contracts(records, sha256, actor, now)


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
    told = compare_contracts(deals)
    made = _loaded(CONTRACT_LIST, len(deals), sha256, actor, now)
    _end(Contract, told.ended, made.seq)
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
        for deal in told.new
    ]
    _insert(Contract, rows)
    _tie_contracts()
    db.session.expire_all()
    return made


def _load(name: str, entries: Sequence[Entry], sha256: str, actor: Actor, now: datetime) -> ListLoad:
    told = compare_entries(name, entries)
    made = _loaded(name, len(entries), sha256, actor, now)
    _end(ListRecord, told.ended, made.seq)
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
        for one in told.new
    ]
    _insert(ListRecord, rows)
    db.session.expire_all()
    return made


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
