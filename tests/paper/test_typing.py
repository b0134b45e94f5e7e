"""Typing in a form on paper: for whom, by whom, kept and gone on with; nothing of the person's own is written over."""

import pytest
from sqlalchemy import select, text

from coi.disclosures import actions, queries
from coi.disclosures.signing import sign
from coi.errors import NotPossible
from coi.models import (
    Attachment,
    Disclosure,
    PaperForm,
)
from coi.paper import actions as paper
from coi.vocabulary import Role, Standing, State
from tests.attachments.files import HTML, jpg
from tests.disclosures.steps import A_JOB, complete, now, signature
from tests.factories import AccountFactory, PersonFactory, RoleGrantFactory, find_cast
from tests.paper.steps import RECEIVED, begin, count, doors, entries, file, page_of, scan


def test_people_are_found_by_name_or_number_with_their_unit_and_nothing_else(cast, pat, due, sign_in):
    browser = sign_in("pat")
    found = browser.get("/paper/?search=finn").text
    assert "Finn Filer" in found
    assert "Public Works" in found
    assert cast.finn.person.email not in found
    assert "Finn Filer" in browser.get(f"/paper/?search={cast.finn.person.number}").text
    assert "Nobody found" in browser.get("/paper/?search=f").text
    assert "Pat Paper" not in browser.get("/paper/?search=pat").text.partition("<h2")[2]


def test_what_a_person_owes_is_said_with_its_status(cast, pat, due, sign_in):
    page = sign_in("pat").get(f"/paper/for/{cast.finn.person.number}").text
    assert str(Standing.LATE.label) in page
    assert "2025" in page


@pytest.mark.parametrize("name", ["kit", "olu", "sia", "ada", "dee", "finn"])
def test_without_the_right_nothing_of_paper_is_there(cast, due, sign_in, name):
    browser = sign_in(name)
    assert browser.get("/paper/").status_code == 403
    assert begin(browser, cast.kit.person, "gift").status_code == 404


def test_nobody_types_a_form_of_their_own(db, pat, sign_in):
    assert begin(sign_in("pat"), pat.person, "gift").status_code == 404
    told = paper.Begun("gift", "en", RECEIVED, "")
    with pytest.raises(NotPossible):
        paper.begin(pat.person, told, pat.actor, now())
    with pytest.raises(Exception, match="nobody_types_their_own"):
        db.session.execute(
            text(
                "INSERT INTO paper_forms (reference, person_id, clerk_id, questionnaire_id, kind, reporting_year, language, "
                "received_on, helped, signed_name, filer, answers, policies, revision, begun_at, saved_at, seq) "
                f"VALUES ('x', {pat.person.id}, {pat.person.id}, 1, 'gift', 2025, 'en', '2026-01-01', '', '', '{{}}', '{{}}', "
                "'{}', 0, '2026-01-01', '2026-01-01', 1)"
            )
        )
    db.session.rollback()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("code", "", "Choose which form it is."),
        ("code", "DUE-2026-XXXXXX", "Choose"),
        ("language", "tlh", "Choose"),
        ("received_on", "2026-03-03", "in the future"),
        ("received_on", "", "Give the day on which the paper was received."),
        ("received_on", "24.2.2026", "real day"),
        ("helped", "a\0b", "can&#39;t be kept"),
    ],
)
def test_what_is_wrong_before_typing_is_said_beside_the_field(db, cast, due, sign_in, field, value, words):
    reply = begin(sign_in("pat"), cast.finn.person, **{"code": due.reference, field: value})
    assert reply.status_code == 422
    assert words in reply.text
    assert "Ana Int" in reply.text or field == "helped"
    assert count(db, PaperForm) == 0


def test_a_form_that_a_person_filed_is_not_typed_again(db, cast, due, sign_in):
    made = actions.start(due, cast.finn.actor, now())
    complete(made, cast.finn.actor)
    said = {
        str(one.id): {"receipt": "received"} for one in queries.policies_due(made, queries.draft_of(made).filer, now().date())
    }
    actions.save_draft(made, {}, said, cast.finn.actor, now(), queries.draft_of(made).revision)
    sign(made, signature(), cast.finn.actor, now())
    reply = begin(sign_in("pat"), cast.finn.person, due.reference)
    assert reply.status_code == 422
    assert count(db, PaperForm) == 0


def test_a_persons_own_draft_is_said_and_never_written_over(db, cast, due, begun):
    made = actions.start(due, cast.finn.actor, now())
    complete(made, cast.finn.actor, **A_JOB)
    db.session.commit()
    before = dict(queries.draft_of(made).answers)
    reply = begin(begun.browser, cast.finn.person, due.reference)
    assert reply.status_code == 422
    assert "has begun this form here" in reply.text
    scan(begun)
    refused = file(begun)
    assert refused.status_code == 422
    assert "has begun this form here" in refused.text
    db.session.expire_all()
    assert dict(queries.draft_of(made).answers) == before
    assert made.state is State.DRAFT


