"""Pages that anybody reads, and the frame of every page: accessible, narrow enough for a phone, light, usable by keyboard."""

import re

import pytest
from sqlalchemy import select

from coi.models import Letter
from coi.notices import queries
from coi.notices.actions import post
from tests.city import CLOCK

PUBLIC = ("/help", "/blank-forms", "/privacy", "/who-sees-what", "/accessibility", "/about", "/nothing-here")


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (320, "es")])
def test_public_pages_are_for_everybody(open_page, assert_accessible, no_sideways_scroll, path, width, language):
    page = open_page(None, path, width=width, language=language)
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").count() == 1
    assert_accessible(page)
    no_sideways_scroll(page)


@pytest.mark.parametrize(("name", "path"), [("sia", "/notices/"), ("dee", "/notices/to-print"), ("finn", "/help")])
@pytest.mark.parametrize(("width", "language"), [(1280, "es"), (320, "en")])
def test_pages_of_the_signed_in_are_for_everybody(
    open_page, assert_accessible, no_sideways_scroll, db, cast, name, path, width, language
):
    cast.kit.person.email = None
    post("invitation", cast.kit.person, CLOCK, "i:1", due="May 1, 2026")
    post("receipt", cast.finn.person, CLOCK, "r:1", reference="COI-2026-7K3F9Q")
    page = open_page(name, path, width=width, language=language)
    assert_accessible(page)
    no_sideways_scroll(page)


def test_a_letter_can_be_read(open_page, assert_accessible, no_sideways_scroll, db, cast):
    post("receipt", cast.finn.person, CLOCK, "r:1", reference="COI-2026-7K3F9Q")
    reference = queries.reference_of(db.session.scalar(select(Letter)))
    page = open_page("dee", f"/notices/letters/{reference}", width=320)
    assert "COI-2026-7K3F9Q" in page.inner_text("main")
    assert_accessible(page)
    no_sideways_scroll(page)


def test_the_first_key_leads_past_the_menu(open_page, cast):
    page = open_page("sia", "/help")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("javascript", [True, False])
def test_the_menu_opens_on_a_phone_with_the_keyboard(open_page, cast, javascript):
    page = open_page("sia", "/help", width=320, javascript=javascript)
    assert not page.locator(".coi-nav__fold a").first.is_visible()
    page.locator(".coi-nav__fold summary").focus()
    page.keyboard.press("Enter")
    assert page.locator(".coi-nav__fold a").first.is_visible()


def test_the_language_changes_in_place(open_page):
    page = open_page(None, "/help", language="en")
    page.get_by_role("button", name="Español").click()
    assert page.locator("html").get_attribute("lang") == "es"
    assert page.locator("h1").inner_text() == "Ayuda"


def test_every_page_says_whom_to_call(open_page):
    page = open_page(None, "/about")
    assert re.search(r"717-555-0142", page.inner_text("footer"))
    assert page.locator("footer a[href^='tel:']").count() == 1


def test_pages_are_light(open_page, chromium, live):
    context = chromium.new_context(base_url=live)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    weights: list[int] = []
    session.on("Network.loadingFinished", lambda told: weights.append(told["encodedDataLength"]))
    page.goto("/privacy", wait_until="networkidle")
    first = sum(weights)
    weights.clear()
    page.goto("/help", wait_until="networkidle")
    second = sum(weights)
    context.close()
    assert first < 250_000
    assert second < 30_000


def test_text_twice_as_large_is_not_cut_off(open_page, no_sideways_scroll, cast):
    page = open_page("sia", "/who-sees-what", width=640)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    no_sideways_scroll(page)
    assert page.locator("h1").bounding_box()["height"] > 0


def test_paper_shows_the_page_without_its_buttons(open_page, cast):
    page = open_page("sia", "/privacy")
    page.emulate_media(media="print")
    assert not page.locator(".coi-nav").is_visible()
    assert page.locator("h1").is_visible()
