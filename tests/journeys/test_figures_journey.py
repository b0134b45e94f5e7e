"""The chief officer and the figures in a real browser: from a number to its list, by keyboard, on a phone, on paper."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, WIDE
from tests.dashboards.conftest import campaign, town

__all__ = ["campaign", "town"]
LOADED = "() => [...document.images].every(one => one.complete && one.naturalWidth > 100)"


def test_the_chief_officer_goes_from_a_number_to_its_cases(open_page, assert_accessible, no_sideways_scroll, cast, town):
    page = open_page("sia", "/help")
    page.locator(".coi-nav__group").filter(has_text="Campaign").locator("summary").click()
    page.locator(".coi-nav__group[open]").get_by_role("link", name="Figures", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Figures")
    page.wait_for_function(LOADED)
    expect(page.get_by_role("img", name="Bars: Outcomes.")).to_be_visible()
    assert_accessible(page)
    no_sideways_scroll(page)
    for figure, row, rows in (("outcomes", "Noted", "Who"), ("by-department", "Police", "Name")):
        link = page.locator(f"section:has(#{figure}) tr:has(th:text-is('{row}')) td a").first
        number = int(link.evaluate("one => one.firstChild.textContent"))
        link.focus()
        page.keyboard.press("Enter")
        expect(page.locator("main table thead th").first).to_have_text(rows)
        expect(page.locator("main tbody tr")).to_have_count(number)
        assert_accessible(page)
        page.go_back()
    page.get_by_role("link", name="What is open, and with whom").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Open cases in numbers")
    page.go_back()
    page.emulate_media(media="print")
    assert page.locator("section.coi-figure tbody tr").first.evaluate("one => getComputedStyle(one).display") == "table-row"
    for section in page.locator("section.coi-figure:has(picture)").all():
        assert section.evaluate("one => getComputedStyle(one).breakInside") == "avoid"
    expect(page.get_by_text("As of March 2, 2026")).to_be_visible()


@pytest.mark.parametrize(("name", "language", "javascript"), [("sia", "es", False), ("olu", "en", True), ("olu", "es", True)])
def test_the_figures_on_a_phone(open_page, assert_accessible, no_sideways_scroll, cast, town, name, language, javascript):
    page = open_page(name, "/figures/", width=NARROW, language=language, javascript=javascript)
    no_sideways_scroll(page)
    assert page.evaluate("() => [...document.images].every(one => one.getBoundingClientRect().width <= 288)")
    if javascript:
        page.wait_for_function(LOADED)
        assert_accessible(page)
    hidden = page.get_by_text({"en": "not shown", "es": "no se muestra"}[language], exact=True)
    assert (hidden.count() > 0) == (name == "olu")


@pytest.mark.parametrize(("width", "language"), [(WIDE, "es"), (NARROW, "en")])
def test_figures_of_an_empty_campaign_are_for_everybody(
    open_page, assert_accessible, no_sideways_scroll, cast, campaign, width, language
):
    page = open_page("ada", "/figures/", width=width, language=language)
    assert_accessible(page)
    no_sideways_scroll(page)
    page.goto("/figures/cases?outcome=noted")
    assert_accessible(page)
    no_sideways_scroll(page)
