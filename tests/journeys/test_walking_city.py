"""The whole way in a real browser: a filing, a question, a recommendation, a second person, the outcome, the workbook."""

import contextvars
import re
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from sqlalchemy import select

from coi.audit.chain import first_fault
from coi.audit.queries import links
from coi.exports.jobs import run_waiting
from coi.models import Disclosure
from coi.policies.actions import load_from_profile
from coi.profiles.current import current_profile
from coi.vendors.actions import load_vendors
from coi.vendors.reading import Entry
from coi.vocabulary import State
from tests.browser.conftest import NARROW
from tests.disclosures.steps import now, owed
from tests.factories import OPERATOR
from tests.journeys.test_filing_journeys import label

VENDOR = "Northgate Paving LLC"


@pytest.fixture
def owes(db, cast):
    """Finn owes the yearly form, the policies are the city's, and the vendor list holds the company Finn works for."""
    load_from_profile(current_profile(), OPERATOR, now())
    load_vendors([Entry("V-7", VENDOR, (), (("departments", ("Parks",)),))], "0" * 64, OPERATOR, now())
    owed(cast.finn.person)
    db.session.commit()


def worker(app) -> None:
    """What the worker does each minute, beside the running city."""

    def sweep() -> None:
        with app.app_context():
            run_waiting(datetime.now(UTC))

    contextvars.Context().run(sweep)


def files_a_side_job(page: Page, javascript: bool) -> str:
    """From home to the receipt with a job at a vendor of the City; gives the reference."""
    page.locator(".coi-next button").click()
    page.locator('button[value="no-to-all"]').click()
    expect(page.locator('[name="has_gifts."][value="no"]')).to_be_checked()
    label(page, "has_outside_work.", "yes").click()
    page.get_by_role("button", name="Save for later").click()
    # Nobody waits for a save: no press and no letter may get lost meanwhile.
    page.locator('[name="outside_work.:0:org."]').fill(VENDOR)
    page.locator('[name="outside_work.:0:work."]').fill("I drive the roller on Saturdays")
    label(page, "outside_work.:0:dealing.", "sells_to_city").click()
    label(page, "outside_work.:0:my_part.", "yes").click()
    if javascript:  # what the answers open stands there at once
        label(page, "outside_work.:0:approved.", "yes").click()
    page.locator('label[for="agreed"]').click()
    page.fill("#signed_name", "Finn Filer")
    page.locator('button[value="sign"]').click()
    if not javascript:  # it is asked only after the first answers
        label(page, "outside_work.:0:approved.", "yes").click()
        page.locator('button[value="sign"]').click()
    expect(page.get_by_text("Done. We have your form.")).to_be_visible()
    return re.search(r"COI-2026-\w+", page.inner_text("main"))[0]


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no_script"])
def test_from_a_side_job_to_the_auditors_workbook(open_page, app, db, cast, owes, tmp_path, javascript):
    finn = open_page("finn", "/", width=NARROW, javascript=javascript)
    reference = files_a_side_job(finn, javascript)
    reviewer_id = db.session.scalar(select(Disclosure.reviewer_id).where(Disclosure.reference == reference))
    reviewer = next(name for name in cast if cast[name].person.id == reviewer_id)
    db.session.rollback()

    office = open_page(reviewer, "/review/", javascript=javascript)
    office.get_by_role("link", name="Finn Filer", exact=True).click()
    expect(office.locator(".coi-tasks")).to_contain_text(VENDOR)
    office.locator("#act-ask summary").click()
    office.locator("#ask-text").fill("Who is your boss there?")
    office.locator("#ask-about").select_option("outside_work")
    office.locator("#act-ask button").click()
    expect(office.get_by_text("The clock stops until the answer comes.").first).to_be_visible()

    finn.goto(f"/filings/{reference}")
    expect(finn.get_by_text("Who is your boss there?").first).to_be_visible()
    finn.locator('form[action$="/answer"] textarea').fill("My cousin runs it.")
    finn.locator('form[action$="/answer"] button').click()
    expect(finn.get_by_text("My cousin runs it.").first).to_be_visible()

    office.goto(f"/review/{reference}")
    expect(office.get_by_text("My cousin runs it.").first).to_be_visible()
    office.locator("#act-escalate > summary").click()
    office.locator("#escalate-outcome").select_option("managed")
    office.locator("#escalate-reasoning").fill("The company is our vendor, and the filer checks its work.")
    office.locator('#act-escalate select[name$="_add"]').select_option("step_aside_party")
    office.locator("#act-escalate").get_by_role("button", name="Add it to the plan").click()
    office.locator('#act-escalate input[name$="party"]').fill(VENDOR)
    office.locator("#act-escalate form > p button").click()
    expect(office.get_by_text("Escalated with your recommendation.")).to_be_visible()

    second_id = db.session.scalar(select(Disclosure.reviewer_id).where(Disclosure.reference == reference))
    second = next(name for name in cast if cast[name].person.id == second_id)
    db.session.rollback()
    assert second in ("sia", "sol")
    chief = open_page(second, "/review/", javascript=javascript)
    chief.get_by_role("link", name="Finn Filer", exact=True).click()
    expect(chief.get_by_role("region", name="Recommendation")).to_contain_text("the filer checks its work")
    chief.locator("#act-decide label", has_text="Allowed with conditions").click()
    chief.locator("#decide-reason").fill("Section 4 of the code: nobody checks the work of their own employer.")
    expect(chief.locator('#act-decide input[name$="party"]')).to_have_value(VENDOR)  # drafted with the recommendation
    chief.locator("#decide-rule").fill("Code of Conduct, section 4")
    chief.locator("#act-decide form > p button").click()
    expect(chief.get_by_text("Decided. The letter leaves in five minutes")).to_be_visible()

    finn.goto(f"/filings/{reference}")
    for words in (
        "You may go on if you follow these conditions.",
        f"Do no City work that involves {VENDOR}.",
        "Section 4 of the code",
        cast[reviewer].person.name,
        cast[second].person.name,
    ):
        expect(finn.locator("main")).to_contain_text(words)

    ada = open_page("ada", "/exports/", javascript=javascript)
    ada.get_by_role("button", name="Make the workbook").click()
    expect(ada.get_by_text("is being made").first).to_be_visible()
    worker(app)
    ada.goto("/exports/")
    with ada.expect_download() as download:
        ada.get_by_role("link", name="Download the workbook").click()
    path = tmp_path / "workbook.xlsx"
    download.value.save_as(path)
    rows = [list(row) for row in load_workbook(path, read_only=True)["Outcomes"].iter_rows(values_only=True)]
    told = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    mine = next(row for row in told if reference in row.values())
    assert "Allowed with conditions" in mine.values()
    assert mine["Escalated"] in ("yes", "Yes")
    assert first_fault(links()) is None
    assert db.session.scalar(select(Disclosure.state).where(Disclosure.reference == reference)) is State.DECIDED
    db.session.rollback()
