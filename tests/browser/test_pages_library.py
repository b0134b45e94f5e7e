"""The pages of forms in a browser: filled and in error, wide and on a phone, in both languages, by keyboard."""

import pytest
from sqlalchemy import select

from coi.disclosures.actions import save_draft, start_voluntary
from coi.models import Disclosure, FormUsed, QuestionnaireDraft
from coi.questionnaires import drafts
from coi.questionnaires.actions import publish
from coi.questionnaires.loading import shipped
from coi.questionnaires.written import as_text
from coi.vocabulary import Kind
from tests.city import CLOCK
from tests.factories import OPERATOR, an_entry
from tests.questionnaires.library import corrected, research

SIZES = pytest.mark.parametrize(("width", "language"), [(1280, "en"), (320, "es"), (320, "en"), (1280, "es")])
PAGES = (
    "",
    "forms/city-coi",
    "forms/city-coi/1",
    "forms/city-coi/1/preview?kind=annual&filer-level=full&language=en&year=2025",
    "forms/research-support/2/changes",
    "forms/research-support/use",
    "drafts/{sound}",
    "drafts/{spoiled}",
    "drafts/{sound}/publish",
    "drafts/{sound}/changes",
    "drafts/{sound}/discard",
)


@pytest.fixture
def forms(db, cast) -> dict[str, str]:
    """Two published forms, one in two versions with a filer's draft moved over, and two drafts of forms."""
    publish(shipped("city-coi"), "content", OPERATOR, CLOCK)
    publish(research(), "content", OPERATOR, CLOCK)
    db.session.add(FormUsed(form_id="research-support", kinds=["gift"], at=CLOCK, seq=an_entry()))
    db.session.flush()
    begun: Disclosure = start_voluntary(Kind.GIFT, cast.finn.actor, CLOCK, "research-support")
    answers = {"any_support": "yes", "remarks": "A word that must not be lost", "lab": "North wing"}
    save_draft(begun, answers, {}, cast.finn.actor, CLOCK, 0)
    publish(corrected(), "content", OPERATOR, CLOCK)
    sound = drafts.begin(as_text(research(version="new")), "research.yaml", cast.sia.actor, CLOCK)
    spoiled = drafts.begin(as_text(research()).replace("type: money", "type: monei"), "spoiled.yaml", cast.sia.actor, CLOCK)
    db.session.commit()
    return {"sound": sound.reference, "spoiled": spoiled.reference, "begun": begun.reference}


@SIZES
@pytest.mark.parametrize("path", PAGES)
def test_the_page_is_for_everybody(open_page, assert_accessible, no_sideways_scroll, forms, path, width, language):
    page = open_page("sia", f"/questionnaires/{path.format(**forms)}", width=width, language=language)
    assert page.locator("h1").count() == 1
    page.evaluate("() => document.querySelectorAll('main details').forEach(one => { one.open = true })")
    assert_accessible(page)
    no_sideways_scroll(page)


@SIZES
def test_the_corrected_form_tells_its_filer(open_page, assert_accessible, no_sideways_scroll, forms, width, language):
    page = open_page("finn", f"/forms/{forms['begun']}", width=width, language=language)
    told = page.locator(".coi-moved")
    assert "A word that must not be lost" in told.inner_text()
    page.evaluate("() => document.querySelectorAll('main details').forEach(one => { one.open = true })")
    assert_accessible(page)
    no_sideways_scroll(page)


@SIZES
def test_faults_of_a_preview_take_the_focus(open_page, assert_accessible, no_sideways_scroll, forms, width, language):
    address = f"/questionnaires/forms/city-coi/1/preview?kind=annual&filer-level=short&language={language}&year=2025"
    page = open_page("sia", address, width=width, language=language)
    page.locator("button[value=check]").click()
    page.wait_for_selector("#error-summary")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    assert_accessible(page)
    no_sideways_scroll(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_form_is_mended_and_sent_to_the_second_person_by_keyboard(open_page, db, forms, javascript):
    page = open_page("sia", f"/questionnaires/drafts/{forms['spoiled']}", width=320, javascript=javascript)
    page.locator("#text").fill(as_text(research(version="mended")))
    page.get_by_role("button", name="Save and check").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Saved and checked.")
    page.get_by_role("link", name="Publish …").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#change-1")
    page.locator("#change-1").focus()
    page.keyboard.press("Space")
    page.locator("#reason").fill("the mended form")
    page.get_by_role("button", name="Ask to publish it").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=It waits for a second person")
    db.session.rollback()
    kept = db.session.scalar(select(QuestionnaireDraft).where(QuestionnaireDraft.reference == forms["spoiled"]))
    assert kept.errors == 0
