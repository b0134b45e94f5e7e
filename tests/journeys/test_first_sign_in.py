"""The first five minutes of somebody without e-mail: a real browser, a small phone, both languages, with and without a script."""

import re

import pytest
from playwright.sync_api import expect

from coi.accounts import slips
from tests.browser.conftest import NARROW
from tests.city import CLOCK
from tests.factories import PASSPHRASE, PersonFactory

NEW = "cedar pocket velvet 9"
BUTTONS = {"en": "English", "es": "Español"}


@pytest.fixture
def rosa(db, cast):
    """Rosa works at a station and has no e-mail."""
    person = PersonFactory(number="000777", name="Rosa Paz", email=None, department="Station 3")
    db.session.commit()
    return person


@pytest.fixture
def code(db, cast, rosa):
    """The code on Rosa's slip."""
    made = slips.issue(rosa, cast.dee.actor, CLOCK)
    db.session.commit()
    return made


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no_script"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_from_the_slip_to_the_own_page(open_page, assert_accessible, no_sideways_scroll, code, language, javascript):
    def judged(place: str) -> None:
        page.wait_for_url(f"**{place}")
        no_sideways_scroll(page)
        if javascript:
            assert_accessible(page)

    page = open_page(None, "/accounts/sign-in", width=NARROW, javascript=javascript, language=language)
    judged("/accounts/sign-in")
    page.locator('a[href="/accounts/first-sign-in"]').click()
    judged("/accounts/first-sign-in")
    page.fill("#number", "000777")
    page.fill("#code", slips.spaced(code).lower())
    page.locator("main form button[type=submit]").click()
    judged("/accounts/first-language")
    page.get_by_role("main").get_by_role("button", name=BUTTONS[language]).click()
    judged("/accounts/first-passphrase")
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.fill("#passphrase", NEW)
    page.locator("main form button[type=submit]").click()
    judged("/")
    expect(page.locator("header")).to_contain_text("Rosa Paz")
    page.locator('header form[action="/accounts/sign-out"] button').click()
    judged("/accounts/signed-out")
    page.goto("/accounts/sign-in")
    page.fill("#login", "000777")
    page.fill("#passphrase", NEW)
    page.keyboard.press("Enter")
    expect(page.locator("header")).to_contain_text("Rosa Paz")


def test_by_keyboard_alone(open_page, code):
    page = open_page(None, "/accounts/first-sign-in", width=NARROW)
    page.locator("#number").focus()
    page.keyboard.type("000777")
    page.keyboard.press("Tab")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/first-language")
    while page.evaluate("document.activeElement.value") != "en":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/first-passphrase")
    while page.evaluate("document.activeElement.id") != "passphrase":
        page.keyboard.press("Tab")
    page.keyboard.type(NEW)
    page.keyboard.press("Enter")
    expect(page.locator("header")).to_contain_text("Rosa Paz")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("path", ["/accounts/sign-in", "/accounts/first-sign-in", "/accounts/lost"])
def test_an_error_is_heard_first_and_leads_to_its_field(open_page, assert_accessible, no_sideways_scroll, cast, path, language):
    page = open_page(None, path, width=NARROW, language=language)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert_accessible(page)
    no_sideways_scroll(page)
    page.locator("#error-summary a").first.click()
    expect(page.locator("main form input:not([type=hidden])").first).to_be_focused()


def test_what_is_typed_can_be_shown_and_pasted(open_page, cast):
    page = open_page(None, "/accounts/sign-in", width=NARROW)
    page.locator("#passphrase").evaluate(
        "(field, text) => { field.focus(); document.execCommand('insertText', false, text); }", PASSPHRASE
    )
    expect(page.locator("#passphrase")).to_have_value(PASSPHRASE)
    page.get_by_role("button", name="Show what I type").click()
    expect(page.locator("#passphrase")).to_have_attribute("type", "text")
    page.fill("#login", "finn@city.example")
    page.keyboard.press("Enter")
    expect(page.locator("header")).to_contain_text("Finn Filer")


def test_the_back_button_shows_nothing_after_signing_out(open_page, cast):
    page = open_page("finn", "/accounts/me")
    page.locator('header form[action="/accounts/sign-out"] button').click()
    page.wait_for_url("**/signed-out")
    page.go_back()
    expect(page).to_have_url(re.compile("/accounts/sign-in"))


def test_the_desk_makes_a_new_slip_and_the_old_passphrase_ends(open_page, assert_accessible, no_sideways_scroll, cast):
    page = open_page("dee", "/accounts/slips", width=NARROW)
    page.fill("#search", "filer")
    page.keyboard.press("Enter")
    page.get_by_role("main").get_by_role("link", name="Finn Filer").first.click()
    page.locator('label[for="identity_checked"]').click()
    page.locator("main form button[type=submit]").click()
    code = page.locator(".coi-reference").inner_text()
    assert re.fullmatch(r"[A-Z0-9]{5} [A-Z0-9]{5}", code)
    assert_accessible(page)
    no_sideways_scroll(page)
    theirs = open_page(None, "/accounts/sign-in", width=NARROW)
    theirs.fill("#login", "001002")
    theirs.fill("#passphrase", PASSPHRASE)
    theirs.keyboard.press("Enter")
    expect(theirs.locator("#error-summary")).to_be_visible()
