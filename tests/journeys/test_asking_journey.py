"""A question walks through a real browser: asked at an entry, answered by the filer, a fact of the supervisor, legal advice."""

from playwright.sync_api import Page, expect

from coi.vocabulary import Role
from tests.browser.conftest import NARROW
from tests.review.cases import case_of, holder, holds

QUESTION = "On which days do you work there?"
FACT = "Does Finn order food for the department?"
ADVICE = "Does the contract rule reach a caterer?"


def act(page: Page, name: str) -> None:
    """Opens one of the acts beside the case."""
    page.locator(f"#act-{name} > summary").click()


def test_ask_answer_ask_the_supervisor_and_the_solicitor(open_page, assert_accessible, no_sideways_scroll, db, cast):
    holds(cast, "kit", Role.SOLICITOR)
    made = case_of(cast)
    entry = made.versions[-1].answers["outside_work"][0]["_key"]
    case, mine = f"/review/{made.reference}", f"/filings/{made.reference}"
    office = open_page(holder(made, cast), case)
    act(office, "ask")
    expect(office.get_by_text("If you think a rule or law was broken, stop here and refer.")).to_be_visible()
    office.locator("#ask-text").fill(QUESTION)
    office.locator("#ask-about").select_option(f"outside_work#{entry}")
    office.get_by_role("button", name="Send the question to the filer").click()
    expect(office.locator(".coi-pin--question").first).to_contain_text(QUESTION)

    filer = open_page("finn", mine, width=NARROW, javascript=False, language="es")
    expect(filer.locator(".coi-pin--question")).to_contain_text(QUESTION)
    expect(filer.get_by_text("Esperamos su respuesta hasta el 16 de marzo de 2026.")).to_be_visible()
    no_sideways_scroll(filer)
    # axe needs scripts to judge with: without them it would never come to an end.
    assert_accessible(open_page("finn", mine, width=NARROW, language="es"))
    filer.locator(".coi-pin--question a").first.click()
    filer.locator("textarea[name=text]").fill("Los domingos.")
    filer.get_by_role("button", name="Enviar su respuesta").click()
    expect(filer.get_by_text("Lo tenemos nosotros.")).to_be_visible()

    office.goto(case)
    expect(office.locator(".coi-timeline")).to_contain_text("Los domingos.")
    act(office, "ask_supervisor")
    office.locator('label[for^="ask_supervisor-supervisor"]').first.click()
    office.locator("#ask_supervisor-text").fill(FACT)
    office.get_by_role("button", name="Send the question to the supervisor").click()
    expect(office.get_by_text("no answer yet")).to_be_visible()
    act(office, "advice")
    office.locator("#advice-text").fill(ADVICE)
    office.get_by_role("button", name="Keep as legal advice").click()
    expect(office.locator("section[aria-labelledby=advice]")).to_contain_text(ADVICE)
    assert_accessible(office)

    sam = open_page("sam", "/", width=NARROW)
    expect(sam.locator("#next-title, .coi-task__title").filter(has_text="Please answer a question of fact")).to_have_count(1)
    sam.get_by_role("link", name="Read and answer").first.click()
    sam.locator("textarea[name=text]").fill("No, the kitchen does.")
    assert_accessible(sam)
    no_sideways_scroll(sam)
    sam.get_by_role("button", name="Send to the ethics office").click()
    expect(sam.get_by_text("Thank you. The ethics office has your answer.")).to_be_visible()
    sam.goto("/my-team/")
    assert_accessible(sam)
    no_sideways_scroll(sam)

    kit = open_page("kit", "/legal-advice/", width=NARROW)
    kit.locator(".coi-task__title a").click()
    kit.get_by_text("Release it into the case file").click()
    assert_accessible(kit)
    no_sideways_scroll(kit)
    filer.goto(mine)
    expect(filer.get_by_text(FACT)).to_be_visible()
    expect(filer.get_by_text("No, the kitchen does.")).to_have_count(0)
    office.goto(case)
    expect(office.get_by_text("No, the kitchen does.")).to_be_visible()
    office.goto("/what-is-open/")
    assert_accessible(office)
