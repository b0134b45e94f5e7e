"""A case goes to the Ethics Commission: sent, declared, read, decided at a meeting, told to its filer; the Mayor's form, too."""

import re

import pytest
from playwright.sync_api import Page, expect

from coi.models import Meeting
from coi.vocabulary import Outcome, State
from tests.browser.conftest import NARROW
from tests.meetings.body import a_body, a_recorder
from tests.review.cases import case_of, escalated, holder


@pytest.fixture
def body(db, cast) -> list[int]:
    """The ids of the members; nothing is looked up while a browser writes, for one writes at a time."""
    a_recorder(cast)
    return [one.person.id for one in a_body(cast)]


@pytest.fixture
def judge(assert_accessible, no_sideways_scroll):
    def look(page: Page) -> None:
        no_sideways_scroll(page)
        assert_accessible(page)

    return look


def tick(page: Page, name: str, value: str) -> None:
    """A radio button or a box is pressed where people press it: on its words."""
    one = page.locator(f'input[name="{name}"][value="{value}"]')
    page.locator(f'label[for="{one.get_attribute("id")}"]').click()


def send_form(page: Page) -> None:
    page.locator("main form.coi-form .coi-buttons button[type=submit]").click()


def declares(open_page, judge, name: str, reference: str, conflict: str = "") -> Page:
    """A member finds the case in the list and says whether there is a conflict."""
    page = open_page(name, "/meetings/")
    judge(page)
    page.locator(f'a[href$="/cases/{reference}"]').click()
    expect(page.locator(f'a[href$="/cases/{reference}/packet.pdf"]')).to_have_count(0)
    tick(page, "stands", "conflict" if conflict else "none")
    page.locator("textarea[name=reason]").fill(conflict)
    send_form(page)
    return page


def writes_down(open_page, judge, reference: str, body, votes: str, filer: str, outcome: str) -> Page:
    """The recorder enters the meeting and one motion; `votes` holds a letter for each member: y, n, a, and - for none."""
    page = open_page("kit", "/meetings/")
    page.locator('a[href$="/meetings/new"]').click()
    send_form(page)
    expect(page.locator("#error-summary")).to_be_visible()
    judge(page)
    page.locator("input[name=minutes]").fill("Minute book 2026, page 41")
    for one in body:
        tick(page, "present", str(one))
    send_form(page)
    judge(page)
    page.locator(f'a[href$="/cases/{reference}"]').click()
    judge(page)
    page.locator("textarea[name=text]").fill("That the work stop by the end of June.")
    counted = [one for one, said in zip(body, votes, strict=True) if said != "-"]
    page.locator("select[name=mover]").select_option(str(counted[0]))
    page.locator("select[name=seconder]").select_option(str(counted[1]))
    for one, said in zip(body, votes, strict=True):
        vote = page.locator(f"select[name=vote_{one}]")
        if said == "-":
            expect(vote).to_have_count(0)
            continue
        vote.select_option({"y": "yes", "n": "no", "a": "abstains"}[said])
        if said == "a":
            page.locator(f"input[name=why_{one}]").fill("I want to hear the supervisor first.")
    page.locator("select[name=outcome]").select_option(outcome)
    send_form(page)
    expect(page.locator("#error-summary")).to_be_visible()
    judge(page)
    page.locator("textarea[name=reason]").fill("The rule on outside work does not allow it.")
    page.locator("input[name=rule]").fill("Code of Conduct, section 4")
    send_form(page)
    expect(page.locator("main")).to_contain_text(filer)
    judge(page)
    return page


def test_a_case_is_escalated_to_the_commission_and_decided_at_its_meeting(open_page, judge, db, cast, body):
    made = escalated(cast, Outcome.NOT_PERMITTED)
    reference, filer = made.reference, cast.finn.person.name
    page = open_page(holder(made, cast), f"/review/{reference}")
    page.locator(f'a[href$="/cases/{reference}/send"]').click()
    judge(page)
    page.locator("textarea[name=issue]").fill("May the second job go on?")
    page.locator("textarea[name=reasoning]").fill("The company sells to the filer's own department.")
    send_form(page)
    expect(page.locator("main")).to_contain_text("Sent. The members get a letter.")

    page = declares(open_page, judge, "abel", reference)
    packet = page.locator(f'a[href$="/cases/{reference}/packet.pdf"]')
    expect(packet).to_be_visible()
    judge(page)
    with page.expect_download() as taken:
        page.evaluate(f"() => document.querySelector('a[href$=\"{reference}/packet.pdf\"]').click()")
    assert taken.value.suggested_filename == f"{reference}-packet.pdf"

    page = declares(open_page, judge, "bea", reference, "My brother owns the company.")
    expect(page.locator(f'a[href$="/cases/{reference}"]')).to_have_count(0)
    for where in (f"/meetings/cases/{reference}", f"/meetings/cases/{reference}/packet.pdf"):
        assert page.request.get(where).status == 404

    page = writes_down(open_page, judge, reference, body, "y-yya", filer, "not_permitted")
    expect(page.locator("main")).to_contain_text(re.compile(r"Motion \d{4}-\d\d-1, carried 3 to 0, 1 abstained"))
    db.session.expire_all()
    assert (made.state, made.outcome, len(Meeting.query.all())) == (State.DECIDED, Outcome.NOT_PERMITTED, 1)

    page = open_page("finn", f"/filings/{reference}", width=NARROW, language="es")
    expect(page.locator(".coi-where")).to_contain_text("Comisión de Ética")
    expect(page.locator(".coi-where")).to_contain_text("aprobada por 3 a 0, 1")
    expect(page.locator("main")).not_to_contain_text("My brother")
    judge(page)


def test_the_mayors_form_is_read_by_a_member_and_decided_by_the_body(open_page, judge, db, cast, body):
    cast.finn.person.title, cast.finn.person.department = "Mayor", "Office of the Mayor"
    made = case_of(cast)
    db.session.commit()
    reader, reference, filer = holder(made, cast), made.reference, cast.finn.person.name
    said = "".join("-" if one == cast[reader].person.id else "y" for one in body)
    page = open_page(reader, "/review/")
    page.locator(f'a[href$="/review/{reference}"]').first.click()
    expect(page.locator("#act-clear")).to_have_count(0)
    judge(page)
    page.locator("#act-escalate summary").first.click()
    page.locator("#act-escalate select[name=outcome]").select_option("noted")
    page.locator("#act-escalate textarea[name=reasoning]").fill("A small job, and nothing of it touches the office.")
    page.locator("#act-escalate button[type=submit]:not([name])").last.click()
    db.session.expire_all()
    assert (made.state, made.desk, made.reviewer_id) == (State.ESCALATED, "commission", None)
    db.session.rollback()
    writes_down(open_page, judge, reference, body, said, filer, "noted")
    db.session.expire_all()
    assert (made.state, made.outcome) == (State.DECIDED, Outcome.NOTED)
    page = open_page("finn", f"/filings/{reference}", width=NARROW, language="es")
    expect(page.locator(".coi-where")).to_contain_text("aprobada por 4 a 0")
    judge(page)
