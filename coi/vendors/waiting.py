"""Decided filings for which a new contract came, as the queue of who may settle them shows them; others stand there anyway."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from coi.db import db
from coi.disclosures.facts import desks_of, facts_for, in_conflict, with_them
from coi.models import ContractAlert, Disclosure
from coi.review.seats import seated
from coi.rules.permissions import Actor, Permission, allows
from coi.vocabulary import Role, State

SHOWN = 10
READ = 50


@dataclass(frozen=True)
class Waiting:
    """Filings to open, the most urgent first, at most SHOWN; `more` says that there are others.

    `left` are those of this officer's desk whose reviewer sits at no desk any more, or that no reviewer had: to know of and to
    tell a senior officer, not to open.
    """

    filings: list[Disclosure]
    more: bool
    left: tuple[Disclosure, ...] = ()


def new_contracts_for(actor: Actor) -> Waiting:
    """What waits for this officer: the filings they had, for a senior officer everybody's they are free of conflict with.

    No more than the name and the reference is for the list: which company it is stands on the case (DESIGN 7).
    """
    if actor.person_id is None:
        return Waiting([], False)
    open_ones = select(ContractAlert.disclosure_id).where(ContractAlert.ended_seq.is_(None)).group_by(ContractAlert.disclosure_id)
    every = select(Disclosure).where(Disclosure.id.in_(open_ones), Disclosure.state == State.DECIDED)
    every = every.order_by(Disclosure.rank, Disclosure.id).options(joinedload(Disclosure.filer))
    senior = Role.SENIOR_OFFICER in actor.roles
    wanted = every if senior else every.where(with_them(actor))
    rows = db.session.scalars(wanted.limit(READ))
    found = [one for one in rows if allows(actor, Permission.SETTLE_CONTRACT, facts_for(one, actor))]
    left = (
        () if senior or actor.on is None else db.session.scalars(every.where(*_left_behind(actor, actor.on)).limit(SHOWN)).all()
    )
    return Waiting(found[:SHOWN], len(found) > SHOWN, tuple(left))


def _left_behind(actor: Actor, on: date) -> list[ColumnElement[bool]]:
    """At a desk of theirs, free of conflict with them, and nobody at any desk has it: listed as a desk lists (access.md 8)."""
    here = [person_id for person_id, _name in seated(on)]
    nobodys = or_(Disclosure.reviewer_id.is_(None), Disclosure.reviewer_id.not_in(here))
    return [Disclosure.desk.in_(sorted(desks_of(actor.roles))), nobodys, ~in_conflict(actor.person_id or 0)]
