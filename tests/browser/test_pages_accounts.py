"""Pages of signing in and of the office for accounts: by keyboard from the door to the own page, in error, at both widths."""

from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from coi.accounts import slips
from coi.models import Person
from tests.browser.conftest import NARROW, WIDE
from tests.factories import OPERATOR

WORDS = {
    "en": {
        "slip": "I have a printed slip",
        "welcome": "Welcome, Kit Stranger",
        "home": "Hello, Kit",
        "short": "Use at least 15 characters.",
        "unfit": "This number and code do not fit",
    },
    "es": {
        "slip": "Tengo una hoja de acceso",
        "welcome": "Le damos la bienvenida, Kit Stranger",
        "home": "Kit",
        "short": "Use por lo menos 15 caracteres.",
        "unfit": "no coinciden",
    },
}
SECRET = "brown kettle on the 9th porch"


@pytest.fixture
def slip(db, cast) -> str:
    """The code on Kit's sheet; Kit has no e-mail and never signed in."""
    kit: Person = cast.kit.person
    kit.email, cast.kit.account.email, cast.kit.account.password, cast.kit.account.reset_email = None, kit.number, None, None
    code = slips.issue(kit, OPERATOR, datetime.now().astimezone())
    db.session.commit()
    return slips.spaced(code)


@pytest.fixture
def check(assert_accessible, no_sideways_scroll):
    """`check(page)`: accessible and narrow enough; without JavaScript only the width can be judged."""

    def judge(page: Page) -> Page:
        expect(page.locator("h1")).to_have_count(1)
        if page.evaluate("() => true"):
            assert_accessible(page)
        no_sideways_scroll(page)
        return page

    return judge


def type_and_go(page: Page, *texts: str) -> None:
    """Types from where the focus is, a field a text, and presses Enter in the last one."""
    for number, text in enumerate(texts):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tab_to(page: Page, words: str) -> None:
    """Presses Tab until the focus is on what says `words`; a person would not press it more often."""
    for _press in range(30):
        page.keyboard.press("Tab")
        if words in (page.evaluate("document.activeElement.innerText || document.activeElement.name || ''") or ""):
            return
    raise AssertionError(f"The keyboard does not get to {words!r} on {page.url}.")


def enter(page: Page) -> None:
    """Presses Enter and waits for the next page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize(("width", "language"), [(NARROW, "en"), (NARROW, "es"), (WIDE, "es")])
def test_from_the_slip_to_ones_own_page_by_keyboard_alone(open_page, check, slip, cast, width, language):
    words = WORDS[language]
    page = open_page(None, "/", width=width, language=language)
    assert page.url.endswith("/accounts/sign-in")
    check(page)
    tab_to(page, words["slip"])
    enter(page)
    check(page)
    tab_to(page, "number")
    type_and_go(page, "001003", slip.lower())
    check(page)
    tab_to(page, {"en": "English", "es": "Español"}[language])
    enter(page)
    assert page.locator("html").get_attribute("lang") == language
    expect(page.locator("h1")).to_contain_text(words["welcome"])
    check(page)
    tab_to(page, "passphrase")
    type_and_go(page, SECRET)
    expect(page.locator("h1")).to_contain_text(words["home"])
    check(page)


@pytest.mark.parametrize(("width", "language"), [(NARROW, "es"), (WIDE, "en")])
def test_every_error_on_the_way_says_what_to_do(open_page, check, slip, cast, width, language):
    words = WORDS[language]
    page = open_page(None, "/accounts/first-sign-in", width=width, language=language)
    page.locator("form button[type=submit]").last.click()
    check(page)
    assert page.evaluate("document.activeElement.id") == "error-summary"
    page.fill("#number", "001003")
    page.fill("#code", "AAAAA AAAAA")
    page.locator("#code").press("Enter")
    expect(page.locator("#error-summary")).to_contain_text(words["unfit"])
    assert page.input_value("#number") == "001003"
    check(page)
    page.fill("#code", slip)
    page.locator("#code").press("Enter")
    page.locator("button[name=language]").filter(has_text={"en": "English", "es": "Español"}[language]).click()
    page.fill("#passphrase", "too short")
    page.locator("#passphrase").press("Enter")
    expect(page.locator("#error-summary")).to_contain_text(words["short"])
    check(page)
    page.fill("#passphrase", SECRET)
    page.fill("#reset_email", "a@b.example, c@d.example")
    page.locator("#reset_email").press("Enter")
    assert page.locator("#reset_email-error").count() == 1
    check(page)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("dee", "/accounts/roles"),
        ("dee", "/accounts/roles/give"),
        ("dee", "/accounts/outsiders"),
        ("dee", "/accounts/slips?search=kit"),
        ("dee", "/accounts/slips/001003"),
        ("sia", "/accounts/requests"),
        ("sia", "/accounts/set-up"),
        ("ada", "/accounts/roles"),
    ],
)
@pytest.mark.parametrize(("width", "language"), [(NARROW, "es"), (WIDE, "en")])
def test_pages_of_the_office_are_for_everybody(open_page, check, slip, cast, name, path, width, language):
    page = check(open_page(name, path, width=width, language=language))
    submit = page.locator("main form[method=post] button[type=submit]")
    if submit.count():
        submit.last.click()
        check(page)
