"""The queue and the case page in a browser: empty, filled, in error, too late; wide and on a phone, in both languages."""

import pytest
from playwright.sync_api import expect

from coi.db import db as database
from coi.review import actions, decisions
from coi.vocabulary import MessageKind, Outcome
from tests.browser.conftest import NARROW, WIDE
from tests.disclosures.steps import now
from tests.review.cases import at, case_of, escalated, holder, tie

SIZES = pytest.mark.parametrize(("width", "language"), [(WIDE, "en"), (NARROW, "es")])
OPEN = "() => document.querySelectorAll('main details').forEach(one => { one.open = true })"


@pytest.fixture
def judge(assert_accessible, no_sideways_scroll):
    """Looks at a page as it is, and with everything opened."""

    def look(page) -> None:
        no_sideways_scroll(page)
        page.evaluate(OPEN)
        assert_accessible(page)
        no_sideways_scroll(page)

    return look


@SIZES
def test_a_queue_is_for_everybody(open_page, judge, cast, width, language):
    case_of(cast, "kit")
    made = case_of(cast)
    page = open_page("ren", "/review/?search=nobody-like-this", width=width, language=language)
    judge(page)
    page.goto("/review/?whose=escalated")
    judge(page)
    for name, path in (("sia", "/review/?whose=waiting"), ("sia", "/review/?whose=all"), ("ada", "/review/")):
        page = open_page(name, path, width=width, language=language)
        judge(page)
    expect(page.get_by_text(made.reference)).to_be_visible()


@SIZES
def test_a_case_in_review_is_for_everybody(open_page, judge, db, cast, width, language):
    tie(cast, "finn", "ren")
    made = case_of(cast)
    olu = holder(made, cast)
    actions.say(made, MessageKind.NOTE, "Called the vendor.", cast[olu].actor, now())
    actions.ask(made, "Which days?", cast[olu].actor, now(), question_id="outside_work", **at(made))
    for name in (olu, "sia"):
        page = open_page(name, f"/review/{made.reference}", width=width, language=language)
        judge(page)
    page.locator("#act-clear button").click()
    expect(page.locator("#error-summary")).to_be_focused()
    judge(page)


@SIZES
def test_a_case_with_a_recommendation_and_a_decided_one_are_for_everybody(open_page, judge, cast, width, language):
    made = escalated(cast, Outcome.MANAGED, conditions=["step_aside_party"])
    page = open_page(holder(made, cast), f"/review/{made.reference}", width=width, language=language)
    judge(page)
    if width == WIDE:
        page.evaluate("window.scrollTo(0, 0)")
        first, decide = page.locator("#recommendation").bounding_box(), page.locator("#act-decide legend").first.bounding_box()
        assert first["y"] < 700
        assert decide["y"] < 700
    other = decided_by_the_other(cast)
    page = open_page(holder(other, cast), f"/review/{other.reference}", width=width, language=language)
    judge(page)


def decided_by_the_other(cast):
    """Kit's filing, decided a moment ago."""
    made = case_of(cast, "kit")
    decisions.decide(made, Outcome.NOTED, "You may go on.", "", cast[holder(made, cast)].actor, now(), **at(made))
    database.session.commit()
    return made


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no_script"])
def test_a_case_is_closed_by_keyboard_alone(open_page, db, cast, javascript):
    made = case_of(cast)
    case = f"/review/{made.reference}"
    page = open_page(holder(made, cast), "/review/", width=NARROW, javascript=javascript)
    page.locator(f'a[href="{case}"]').press("Enter")
    page.get_by_role("link", name="Go to what you can do").press("Enter")
    page.locator('#act-clear input[value="noted"]').press("Space")
    page.locator("#clear-reason").fill("You may go on.")
    page.locator("#act-clear button").press("Enter")
    expect(page.get_by_text("until then you can undo it")).to_be_visible()
    page.locator("#act-undo button").press("Enter")
    expect(page.get_by_text("The decision is undone.")).to_be_visible()


def test_a_page_that_came_too_late_shows_who_was_faster_and_the_text(open_page, judge, db, cast):
    made = case_of(cast)
    page = open_page(holder(made, cast), f"/review/{made.reference}")
    page.locator('label[for="clear-outcome-2"]').click()
    page.locator("#clear-reason").fill("Half a page of thoughts.")
    decisions.decide(made, Outcome.EXEMPT, "so", "", cast.sia.actor, now(), **at(made))
    db.session.commit()
    page.locator("#act-clear button").click()
    expect(page.get_by_text("Sia Senior was faster")).to_be_visible()
    expect(page.get_by_text("Half a page of thoughts.")).to_be_visible()
    judge(page)
