"""An appeal in a real browser: Finn appeals in Spanish on a phone, an officer who did not decide decides anew, Finn reads it."""

from playwright.sync_api import expect
from sqlalchemy import select

from coi.models import AppealAnswer
from coi.vocabulary import AppealEffect
from tests.appeals.appealing import burdened
from tests.browser.conftest import NARROW
from tests.review.cases import holder


def test_an_appeal_is_made_on_a_phone_and_decided_by_another(db, cast, open_page, assert_accessible, no_sideways_scroll):
    made = burdened(cast)
    first = made.reviewer_id
    page = open_page("finn", f"/filings/{made.reference}", width=NARROW, language="es")
    page.get_by_role("link", name="Cómo apelar").click()
    expect(page.locator("h1")).to_have_text("Apelar esta decisión")
    assert_accessible(page)
    no_sideways_scroll(page)
    page.get_by_role("button", name="Enviar mi apelación").click()
    expect(page.locator("#error-summary")).to_be_visible()
    assert_accessible(page)
    page.locator("textarea[name=reason]").fill("El negocio es de mi madre. No tengo parte en él.")
    page.get_by_role("button", name="Enviar mi apelación").click()
    expect(page.locator("h1")).to_have_text("Tenemos su apelación")
    assert_accessible(page)
    no_sideways_scroll(page)
    db.session.expire_all()
    assert made.reviewer_id != first
    officer = open_page(holder(made, cast), f"/review/{made.reference}")
    expect(officer.locator("#appealed + p + blockquote")).to_have_text("El negocio es de mi madre. No tengo parte en él.")
    assert_accessible(officer)
    choice = officer.locator('#act-decide input[name=outcome][value="noted"], #act-decide select[name=outcome]').first
    if choice.evaluate("one => one.tagName") == "SELECT":
        choice.select_option("noted")
    else:
        officer.locator(f'label[for="{choice.get_attribute("id")}"]').click()
    officer.locator("#act-decide textarea[name=reason]").fill("We looked at it again.")
    officer.locator("#act-decide form > p button[type=submit]").last.click()
    expect(officer.locator("section[aria-labelledby=decisions]")).to_contain_text("on appeal: it was changed")
    db.session.expire_all()
    assert db.session.scalars(select(AppealAnswer.effect)).one() is AppealEffect.CHANGED
    page = open_page("finn", f"/filings/{made.reference}", width=NARROW, language="es")
    expect(page.locator("main")).to_contain_text("Decidido por su apelación: se cambió.")
    assert_accessible(page)
