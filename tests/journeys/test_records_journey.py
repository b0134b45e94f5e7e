"""A records request in a real browser, from the letter of a newspaper to the copy that goes out: by keyboard, on a phone."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from coi.models import Installation, RecordsRelease
from coi.records.queries import pdf_of
from tests.browser.conftest import NARROW
from tests.casefiles.made import words_of
from tests.disclosures.steps import A_JOB
from tests.factories import an_entry
from tests.records.asked import ASKED, swept, two_more
from tests.review.cases import case_of

NOTE = "Call me on Sundays only."


@pytest.fixture
def case(db, cast):
    """Finn's filing, with a note that nobody outside should read."""
    db.session.scalars(select(Installation)).one().setup_ended_seq = an_entry()
    two_more(cast)
    return case_of(cast, answers={**A_JOB, "anything_else": NOTE})


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).press("Enter")


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.press("Enter")


def test_the_records_officer_gathers_and_releases_what_two_others_settled(
    db, cast, case, open_page, assert_accessible, no_sideways_scroll
):
    number = case.reference

    def looks(page: Page) -> None:
        assert_accessible(page)
        no_sideways_scroll(page)

    officer = open_page("ron", "/records/", width=NARROW)
    looks(officer)
    follow(officer, "Take in a request")
    looks(officer)
    press(officer, "Take it in")
    expect(officer.locator("#error-summary")).to_be_focused()
    looks(officer)
    for field, words in (("requester", "The Daily Paper"), ("contact", "desk@paper.example"), ("asked", ASKED)):
        officer.locator(f"#{field}").fill(words)
    press(officer, "Take it in")
    expect(officer.get_by_text("To be answered by")).to_be_visible()
    expect(officer.locator("main")).to_contain_text("March 9, 2026")
    looks(officer)
    follow(officer, "Look for filings")
    officer.get_by_label("Name or employee number").fill("finn")
    press(officer, "Look")
    looks(officer)
    officer.get_by_label("Finn Filer").press("Space")
    press(officer, "Put them into the request")
    expect(officer.get_by_text("Ethics looks what is removed")).to_be_visible()
    expect(officer.locator("main")).not_to_contain_text("Catering")
    where = officer.url

    ethics = open_page("sia", where, javascript=False)
    follow(ethics, "Propose what is removed")
    expect(ethics.locator("main")).to_contain_text(NOTE)
    press(ethics, "Send to the solicitor")
    expect(ethics.get_by_text("The solicitor rules")).to_be_visible()

    solicitor = open_page("lea", where, language="es")
    follow(solicitor, "Decidir qué se quita")
    expect(solicitor.locator("main")).not_to_contain_text("Catering")
    looks(solicitor)
    solicitor.get_by_role("group", name="No es público según el formulario").get_by_label("Quitar todas estas").press("Space")
    press(solicitor, "Guardar mis decisiones")
    expect(solicitor.get_by_text("Lista para entregarse")).to_be_visible()
    looks(solicitor)

    officer.goto(where)
    press(officer, "Release it")
    expect(officer.locator("main")).to_contain_text("The copy is being made")
    swept()
    officer.goto(where)
    follow_out = officer.get_by_role("link", name="Download what went out")
    expect(follow_out).to_be_visible()
    looks(officer)
    with officer.expect_download() as taken:
        follow_out.press("Enter")
    text = words_of(taken.value.path().read_bytes())
    assert ("Catering" in text, NOTE in text, "Removed: Not public by the form" in text) == (True, False, True)
    officer.locator("summary", has_text="Answer the request").press("Enter")
    officer.get_by_label("Given in part").press("Space")
    officer.get_by_label("What the requester is told").fill("Enclosed. You may appeal within 15 business days.")
    press(officer, "Answer")
    expect(officer.get_by_text("Answered: Given in part")).to_be_visible()
    looks(officer)

    db.session.expire_all()
    release = db.session.scalars(select(RecordsRelease)).one()
    assert pdf_of(release).is_file()
    filer = open_page("finn", f"/filings/{number}", width=NARROW)
    expect(filer.locator("main")).to_contain_text("Lea Lawyer")
