"""Whoever reads a filing of somebody else stands in its filer's list of readers, whatever page it was (U10, U41)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from coi import gate
from coi.audit.record import record
from coi.disclosures import queries, seals
from coi.models import Disclosure, Person, Seal
from coi.vocabulary import Event, State
from tests.city import CLOCK
from tests.factories import an_entry, filing
from tests.house.test_house_access import CASES, SERVED, address

# Pages that are about a filing and show nothing of what it says: the filer's name, its reference, and a form to fill in.
SHOW_NOTHING = {
    "casefiles.ask",
    "meetings.correct_motion",  # the body's own words and votes
    "review.received",
    "review.seal",
    "review.step_out",
    "review.stepped_out",
    "team.question",  # the office's question alone; the filer sees that it was asked, and of whom
}
DETAILS = {
    Event.DISCLOSURE_READ: {"version": 1, "as": "office"},
    Event.RECEIPT_READ: {"version": 1},
    Event.ATTACHMENT_READ: {"attachment": "ATT-1", "sha256": "0" * 64, "as": "office"},
    Event.PLAN_READ: {"condition": 1, "as": "condition_only"},
    Event.PARTY_READ: {"party": "0" * 16, "contracts": 1, "filings": 1},
    Event.ADVICE_READ: {"count": 1},
}


@pytest.fixture
def told(monkeypatch) -> dict[str, set[str]]:
    """The filings that a request was about, and those that it left an entry of reading for."""
    found: dict[str, set[str]] = {"about": set(), "read": set()}
    finish, trace = gate._finish, gate.leave_trace

    def finished(answer: Any, subjects: list[Any], reads: Any) -> Any:
        if answer.status_code == 200:
            found["about"] |= {one.reference for subject in subjects for one in filings_in(subject)}
        return finish(answer, subjects, reads)

    def left(one: Any) -> None:
        _event, subject, details = one
        if subject.startswith("disclosure:"):
            found["read"].add(subject.partition(":")[2])
        if "disclosure" in details:
            found["read"].add(details["disclosure"])
        trace(one)

    monkeypatch.setattr(gate, "_finish", finished)
    monkeypatch.setattr(gate, "leave_trace", left)
    return found


def filings_in(subject: Any) -> list[Disclosure]:
    """The filings that what an address points to is, has or belongs to."""
    parts = subject if isinstance(subject, tuple) else (subject,)
    parts = [part for one in parts for part in (one, *(getattr(one, name, None) for name in ("disclosure", "plan", "filing")))]
    parts += [getattr(one, "disclosure", None) for one in parts]
    return [one for one in parts if isinstance(one, Disclosure)]


def test_every_page_that_shows_a_filing_puts_its_reader_into_the_filers_list(app, db, world, built_world, told):
    without_entry, not_listed, listed = set(), set(), set()
    for case in CASES:
        path = address(app, case, world) if case.method == "GET" and case.at else None
        for actor, expected in case.expected:
            if path is None or expected != SERVED or actor == "nobody":
                continue
            browser = app.test_client()
            with browser.session_transaction() as cookie:
                cookie["sign_in"] = built_world.sign_ins[actor]
            told["about"], told["read"] = set(), set()
            if browser.get(path).status_code != 200:
                continue
            told["about"] -= own(db, actor)
            if told["about"] - told["read"] and case.endpoint not in SHOW_NOTHING:
                without_entry.add((case.endpoint, actor))
            for reference in told["read"] - own(db, actor):
                listed.add(case.endpoint)
                if not any(actor.title() in one.who and one.day == CLOCK.date() for one in readers(db, reference)):
                    not_listed.add((case.endpoint, actor))
    assert {"no entry": without_entry, "not in the list": not_listed} == {"no entry": set(), "not in the list": set()}
    assert {"review.show", "attachments.download", "plans.condition", "records.released", "meetings.motion"} <= listed


def own(db, actor: str) -> set[str]:
    """The filings of one of the cast."""
    mine = (
        select(Disclosure.reference).join(Person, Person.id == Disclosure.filer_id).where(Person.name.startswith(actor.title()))
    )
    return set(db.session.scalars(mine))


def readers(db, reference: str) -> list[queries.Reader]:
    made = db.session.scalars(select(Disclosure).where(Disclosure.reference == reference)).one()
    return queries.readers_for_filer(made, CLOCK.date())


def test_each_way_of_reading_is_told_and_waits_under_a_seal(db, cast):
    assert {one.code for one in DETAILS} == set(seals.OF_READING)
    for event, details in DETAILS.items():
        made = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person)
        subject = f"disclosure:{made.reference}"
        record(event, cast.olu.actor, subject, CLOCK, **details)
        [one] = readers(db, made.reference)
        assert ("Olu" in one.who, one.day, one.count) == (True, CLOCK.date(), 1)
        db.session.add(
            Seal(
                reference=f"SEA-{made.id}",
                disclosure_id=made.id,
                filer_id=made.filer_id,
                readers=[cast.sia.person.id],
                until=CLOCK.date() + timedelta(days=9),
                reason="an inquiry",
                asked_by_id=cast.sia.person.id,
                approved_by_id=cast.sol.person.id,
                at=CLOCK,
                seq=an_entry(CLOCK),
            )
        )
        db.session.flush()
        record(event, cast.sia.actor, subject, CLOCK, **details)
        assert [one for one in readers(db, made.reference) if "Sia" in one.who] == [], event
        later = CLOCK.date() + timedelta(days=10)
        assert [one for one in queries.readers_for_filer(made, later) if "Sia" in one.who] != [], event
