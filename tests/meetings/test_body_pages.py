"""The body's pages: send, declare, read, enter; the packet only after the declaration, and every reader told to the filer."""

import io
import re
from datetime import timedelta

import pytest
from pypdf import PdfReader

from coi.disclosures.queries import readers_for_filer
from coi.errors import Refused
from coi.exports.registers.asof import Moment
from coi.exports.registers.rows import decisions
from coi.meetings import motions, queries
from coi.models import AuditEntry, Meeting
from coi.plans import queries as plans
from coi.plans.letter_paper import letter_of
from coi.profiles.current import zone
from coi.review.queries import decisions as decisions_of
from coi.vocabulary import Outcome, Role, State
from tests.disclosures.steps import A_JOB, now
from tests.meetings.body import a_body, a_recorder, actor, held, moved, sent
from tests.review.cases import at, case_of, escalated, tie


@pytest.fixture
def body(cast):
    return a_body(cast)


@pytest.fixture
def recorder(cast):
    return a_recorder(cast)


def test_an_officer_sends_a_case_up_with_its_cover(sign_in, db, cast, body, recorder):
    made = escalated(cast, Outcome.NOT_PERMITTED, conditions=["step_aside_party"])
    page = sign_in("sia").get(f"/meetings/cases/{made.reference}/send")
    assert 'value="not_permitted" selected' in re.sub(
        r"selected +value=\"not_permitted\"", 'value="not_permitted" selected', page.text
    )
    data = {
        **at(made),
        "issue": "May it go on?",
        "outcome": "managed",
        "reasoning": "A close call.",
        "rule": "Code, section 4",
    }
    kept = sign_in("sia").post(f"/meetings/cases/{made.reference}/send", data={**data, "issue": " "})
    assert (kept.status_code, "A close call." in kept.text) == (422, True)
    for _press in range(2):
        assert sign_in("sia").post(f"/meetings/cases/{made.reference}/send", data=data).status_code in (303, 404)
    assert (made.desk, made.reviewer_id, queries.cover(made).issue) == ("commission", None, "May it go on?")
    assert "May it go on?" in sign_in("sia").get(f"/meetings/cases/{made.reference}").text
    assert made.reference in sign_in("abel").get("/meetings/").text


def test_a_member_reads_after_declaring_and_the_filer_sees_the_reader(sign_in, db, cast, body, recorder):
    made = sent(cast)
    where = f"/meetings/cases/{made.reference}"
    tie(cast, "finn", "bea")
    assert sign_in("bea").get(where).status_code == 404
    assert made.reference not in sign_in("bea").get("/meetings/").text
    page = sign_in("abel").get(where).text
    assert ("packet.pdf" in page, "May this job go on?" in page) == (False, False)
    assert sign_in("abel").get(f"{where}/packet.pdf").status_code == 404
    assert sign_in("abel").post(f"{where}/declare", data={**at(made), "stands": "conflict"}).status_code == 422
    assert sign_in("abel").post(f"{where}/declare", data={**at(made), "stands": "none"}).status_code == 303
    packet = sign_in("abel").get(f"{where}/packet.pdf")
    assert (packet.status_code, packet.data[:5]) == (200, b"%PDF-")
    assert [one.who for one in readers_for_filer(made, now().date()) if "Abel" in one.who] == [
        "Member of the final body Abel Member"
    ]
    gone = sign_in("cleo").post(f"{where}/declare", data={**at(made), "stands": "conflict", "reason": "My cousin's firm"})
    assert (gone.status_code, sign_in("cleo").get(where).status_code) == (303, 404)
    told = sign_in("kit").get(where).text
    assert ("My cousin&#39;s firm" in told, "My cousin" in sign_in("abel").get(where).text) == (True, False)


def test_before_the_declaration_organisations_are_named_and_other_people_only_counted(sign_in, db, cast, body, recorder):
    person = {"person": "Rosa Niece", "tie": "close_relative", "direction": "i_direct"}
    made = sent(cast, answers={**A_JOB, "has_power": "yes", "power": [person]})
    where, shop = f"/meetings/cases/{made.reference}", "Jr. Catering"
    for name in ("abel", "kit"):
        page = sign_in(name).get(where).text
        assert (shop in page, "and 1 relative" in page, "Rosa" in page) == (True, True, False), name
    assert sign_in("abel").post(f"{where}/declare", data={**at(made), "stands": "none"}).status_code == 303
    page = sign_in("abel").get(where).text
    assert (shop in page, "and 1 relative" in page, "Rosa Niece" in page) == (True, False, True)


