"""Stepping aside for the time of a review (U44) and the notices for clerk and procurement: matter only, over by itself."""

from sqlalchemy import select

from coi.models import Letter, StepAside
from coi.plans.register import interim_rows
from coi.recusals.queries import over_on
from coi.review import decisions
from coi.vocabulary import Origin, Outcome, Role
from tests.disclosures.steps import now
from tests.plans.made import SHOP
from tests.review.cases import at, case_of, holder, holds

MATTER = "The catering of the July 4 picnic"


def test_the_reviewer_sets_it_and_the_decision_ends_it(sign_in, db, cast):
    made = case_of(cast)
    who = holder(made, cast)
    data = {"party": MATTER, "number": cast.kit.person.number}
    url = f"/conditions/office/filing/{made.reference}/interim"
    browser = sign_in(who)
    for _press in range(2):
        assert browser.post(url, data=data).status_code == 303
    row = db.session.scalars(select(StepAside)).one()
    assert (row.origin, row.matter, row.person_id) == (Origin.INTERIM, MATTER, cast.finn.person.id)
    assert MATTER in browser.get(f"/review/{made.reference}").text
    for name in ("sam", "kit"):
        page = sign_in(name).get(f"/stepping-aside/{row.reference}").text
        assert MATTER in page
        assert SHOP.replace("'", "&#39;") not in page
        assert made.reference not in page
    own = sign_in("finn").get(f"/stepping-aside/{row.reference}").text
    assert "no finding against you" in own
    assert sign_in("finn").post(f"/stepping-aside/{row.reference}/over", data={"on": "2026-03-02"}).status_code in (409, 422)
    told = {one.kind for one in db.session.scalars(select(Letter))}
    assert {"interim", "stepped_aside", "stand_in"} <= told
    decisions.decide(made, Outcome.NOTED, "fine", "", cast[who].actor, now(), **at(made))
    db.session.commit()
    assert over_on(row) is not None
    decisions.undo(made, cast[who].actor, now())
    db.session.commit()
    assert [over_on(one) is None for one in interim_rows(made)] == [False, True], "what the undone decision ended holds again"


def test_a_number_of_nobody_comes_back_with_the_text(sign_in, db, cast):
    made = case_of(cast)
    url = f"/conditions/office/filing/{made.reference}/interim"
    reply = sign_in(holder(made, cast)).post(url, data={"party": MATTER, "number": "999999"})
    assert reply.status_code == 422
    assert MATTER in reply.text
    assert db.session.scalars(select(StepAside)).all() == []


def test_the_clerk_reads_who_stays_out_of_what_and_nothing_else(sign_in, db, cast):
    made = case_of(cast)
    data = {"party": MATTER, "number": ""}
    sign_in(holder(made, cast)).post(f"/conditions/office/filing/{made.reference}/interim", data=data)
    row = db.session.scalars(select(StepAside)).one()
    kit = sign_in("kit")
    assert kit.get("/stepping-aside/notices").status_code == 403
    assert kit.get(f"/stepping-aside/{row.reference}/notice.pdf").status_code == 404
    holds(cast, "kit", Role.RECUSAL_READER)
    page = kit.get("/stepping-aside/notices").text
    assert MATTER in page
    assert cast.finn.person.name in page
    assert made.reference not in page
    assert kit.get(f"/stepping-aside/{row.reference}/notice.pdf").data.startswith(b"%PDF")
    assert kit.get(f"/stepping-aside/{row.reference}").status_code == 404
    assert kit.get("/stepping-aside/register").status_code == 403
    assert kit.get(f"/review/{made.reference}").status_code == 404
    assert MATTER not in kit.get("/stepping-aside/notices?over=1").text
