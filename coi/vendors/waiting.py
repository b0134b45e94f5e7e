"""Decided filings for which a new contract came, as the queue of who may settle them shows them; others stand there anyway."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from coi.db import db
from coi.disclosures.facts import facts_for
from coi.models import ContractAlert, Disclosure
from coi.rules.permissions import Actor, Permission, allows
from coi.vocabulary import Role, State

SHOWN = 10
READ = 50


@dataclass(frozen=True)
class Waiting:
    """Filings to open, the most urgent first, at most SHOWN; `more` says that there are others."""

    filings: list[Disclosure]
    more: bool


def new_contracts_for(actor: Actor) -> Waiting:
    """What waits for this officer: the filings they had, for a senior officer everybody's they are free of conflict with.

    No more than the name and the reference is for the list: which company it is stands on the case (DESIGN 7).
    """
    if actor.person_id is None:
        return Waiting([], False)
    open_ones = select(ContractAlert.disclosure_id).where(ContractAlert.ended_seq.is_(None)).group_by(ContractAlert.disclosure_id)
    wanted = select(Disclosure).where(Disclosure.id.in_(open_ones), Disclosure.state == State.DECIDED)
    if Role.SENIOR_OFFICER not in actor.roles:
        wanted = wanted.where(Disclosure.reviewer_id == actor.person_id)
    rows = wanted.order_by(Disclosure.rank, Disclosure.id).limit(READ).options(joinedload(Disclosure.filer))
    found = [one for one in db.session.scalars(rows) if allows(actor, Permission.SETTLE_CONTRACT, facts_for(one, actor))]
    return Waiting(found[:SHOWN], len(found) > SHOWN)
