"""A year later, in a real browser: nothing to declare in a few clicks; what was told before, one by one; names while typing."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from coi.disclosures import actions, carried, queries
from coi.disclosures.signing import sign
from coi.models import Disclosure, PolicyVersion
from coi.policies.actions import load_from_profile
from coi.profiles.current import current_profile
from coi.vocabulary import Carried
from tests.browser.conftest import NARROW, WIDE
from tests.disclosures.steps import A_JOB, complete, now, owed, signature
from tests.factories import OPERATOR, PersonFactory, an_entry

DONE = {"en": "Done. We have your form.", "es": "Listo. Tenemos su formulario."}
GIFT = {
    "giver": "Acme",
    "owner": "me",
    "kind": "meal",
    "value": "80.00",
    "date": "2024-06-01",
    "kept": "kept",
    "my_part": "no",
}


class Hand:
    """Presses links and buttons, and counts them; choosing and typing are no clicks."""

    def __init__(self) -> None:
        self.clicks = 0

    def press(self, what: Locator) -> None:
        assert what.evaluate("one => one.matches('a[href], button, summary')")
        self.clicks += 1
        what.click()


def tick(page: Page, field: str) -> None:
    page.locator(f'label[for="{field}"]').click()


def said_before(page: Page, card: Locator, code: str) -> None:
    field = card.locator(f'input[type=radio][value="{code}"]')
    page.locator(f'label[for="{field.get_attribute("id")}"]').click()


def a_year_later(db, cast, answers, texts: int = 0) -> None:
    """Finn signed everything before; this year's form is owed, with so many new texts of policies."""
    load_from_profile(current_profile(), OPERATOR, now())
    disclosure = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    complete(disclosure, cast.finn.actor, **answers)
    draft = queries.draft_of(disclosure)
    due = queries.policies_due(disclosure, draft.filer, now().date())
    received = {str(one.id): {"receipt": "received", "objection": ""} for one in due}
    actions.save_draft(disclosure, {}, received, cast.finn.actor, now(), draft.revision)
    sign(disclosure, signature("a-year-ago"), cast.finn.actor, now())
    for version in PolicyVersion.query.order_by(PolicyVersion.id).all()[:texts]:
        told = {"title": version.title, "text": {"en": "Be fair, too.", "es": "Sea justo, también."}, "sha256": "0" * 64}
        told |= {"policy_id": version.policy_id, "version": "2026-new", "binds": version.binds}
        db.session.add(PolicyVersion(effective_on=now().date(), seq=an_entry(), **told))
    owed(cast.finn.person, occasion="2027")
    db.session.commit()


@pytest.mark.parametrize("texts", [0, 2])
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no_script"])
def test_nothing_to_declare_takes_no_more_than_four_clicks_and_one_for_each_new_text(open_page, db, cast, javascript, texts):
    a_year_later(db, cast, {}, texts)
    hand = Hand()
    page = open_page("finn", "/", width=NARROW, language="es", javascript=javascript)
    hand.press(page.locator(".coi-next button"))
    hand.press(page.locator('button[value="no-to-all"]'))
    expect(page.locator('[name="has_gifts."][value="no"]')).to_be_checked()
    assert page.locator('input[type=radio][value="no"]:checked').count() == 6
    links = page.locator('.coi-policy a[href*="2026-new"]:not([href*="changes"])')
    expect(links).to_have_count(texts)
    for number in range(texts):
        with page.context.expect_page() as opened:
            hand.press(links.nth(number))
        expect(opened.value.locator("main")).to_contain_text("Sea justo, también.")
        opened.value.close()
    tick(page, "agreed")
    page.fill("#signed_name", "Finn Filer")
    hand.press(page.locator('button[value="sign"]'))
    expect(page.get_by_text(DONE["es"])).to_be_visible()
    assert hand.clicks <= 4 + texts


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no_script"])
def test_what_was_told_before_is_answered_one_by_one_on_a_phone(open_page, db, cast, no_sideways_scroll, language, javascript):
    a_year_later(db, cast, {**A_JOB, "has_gifts": "yes", "gifts": [GIFT]})
    page = open_page("finn", "/", width=NARROW, language=language, javascript=javascript)
    page.locator(".coi-next button").click()
    job, gift = page.locator(".coi-carried").nth(0), page.locator(".coi-carried").nth(1)
    said_before(page, job, "changed")
    if not javascript:
        page.locator('button[value="say"]').click()
    expect(page.locator('[name="outside_work.:0:work."]')).to_have_value("=1+1")
    no_sideways_scroll(page)
    page.locator('[name="outside_work.:0:work."]').fill("cooking on Sundays")
    said_before(page, gift, "once")
    page.locator('button[value="no-to-all"]').click()
    expect(page.locator('[name="has_gifts."][value="no"]')).to_be_checked()
    expect(page.locator('[name="has_outside_work."][value="yes"]')).to_be_checked()
    tick(page, "agreed")
    page.fill("#signed_name", "Finn Filer")
    page.locator('button[value="sign"]').click()
    expect(page.get_by_text(DONE[language])).to_be_visible()
    db.session.expire_all()
    newest = Disclosure.query.order_by(Disclosure.id.desc()).first()
    said = [one.said for one in carried.rows_of(queries.version_of(newest))]
    assert said == [Carried.CHANGED, Carried.ENDED]
    assert queries.version_of(newest).answers["outside_work"][0]["work"] == "cooking on Sundays"