def test_the_recorder_enters_a_meeting_and_the_filer_reads_who_decided(sign_in, db, cast, body, recorder):
    made = sent(cast)
    kit = sign_in("kit")
    there = {"held_on": now().date().isoformat(), "minutes": "Book 1", "present": [str(one.person.id) for one in body]}
    assert kit.post("/meetings/new", data={**there, "held_on": "2031-01-01"}).status_code == 422
    addresses = {kit.post("/meetings/new", data=there).location for _press in range(2)}
    assert len(addresses) == 1
    number = Meeting.query.one().reference
    form = f"/meetings/{number}/cases/{made.reference}"
    votes = {f"vote_{one.person.id}": "yes" for one in body}
    words = {"kind": "decide", "text": "That it stop.", "outcome": "not_permitted", "reason": "The rule does not allow it."}
    words["rule"] = "Code, section 4"
    who = {"mover": str(body[0].person.id), "seconder": str(body[0].person.id)}
    refused = kit.post(form, data={**at(made), **votes, **words, **who})
    assert (refused.status_code, "Another member seconds a motion." in refused.text, "That it stop." in refused.text) == (
        422,
        True,
        True,
    )
    who["seconder"] = str(body[1].person.id)
    last = {f"vote_{body[4].person.id}": "abstains", f"why_{body[4].person.id}": "Too soon"}
    for _press in range(2):
        assert kit.post(form, data={**at(made), **votes, **words, **who, **last, "state": "escalated"}).status_code == 303
    assert (made.state, len(queries.motions(Meeting.query.one(), cast.sia.actor))) == (State.DECIDED, 1)
    told = f"Ethics Commission · Motion {now():%Y-%m}-1, carried 4 to 0, 1 abstained"
    assert told in sign_in("finn").get(f"/filings/{made.reference}").text
    assert told in sign_in("sia").get(f"/review/{made.reference}").text
    name = queries.motions(Meeting.query.one(), cast.sia.actor)[0].name
    shown = kit.get(f"/meetings/{number}").text
    assert ("Too soon" in shown, "Undo the decision" in shown) == (True, True)
    assert "Undo the decision" not in sign_in("sia").get(f"/meetings/{number}").text
    late = kit.post(form, data={**at(made), **votes, **words, **who, "state": "escalated", "text": "Another."})
    assert (late.status_code, "Another." in late.text) == (409, True)
    fixed = {**votes, "text": "That it stop in June.", **who, "because": "misread"}
    assert kit.post(f"/meetings/{number}/motions/{name}/correct", data=fixed).status_code == 303
    assert "That it stop." in kit.get(f"/meetings/{number}").text
    assert kit.post(f"/meetings/{number}/motions/{name}/undo").status_code == 303
    assert (made.state, made.desk, made.reviewer_id) == (State.ESCALATED, "commission", None)
    newest = db.session.query(AuditEntry).count()
    rows = list(decisions(Moment("", newest, zone()), None))  # its batches end the session
    assert [cell for cell in rows[-1] if cell == told.replace("4 to 0, 1 abstained", "5 to 0")] != []


def test_nobody_reads_in_a_meeting_what_was_said_of_the_own_case(sign_in, db, cast, body, recorder):
    made, meeting = sent(cast), held(recorder, body)
    votes = {f"vote_{one.person.id}": "no" for one in body}
    who = {"mover": str(body[0].person.id), "seconder": str(body[1].person.id)}
    data = {**at(made), **votes, **who, "kind": "decide", "text": "That it stop.", "outcome": "noted", "reason": "x"}
    assert sign_in("kit").post(f"/meetings/{meeting.reference}/cases/{made.reference}", data=data).status_code == 303
    tie(cast, "finn", "sol")
    shown = sign_in("sol").get(f"/meetings/{meeting.reference}").text
    assert ("That it stop." in shown, "1 motion is not shown to you" in shown) == (False, True)


def test_the_mayors_form_goes_from_a_member_to_the_body(sign_in, db, cast, body, recorder):
    cast.finn.person.title, cast.finn.person.department = "Mayor", "Office of the Mayor"
    made = case_of(cast)
    assert (made.desk, made.state) == ("commission", State.IN_REVIEW)
    reader = next(one for one in body if one.person.id == made.reviewer_id)
    name = reader.person.name.split()[0].lower()
    assert (
        sign_in(name).post(f"/review/{made.reference}/clear", data={**at(made), "outcome": "noted", "reason": "x"}).status_code
        == 404
    )
    data = {**at(made), "outcome": "noted", "reasoning": "A small thing."}
    assert sign_in(name).post(f"/review/{made.reference}/escalate", data=data).status_code == 302
    assert (made.state, made.desk, made.reviewer_id) == (State.ESCALATED, "commission", None)
    assert [one.person.id for one in queries.seated(made, now().date()) if not one.counts] == [reader.person.id]
    assert Role.COMMISSIONER in actor(reader).roles


def test_a_term_that_is_over_ends_the_members_access_and_vote(sign_in, db, cast, body, recorder):
    made = sent(cast)
    where = f"/meetings/cases/{made.reference}"
    edda = body[4]
    assert sign_in("edda").get(where).status_code == 200
    edda.person.serves_from, edda.person.serves_to = now().date() - timedelta(days=400), now().date() - timedelta(days=1)
    db.session.commit()
    assert sign_in("edda").get(where).status_code in (302, 404)
    assert edda.person.id not in {one.person.id for one in queries.seated(made, now().date())}
    assert edda.person.id in {one.person.id for one in queries.seated(made, now().date() - timedelta(days=2))}
    with pytest.raises(Refused) as refused:
        held(recorder, body)
    assert (refused.value.field, "Edda" in str(refused.value.message)) == ("present", True)


def test_the_letter_on_paper_names_the_body_and_its_motion(sign_in, db, cast, body, recorder):
    made, meeting = sent(cast), held(recorder, body)
    motions.enter_motion(meeting, made, moved(body, "yyyyn"), actor(recorder), now(), **at(made))
    db.session.commit()
    plan = plans.of_decision(decisions_of(made)[0])
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(letter_of(plan))).pages).split())
    assert f"Ethics Commission · Motion {now():%Y-%m}-1, carried 4 to 1" in text
    assert cast.kit.person.name not in text
