"""Pages of what leaves the house in a browser: case files and records requests, filled and in error, wide and on a phone."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from coi.models import Installation
from tests.browser.conftest import NARROW, WIDE
from tests.casefiles.made import made
from tests.disclosures.steps import now
from tests.factories import an_entry
from tests.records.asked import gathered, two_more
from tests.review.cases import case_of

SIZES = pytest.mark.parametrize(("width", "language"), [(WIDE, "es"), (NARROW, "en")])
OPEN = "() => document.querySelectorAll('main details').forEach(one => { one.open = true })"


@SIZES
def test_case_files_and_proposals_are_for_everybody(
    db, cast, sign_in, open_page, assert_accessible, no_sideways_scroll, width, language
):
    db.session.scalars(select(Installation)).one().setup_ended_seq = an_entry()
    two_more(cast)
    case = case_of(cast)
    filing = gathered(
        cast, case, requester="The Association of Very Long Names of Newspapers and Broadcasters", received=now().date()
    )
    db.session.commit()
    one = made(sign_in, db, case.reference)
    reference, request, number = one.reference, filing.request.reference, case.reference
    page = open_page("sia", f"/case-files/of/{number}", width=width, language=language)
    for path in (
        f"/case-files/of/{number}",
        "/case-files/",
        f"/records/{request}",
        f"/records/{request}/filings/{number}/propose",
    ):
        page.goto(path)
        page.evaluate(OPEN)
        assert_accessible(page)
        no_sideways_scroll(page)
    page.goto(f"/case-files/of/{number}")
    page.locator("main form button").first.click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert_accessible(page)
    page.goto("/case-files/")
    expect(page.locator("main")).to_contain_text(reference)
