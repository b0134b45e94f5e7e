"""Correcting a published form under way (U24): drafts move over, nothing typed is lost, and the change is said in words."""

import time

import pytest
from sqlalchemy import select

from coi.disclosures import queries as filings
from coi.disclosures.actions import save_draft, start_voluntary
from coi.errors import Refused
from coi.exports.registers.asof import Moment
from coi.exports.registers.population import signed_on
from coi.models import AuditEntry, Disclosure, DisclosureVersion, Draft, DraftMove, FormUsed, Questionnaire
from coi.profiles.current import zone
from coi.questionnaires.actions import publish
from coi.questionnaires.changes import beyond_words, changes
from coi.questionnaires.moving import fit
from coi.questionnaires.queries import moves_of
from coi.rules.form import Form
from coi.vocabulary import Kind
from tests.city import CLOCK
from tests.factories import OPERATOR, DisclosureFactory, an_entry
from tests.questionnaires.library import bring, corrected, research, reworded

ANSWERS = {
    "any_support": "yes",
    "supporters": [
        {"_key": "abcdefgh", "who": "Acme", "how": "people", "worth": "10.00"},
        {"_key": "ijklmnop", "who": "Bolt", "how": "cash"},
    ],
    "remarks": "A word that must not be lost",
    "lab": "North wing",
}


@pytest.fixture
def begun(db, cast) -> Disclosure:
    """Finn's draft on the first version, everything filled in."""
    publish(research(), "content", OPERATOR, CLOCK)
    db.session.add(FormUsed(form_id="research-support", kinds=["change"], at=CLOCK, seq=an_entry()))
    db.session.flush()
    made = start_voluntary(Kind.CHANGE, cast.finn.actor, CLOCK)
    assert made.form_id == "research-support"
    save_draft(made, ANSWERS, {}, cast.finn.actor, CLOCK, 0)
    db.session.commit()
    return made


def test_a_correction_takes_the_drafts_over_and_sets_aside_what_it_can_not_ask(db, cast, begun):
    before = filings.draft_of(begun).revision
    made = publish(corrected(), "content", OPERATOR, CLOCK)
    draft = filings.draft_of(begun)
    assert (draft.questionnaire_id, draft.revision) == (made.id, before + 1)
    kept = {"any_support": "yes"}
    kept["supporters"] = [
        {"_key": "abcdefgh", "who": "Acme", "worth": "10.00"},
        {"_key": "ijklmnop", "who": "Bolt", "how": "cash"},
    ]
    assert draft.answers == kept
    [move] = moves_of(draft)
    assert move.aside == {"supporters": [{"how": "people"}], "remarks": "A word that must not be lost", "lab": "North wing"}
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.seq == move.seq))
    assert entry.event == "drafts:moved"
    assert '"count":1' in entry.details
    assert "North" not in entry.details


def test_the_filer_reads_what_changed_and_what_is_not_asked_any_more(sign_in, db, cast, begun):
    publish(corrected(), "content", OPERATOR, CLOCK)
    db.session.commit()
    finn = sign_in("finn")
    for address in (f"/forms/{begun.reference}", f"/forms/{begun.reference}/sections/funds", f"/forms/{begun.reference}/review"):
        page = finn.get(address).text
        assert "The form was corrected. Look at what changed." in page
        assert "A word that must not be lost" in page
        assert "North wing" in page
        assert "People" in page
        assert "Did anybody outside the City support" in page
        assert "Read the agreement" not in page
    spanish = finn.get(f"/forms/{begun.reference}", headers={"Accept-Language": "es"})
    assert spanish.status_code == 200


def test_words_only_move_the_drafts_without_touching_an_answer(sign_in, db, cast, begun):
    publish(reworded(), "wording", OPERATOR, CLOCK)
    db.session.commit()
    draft = filings.draft_of(begun)
    assert draft.answers == ANSWERS
    assert [move.aside for move in moves_of(draft)] == [{}]
    page = sign_in("finn").get(f"/forms/{begun.reference}").text
    assert "Support of research" in page
    assert "Not asked any more" not in page