def test_a_second_clerk_hears_that_a_colleague_is_at_it_and_sees_nothing(db, cast, due, begun, sign_in):
    other = PersonFactory(number="001098", name="Quin Paper", email="quin@city.example")
    RoleGrantFactory(account=AccountFactory(person=other), role=Role.PAPER_ENTRY)
    db.session.commit()
    cast.members["quin"] = find_cast().quin
    quin = sign_in("quin")
    assert "A colleague is typing in this form already." in begin(quin, cast.finn.person, due.reference).text
    for path in (begun.at, f"{begun.at}/scans", f"{begun.at}/discard"):
        assert quin.get(path).status_code == 404
    assert quin.post(f"{begun.at}/file").status_code == 404
    assert count(db, PaperForm) == 1


def test_beginning_twice_goes_on_with_the_same_form(db, cast, due, begun):
    assert begin(begun.browser, cast.finn.person, due.reference).location.endswith(begun.form.reference)
    assert count(db, PaperForm) == 1


# --- typing -----------------------------------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_and_gone_on_with_later(db, begun):
    reply = begun.browser.post(begun.at, data=page_of(begun.form, press="save"))
    assert (reply.status_code, reply.location) == (303, begun.at)
    page = begun.browser.get(begun.at).text
    assert "Sin más" in page
    assert "Finn Filer" in page
    assert begun.form.reference in begun.browser.get("/paper/").text
    assert count(db, Disclosure) == 0, "nothing is there for the person before it is filed"


def test_a_list_opens_grows_and_shrinks_without_a_script(db, begun):
    data = {"asked": "has_outside_work", "has_outside_work.": "yes", "revision": 0, "press": "add:outside_work"}
    begun.browser.post(begun.at, data=data)
    db.session.refresh(begun.form)
    rows = begun.form.answers["outside_work"]
    assert len(rows) == 1
    key = rows[0]["_key"]
    page = begun.browser.get(begun.at).text
    assert f'value="remove:outside_work:{key}"' in page
    assert "attach:" not in page
    begun.browser.post(begun.at, data={"revision": begun.form.revision, "press": f"remove:outside_work:{key}"})
    db.session.refresh(begun.form)
    assert begun.form.answers["outside_work"] == []


def test_no_to_all_answers_every_list(db, begun):
    begun.browser.post(begun.at, data={"revision": 0, "press": "no-to-all"})
    db.session.refresh(begun.form)
    assert {begun.form.answers[name] for name in doors(begun.form) if name in begun.form.answers} == {"no"}


def test_two_windows_of_one_clerk_lose_no_word(db, begun):
    begun.browser.post(begun.at, data=page_of(begun.form, press="save"))
    reply = begun.browser.post(begun.at, data={**page_of(begun.form), "revision": 0, "anything_else.": "The other window"})
    assert reply.status_code == 409
    assert "The other window" in reply.text


def test_what_can_not_be_kept_comes_back_as_it_was_typed(db, begun):
    reply = begun.browser.post(begun.at, data=page_of(begun.form, **{"anything_else.": "a\0b", "press": "save"}))
    assert reply.status_code == 422
    assert count(db, Disclosure) == 0
    bad = begun.browser.post(begun.at, data=page_of(begun.form, signed_on="99", press="save"))
    assert bad.status_code == 422
    assert "real day" in bad.text


def test_a_form_is_thrown_away_with_its_scan(db, begun):
    scan(begun)
    assert begun.browser.get(f"{begun.at}/discard").status_code == 200
    assert begun.browser.post(f"{begun.at}/discard").status_code == 303
    assert (count(db, PaperForm), count(db, Attachment)) == (0, 0)
    assert [one["actor"] for one in entries(db, "paper:discarded")] == [find_cast().pat.actor.name]


def test_the_scan_is_judged_as_every_paper_is(db, begun):
    assert scan(begun, HTML).status_code == 422
    assert scan(begun, jpg(), "page 1.jpg").status_code == 303
    assert [scan(begun).status_code for _time in range(2)] == [303, 303]
    made = db.session.scalars(select(Attachment).order_by(Attachment.id)).all()
    assert [(one.paper, one.disclosure_id) for one in made] == [(begun.form.reference, None)] * 2
    assert begun.browser.get(f"/attachments/{made[0].reference}").status_code == 200
    assert begun.browser.post(f"{begun.at}/scans/{made[0].reference}/remove").status_code == 303
    assert count(db, Attachment) == 1


def test_nobody_but_the_clerk_opens_a_scan_before_it_is_filed(db, cast, begun, sign_in):
    scan(begun)
    made = db.session.scalar(select(Attachment))
    got = {name: sign_in(name).get(f"/attachments/{made.reference}").status_code for name in cast.members}
    assert {name for name, code in got.items() if code == 200} == {"pat"}
