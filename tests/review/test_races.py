"""Two officers at once: exactly one decision each time, and who was slower is told."""

import contextvars
import threading

from sqlalchemy import func, select

from coi.audit.queries import links
from coi.db import db as database
from coi.db import transaction
from coi.errors import SomebodyWasFaster
from coi.models import Decision, Disclosure
from coi.review import decisions
from coi.vocabulary import Outcome, State
from tests.disclosures.steps import now
from tests.factories import PersonFactory, filing

RACES = 200


def at_once(app, jobs):
    """Runs all jobs at the same moment, each in a context of its own; what each raised, or None."""
    database.session.commit()  # what the test only read holds SQLite's one write lock, too
    line, raised = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place):
        with app.app_context():
            line.wait()
            try:
                with transaction():
                    jobs[place]()
            except Exception as fault:  # what a thread raises is what the test looks at
                raised[place] = fault
            finally:
                database.session.remove()

    threads = [threading.Thread(target=contextvars.Context().run, args=(run, place)) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_two_officers_decide_two_hundred_times_at_once_and_each_time_one_is_told(app, db, cast):
    made = [filing(PersonFactory(), State.ESCALATED, cast.sia.person).id for _case in range(RACES)]
    actors = {"sia": cast.sia.actor, "sol": cast.sol.actor}
    db.session.commit()

    def job(case, name):
        def decide():
            disclosure = database.session.get_one(Disclosure, case)
            decisions.decide(disclosure, Outcome.ELIMINATED, f"by {name}", "", actors[name], now(), version=1, state="escalated")

        return decide

    for case in made:
        raised = at_once(app, [job(case, "sia"), job(case, "sol")])
        slower = [fault for fault in raised if fault is not None]
        assert [type(fault) for fault in slower] == [SomebodyWasFaster]
        assert "was faster" in str(slower[0].message)
    db.session.expire_all()
    assert db.session.scalar(select(func.count()).select_from(Decision)) == RACES
    assert set(db.session.scalars(select(func.count()).select_from(Decision).group_by(Decision.disclosure_id))) == {1}
    assert set(db.session.scalars(select(Disclosure.state).where(Disclosure.id.in_(made)))) == {State.DECIDED}
    assert sum(1 for _link in links()) > RACES


def test_two_browsers_decide_at_once_and_the_slower_one_keeps_the_text(app, db, cast, sign_in):
    made = filing(cast.finn.person, State.ESCALATED, cast.sia.person)
    reference = made.reference
    db.session.commit()
    browsers = {name: sign_in(name) for name in ("sia", "sol")}
    line, replies = threading.Barrier(2), {}

    def press(name):
        line.wait()
        data = {"version": "1", "state": "escalated", "outcome": "eliminated", "reason": f"The words of {name}"}
        replies[name] = super(type(browsers[name]), browsers[name]).open(f"/review/{reference}/decide", method="POST", data=data)

    threads = [threading.Thread(target=contextvars.Context().run, args=(press, name)) for name in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reply.status_code for reply in replies.values()) == [302, 409]
    slower, reply = next((name, reply) for name, reply in replies.items() if reply.status_code == 409)
    assert f"The words of {slower}" in reply.text
    assert "was faster" in reply.text
    db.session.expire_all()
    assert db.session.scalar(select(func.count()).select_from(Decision)) == 1
