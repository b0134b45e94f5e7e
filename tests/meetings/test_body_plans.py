"""The body lays down a whole plan: what was drafted reaches its motion, what carries reaches the filer; no row is lost."""

import io
import re
from datetime import date

import pytest
from pypdf import PdfReader

from coi.meetings import queries
from coi.models import Decision, Motion
from coi.plans.letter_paper import letter_of
from coi.vocabulary import Outcome, State
from tests.meetings.body import a_body, a_recorder, held
from tests.plans.made import draft, plan_of
from tests.plans.test_plan_editor import row, rows_of
from tests.review.cases import at, escalated


@pytest.fixture
def body(cast):
    return a_body(cast)


@pytest.fixture
def recorder(cast):
    return a_recorder(cast)


def drafted(cast, outcome=Outcome.MANAGED):
    """An escalated case whose reviewer drafted two conditions."""
    street = draft("step_aside_matter", matter="Queen Street", handled_by=cast.kit.person.number, due="30 days")
    return escalated(cast, outcome, plan=[street, draft("", own_words="Call us.")])


def entered(body, made, **more):
    """What the recorder's form posts, with every member's yes."""
    votes = {f"vote_{one.person.id}": "yes" for one in body}
    who = {"mover": str(body[0].person.id), "seconder": str(body[1].person.id)}
    told = {"kind": "decide", "text": "That it go on so.", "outcome": "managed", "reason": "Section 4."}
    return {**at(made), **votes, **who, **told, **more}


def told_in(paper: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages).split())


def test_a_draft_goes_up_with_its_cover_and_down_to_the_filer_with_the_motion(sign_in, db, cast, body, recorder):
    made, sia, kit = drafted(cast), sign_in("sia"), sign_in("kit")
    up = f"/meetings/cases/{made.reference}/send"
    page = sia.get(up).text
    one, two = rows_of(page)
    assert ('value="Queen Street"' in page, "Call us." in page) == (True, True)
    words = {**at(made), "issue": "May it go on?", "outcome": "managed", "reasoning": "A close call.", "rule": "Code, section 4"}
    added = sia.post(up, data={**words, "plan_row": one, "press": "plan:add", "plan_add": "own"})
    assert (added.status_code, len(rows_of(added.text)), "A close call." in added.text) == (200, 2, True)
    assert made.desk != "commission", "a press adds a row and sends nothing"
    street = row(one, "step_aside_matter", matter="Queen Street", handled_by=cast.kit.person.number, due="30 days")
    sent = sia.post(up, data={**words, "plan_row": [one, two], **street, **row(two, own_words="Call us each June.")})
    assert (sent.status_code, [told.get("matter") for told in queries.cover(made).plan]) == (303, ["Queen Street", ""])

    where = f"/meetings/cases/{made.reference}"
    assert sign_in("abel").post(f"{where}/declare", data={**at(made), "stands": "none"}).status_code == 303
    read = sign_in("abel").get(where).text
    packet = told_in(sign_in("abel").get(f"{where}/packet.pdf").data)
    for words_there in ("Queen Street", "Call us each June.", cast.kit.person.name, "within 30 days", "Code, section 4"):
        assert (words_there in read, words_there in packet) == (True, True), words_there

    form = f"/meetings/{held(recorder, body).reference}/cases/{made.reference}"
    page = kit.get(form).text
    one, two = rows_of(page)
    assert [word in page for word in ('value="Queen Street"', "Call us each June.", 'value="Code, section 4"')] == [True] * 3
    street = row(one, "step_aside_matter", matter="King Street", handled_by=cast.kit.person.number, due="30 days")
    plan = {"plan_row": [one, two], **street, **row(two, own_words="Call us each May.")}
    without = kit.post(form, data=entered(body, made, **plan))
    assert (without.status_code, "King Street" in without.text, Motion.query.all()) == (422, True, [])
    assert re.search(r'id="rule-error".{0,200}Name the rule', without.text, re.S)
    more = {"rule": "Code, section 9", "holds_from": "2026-04-01", "meanwhile": "Sell nothing until then."}
    assert kit.post(form, data=entered(body, made, **plan, **more)).status_code == 303

    kept = plan_of(made)
    assert (kept.rule, kept.holds_from, made.outcome) == ("Code, section 9", date(2026, 4, 1), Outcome.MANAGED)
    assert [(told.code, told.due_rule) for told in kept.conditions] == [("step_aside_matter", "30 days"), ("", "at once")]
    letter = told_in(letter_of(kept))
    page = sign_in("finn").get(f"/conditions/{kept.reference}").text
    for words_there in ("King Street", "Call us each May.", cast.kit.person.name, "Code, section 9", "Sell nothing until then."):
        assert (words_there in letter, words_there in page) == (True, True), words_there


def test_what_was_recommended_fills_the_motion_where_nobody_wrote_a_cover(sign_in, db, cast, body, recorder):
    cast.finn.person.title, cast.finn.person.department = "Mayor", "Office of the Mayor"
    made = drafted(cast)
    assert (made.desk, queries.cover(made)) == ("commission", None)
    page = sign_in("kit").get(f"/meetings/{held(recorder, body).reference}/cases/{made.reference}").text
    assert (len(rows_of(page)), 'value="Queen Street"' in page, "Call us." in page) == (2, True, True)


def test_a_plan_that_can_not_be_kept_decides_nothing(sign_in, db, cast, body, recorder):
    made, kit = drafted(cast), sign_in("kit")
    assert (
        sign_in("sia")
        .post(
            f"/meetings/cases/{made.reference}/send",
            data={**at(made), "issue": "May it?", "outcome": "managed", "reasoning": "Close."},
        )
        .status_code
        == 303
    )
    form = f"/meetings/{held(recorder, body).reference}/cases/{made.reference}"
    nobody = {"plan_row": "a1", **row("a1", "step_aside_matter", matter="Queen Street", handled_by="nobody")}
    for plan, said in ((nobody, "there is nobody with the number nobody"), ({}, "Choose or write at least one condition.")):
        page = kit.post(form, data=entered(body, made, rule="Code, section 4", **plan))
        assert (page.status_code, page.text.count(said), "That it go on so." in page.text) == (422, 2, True), said
    added = kit.post(form, data=entered(body, made, press="plan:add", plan_add="report_change"))
    assert (added.status_code, len(rows_of(added.text)), "That it go on so." in added.text) == (200, 1, True)
    assert (made.state, Motion.query.all(), Decision.query.all()) == (State.ESCALATED, [], [])
