"""The pages of forms: reading, comparing, writing, trying out; who may, what is refused, and that a preview keeps nothing."""

import re

import pytest
from sqlalchemy import func, select

from coi.models import AuditEntry, Disclosure, QuestionnaireDraft
from coi.questionnaires.actions import publish
from coi.questionnaires.loading import FORMS, parse_form, read_form, shipped
from coi.questionnaires.written import as_text
from tests.city import CLOCK
from tests.factories import OPERATOR
from tests.questionnaires.library import ask, corrected, draft_of, research, upload, written

CITY = "/questionnaires/forms/city-coi"


@pytest.fixture
def city_form(db, cast):
    """The city's own form, published."""
    made = publish(shipped("city-coi"), "content", OPERATOR, CLOCK)
    db.session.commit()
    return made


@pytest.mark.parametrize("who", ["sia", "ada", "dee"])
def test_a_form_is_read_with_its_conditions_in_words(sign_in, city_form, who):
    browser = sign_in(who)
    assert "Conflict of interest form" in browser.get("/questionnaires/").text
    page = browser.get(f"{CITY}/1").text
    assert "Do you have another paid job, or run a business?" in page
    assert "“Do you have another paid job, or run a business?” is “Yes”" in page
    assert "the filer’s kind is “I got a gift”" in page
    assert "the ethics office; masked for auditors" in page
    shown = browser.get(CITY).text
    assert city_form.sha256 in shown
    assert "by the operator of the server (tests)" in " ".join(shown.split())


