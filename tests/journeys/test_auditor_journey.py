"""The auditor in a real browser: a workbook asked for, taken home and proved without the City, a sample, the log."""

import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from sqlalchemy import select

from coi.exports import jobs
from coi.exports.queries import VERIFIER_PAGE
from coi.models import AuditEntry, AuditSampleRow, Installation
from tests.browser.conftest import NARROW
from tests.exports.conftest import campaign, filed
from tests.exports.tampering import rewritten

__all__ = ["campaign", "filed"]


@pytest.fixture
def worker(app, db, monkeypatch):
    """`worker(look)`: the worker makes what waits; having noted how far it is, it waits until `look()` was done."""
    noted, seen, plain = threading.Event(), threading.Event(), jobs.Progress.__call__
    monkeypatch.setattr(jobs, "EVERY", 0.0)

    def note(self: jobs.Progress, rows: int) -> None:
        plain(self, rows)
        if not noted.is_set():
            noted.set()
            assert seen.wait(20)

    def sweep() -> None:
        with app.app_context():
            jobs.run_waiting(datetime.now(UTC))

    def work(look=lambda: None) -> None:
        monkeypatch.setattr(jobs.Progress, "__call__", note)
        db.session.rollback()
        thread = threading.Thread(target=sweep)
        thread.start()
        try:
            assert noted.wait(20)
            look()
        finally:
            seen.set()
            thread.join()

    return work


def taken(page: Page, name: str, folder: Path) -> Path:
    """The file that a link or button gives, under the name that the City gave it."""
    with page.expect_download() as coming:
        page.get_by_role("link", name=name).first.click(no_wait_after=True)
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def proved(page: Page, book: Path, key: str, seal: Path) -> list[str]:
    """What verify.html says of a workbook, a line each."""
    page.locator("#workbook").set_input_files(book)
    page.locator("#key").fill(key)
    page.locator("#seal").set_input_files(seal)
    page.locator("#check").click()
    expect(page.locator("#verdict")).to_be_visible()
    return [page.locator("#status").inner_text(), *page.locator("#found li").all_inner_texts()]


def test_the_auditor_takes_the_workbook_home_and_proves_it(open_page, worker, filed, cast, db, tmp_path):
    page = open_page("ada", "/exports/")
    page.get_by_label("Campaign").select_option("2026")
    page.get_by_text("Also as csv").click()
    page.get_by_text("Also as JSON Lines").click()
    page.get_by_role("button", name="Make the workbook").click()
    card = page.locator(".coi-workbooks .usa-card")
    expect(card).to_contain_text("Waiting")

    def look() -> None:
        page.get_by_role("link", name="See how far it is").click()
        expect(card.get_by_label("percent done")).to_have_attribute("max", "100", timeout=5000)

    worker(look)
    page.reload()
    expect(card.get_by_text("Sheets", exact=True)).to_have_count(0)
    book, seal = (taken(page, name, tmp_path) for name in ("Download the workbook", "Download its seal file"))
    assert taken(page, "Download as csv", tmp_path).read_bytes()[:2] == b"PK"
    assert taken(page, "Download as JSON Lines", tmp_path).read_bytes()[:2] == b"PK"
    key = db.session.scalars(select(Installation.key)).one()
    expect(page.locator("main")).to_contain_text(key)

    home = page.context.new_page()
    home.goto(VERIFIER_PAGE.as_uri())
    told = proved(home, book, key, seal)
    assert told[0] == "True: this is the City's workbook", told
    assert told[1] == "Every row, the seal and the log hold."
    altered, names = tmp_path / "altered.xlsx", load_workbook(book)["Outcomes"]
    number = next(row[0].row for row in names.iter_rows() if any(cell.value == "Finn Filer" for cell in row))
    shutil.copy(book, altered)
    sheet = f"xl/worksheets/sheet{load_workbook(book).sheetnames.index('Outcomes') + 1}.xml"
    rewritten(altered, sheet, lambda content: content.replace(b"Finn Filer", b"Fran Filer", 1))
    told = proved(home, altered, key, seal)
    assert told[0] == "Altered: this is not the workbook as the City made it", told
    assert f"Outcomes, row {number}: a cell was altered." in told


def test_the_auditor_draws_a_sample_by_keyboard_and_takes_it_along(open_page, assert_accessible, worker, filed, db, tmp_path):
    page = open_page("ada", "/exports/samples/")
    page.get_by_label("How many").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    page.keyboard.type("dice-4-2-6")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Draw the sample")).to_be_focused()
    page.locator(":focus").press("Enter")
    expect(page.locator("main tbody tr")).to_have_count(2)
    expect(page.locator("main dl")).to_contain_text("dice-4-2-6")
    drawn = page.locator("main tbody th").all_inner_texts()
    assert drawn == db.session.scalars(select(AuditSampleRow.reference).order_by(AuditSampleRow.place)).all()
    db.session.rollback()
    assert_accessible(page)
    page.get_by_role("button", name="Make the workbook with this sample").click()
    worker()
    page.reload()
    sheet = load_workbook(taken(page, "Download the workbook", tmp_path))["Sample"]
    heads, *rows = sheet.iter_rows(values_only=True)
    assert [row[heads.index("Reference")] for row in rows] == drawn


def test_the_auditor_searches_the_log_by_day_without_javascript(open_page, filed, db, tmp_path):
    page = open_page("ada", "/audit/", javascript=False)
    page.get_by_label("From", exact=True).fill("2026-03-02")
    page.get_by_label("Until", exact=True).fill("2026-03-02")
    page.get_by_role("button", name="Search the log").click()
    assert page.locator("main tbody tr").count() > 0
    shown = page.locator("main tbody th").first.inner_text()
    lines = taken(page, "Take what was found as csv", tmp_path).read_text(encoding="utf-8-sig").splitlines()
    assert any(line.startswith(f'"{shown}","2026-03-02T') for line in lines[1:])
    db.session.rollback()
    assert db.session.scalars(select(AuditEntry.subject).order_by(AuditEntry.seq.desc())).first() == "list:audit.csv"
    db.session.rollback()
    page.get_by_label("From", exact=True).fill("2026-03-03")
    page.get_by_label("Until", exact=True).fill("")
    page.get_by_role("button", name="Search the log").click()
    expect(page.get_by_role("heading", name="No entry fits")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_auditor_s_pages_on_a_phone(open_page, assert_accessible, no_sideways_scroll, worker, filed, language):
    paths = ["/exports/", "/exports/samples/"] if language == "es" else ["/audit/", "/audit/refusals"]
    page = open_page("ada", paths[0], width=NARROW, language=language)
    if language == "es":
        page.locator("form.coi-form [type=submit]").click()
        worker()
    for path in paths:
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == language
        assert_accessible(page)
        no_sideways_scroll(page)
