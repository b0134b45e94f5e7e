"""What the body lays before a filer: the plan as it was drafted, its rule and its days; and the papers that members open."""

import pytest
from sqlalchemy import select

from coi.disclosures import actions as filing
from coi.disclosures.signing import sign
from coi.meetings import actions
from coi.meetings.proposed import drafted, in_words
from coi.models import Attachment, Plan
from coi.review import actions as review
from coi.review.assignment import put_before_the_body
from coi.rules.routing import Route
from coi.vocabulary import Because, Outcome, State
from tests.attachments.steps import A_JOB_WITH_KEY, here, send
from tests.disclosures.steps import complete, now, owed, signature
from tests.meetings.body import a_body, a_recorder, actor, held
from tests.plans.made import SHOP, draft
from tests.review.cases import at, escalated, holder


@pytest.fixture
def body(cast):
    return a_body(cast)


@pytest.fixture
def recorder(cast):
    return a_recorder(cast)


def sent_up(cast, conditions):
    """Escalated with a drafted plan; the senior officer's cover names these conditions."""
    row = draft("gatekeeper", handled_by=cast.kit.person.number, due="10 business days")
    made = escalated(cast, Outcome.MANAGED, plan=[row])
    words = "May it go on?", Outcome.MANAGED, "If somebody screens it."
    actions.send(made, *words, conditions, cast[holder(made, cast)].actor, now(), **at(made))
    return made


def test_the_body_starts_from_the_draft_and_its_decision_has_rule_owner_and_days(sign_in, db, cast, body, recorder):
    made, meeting = sent_up(cast, ["gatekeeper", "report_change"]), held(recorder, body)
    form, kit = f"/meetings/{meeting.reference}/cases/{made.reference}", sign_in("kit")
    page = kit.get(form).text
    assert f'value="{cast.kit.person.number}"' in page, "who screens it was drafted before, and is not asked again"
    keys = [part.split('"')[0] for part in page.split('name="plan_row" value="')[1:]]
    assert len(keys) == 2
    votes = {f"vote_{one.person.id}": "yes" for one in body}
    who = {"mover": str(body[0].person.id), "seconder": str(body[1].person.id)}
    words = {"kind": "decide", "text": "That it may go on.", "outcome": "managed", "reason": "Somebody screens it."}
    row = {"owner": "filer", "due": "10 business days", "proof": "a memo", "confirms": "office", "party": SHOP}
    kept = {f"plan-{keys[0]}-{name}": value for name, value in {**row, "code": "gatekeeper"}.items()}
    kept[f"plan-{keys[0]}-handled_by"] = cast.kit.person.number
    data = {**at(made), **votes, **who, **words, **kept, "plan_row": [keys[0]]}
    more = kit.post(form, data={**data, "plan_add": "own", "press": "plan:add"})
    assert (more.status_code, "That it may go on." in more.text, made.state) == (200, True, State.ESCALATED)
    bare = kit.post(form, data={**data, "plan_row": [], "rule": "Code 9"})
    assert (bare.status_code, "at least one condition" in bare.text) == (422, True)
    unruled = kit.post(form, data=data)
    assert (unruled.status_code, "Name the rule" in unruled.text, made.state) == (422, True, State.ESCALATED)
    assert kit.post(form, data={**data, "rule": "Code 9", "meanwhile": "Finish the old ones."}).status_code == 303
    plan = db.session.scalars(select(Plan).where(Plan.disclosure_id == made.id)).one()
    condition = plan.conditions[0]
    assert (plan.rule, plan.meanwhile, plan.decision.motion is not None) == ("Code 9", "Finish the old ones.", True)
    assert (condition.name_id, condition.due_rule, condition.owner_id) == (
        cast.kit.person.id,
        "10 business days",
        made.filer_id,
    )
    letter = sign_in("finn").get(f"/conditions/{plan.reference}").text
    assert (cast.kit.person.name in letter, "Code 9" in letter, "Finish the old ones." in letter) == (True, True, True)


def test_what_is_proposed_is_told_in_words_without_an_open_place(db, cast, body, recorder):
    made = sent_up(cast, ["gatekeeper", "report_change", "Call us each month."])
    told = [in_words(one) for one in drafted(made)]
    assert f"{cast.kit.person.name} screens new work so that nothing about {SHOP}" in told[0][0]
    assert ("By when", "within 10 business days") in told[0][1]
    assert told[2][0] == "Call us each month."
    assert not any("{" in text for text, _rows in told)


def test_a_member_opens_the_filers_papers_after_declaring_and_nobody_before(sign_in, db, cast, body, recorder, draft_of_finn):
    paper, made = draft_of_finn
    address = f"/attachments/{paper.reference}"
    assert [sign_in(name).get(address).status_code for name in ("abel", "kit")] == [404, 404]
    actions.declare(made, False, "", actor(body[0]), now(), **at(made))
    db.session.commit()
    assert address in sign_in("abel").get(f"/meetings/cases/{made.reference}").text
    assert sign_in("abel").get(address).status_code == 200
    assert sign_in("bea").get(address).status_code == 404
    assert address not in sign_in("bea").get(f"/meetings/cases/{made.reference}").text


@pytest.fixture
def draft_of_finn(db, cast, sign_in, body, recorder):
    """Finn's signed form with a paper, before the body."""
    made = filing.start(owed(cast.finn.person), cast.finn.actor, now())
    complete(made, cast.finn.actor, **A_JOB_WITH_KEY)
    db.session.commit()
    assert send(sign_in("finn"), here(made)).status_code == 303
    sign(made, signature(), cast.finn.actor, now())
    review.escalate(made, Outcome.NOTED, "look", cast[holder(made, cast)].actor, now(), **at(made))
    put_before_the_body(made, Route("commission", Because.SENT_UP), [], cast.sia.actor, now())
    db.session.commit()
    return db.session.scalars(select(Attachment)).one(), made
