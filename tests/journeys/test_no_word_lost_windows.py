"""Two windows of one form, Back after signing, two presses of one button, a busy database: seen in a real browser."""

import re
from threading import Event

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from coi.db import db as database
from coi.disclosures import actions, queries
from coi.models import Disclosure, DisclosureVersion, PolicyVersion
from tests.browser.conftest import NARROW
from tests.disclosures.steps import A_JOB, filed, now
from tests.journeys.test_filing_journeys import label, saved
from tests.journeys.test_no_word_lost import BOX, WORDS, begins, kept, owes

__all__ = ["owes"]
BOTH = "This form was changed in another window"
NO = ("has_contract", "has_power", "has_family_vendor", "has_gifts", "has_posts")
OTHER = "The first window was faster with this text."


def signed() -> int:
    """How many versions were signed."""
    database.session.rollback()
    told: int = database.session.scalar(select(func.count()).select_from(DisclosureVersion)) or 0
    database.session.rollback()
    return told


def signs(page: Page) -> None:
    """The signature under what stands there."""
    page.locator('label[for="agreed"]').click()
    page.fill("#signed_name", "Finn Filer")
    page.locator('button[value="sign"]').click()
    expect(page.get_by_text("Done. We have your form.")).to_be_visible()


def files(page: Page) -> None:
    """Nothing to declare, signed."""
    page.locator('button[value="no-to-all"]').click()
    expect(page.locator('[name="has_gifts."][value="no"]')).to_be_checked()
    signs(page)


def second_window(page: Page) -> Page:
    """The same form in another window of the same browser."""
    other = page.context.new_page()
    other.goto(page.url)
    return other


def leaves(page: Page) -> None:
    """The finger goes elsewhere, so that the page saves what was typed."""
    page.locator("h1").click()


# Two windows


def test_the_second_window_is_told_and_shows_both_texts(open_page, owes, assert_accessible):
    first = open_page("finn", "/")
    begins(first)
    second = second_window(first)
    first.locator(BOX).fill(OTHER)
    leaves(first)
    saved(first)
    second.locator(BOX).fill(WORDS)
    leaves(second)
    told = second.get_by_role("alert").filter(has_text=BOTH)
    expect(told).to_contain_text(OTHER)
    expect(told).to_contain_text(WORDS)
    assert_accessible(second)
    assert kept() == OTHER
    second.get_by_role("button", name="Save for later").click()
    expect(second.locator(BOX)).to_have_value(WORDS)
    assert kept() == WORDS


def test_two_windows_differ_in_an_entry_of_a_list(open_page, owes):
    first = open_page("finn", "/")
    begins(first)
    label(first, "has_outside_work.", "yes").click()
    first.locator('[name="outside_work.:0:org."]').fill("Alpha")
    leaves(first)
    saved(first)
    second = second_window(first)
    first.locator('[name="outside_work.:0:org."]').fill("Alpha Paving")
    leaves(first)
    expect(first.locator("#saved")).not_to_contain_text("Saving")
    second.locator('[name="outside_work.:0:org."]').fill("Alpha Roofing")
    leaves(second)
    told = second.get_by_role("alert").filter(has_text=BOTH)
    expect(told).to_contain_text("Alpha Paving")
    expect(told).to_contain_text("Alpha Roofing")


def test_two_windows_one_took_the_entry_away(open_page, owes):
    first = open_page("finn", "/")
    begins(first)
    label(first, "has_outside_work.", "yes").click()
    first.locator('[name="outside_work.:0:org."]').fill("Alpha")
    leaves(first)
    saved(first)
    second = second_window(first)
    first.get_by_role("button", name="Remove: job or business 1").click()
    expect(first.locator('[name="outside_work.:0:org."]')).not_to_have_value("Alpha")
    second.locator('[name="outside_work.:0:work."]').fill("Lawns on Saturdays")
    leaves(second)
    told = second.get_by_role("alert").filter(has_text=BOTH)
    expect(told).to_contain_text("Alpha, Lawns on Saturdays")
    second.get_by_role("button", name="Save for later").click()
    expect(second.locator('[name="outside_work.:0:work."]')).to_have_value("Lawns on Saturdays")
    assert kept("outside_work")[0]["org"] == "Alpha"


