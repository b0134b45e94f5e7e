"""A person files, in a real browser: four clicks to the receipt, a side job in a few taps, with and without a script."""

import re

import pytest
from playwright.sync_api import Page, expect

from coi.disclosures import queries
from coi.models import Disclosure, DisclosureVersion
from coi.policies.actions import load_from_profile
from coi.profiles.current import current_profile
from coi.review import actions as office
from tests.browser.conftest import NARROW, WIDE
from tests.disclosures.steps import A_JOB, filed, now, owed
from tests.factories import OPERATOR

WORDS = {
    "en": {"done": "Done. We have your form.", "nothing": "You have nothing to do now."},
    "es": {"done": "Listo. Tenemos su formulario.", "nothing": "Ahora no tiene que hacer nada."},
}


@pytest.fixture
def owes(db, cast):
    """Finn owes the yearly form and signs the city's policies with it."""
    load_from_profile(current_profile(), OPERATOR, now())
    made = owed(cast.finn.person)
    db.session.commit()
    return made


def label(page: Page, name: str, value: str):
    """The words beside a choice, as a thumb finds them."""
    field = page.locator(f'[name="{name}"][value="{value}"]')
    return page.locator(f'label[for="{field.get_attribute("id")}"]')


def saved(page: Page) -> None:
    """Waits until the page says that it saved."""
    expect(page.locator("#saved")).to_contain_text(re.compile("Saved|Guardado"))


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no_script"])
def test_nothing_to_declare_takes_four_clicks_from_home_to_receipt(open_page, owes, language, javascript):
    page = open_page("finn", "/", width=NARROW, language=language, javascript=javascript)
    page.locator(".coi-next button").click()
    page.locator('button[value="no-to-all"]').click()
    expect(label(page, "has_gifts.", "no")).to_be_visible()
    expect(page.locator('[name="has_gifts."][value="no"]')).to_be_checked()
    page.locator('label[for="agreed"]').click()
    page.fill("#signed_name", "Finn Filer")
    page.locator('button[value="sign"]').click()
    expect(page.get_by_text(WORDS[language]["done"])).to_be_visible()
    page.goto("/")
    expect(page.get_by_text(WORDS[language]["nothing"])).to_be_visible()


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_side_job_is_added_in_place_on_a_small_phone(open_page, owes, db, no_sideways_scroll, language):
    page = open_page("finn", "/", width=NARROW, language=language)
    page.locator(".coi-next button").click()
    page.locator('button[value="no-to-all"]').click()
    expect(page.locator('[name="has_gifts."][value="no"]')).to_be_checked()
    here = page.url
    label(page, "has_outside_work.", "yes").click()
    page.locator('[name="outside_work.:0:org."]').fill("Río Verde")
    page.locator('[name="outside_work.:0:work."]').fill("Lawns")
    label(page, "outside_work.:0:dealing.", "none").click()
    label(page, "outside_work.:0:my_part.", "no").click()
    if page.locator('[name="outside_work.:0:approved."]').count():
        label(page, "outside_work.:0:approved.", "yes").click()
    assert page.url == here
    no_sideways_scroll(page)
    page.locator('label[for="agreed"]').click()
    page.fill("#signed_name", "Finn Filer")
    page.locator('button[value="sign"]').click()
    expect(page.get_by_text(WORDS[language]["done"])).to_be_visible()
    db.session.expire_all()
    assert DisclosureVersion.query.one().answers["outside_work"][0]["org"] == "Río Verde"


def test_what_is_typed_saves_itself_and_is_there_again(open_page, owes):
    page = open_page("finn", "/", width=NARROW)
    page.locator(".coi-next button").click()
    page.locator('[name="anything_else."]').fill("My cousin works at the depot")
    saved(page)
    again = page.url
    page.goto("/")
    expect(page.get_by_text("You have begun.")).to_be_visible()
    page.goto(again)
    expect(page.locator('[name="anything_else."]')).to_have_value("My cousin works at the depot")


def test_typing_goes_on_while_a_follow_up_opens(open_page, owes):
    page = open_page("finn", "/")
    page.locator(".coi-next button").click()
    label(page, "has_outside_work.", "yes").click()
    page.locator('[name="anything_else."]').press_sequentially("not one letter is lost", delay=30)
    expect(page.locator('[name="outside_work.:0:org."]')).to_be_visible()
    expect(page.locator('[name="anything_else."]')).to_have_value("not one letter is lost")


