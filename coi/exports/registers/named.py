"""Who people and actors were as of entry N: names and numbers from the dated rows of the roster; reads no cache column."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import select

from coi.db import db
from coi.models import Account, Person, PersonVersion


def people_as_of(ids: Collection[int | None], n: int) -> dict[int, Any]:
    """What the roster said about people as of entry `n`; who came later is not there."""
    who = (PersonVersion.person_id, Person.number, PersonVersion.name, PersonVersion.department, PersonVersion.group)
    columns = (*who, PersonVersion.active)
    wanted = select(*columns).join(Person, Person.id == PersonVersion.person_id)
    wanted = wanted.where(PersonVersion.person_id.in_({one for one in ids if one is not None}), PersonVersion.seq <= n)
    rows = db.session.execute(wanted.order_by(PersonVersion.seq, PersonVersion.id))
    return {row.person_id: row for row in rows}


def names_as_of(ids: Collection[int | None], n: int) -> dict[int | None, str]:
    """The names of people as of entry `n`."""
    return {one: row.name for one, row in people_as_of(ids, n).items()}


def behind(codes: Iterable[str], n: int) -> dict[str, Any]:
    """The people behind codes such as `account:17` and `person:9`, as of entry `n`."""
    numbers: dict[str, set[int]] = {"account": set(), "person": set()}
    for code in codes:
        kind, _colon, number = code.partition(":")
        if kind in numbers and number.isascii() and number.isdigit():
            numbers[kind].add(int(number))
    accounts = db.session.execute(select(Account.id, Account.person_id).where(Account.id.in_(numbers["account"]))).all()
    told = people_as_of({*numbers["person"], *(row.person_id for row in accounts)}, n)
    found = {f"account:{row.id}": told[row.person_id] for row in accounts if row.person_id in told}
    return found | {f"person:{one}": told[one] for one in numbers["person"] if one in told}


def names_behind(codes: Iterable[str], n: int) -> dict[str, str]:
    """The names behind codes, as of entry `n`."""
    return {code: row.name for code, row in behind(codes, n).items()}