def test_signing_with_an_open_card_leads_to_it(open_page, db, cast):
    a_year_later(db, cast, A_JOB)
    page = open_page("finn", "/", width=NARROW)
    page.locator(".coi-next button").click()
    page.locator('button[value="no-to-all"]').click()
    tick(page, "agreed")
    page.fill("#signed_name", "Finn Filer")
    page.locator('button[value="sign"]').click()
    expect(page.locator("#error-summary")).to_be_focused()
    page.locator("#error-summary a").first.click()
    assert page.evaluate("document.activeElement.name").startswith("carried.outside_work.")
    page.keyboard.press("Space")
    expect(page.locator('[name="has_outside_work."][value="yes"]')).to_be_checked()


def test_step_by_step_what_was_told_before_comes_first(open_page, db, cast):
    a_year_later(db, cast, A_JOB)
    page = open_page("finn", "/", javascript=False)
    page.locator(".coi-next button").press("Enter")
    page.get_by_role("link", name="Rather go step by step").press("Enter")
    page.locator('main button[value="continue"]').last.press("Enter")
    expect(page.locator("#error-summary")).to_be_visible()
    page.locator('.coi-carried [value="same"]').press("Space")
    page.locator('main button[value="continue"]').last.press("Enter")
    expect(page.locator('[name="has_outside_work."][value="yes"]')).to_be_checked()
    expect(page.locator(".coi-fold")).to_have_count(1)


def test_names_are_offered_while_typing_and_any_other_is_as_good(open_page, db, cast):
    a_year_later(db, cast, {})
    PersonFactory(name="Ágata Núñez", department="Parks")
    db.session.commit()
    page = open_page("finn", "/", width=NARROW)
    page.locator(".coi-next button").click()
    tick(page, page.locator('[name="has_power."][value="yes"]').get_attribute("id"))
    field = page.locator('[name="power.:0:person."]')
    field.press_sequentially("nun", delay=30)
    option = page.get_by_role("option")
    expect(option).to_have_count(1)
    expect(option).to_contain_text("Parks")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    expect(field).to_have_value("Ágata Núñez")
    expect(page.locator("#names-offered")).to_be_hidden()
    field.fill("Somebody Else")
    field.press("Tab")
    expect(page.locator("#saved")).to_contain_text(re.compile("Saved"))
    page.reload()
    expect(page.locator('[name="power.:0:person."]')).to_have_value("Somebody Else")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_cards_are_accessible_in_every_state(open_page, db, cast, assert_accessible, no_sideways_scroll, width, language):
    a_year_later(db, cast, {**A_JOB, "has_gifts": "yes", "gifts": [GIFT]})
    page = open_page("finn", "/", width=width, language=language)

    def judge() -> None:
        assert_accessible(page)
        no_sideways_scroll(page)

    page.locator(".coi-next button").click()
    judge()
    said_before(page, page.locator(".coi-carried").nth(0), "changed")
    expect(page.locator('[name="outside_work.:0:work."]')).to_be_visible()
    said_before(page, page.locator(".coi-carried").nth(1), "ended")
    field = page.locator('[name="outside_work.:0:org."]')
    field.fill("")
    field.press_sequentially("jos", delay=30)
    expect(page.get_by_role("option").first).to_be_visible()
    judge()
    here = page.url
    page.goto(f"{here}/before?check=yes")
    judge()
    page.goto(f"{here}/review")
    judge()