def test_step_by_step_by_keyboard_alone(open_page, owes, db):
    page = open_page("finn", "/", javascript=False)
    page.locator(".coi-next button").press("Enter")
    page.get_by_role("link", name="Rather go step by step").press("Enter")
    for name in ("has_outside_work", "has_contract", "has_power", "has_family_vendor"):
        page.locator(f'[name="{name}."][value="no"]').press("Space")
    page.locator('[name="has_family_vendor."][value="no"]').press("Enter")
    page.locator('[name="has_gifts."][value="no"]').press("Space")
    page.locator('[name="has_gifts."][value="no"]').press("Enter")
    page.locator('[name="has_posts."][value="no"]').press("Space")
    page.locator('[name="has_posts."][value="no"]').press("Enter")
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    page.get_by_role("link", name="Go on to sign").press("Enter")
    page.locator("#agreed").press("Space")
    page.fill("#signed_name", "Finn Filer")
    page.locator('button[value="sign"]').press("Enter")
    expect(page.get_by_text(WORDS["en"]["done"])).to_be_visible()


def test_entries_without_a_script(open_page, owes, db):
    page = open_page("finn", "/", width=NARROW, javascript=False)
    page.locator(".coi-next button").click()
    label(page, "has_outside_work.", "yes").click()
    page.get_by_role("button", name="Save for later").click()
    page.locator('[name="outside_work.:0:org."]').fill("First")
    page.get_by_role("button", name="Add another: job or business").click()
    page.locator('[name="outside_work.:1:org."]').fill("Second")
    page.get_by_role("button", name="Remove: job or business 1").click()
    expect(page.locator('[name="outside_work.:0:org."]')).to_have_value("Second")
    expect(page.locator('[name="outside_work.:1:org."]')).to_have_count(0)


def test_a_form_in_error_takes_the_focus_and_leads_to_the_field(open_page, owes):
    page = open_page("finn", "/", width=NARROW)
    page.locator(".coi-next button").click()
    page.locator('button[value="sign"]').click()
    expect(page.locator("#error-summary")).to_be_focused()
    page.locator("#error-summary a").first.click()
    assert page.evaluate("document.activeElement.name") in ("has_outside_work.", "agreed", "signed_name")


def test_what_was_mended_is_no_longer_in_the_list_of_errors(open_page, owes):
    page = open_page("finn", "/", width=NARROW)
    page.locator(".coi-next button").click()
    page.locator('button[value="sign"]').click()
    listed = page.locator("#error-summary li")
    heading = page.locator("#error-summary h2")
    before = listed.count()
    label(page, "has_gifts.", "no").click()
    expect(listed).to_have_count(before - 1)
    expect(heading).to_have_text(f"There are {before - 1} things to look at")
    page.locator('button[value="no-to-all"]').click()
    expect(listed.locator('a[href^="#has_"]')).to_have_count(0)
    expect(page.locator("#error-summary")).to_contain_text("name")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_of_a_filing_is_accessible(open_page, owes, db, cast, assert_accessible, no_sideways_scroll, width, language):
    page = open_page("finn", "/", width=width, language=language)

    def judge() -> None:
        assert_accessible(page)
        no_sideways_scroll(page)

    judge()
    page.locator(".coi-next button").click()
    label(page, "has_outside_work.", "yes").click()
    page.locator('[name="outside_work.:0:org."]').fill("=1+1")
    saved(page)
    judge()
    form = page.url
    page.locator('button[value="sign"]').click()
    expect(page.locator("#error-summary")).to_be_visible()
    judge()
    for more in ("/sections/everyone", "/sections/gifts?check=yes", "/review", "/sign", "/discard"):
        page.goto(form.removesuffix("/sign") + more)
        judge()
    for other in ("/forms/new/gift", "/my-record/wrong"):
        page.goto(other)
        judge()


@pytest.mark.parametrize("language", ["en", "es"])
def test_my_filing_is_accessible_and_fits_a_phone(open_page, db, cast, assert_accessible, no_sideways_scroll, language):
    made = filed(cast.finn.person, cast.finn.actor, answers=A_JOB)
    olu = next(cast[name].actor for name in cast if cast[name].person.id == made.reviewer_id)
    office.ask(made, "Which days?", olu, now(), version=1, state="in_review")
    here = f"/filings/{made.reference}"
    page = open_page("finn", "/", width=NARROW, language=language)
    for path in ("/", here, f"{here}/receipt", f"{here}/correct"):
        page.goto(path)
        assert_accessible(page)
        no_sideways_scroll(page)


def test_two_windows_of_one_form(open_page, owes, db, cast):
    first = open_page("finn", "/", javascript=False)
    first.locator(".coi-next button").click()
    second = open_page("finn", "/", javascript=False)
    second.goto(first.url)
    first.locator('[name="anything_else."]').fill("first window")
    first.get_by_role("button", name="Save for later").click()
    second.locator('[name="anything_else."]').fill("second window")
    second.get_by_role("button", name="Save for later").click()
    expect(second.get_by_text("This form was changed in another window")).to_be_visible()
    expect(second.get_by_text("first window")).to_be_visible()
    second.get_by_role("button", name="Save for later").click()
    expect(second.locator('[name="anything_else."]')).to_have_value("second window")
    db.session.expire_all()
    assert queries.draft_of(Disclosure.query.one()).answers["anything_else"] == "second window"
