"""Who reads a case while its reviewer is away, and in whose stead each entry was made; reads only."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from coi.db import db
from coi.models import Account, Delegation, Disclosure, Person


def reader_on(disclosure: Disclosure, on: date) -> Person | None:
    """Who reads the case on a day: who stands in while that lasts, else its reviewer."""
    standing = (
        select(Person)
        .join(Delegation, Delegation.delegate_id == Person.id)
        .where(
            Delegation.disclosure_id == disclosure.id,
            Delegation.reviewer_id == disclosure.reviewer_id,
            Delegation.ended_seq.is_(None),
            Delegation.since <= on,
            Delegation.until >= on,
        )
    )
    return db.session.scalar(standing.limit(1)) or disclosure.reviewer


@dataclass(frozen=True)
class Stead:
    """That somebody acted in the stead of another from one entry until another."""

    actor: str
    person_id: int
    since: int
    until: int | None
    whom: str


def steads(disclosure: Disclosure) -> list[Stead]:
    """Who stood in for whom on a case, as the log names them."""
    acted = aliased(Person)
    rows = db.session.execute(
        select(Account.id, Delegation.delegate_id, Delegation.seq, Delegation.ended_seq, acted.name)
        .join(Account, Account.person_id == Delegation.delegate_id)
        .join(acted, acted.id == Delegation.reviewer_id)
        .where(Delegation.disclosure_id == disclosure.id)
    )
    return [Stead(f"account:{account}", delegate, since, until, whom) for account, delegate, since, until, whom in rows]


def in_whose_stead(filings: Collection[int], person_id: int | None, on: date, seq: int | None = None) -> dict[int, str]:
    """Of these filings those that lie with somebody else for whom this person stood in on a day, with the name; since `seq`."""
    lasts: ColumnElement[bool] = Delegation.ended_seq.is_(None)
    rows = db.session.execute(
        select(Delegation.disclosure_id, Person.name)
        .join(Person, Person.id == Delegation.reviewer_id)
        .where(
            Delegation.disclosure_id.in_(filings),
            Delegation.delegate_id == person_id,
            Delegation.since <= on,
            Delegation.until >= on,
            lasts if seq is None else or_(lasts, Delegation.ended_seq > seq),
        )
    )
    return {row[0]: row[1] for row in rows}


def said_for(name: str, who: str | int, seq: int, stood: list[Stead]) -> str:
    """A name, and in whose stead that person acted with this entry; `who` is an actor of the log or a person's id."""
    for one in stood:
        if who in (one.actor, one.person_id) and one.since < seq and (one.until is None or seq <= one.until):
            return _("%(name)s, for %(other)s", name=name, other=one.whom)
    return name
