"""The letters that a case lies before the final body: its members and recorders who are free of conflict; nobody else."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from coi.accounts.queries import holders
from coi.db import db
from coi.disclosures.facts import conflicts_with
from coi.models import Disclosure, Person
from coi.notices import actions as notices
from coi.profiles.current import today
from coi.vocabulary import Role


def tell_the_body(disclosure: Disclosure, members: Collection[int], now: datetime) -> None:
    """Writes to the members, who are free of conflict, and to the recorders who are; the letter names the case and no more."""
    recorders = {person.id for person in holders(frozenset({Role.RECORDER}), today(now))}
    told = {*members, *(recorders - set(conflicts_with(disclosure.filer_id, recorders, disclosure)))}
    for person in db.session.scalars(select(Person).where(Person.id.in_(told)).order_by(Person.id)):
        once = f"before_body:{disclosure.reference}:{disclosure.version}:{person.id}:{int(now.timestamp())}"
        notices.post("before_body", person, now, once, reference=disclosure.reference)