def test_what_an_open_page_still_sends_for_a_question_that_is_gone_is_shown(sign_in, db, cast, begun):
    finn = sign_in("finn")
    told = {"asked": "any_support remarks lab", "revision": "1", "any_support.": "no", "lab.": "typed while it was corrected"}
    publish(corrected(), "content", OPERATOR, CLOCK)
    db.session.commit()
    reply = finn.post(f"/forms/{begun.reference}", data={**told, "press": "save"})
    assert reply.status_code == 409
    assert "typed while it was corrected" in reply.text
    assert "The form was corrected" in reply.text


def test_a_draft_that_did_not_move_says_nothing(sign_in, db, cast, begun):
    assert "The form was corrected" not in sign_in("finn").get(f"/forms/{begun.reference}").text


def test_two_corrections_are_told_as_one(sign_in, db, cast, begun):
    publish(corrected(), "content", OPERATOR, CLOCK)
    last = corrected()
    last["form"]["version"] = "third"
    del last["sections"][0]["questions"][2]
    publish(last, "content", OPERATOR, CLOCK)
    db.session.commit()
    page = sign_in("finn").get(f"/forms/{begun.reference}").text
    assert "A word that must not be lost" in page
    assert "North wing" in page


def test_what_goes_with_the_draft_goes_with_its_moves(sign_in, db, cast, begun):
    publish(corrected(), "content", OPERATOR, CLOCK)
    db.session.commit()
    assert sign_in("finn").post(f"/forms/{begun.reference}/discard").status_code == 303
    assert db.session.scalars(select(DraftMove)).all() == []


def test_what_is_signed_stays_and_the_workbook_says_on_which_wording(sign_in, db, cast):
    made = bring(sign_in, db, research(), kinds=["change"])
    filed = DisclosureFactory(filer=cast.finn.person, form_id=made.form_id)
    told = {"record": "{}", "sha256": "0" * 64, "answers": {}, "filer": {}, "language": "en", "signed_name": "F", "nil": True}
    db.session.add(
        DisclosureVersion(
            disclosure_id=filed.id,
            number=1,
            questionnaire_id=made.id,
            signed_at=CLOCK,
            idempotency_key="k",
            seq=an_entry(),
            **told,
        )
    )
    db.session.commit()
    bring(sign_in, db, reworded(), "wording")
    page = sign_in("ada").get("/questionnaires/forms/research-support").text
    assert page.index("Version 2") < page.index("Version 1")
    assert "only words" in page
    assert "asked by" in page
    end = db.session.scalar(select(AuditEntry.seq).order_by(AuditEntry.seq.desc()).limit(1))
    row = db.session.scalar(select(DisclosureVersion).where(DisclosureVersion.disclosure_id == filed.id))
    assert row.questionnaire_id == made.id
    assert signed_on({filed.id}, Moment("", end, zone())) == {filed.id: "research-support 1 (2026), content"}


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda made: made["sections"][0]["questions"][3].update(id="other"), "sections.funds.questions"),
        (lambda made: made["sections"][0]["questions"][3].update(type="longtext"), "lab.type"),
        (
            lambda made: made["sections"][0]["questions"][1]["entries"]["fields"][1].update(choices=["cash", "goods"]),
            "how.choices",
        ),
        (lambda made: made["sections"][0]["questions"][2].update(show_if={"q": "any_support", "is": "no"}), "remarks.show_if"),
        (lambda made: made["sections"][0]["questions"][0].update(required=False), "any_support.required"),
        (lambda made: made["thresholds"]["small_sum"][0].update(amount=4000), "small_sum"),
        (lambda made: made["form"].update(retention_years=8), "retention_years"),
        (
            lambda made: made["sections"][0]["questions"].append(made["sections"][0]["questions"].pop(2)),
            "sections.funds.questions",
        ),
    ],
)
def test_anything_but_words_is_refused_under_the_name_of_wording(db, spoil, place):
    publish(research(), "content", OPERATOR, CLOCK)
    made = reworded()
    spoil(made)
    assert any(place in one for one in beyond_words(research(), made))
    with pytest.raises(Refused, match="More than the words changed"):
        publish(made, "wording", OPERATOR, CLOCK)


