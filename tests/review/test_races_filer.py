"""An officer decides while the filer signs a correction: one order of the two each time, never a decision on what nobody read."""

import contextvars
import threading

from sqlalchemy import select

from coi.audit.chain import first_fault
from coi.audit.queries import links
from coi.db import db as database
from coi.disclosures import actions
from coi.disclosures.signing import sign
from coi.errors import SomebodyWasFaster
from coi.models import Decision, Disclosure, DisclosureVersion, Draft, Person, Transition
from coi.review import decisions
from coi.rules.permissions import Actor
from coi.vocabulary import Outcome, State
from tests.disclosures.steps import filed, now, owed, signature
from tests.factories import PersonFactory, QuestionnaireFactory
from tests.review.test_races import RACES, at_once

CASES = 10


def small(person: Person, filer: Actor) -> int:
    """A signed filing on the small form: what is raced here does not hang on how much a form asks."""
    made = actions.start(owed(person, form_id="tests_small"), filer, now())
    actions.save_draft(made, {"has_job": "no"}, {}, filer, now(), 0)
    sign(made, signature("first"), filer, now())
    return made.id


def begun(case: int, filer: Actor, why: str) -> int:
    """The filer has a correction ready to be signed; the version that officer and filer both see."""
    made = database.session.get_one(Disclosure, case)
    actions.begin_correction(made, why, filer, now())
    seen = made.version
    database.session.commit()  # also lets go of SQLite's one write lock
    return seen


def test_two_hundred_decisions_against_corrections_keep_one_order_each(app, db, cast):
    people = [PersonFactory() for _case in range(CASES)]
    filers = [Actor(f"account:9{number}", person.id) for number, person in enumerate(people)]
    QuestionnaireFactory()
    cases = [small(person, filer) for person, filer in zip(people, filers, strict=True)]
    officers = {cast[name].person.id: cast[name].actor for name in ("olu", "ren")}
    readers = [officers[database.session.get_one(Disclosure, case).reviewer_id] for case in cases]
    told = 0
    for turn in range(RACES):
        place = turn % CASES
        case, filer, officer, key = cases[place], filers[place], readers[place], f"correction {turn}"
        seen = begun(case, filer, key)

        def decide(case=case, officer=officer, seen=seen, key=key):
            made = database.session.get_one(Disclosure, case)
            decisions.decide(made, Outcome.NOTED, key, "", officer, now(), version=seen, state="in_review")

        def correct(case=case, filer=filer, key=key):
            sign(database.session.get_one(Disclosure, case), signature(key), filer, now())

        jobs = [decide, correct] if turn % 2 else [correct, decide]
        raised = dict(zip(jobs, at_once(app, jobs), strict=True))
        assert raised[correct] is None
        assert raised[decide] is None or type(raised[decide]) is SomebodyWasFaster, raised[decide]
        told += raised[decide] is not None
        db.session.expire_all()
        made = db.session.get_one(Disclosure, case)
        assert (made.state, made.version) == (State.IN_REVIEW, seen + 1)
        assert made.outcome is (Outcome.NOTED if any_decision(case) else None)
    for decision in db.session.scalars(select(Decision)):
        read = decision.version
        later = next(one for one in versions(decision.disclosure_id) if one.number == read.number + 1)
        assert read.seq < decision.seq < later.seq, "decided what was signed before, and before the next was signed"
    assert db.session.query(Decision).count() == RACES - told
    assert [len(versions(case)) for case in cases] == [1 + RACES // CASES] * CASES
    assert db.session.query(Draft).count() == 0
    assert first_fault(links()) is None


def any_decision(case: int) -> bool:
    return database.session.scalar(select(Decision.id).where(Decision.disclosure_id == case).limit(1)) is not None


def versions(case: int) -> list[DisclosureVersion]:
    wanted = select(DisclosureVersion).where(DisclosureVersion.disclosure_id == case).order_by(DisclosureVersion.number)
    return list(database.session.scalars(wanted))


def test_an_officer_who_is_slower_than_a_correction_keeps_the_text_on_the_page(app, db, cast, sign_in):
    made = filed(cast.finn.person, cast.finn.actor)
    reference, case, finn = made.reference, made.id, cast.finn.actor
    officer = sign_in(next(name for name in ("olu", "ren") if cast[name].person.id == made.reviewer_id))
    for turn in range(10):
        seen = begun(case, finn, f"correction {turn}")
        replies = {}

        def press(turn=turn, seen=seen, replies=replies):
            data = {"version": seen, "state": "in_review", "outcome": "noted", "reason": f"What I thought, {turn}"}
            data["internal"] = f"For us alone, {turn}"
            replies["officer"] = super(type(officer), officer).open(f"/review/{reference}/clear", method="POST", data=data)

        def correct(turn=turn):
            sign(database.session.get_one(Disclosure, case), signature(f"correction {turn}"), finn, now())

        pressing = threading.Thread(target=contextvars.Context().run, args=(press,))
        pressing.start()
        assert at_once(app, [correct]) == [None]
        pressing.join()
        reply = replies["officer"]
        if reply.status_code == 409:
            assert f"What I thought, {turn}" in reply.text
            assert f"For us alone, {turn}" in reply.text
            assert "signed a newer version" in reply.text
        else:
            assert reply.status_code == 302
        db.session.expire_all()
        steps = (
            select(Transition.action)
            .where(Transition.disclosure_id == case)
            .order_by(Transition.seq.desc(), Transition.id.desc())
        )
        newest = list(db.session.scalars(steps.limit(2)))
        assert newest == (["correct", "decide"] if reply.status_code == 302 else ["correct", *newest[1:]])
        assert db.session.get_one(Disclosure, case).version == seen + 1