def test_two_windows_object_to_a_policy_in_different_words(open_page, owes, db):
    policy = db.session.scalars(select(PolicyVersion.id).order_by(PolicyVersion.id)).first()
    field = f'[name="objection.{policy}"]'
    first = open_page("finn", "/")
    begins(first)
    second = second_window(first)
    for page, words in ((first, OTHER), (second, WORDS)):
        label(page, f"policy.{policy}", "objection").click()
        expect(page.locator("#saved")).not_to_contain_text("Saving")
        page.locator(field).fill(words)
        leaves(page)
        expect(page.locator("#saved")).not_to_contain_text("Saving")
    told = second.get_by_role("alert").filter(has_text=BOTH)
    expect(told).to_contain_text(OTHER)
    expect(second.locator(field)).to_have_value(WORDS)


def test_two_windows_of_a_correction(open_page, db, cast):
    made = filed(cast.finn.person, cast.finn.actor, answers=A_JOB)
    actions.begin_correction(made, "I forgot something.", cast.finn.actor, now())
    db.session.commit()
    first = open_page("finn", f"/forms/{made.reference}")
    second = second_window(first)
    first.locator(BOX).fill(OTHER)
    leaves(first)
    saved(first)
    second.locator(BOX).fill(WORDS)
    leaves(second)
    told = second.get_by_role("alert").filter(has_text=BOTH)
    expect(told).to_contain_text(OTHER)
    expect(told).to_contain_text(WORDS)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no_script"])
def test_the_first_window_signed_and_the_second_shows_its_text(open_page, owes, javascript):
    first = open_page("finn", "/", javascript=javascript)
    begins(first)
    second = second_window(first)
    files(first)
    second.locator(BOX).fill(WORDS)
    if javascript:
        leaves(second)
        told = second.get_by_role("alert").filter(has_text="This form is already signed")
        expect(told).to_contain_text(WORDS)
    second.get_by_role("button", name="Save for later").click()
    expect(second.get_by_role("heading", name="This form is already signed")).to_be_visible()
    expect(second.locator("main")).to_contain_text(WORDS)
    assert signed() == 1


def test_an_objection_typed_in_the_second_window_is_shown_after_the_first_signed(open_page, owes, db):
    policy = db.session.scalars(select(PolicyVersion.id).order_by(PolicyVersion.id)).first()
    first = open_page("finn", "/", javascript=False)
    begins(first)
    second = second_window(first)
    files(first)
    label(second, f"policy.{policy}", "objection").click()
    second.locator(f'[name="objection.{policy}"]').fill(WORDS)
    second.get_by_role("button", name="Save for later").click()
    expect(second.locator("main")).to_contain_text(WORDS)


# Back, and two presses


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no_script"])
def test_back_after_signing_shows_no_form_to_sign_again(open_page, owes, javascript):
    page = open_page("finn", "/", width=NARROW, javascript=javascript)
    here = begins(page)
    files(page)
    page.go_back()
    expect(page.locator('button[value="sign"]')).to_have_count(0)
    expect(page.locator("main")).to_contain_text(re.compile(r"COI-2026-\w+"))
    page.goto(here)
    expect(page).to_have_url(re.compile("/filings/"))
    assert signed() == 1


def test_two_presses_of_sign_make_one_filing(open_page, owes):
    page = open_page("finn", "/", javascript=False)
    begins(page)
    page.locator('button[value="no-to-all"]').click()
    page.locator('label[for="agreed"]').click()
    page.fill("#signed_name", "Finn Filer")
    page.locator('button[value="sign"]').dblclick()
    expect(page.get_by_text("Done. We have your form.")).to_be_visible()
    assert signed() == 1


def test_back_after_signing_out_shows_nothing_of_the_form(open_page, owes):
    page = open_page("finn", "/", javascript=False)
    begins(page)
    page.locator(BOX).fill(WORDS)
    page.get_by_role("button", name="Save for later").click()
    page.get_by_role("button", name="Sign out").first.click()
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert WORDS not in page.content()


