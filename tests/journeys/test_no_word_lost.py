"""No typed word is lost, seen in a real browser: sessions that end, connections that fail, windows beside each other, Back."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from coi.db import db as database
from coi.disclosures import queries
from coi.models import Disclosure, Message
from coi.policies.actions import load_from_profile
from coi.profiles.current import current_profile
from coi.vocabulary import State
from tests.browser.conftest import NARROW
from tests.disclosures.steps import now, owed
from tests.factories import OPERATOR, PASSPHRASE
from tests.factories import filing as in_state
from tests.journeys.test_filing_journeys import saved

WORDS = "My cousin works at the depot, and I drive there on Saturdays."
BOX = '[name="anything_else."]'


@pytest.fixture
def owes(db, cast):
    """Finn owes the yearly form and signs the city's policies with it."""
    load_from_profile(current_profile(), OPERATOR, now())
    made = owed(cast.finn.person)
    db.session.commit()
    return made


@pytest.fixture
def later(app, monkeypatch) -> Callable[[timedelta], None]:
    """`later(timedelta(hours=3))`: for the server it is so much later from now on."""

    def move(by: timedelta) -> None:
        monkeypatch.setitem(app.config, "NOW", lambda: now() + by)

    return move


@pytest.fixture
def checked(app, monkeypatch) -> None:
    """Tokens are looked at, as outside of tests."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


def begins(page: Page) -> str:
    """From home to the form on one page; gives its address."""
    page.locator(".coi-next button").click()
    expect(page.locator(BOX)).to_be_visible()
    return page.url


def signs_in(page: Page, login: str = "001002", passphrase: str = PASSPHRASE) -> None:
    """Number and passphrase on the page that stands there."""
    page.fill("#login", login)
    page.fill("#passphrase", passphrase)
    page.locator("main form button[type=submit]").last.click()


def kept(name: str = "anything_else"):
    """What the draft holds."""
    database.session.rollback()
    database.session.expire_all()
    draft = queries.draft_of(database.session.scalars(select(Disclosure)).one())
    told = draft.answers.get(name)
    database.session.rollback()
    return told


# A session that ends


def test_without_a_script_the_session_ends_while_typing(open_page, owes, later, checked):
    page = open_page("finn", "/", width=NARROW, javascript=False)
    begins(page)
    page.locator(BOX).fill(WORDS)
    later(timedelta(hours=3))
    page.get_by_role("button", name="Save for later").click()
    expect(page.get_by_role("heading", name="Sign in again")).to_be_visible()
    assert WORDS not in page.content()
    signs_in(page)
    expect(page.get_by_text(WORDS)).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator(BOX)).to_have_value(WORDS)
    assert kept() == WORDS


def test_without_a_script_an_officer_loses_no_question(open_page, db, cast, later, checked):
    case = in_state(cast.finn.person, State.IN_REVIEW, cast.olu.person)
    db.session.commit()
    page = open_page("olu", f"/review/{case.reference}", javascript=False)
    page.locator("#act-ask summary").click()
    page.locator("#ask-text").fill(WORDS)
    later(timedelta(hours=3))
    page.locator("#act-ask button").click()
    signs_in(page, "olu@city.example")
    expect(page.get_by_text(WORDS)).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("The clock stops until the answer comes.").first).to_be_visible()
    db.session.expire_all()
    assert db.session.scalars(select(Message.text)).all() == [WORDS]


def test_with_a_script_the_window_warns_keeps_the_text_and_gives_it_back(open_page, owes, later, assert_accessible):
    page = open_page("finn", "/", width=NARROW)
    page.clock.install()
    here = begins(page)
    page.clock.fast_forward("01:58:30")
    dialog = page.get_by_role("alertdialog")
    expect(dialog.get_by_role("heading", name="Are you still there?")).to_be_visible()
    expect(dialog.get_by_role("button", name="Stay signed in")).to_be_focused()
    assert_accessible(page)
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()
    page.locator(BOX).fill(WORDS)
    later(timedelta(hours=3))
    page.clock.fast_forward("00:00:02")
    expect(page.get_by_role("heading", name="Your sign-in has ended")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("alertdialog").get_by_role("link", name="Sign in again").click()
    signs_in(page)
    expect(page.get_by_text("You typed something here that was not saved.")).to_be_visible()
    expect(page.locator(BOX)).to_have_value(WORDS)
    assert page.url == here
    page.clock.fast_forward("00:00:02")
    saved(page)
    assert kept() == WORDS


def test_the_dialog_can_be_left_by_signing_out_and_speaks_spanish(open_page, owes):
    page = open_page("finn", "/", language="es")
    page.clock.install()
    begins(page)
    page.clock.fast_forward("01:58:30")
    dialog = page.get_by_role("alertdialog")
    expect(dialog.get_by_role("heading", name="¿Sigue ahí?")).to_be_visible()
    dialog.get_by_role("button", name="Cerrar sesión").click()
    expect(page).to_have_url(re.compile("/accounts/signed-out"))


def test_who_stays_in_one_window_stays_in_the_other(open_page, owes):
    page = open_page("finn", "/")
    page.clock.install()
    begins(page)
    page.clock.fast_forward("01:58:30")
    expect(page.get_by_role("alertdialog")).to_be_visible()
    other = page.context.new_page()
    other.goto("/")
    page.clock.fast_forward("00:00:06")
    expect(page.get_by_role("alertdialog")).to_be_hidden()


# A connection or a server that fails


def test_offline_while_typing_then_online(open_page, owes, complaints_about_the_network):
    page = open_page("finn", "/", width=NARROW)
    begins(page)
    page.context.set_offline(True)
    page.locator(BOX).fill(WORDS)
    page.locator("h1").click()
    expect(page.locator("#saved")).to_contain_text("Not saved yet. We will try again")
    page.get_by_role("button", name="Save for later").click()
    expect(page.get_by_text("There is no connection. Nothing was sent")).to_be_visible()
    expect(page.locator(BOX)).to_have_value(WORDS)
    page.context.set_offline(False)
    saved(page)
    assert kept() == WORDS


def test_a_text_that_is_too_large_to_send_stays_in_the_page(open_page, owes, app, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 500_000)
    page = open_page("finn", "/")
    here = begins(page)
    long = "word " * 120_000
    page.locator(BOX).fill(long)
    page.locator("h1").click()
    expect(page.locator("#saved")).to_contain_text("this is too much text")
    page.get_by_role("button", name="Save for later").click()
    expect(page.get_by_role("heading", name="That is too large to send")).to_be_visible()
    page.get_by_role("link", name="Back to the page you came from").click()
    assert page.url == here
    expect(page.locator(BOX)).to_have_value(long)


def test_without_a_script_back_gives_a_text_that_was_too_large_again(open_page, owes, app, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 500_000)
    page = open_page("finn", "/", javascript=False)
    begins(page)
    long = "word " * 120_000
    page.locator(BOX).fill(long)
    page.get_by_role("button", name="Save for later").click()
    expect(page.get_by_role("heading", name="That is too large to send")).to_be_visible()
    page.go_back()
    expect(page.locator(BOX)).to_have_value(long)


# Somebody else, and signing out


def test_signing_out_in_another_window_wipes_what_this_one_held(open_page, owes, complaints_about_the_network):
    page = open_page("finn", "/")
    begins(page)
    page.context.set_offline(True)
    page.locator(BOX).fill(WORDS)
    page.locator("h1").click()
    expect(page.locator("#saved")).to_contain_text("Not saved yet")
    assert "depot" in page.evaluate("JSON.stringify(sessionStorage)")
    page.context.set_offline(False)
    page.context.route("**/forms/**", lambda route: route.abort())
    other = page.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Sign out").first.click()
    expect(other.get_by_role("heading", name="You are signed out")).to_be_visible()
    expect(page.get_by_role("heading", name="Your sign-in has ended")).to_be_visible()
    assert "depot" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_another_person_on_the_same_browser_sees_nothing(open_page, owes, later):
    page = open_page("finn", "/")
    here = begins(page)
    later(timedelta(hours=3))
    page.locator(BOX).fill(WORDS)
    page.locator("h1").click()
    expect(page.get_by_role("heading", name="Your sign-in has ended")).to_be_visible()
    assert "depot" in page.evaluate("JSON.stringify(sessionStorage)")
    page.get_by_role("alertdialog").get_by_role("link", name="Sign in again").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "depot" in page.evaluate("JSON.stringify(sessionStorage)")
    signs_in(page, "001003")
    expect(page.get_by_role("link", name="Kit Stranger")).to_be_visible()
    assert "depot" not in page.evaluate("JSON.stringify(sessionStorage)")
    assert "depot" not in page.content()
    page.goto(here)
    expect(page.get_by_role("heading", name="There is nothing here for you")).to_be_visible()
