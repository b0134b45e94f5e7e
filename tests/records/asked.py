"""The steps of a records request as tests take them: Ron keeps records, Lea is the solicitor, Sia proposes."""

from typing import Any

from flask import current_app
from sqlalchemy import select

from coi.models import Disclosure, RecordsFiling, RecordsRequest
from coi.records import gathering, intake, jobs, removals, sweep
from coi.vocabulary import Role
from tests.city import apart
from tests.disclosures.steps import now
from tests.factories import AccountFactory, Cast, Member, PersonFactory, RoleGrantFactory, an_entry

ASKED = "Every disclosure that Finn Filer signed in 2026."


def two_more(cast: Cast) -> None:
    """Ron, the records officer, and Lea, the solicitor, join the cast."""
    seq = an_entry()
    for name, surname, role in (("ron", "Records", Role.RECORDS_OFFICER), ("lea", "Lawyer", Role.SOLICITOR)):
        person = PersonFactory(name=f"{name.title()} {surname}", email=f"{name}@city.example", department="Law", version=seq)
        account = AccountFactory(person=person, seq=seq)
        RoleGrantFactory(account=account, role=role, seq=seq)
        cast.members[name] = Member(account)


def taken_in(cast: Cast, **more: Any) -> RecordsRequest:
    """A request that came today."""
    told = {"received": now().date(), "requester": "The Daily Paper", "contact": "desk@paper.example", "asked": ASKED, **more}
    return intake.take_in(**{"language": "en", **told}, actor=cast.ron.actor, now=now())


def gathered(cast: Cast, disclosure: Disclosure, every: bool = False, **more: Any) -> RecordsFiling:
    """A request with one filing in it."""
    return gathering.gather(taken_in(cast, **more), [disclosure], every, cast.ron.actor, now())[0]


def ruled(cast: Cast, filing: RecordsFiling, stays: tuple[str, ...] = ()) -> None:
    """Sia proposes what is marked; Lea approves each but the places that stay."""
    if filing.proposed_seq is None:
        removals.propose(filing, {}, cast.sia.actor, now())
    said = {one.id: removals.Ruled(one.place not in stays, "It is public.") for one in filing.removals if one.ruling is None}
    removals.rule(filing, said, cast.lea.actor, now())


def swept(at: Any = None) -> int:
    """The worker's part of it, in a context of its own."""
    app = current_app._get_current_object()

    def run() -> int:
        with app.app_context():
            return jobs.make_waiting(at or now()) + sweep.remind(at or now())

    return apart(run)


def places(filing: RecordsFiling) -> list[str]:
    return [one.place for one in filing.removals]


def newest(db) -> RecordsRequest:
    return db.session.scalars(select(RecordsRequest).order_by(RecordsRequest.id.desc())).first()
