"""The menu: few headings for who has many pages, one plain line for who has few, no page lost, usable by keyboard alone."""

import pytest
from lxml import html
from playwright.sync_api import expect

from coi.rooms import NAVIGATION

PLACES = [(endpoint, permission) for _heading, places in NAVIGATION for endpoint, _label, permission in places]


WIDE, PHONE = "//ul[contains(@class, 'coi-nav__list--wide')]", "//details[contains(@class, 'coi-nav__fold')]"


def menu_of(reply) -> tuple[list[str], set[str]]:
    """What stands in the line of a wide screen, and every address that the menu leads to."""
    page = html.fromstring(reply.text)
    line = page.xpath(f"{WIDE}/li/a | {WIDE}/li/details/summary")
    wide, phone = ({one.get("href") for one in page.xpath(f"{part}//a")} for part in (WIDE, PHONE))
    assert wide == phone
    return [one.text_content().strip() for one in line], wide


def test_each_place_stands_once_under_a_heading():
    endpoints = [endpoint for endpoint, _permission in PLACES]
    assert len(endpoints) == len(set(endpoints))


@pytest.mark.parametrize("who", ["finn", "olu", "sia", "ada", "dee"])
def test_no_page_is_lost_in_the_menu(sign_in, cast, app, who):
    browser = sign_in(who)
    line, addresses = menu_of(browser.get("/help"))
    assert len(line) <= 7
    with app.test_request_context():
        everywhere = {endpoint: app.url_for(endpoint) for endpoint, _permission in PLACES}
    for endpoint, address in everywhere.items():
        opens = browser.get(address).status_code == 200
        assert (address in addresses) == opens, endpoint


def test_who_has_few_pages_sees_them_in_one_line(sign_in, cast):
    reply = sign_in("finn").get("/")
    assert menu_of(reply)[0] == ["My forms", "Step aside"]
    assert "coi-nav__group" not in reply.text


def test_the_place_of_a_page_without_an_entry_is_marked_at_its_heading(sign_in, cast):
    page = html.fromstring(sign_in("sia").get("/review/together").text)
    here = page.xpath(f"{WIDE}//*[@aria-current]")
    assert [one.text_content().strip() for one in here] == ["Review", "Cases to review"]


def test_a_page_of_a_room_under_two_headings_is_marked_at_one(sign_in, cast):
    page = html.fromstring(sign_in("sia").get(f"/duties/cases-of/{cast.olu.account.fs_uniquifier[:16]}").text)
    here = page.xpath(f"{WIDE}//*[@aria-current]")
    assert [one.text_content().strip() for one in here] == ["Review"]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_heading_opens_by_keyboard_and_folds_the_one_before(open_page, assert_accessible, cast, javascript):
    page = open_page("sia", "/help", javascript=javascript)
    review, records = (page.locator(".coi-nav__group").filter(has_text=words) for words in ("Review", "Records"))
    review.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(review.get_by_role("link", name="Who has what")).to_be_visible()
    if javascript:
        assert_accessible(page)
    records.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(records.get_by_role("link", name="Audit log")).to_be_visible()
    expect(review.get_by_role("link", name="Who has what")).to_be_hidden()
    if javascript:
        page.keyboard.press("Escape")
        expect(records.get_by_role("link", name="Audit log")).to_be_hidden()
        expect(records.locator("summary")).to_be_focused()


def test_an_open_heading_does_not_lie_over_what_is_in_focus(open_page, cast):
    page = open_page("sia", "/help")
    records = page.locator(".coi-nav__group").filter(has_text="Records")
    records.locator("summary").press("Enter")
    records.get_by_role("link").last.focus()
    page.keyboard.press("Tab")
    expect(records.get_by_role("link").last).to_be_hidden()