@pytest.mark.parametrize("file", sorted(FORMS.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_downloaded_form_is_the_same_form(file):
    content = read_form(file)
    assert parse_form(as_text(content)) == content


def test_the_download_is_a_file_that_can_be_uploaded_again(sign_in, db, city_form):
    sia = sign_in("sia")
    reply = sia.get(f"{CITY}/1/file")
    assert reply.headers["Content-Disposition"] == "attachment; filename=city-coi-1.yaml"
    assert upload(sia, reply.data).status_code == 303
    page = sia.get(f"/questionnaires/drafts/{draft_of(db).reference}").text
    assert "The draft says the same as the published version." in page


def test_a_draft_begins_with_what_is_published(sign_in, db, city_form):
    sia = sign_in("sia")
    reply = sia.post(f"{CITY}/1/draft")
    assert reply.status_code == 303
    assert parse_form(draft_of(db).text) == city_form.content


def test_every_error_is_shown_with_its_place_and_what_to_do(sign_in, db, cast):
    sia = sign_in("sia")
    spoiled = as_text(research()).replace("type: money", "type: monei").replace("retention_years: 7", "retention_years: soon")
    assert upload(sia, spoiled).status_code == 303
    draft = draft_of(db)
    page = sia.get(f"/questionnaires/drafts/{draft.reference}").text
    assert draft.errors > 1
    for place in ("form.retention_years", "sections.funds.questions.supporters.entries.fields.worth.type"):
        assert place in page
    assert "Use one of: yes_no, choice" in page
    assert "type: monei" in page
    mended = draft.text.replace("type: monei", "type: money").replace("retention_years: soon", "retention_years: 7")
    assert sia.post(f"/questionnaires/drafts/{draft.reference}", data={"text": mended, "revision": "1"}).status_code == 303
    db.session.expire_all()
    assert (draft_of(db).errors, draft_of(db).revision) == (0, 2)


def test_the_text_stays_as_it_was_typed(sign_in, db, cast):
    sia = sign_in("sia")
    draft = written(sia, db, research())
    text = "  form: 1\r\n  other: 2\r\n\r\n"
    sia.post(f"/questionnaires/drafts/{draft.reference}", data={"text": text, "revision": "1"})
    db.session.expire_all()
    assert draft_of(db).text == "  form: 1\n  other: 2\n\n"


def test_two_who_write_at_once_lose_nothing(sign_in, db, cast):
    sia, sol = sign_in("sia"), sign_in("sol")
    draft = written(sia, db, research())
    address = f"/questionnaires/drafts/{draft.reference}"
    first, second = draft.text + "# Sia\n", draft.text + "# Sol\n"
    assert sia.post(address, data={"text": first, "revision": "1"}).status_code == 303
    late = sol.post(address, data={"text": second, "revision": "1"})
    assert late.status_code == 409
    assert "# Sol" in late.text
    assert "Somebody saved this draft while you wrote" in late.text
    again = re.search(r'name="revision"[^>]*value="(\d+)"', late.text)[1]
    assert sol.post(address, data={"text": second, "revision": again}).status_code == 303


def test_the_same_text_again_leaves_no_entry(sign_in, db, cast):
    sia = sign_in("sia")
    draft = written(sia, db, research())
    before = db.session.scalar(select(func.count()).select_from(AuditEntry))
    assert sia.post(f"/questionnaires/drafts/{draft.reference}", data={"text": draft.text, "revision": "1"}).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == before


@pytest.mark.parametrize("text", ["", "  \n", "form: \ufffe", "form: \x01", "x" * 500_001])
def test_a_text_that_can_not_be_kept_is_refused(sign_in, db, cast, text):
    sia = sign_in("sia")
    draft = written(sia, db, research())
    reply = sia.post(f"/questionnaires/drafts/{draft.reference}", data={"text": text, "revision": "1"})
    assert reply.status_code == (413 if len(text) > 500_000 else 422)
    assert text.strip() in reply.text or not text.isprintable()
    db.session.expire_all()
    assert draft_of(db).revision == 1


def test_a_text_of_500_kb_is_kept(sign_in, db, cast):
    sia = sign_in("sia")
    draft = written(sia, db, research())
    text = draft.text + "#" * (500_000 - len(draft.text.encode()))
    reply = sia.post(f"/questionnaires/drafts/{draft.reference}", data={"text": text, "revision": "1", "press": "save"})
    assert reply.status_code == 303


def test_a_route_to_a_desk_that_the_city_lacks_is_an_error(sign_in, db, cast):
    made = research()
    made["sections"][0]["questions"][1]["triggers"][0]["route"] = "no-such-desk"
    sia = sign_in("sia")
    draft = written(sia, db, made)
    assert draft.errors == 1
    assert "no-such-desk" in sia.get(f"/questionnaires/drafts/{draft.reference}").text
    assert ask(sia, draft).status_code == 422


def test_publishing_says_what_changes_and_refuses_more_than_words(sign_in, db, cast):
    publish(research(), "content", OPERATOR, CLOCK)
    db.session.commit()
    sia = sign_in("sia")
    draft = written(sia, db, corrected())
    page = sia.get(f"/questionnaires/drafts/{draft.reference}/publish").text
    assert "Your laboratory" in page
    refused = ask(sia, draft, "wording")
    assert refused.status_code == 422
    assert "More than the words changed" in refused.text
    assert "sections.funds" in refused.text
    unsaid = ask(sia, draft, "")
    assert unsaid.status_code == 422
    strange = ask(sia, draft, kinds=["coronation"])
    assert strange.status_code == 422
    old = ask(sia, draft, sha256="0" * 64)
    assert old.status_code == 409
    asked = ask(sia, draft)
    assert asked.status_code == 303
    assert "waits for a second person" in sia.get(f"/questionnaires/drafts/{draft.reference}").text
    assert "published 2" not in page


def test_differences_between_any_two_versions_are_read(sign_in, db, cast):
    publish(research(), "content", OPERATOR, CLOCK)
    publish(corrected(), "content", OPERATOR, CLOCK)
    publish(research(version="back"), "content", OPERATOR, CLOCK)
    db.session.commit()
    ada = sign_in("ada")
    address = "/questionnaires/forms/research-support"
    assert "Where do you work?" in ada.get(f"{address}/2/changes").text
    assert "Nothing that anybody reads is different." in ada.get(f"{address}/3/changes?since=1").text
    assert "The first version" in ada.get(f"{address}/1/changes").text
    for strange in ("9", "01", "x", "-1", "1" * 30, "%00"):
        assert ada.get(f"{address}/2/changes?since={strange}").status_code == 404


def test_a_preview_is_the_form_as_that_filer_meets_it(sign_in, db, city_form):
    ada = sign_in("ada")
    full = ada.get(f"{CITY}/1/preview?kind=annual&filer-level=full&language=en&year=2025").text
    gift = ada.get(f"{CITY}/1/preview?kind=gift&filer-level=short&language=es&year=2025").text
    assert "Do you have another paid job, or run a business?" in full
    assert "as the City’s settings say" in full
    assert '<div lang="es">' in gift
    assert "¿Quién lo dio?" in gift
    assert "Añadir" in gift
    assert "Try it out" in gift
    assert "Do you have another paid job, or run a business?" in gift  # among the questions that are not asked
    assert ada.post(f"{CITY}/1/preview").status_code == 404


def test_filling_in_a_preview_opens_follow_ups_says_faults_and_keeps_nothing(sign_in, db, city_form):
    sia = sign_in("sia")
    address = f"{CITY}/1/preview?kind=annual&filer-level=short&language=en&year=2025"
    entries = db.session.scalar(select(func.count()).select_from(AuditEntry))
    opened = sia.post(address, data={"asked": "has_outside_work", "has_outside_work.": "yes", "press": "update"})
    assert opened.status_code == 200
    assert "Tell us about each job or business" in opened.text
    checked = sia.post(address, data={"asked": "has_outside_work", "has_outside_work.": "yes", "press": "check"})
    assert checked.status_code == 422
    assert 'id="error-summary"' in checked.text
    fine = dict.fromkeys(("has_outside_work", "has_contract", "has_power", "has_family_vendor", "has_gifts", "has_posts"), "no")
    form = {"asked": " ".join(fine), "press": "check", **{f"{name}.": value for name, value in fine.items()}}
    done = sia.post(address, data=form)
    assert done.status_code == 200
    assert "It could be signed so" in done.text
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == entries
    assert db.session.scalars(select(Disclosure)).all() == []


@pytest.mark.parametrize(
    "query",
    ["kind=nonsense", "year=1", "year=99999999999999999999", "language=xx", "filer-level=%00", "year=", "kind=gift&kind=annual"],
)
def test_strange_settings_of_a_preview_break_nothing(sign_in, city_form, query):
    assert sign_in("sia").get(f"{CITY}/1/preview?{query}").status_code in (200, 422)


@pytest.mark.parametrize("press", ["", "add:outside_work=abcdefgh", "add:", "remove:x:y", "nonsense", "check" * 200])
def test_strange_presses_in_a_preview_break_nothing(sign_in, city_form, press):
    told = {"asked": "has_outside_work outside_work zz", "has_outside_work.": "yes", "press": press, "outside_work.:999:key": "x"}
    assert sign_in("sia").post(f"{CITY}/1/preview?kind=annual&language=en&year=2025", data=told).status_code in (200, 422)


def test_a_draft_is_tried_out_read_and_compared_before_it_is_published(sign_in, db, cast):
    publish(research(), "content", OPERATOR, CLOCK)
    db.session.commit()
    draft = written(sign_in("sia"), db, corrected())
    ada, address = sign_in("ada"), f"/questionnaires/drafts/{draft.reference}"
    assert "Where do you work?" in ada.get(f"{address}/preview").text
    assert "Where do you work?" in ada.get(f"{address}/content").text
    assert "Where do you work?" in ada.get(f"{address}/changes").text
    assert ada.get(f"{address}/file").data.decode() == draft.text
    assert 'name="text"' not in ada.get(address).text


def test_a_draft_is_thrown_away_and_the_request_finds_nothing(sign_in, db, cast):
    sia = sign_in("sia")
    draft = written(sia, db, research())
    reference = draft.reference
    ask(sia, draft)
    assert sia.get(f"/questionnaires/drafts/{reference}/discard").status_code == 200
    assert sia.post(f"/questionnaires/drafts/{reference}/discard").status_code == 303
    assert db.session.scalars(select(QuestionnaireDraft)).all() == []
    assert sia.get(f"/questionnaires/drafts/{reference}").status_code == 404
