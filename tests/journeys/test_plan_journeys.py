"""A plan accepted and one declined, in a real browser: read, signed, in force or with the senior officer."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from coi.models import PlanAnswer
from coi.vocabulary import PlanAnswered
from tests.browser.conftest import NARROW, WIDE
from tests.plans.made import managed


@pytest.mark.parametrize(
    ("said", "language", "size", "stands"),
    [
        (PlanAnswered.ACCEPTED, "en", NARROW, "You answered on"),
        (PlanAnswered.DECLINED, "es", WIDE, "Usted rechazó el"),
    ],
)
def test_a_plan_is_read_and_answered(db, cast, open_page, assert_accessible, no_sideways_scroll, said, language, size, stands):
    reference = managed(cast).reference
    page = open_page("finn", "/", width=size, language=language)
    assert_accessible(page)
    page.locator(f'a[href="/conditions/{reference}"]').first.click()
    expect(page.locator("#your-answer")).to_be_visible()
    assert_accessible(page)
    no_sideways_scroll(page)
    choice = page.locator(f'input[name=answer][value="{said.value}"]')
    page.locator(f'label[for="{choice.get_attribute("id")}"]').click()
    if said is PlanAnswered.DECLINED:
        page.locator("form[action$=answer] button[type=submit]").click()
        expect(page.locator("#error-summary")).to_be_visible()
        assert_accessible(page)
        page.locator("textarea[name=words]").fill("Es el negocio de mi madre.")
    page.locator("input[name=signed_name]").fill("Finn")
    page.locator("form[action$=answer] button[type=submit]").click()
    expect(page.locator("main")).to_contain_text(stands)
    assert_accessible(page)
    db.session.expire_all()
    assert db.session.scalars(select(PlanAnswer)).one().answer is said
