"""A number that nobody needs, seen in a real browser: a warning that comes without a reload, goes, and stops nothing."""

import re

import pytest
from playwright.sync_api import Page, expect

from coi.disclosures import actions
from coi.models import DisclosureVersion
from coi.policies.actions import load_from_profile
from coi.profiles.current import current_profile
from tests.browser.conftest import NARROW, WIDE
from tests.disclosures.steps import complete, now, owed
from tests.factories import OPERATOR
from tests.journeys.test_filing_journeys import saved

BOX = '[name="anything_else."]'
BESIDE = '[id="anything_else.-numbers"]'
KEPT = "My number is 078-05-1120."
WARNED = {"en": "Do not enter such numbers", "es": "No escriba esos números"}


@pytest.fixture
def owes(db, cast):
    """Finn owes the yearly form and signs the city's policies with it."""
    load_from_profile(current_profile(), OPERATOR, now())
    made = owed(cast.finn.person)
    db.session.commit()
    return made


def begins(page: Page) -> None:
    """From home to the form on one page."""
    page.locator(".coi-next button").click()
    expect(page.locator(BOX)).to_be_visible()


@pytest.mark.parametrize("language", ["en", "es"])
def test_with_a_script_it_comes_after_the_draft_is_saved(open_page, owes, language, assert_accessible, no_sideways_scroll):
    page = open_page("finn", "/", width=NARROW, language=language)
    begins(page)
    expect(page.locator(BESIDE)).to_have_text("")
    page.locator(BOX).fill(KEPT)
    expect(page.locator(BESIDE)).to_contain_text(WARNED[language])
    saved(page)
    expect(page.locator(BOX)).to_have_value(KEPT)
    assert_accessible(page)
    no_sideways_scroll(page)
    page.locator(BOX).fill("My number is known to the City.")
    expect(page.locator(BESIDE)).to_have_text("")


def test_without_a_script_it_comes_with_the_saved_page_and_signing_goes_on(open_page, owes, assert_accessible):
    page = open_page("finn", "/", javascript=False)
    begins(page)
    page.locator(BOX).fill(KEPT)
    page.get_by_role("button", name="No to all of these").click()
    expect(page.locator(BESIDE)).to_contain_text(WARNED["en"])
    page.locator("#numbers a").click()
    expect(page).to_have_url(re.compile(r"#anything_else\.$"))
    page.locator('label[for="agreed"]').click()
    page.get_by_label("Type your name").fill("Finn Filer")
    page.get_by_role("button", name="Sign and file").click()
    expect(page.get_by_role("heading", name="Done. We have your form.")).to_be_visible()
    assert DisclosureVersion.query.one().answers["anything_else"] == KEPT


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_f17_a_letter_with_a_thousand_marks_stays_in_its_answer(
    open_page, db, cast, owes, width, assert_accessible, no_sideways_scroll
):
    draft = actions.start(owes, cast.finn.actor, now())
    marks = "z" + "\u0301\u0489\u0334" * 1600 + " and words after it"
    complete(draft, cast.finn.actor, anything_else=marks)
    db.session.commit()
    for place in ("", "/review"):
        page = open_page("finn", f"/forms/{draft.reference}{place}", width=width)
        no_sideways_scroll(page)
        assert_accessible(page)
    answer = page.locator("dd", has=page.get_by_text("and words after it"))
    expect(answer).to_have_css("overflow-x", "clip")
    edge = page.evaluate("document.documentElement.clientWidth")
    box = answer.bounding_box()
    assert box["x"] + box["width"] <= edge
    question = page.locator(".coi-facts__row", has=answer).locator("dt").bounding_box()
    assert question["width"] > 100


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no_script"])
def test_too_much_text_comes_back_in_its_field(open_page, owes, javascript, complaints_about_the_network):
    page = open_page("finn", "/", javascript=javascript)
    begins(page)
    long = "word " * 120_000
    page.locator(BOX).fill(long)
    with page.expect_response(lambda reply: reply.request.is_navigation_request() and reply.request.method == "POST") as told:
        page.get_by_role("button", name="Save for later").click()
    assert told.value.status == 413
    expect(page.locator("#error-summary")).to_contain_text("Write at most 10000 characters")
    expect(page.locator(BOX)).to_have_value(long.strip())
    expect(page.locator("#held")).to_be_hidden()
    page.locator(BOX).fill("Short now.")
    page.get_by_role("button", name="Save for later").click()
    expect(page.locator("#error-summary")).to_have_count(0)
    expect(page.locator(BOX)).to_have_value("Short now.")
