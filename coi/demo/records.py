"""A records request of the made-up city: two filings gathered, the removals of one proposed, nothing released yet."""

from datetime import datetime, timedelta

from sqlalchemy import select

from coi.db import db
from coi.demo.city import number_of
from coi.demo.stories import Act, actor_for
from coi.disclosures.facts import facts_for
from coi.models import Disclosure, Person
from coi.profiles.current import current_profile, today
from coi.records import gathering, intake, removals
from coi.records.queries import items_in
from coi.rules.permissions import Permission, allows
from coi.vocabulary import RemovalGround, State

ASKED = (
    "Under the Right-to-Know Law I ask for the conflict of interest forms that Gideon Marsh and Augusta Penrose of the Finance "
    "Department signed this year, with every correction."
)
WHOSE = ("corrected", "overdue")


def lately() -> list[Act]:
    """In the last afternoon: a newspaper asked three days ago."""
    return [_asked]


def _asked(now: datetime) -> None:
    filings = [one for key in WHOSE for one in _filings(key)]
    if not filings:
        return
    came = current_profile().next_business_day(today(now) - timedelta(days=4))
    words = ("Olive Brandt, The Lamplighter", "newsroom@lamplighter.example", ASKED, "en")
    request = intake.take_in(min(came, today(now)), *words, actor_for("records", now), now)
    made = gathering.gather(request, filings, True, actor_for("records", now), now)
    officer, first = actor_for("senior1", now), made[0]
    if not allows(officer, Permission.RECORDS_PROPOSE, facts_for(first.disclosure, officer)):
        return
    marked = [one for one in items_in(first) if one.mark is RemovalGround.CONFIDENTIAL]
    said = {one.key: removals.Proposed(RemovalGround.CONFIDENTIAL, "It tells nothing private.", keep=True) for one in marked[:1]}
    removals.propose(first, said, officer, now)


def _filings(key: str) -> list[Disclosure]:
    wanted = select(Disclosure).join(Person, Person.id == Disclosure.filer_id)
    wanted = wanted.where(Person.number == number_of(key), Disclosure.state != State.DRAFT)
    return list(db.session.scalars(wanted.order_by(Disclosure.id.desc()).limit(1)))