# A busy database


@pytest.fixture
def busy(monkeypatch):
    """`busy(True)`: whoever saves a draft finds the database held by somebody."""

    def is_held(held: bool) -> None:
        def save(*_arguments, **_options):
            raise OperationalError("UPDATE drafts", {}, Exception("database is locked"))

        monkeypatch.setattr(actions, "save_draft", save) if held else monkeypatch.undo()

    return is_held


def test_a_busy_database_with_a_script_is_tried_again(open_page, owes, busy, complaints_about_the_network):
    page = open_page("finn", "/")
    page.clock.install()
    begins(page)
    busy(True)
    page.locator(BOX).fill(WORDS)
    leaves(page)
    expect(page.locator("#saved")).to_contain_text("Not saved yet. We will try again")
    assert kept() in (None, "")
    busy(False)
    page.clock.fast_forward("00:00:03")
    saved(page)
    assert kept() == WORDS


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no_script"])
def test_a_busy_database_keeps_what_was_sent(open_page, owes, busy, complaints_about_the_network, javascript):
    page = open_page("finn", "/", javascript=javascript)
    begins(page)
    page.locator(BOX).fill(WORDS)
    busy(True)
    page.get_by_role("button", name="Save for later").click()
    expect(page.get_by_role("heading", name="We are busy just now")).to_be_visible()
    expect(page.get_by_text(WORDS)).to_be_visible()
    busy(False)
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator(BOX)).to_have_value(WORDS)
    assert kept() == WORDS


# A click in the very instant of an answer, or before there is anybody to hear it


def test_a_choice_made_before_the_script_came_opens_its_questions(open_page, owes, app, monkeypatch):
    page = open_page("finn", "/")
    come = Event()
    serve = app.view_functions["assets.serve"]

    def serve_late(name: str) -> object:
        return (not name.startswith("filing-") or come.wait(30)) and serve(name=name)

    monkeypatch.setitem(app.view_functions, "assets.serve", serve_late)
    page.locator(".coi-next button").click(no_wait_after=True)
    label(page, "has_outside_work.", "yes").click()
    expect(page.locator('[name="has_outside_work."][value="yes"]')).to_be_checked()
    come.set()
    expect(page.locator('[name="outside_work.:0:org."]')).to_be_visible()
    assert kept("has_outside_work") == "yes"


@pytest.mark.parametrize("round_", range(3))
def test_no_click_is_lost_at_the_speed_of_a_script(open_page, owes, db, round_):
    page = open_page("finn", "/", width=NARROW)
    begins(page)
    label(page, "has_outside_work.", "yes").click()
    for name in NO:
        label(page, f"{name}.", "no").click()
    page.locator('[name="outside_work.:0:org."]').fill("Río Verde")
    page.get_by_role("button", name="Add another: job or business").click()
    page.locator('[name="outside_work.:0:work."]').fill("Lawns")
    label(page, "outside_work.:0:my_part.", "no").click()
    label(page, "outside_work.:0:dealing.", "none").click()
    page.locator('[name="outside_work.:1:org."]').fill("Casa Sol")
    page.get_by_role("button", name="Remove: job or business 1").click()
    expect(page.locator('[name="outside_work.:0:org."]')).to_have_value("Casa Sol")
    label(page, "outside_work.:0:dealing.", "none").click()
    label(page, "outside_work.:0:my_part.", "no").click()
    page.locator('[name="outside_work.:0:work."]').fill("Roofs")
    leaves(page)
    saved(page)
    database.session.rollback()
    draft = queries.draft_of(database.session.scalars(select(Disclosure)).one())
    told = dict(draft.answers)
    database.session.rollback()
    assert {name: told[name] for name in NO} == dict.fromkeys(NO, "no")
    (job,) = told["outside_work"]
    assert {name: job[name] for name in ("org", "work", "dealing", "my_part")} == {
        "org": "Casa Sol",
        "work": "Roofs",
        "dealing": ["none"],
        "my_part": "no",
    }