def test_words_of_every_kind_may_change_as_wording(db):
    publish(research(), "content", OPERATOR, CLOCK)
    made = reworded()
    made["sections"][0]["title"]["en"] = "Support from outside"
    made["sections"][0]["questions"][0]["help"] = "A help"
    made["sections"][0]["questions"][1]["entries"]["item"]["es"] = "donante"
    made["sections"][0]["questions"][1]["triggers"][0]["reason"] = "Read what was agreed"
    made["form"]["authority"] = ["a rule"]
    assert publish(made, "wording", OPERATOR, CLOCK).change == "wording"


def test_changes_are_told_question_by_question_in_words(app):
    old, new = Form.from_content(research()), Form.from_content(corrected())
    told = {
        (one.kind, one.title): {point.what: (point.before, point.now) for point in one.points} for one in changes(old, new, "en")
    }
    assert told[("removed", "Your laboratory")] == {}
    assert told[("added", "Where do you work?")]["Answer"] == ("", "One line of text")
    assert told[("changed", "Anything else?")]["Answer"] == ("A longer text", "Yes or no")
    assert told[("changed", "Who supported it? › With what?")]["Choices"] == ("Money, Things, People", "Money, Things")
    reworded_one = told[("changed", "Did anybody outside the City support your research since {since}?")]
    assert reworded_one["Question"][0] == "Did anybody outside support your research since {since}?"


def test_a_filer_never_reads_what_raises_a_flag(app):
    made = research(version="x")
    made["sections"][0]["questions"][1]["triggers"][0]["reason"] = "Look for a bribe"
    old, new = Form.from_content(research()), Form.from_content(made)
    assert changes(old, new, "en", filer=True) == []
    assert "Look for a bribe" in str(changes(old, new, "en"))


def test_an_answer_stays_where_the_new_question_can_hold_it():
    old = Form.from_content(research())
    made = research()
    made["sections"][0]["questions"][3]["type"] = "longtext"
    new = Form.from_content(made)
    assert fit(old.by_id, new.by_id, {"lab": "North", "remarks": "", "unknown": 1}) == (
        {"lab": "North", "remarks": "", "unknown": 1},
        {},
    )


def test_ten_thousand_drafts_move_at_once(db, cast, record_property):
    made = publish(research(), "content", OPERATOR, CLOCK)
    around = {
        "form_id": made.form_id,
        "kind": Kind.CHANGE,
        "reporting_year": 2025,
        "created_at": CLOCK,
        "filer_id": cast.finn.person.id,
    }
    db.session.execute(Disclosure.__table__.insert(), [{**around, "reference": f"COI-2026-{n:06}"} for n in range(10_000)])
    ids = list(db.session.scalars(select(Disclosure.id).where(Disclosure.form_id == made.form_id)))
    row = {
        "questionnaire_id": made.id,
        "filer": {},
        "answers": ANSWERS,
        "policies": {},
        "seen": [],
        "revision": 1,
        "saved_at": CLOCK,
    }
    db.session.execute(Draft.__table__.insert(), [{**row, "disclosure_id": one, "because": ""} for one in ids])
    db.session.commit()
    began = time.process_time()
    publish(corrected(), "content", OPERATOR, CLOCK)
    db.session.commit()
    record_property("seconds", time.process_time() - began)
    assert db.session.query(DraftMove).count() == 10_000
    assert db.session.query(Draft).filter_by(questionnaire_id=made.id).count() == 0
    newest = db.session.query(Questionnaire).order_by(Questionnaire.id.desc()).first()
    assert db.session.query(Draft).filter_by(questionnaire_id=newest.id).first().answers.keys() == {"any_support", "supporters"}
