"""A week of one officer in a real browser: sixty cases of all sorts; at the end the page counts as the tables do."""

from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from coi.disclosures import actions as filing
from coi.disclosures.signing import sign
from coi.models import Decision, Disclosure, Message, Recommendation, Recusal, ReviewBatch
from coi.review import actions
from coi.rules.permissions import Actor
from coi.vocabulary import Outcome, Risk, State
from tests.disclosures.steps import by_mistake, filed, now, signature
from tests.factories import PersonFactory
from tests.review.cases import at, away

GROUP = {"has_posts": "yes", "posts": [{"org": "Elm Street Theatre", "asks": ["money_asked"], "my_part": "no"}]}
DEAL: dict[str, Any] = {"org": "Quill Signs", "owner": "parent", "what": "bid", "my_part": "no"}
CARD = {"giver": "Somebody New", "owner": "me", "kind": "cash_or_gift_card", "value": "20", "date": "2025-06-03"}
# How many of each, and what they declare; what can't wait goes to a senior officer and is not hers.
SORTS: dict[str, tuple[int, dict[str, Any]]] = {
    "routine": (34, {}),
    "look": (10, GROUP),
    "soon": (8, {"anything_else": "Please call me about my cousin's shop."}),
    "first": (6, {"has_contract": "yes", "contracts": [DEAL]}),
    "now": (2, {"has_gifts": "yes", "gifts": [{**CARD, "kept": "kept", "my_part": "no"}]}),
}
HERS = sum(count for name, (count, _answers) in SORTS.items() if name != "now")


@pytest.fixture
def week(db, cast) -> "dict[str, list[Known]]":
    """Sixty signed filings while the colleague is away; before it one is corrected, one answered, one escalated."""
    away(cast, "ren")
    made: dict[str, list[Disclosure]] = {}
    filers: dict[int, Actor] = {}
    for sort, (count, answers) in SORTS.items():
        for number in range(count):
            person = PersonFactory(name=f"{sort.title()} {number:02} Person", department="Parks" if number % 2 else "Finance")
            filers[person.id] = Actor(f"account:{9000 + len(filers)}", person.id)
            made.setdefault(sort, []).append(filed(person, filers[person.id], key=f"{sort} {number}", answers=answers))
    assert {one.risk.priority for one in made["first"]} == {"first"}
    corrected, answered, escalated = made["soon"][0], made["soon"][1], made["first"][0]
    filer = filers[corrected.filer_id]
    draft = filing.begin_correction(corrected, "one job forgotten", filer, now())
    filing.save_draft(
        corrected, {"anything_else": "I meant my aunt's shop."}, {}, filer, now(), draft.revision, said=by_mistake(draft)
    )
    sign(corrected, signature("again"), filer, now())
    actions.ask(answered, "Which shop?", cast.olu.actor, now(), **at(answered))
    actions.answer(answered, "The one at the corner.", filers[answered.filer_id], now())
    actions.escalate(escalated, Outcome.MANAGED, "please look", cast.olu.actor, now(), **at(escalated))
    known = {sort: [Known(one.id, one.reference, one.filer.name) for one in found] for sort, found in made.items()}
    db.session.commit()
    return known


class Known(NamedTuple):
    """A filing as the test names it, without a row that would be read again while the page writes."""

    id: int
    reference: str
    name: str


def numbers(page: Page) -> dict[str, int]:
    """The three numbers as the page shows them."""
    told = page.locator(".coi-figures strong").all_inner_texts()
    return dict(zip(("on_me", "on_them", "done"), map(int, told), strict=True))


def counted(db, cast) -> dict[str, int]:
    """The same, from the tables."""
    db.session.expire_all()
    hers = [Disclosure.reviewer_id == cast.olu.person.id]
    waiting = Disclosure.waiting_on_filer_since
    on = [*hers, Disclosure.state.in_((State.IN_REVIEW, State.RETURNED))]

    def how_many(*where: Any) -> int:
        return db.session.scalar(select(func.count(Disclosure.id)).where(*where)) or 0

    done = select(func.count(Decision.id)).where(Decision.by_id == cast.olu.person.id, Decision.undone_seq.is_(None))
    found = {
        "on_me": how_many(*on, waiting.is_(None)),
        "on_them": how_many(*on, waiting.is_not(None)),
        "done": db.session.scalar(done) or 0,
    }
    db.session.rollback()  # the page writes next
    return found


def unfold(page: Page, act: str) -> None:
    page.locator(f"#act-{act} > summary").click()


def test_a_week_of_review(open_page, assert_accessible, db, cast, week):
    page = open_page("olu", "/review/")
    before = counted(db, cast)
    assert numbers(page) == before
    assert before == {"on_me": HERS - 1, "on_them": 0, "done": 0}
    expect(page.locator("tbody tr").first).to_contain_text(
        "First 01 Person"
    )  # the most urgent first; what is escalated is not hers
    expect(page.locator("main")).not_to_contain_text("Now 00 Person")
    assert_accessible(page)

    # Filters: what is to be looked at first, in one department.
    page.locator("#priority").select_option("first")
    page.locator("#department").select_option("Parks")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".coi-count")).to_contain_text("3 cases")

    # By keyboard: down to the second, open it, close it, back to the list.
    names = page.locator("[data-row]")
    page.keyboard.press("j")
    expect(names.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(names.nth(1)).to_be_focused()
    name = names.nth(1).inner_text()
    names.nth(1).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.locator('#act-clear input[value="noted"]').press("Space")
    page.locator("#clear-reason").fill("You have no part in it. Tell us when that changes.")
    page.locator("#act-clear button").press("Enter")
    expect(page.get_by_text("until then you can undo it")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("u")
    expect(page.locator(".coi-count")).to_contain_text("2 cases")

    # Alike ones together: the sample is opened first.
    page.goto("/review/together")
    assert_accessible(page)
    page.get_by_role("link", name="Look at them together").first.click()
    page.get_by_role("button", name="Put these together and draw a sample").first.click()
    batch = page.url
    while page.locator(".coi-sample a").count():
        page.locator(".coi-sample a").first.click()
        page.goto(batch)
        page.locator(".coi-sample").get_by_role("button", name="As expected").first.click()
    assert_accessible(page)
    page.locator('input[name=outcome][value="no_conflict"]').press("Space")
    page.locator("#reason").fill("Nothing to declare.")
    page.get_by_role("button", name="Decide these 34 filings").click()
    expect(page.get_by_text("34 filings have each their own decision.")).to_be_visible()

    # One is asked, one goes back, one goes up, one is not for her.
    asked, returned = week["soon"][2:4]
    raised, stepped = week["first"][2], week["look"][0]
    page.goto(f"/review/{asked.reference}")
    unfold(page, "ask")
    page.locator("#ask-text").fill("Whose shop is it?")
    page.get_by_role("button", name="Send the question to the filer").click()
    expect(page.locator(".coi-timeline")).to_contain_text("Whose shop is it?")
    page.goto(f"/review/{returned.reference}")
    unfold(page, "send_back")
    page.locator("#send_back-reason").fill("Please name the shop.")
    page.get_by_role("button", name="Send back to the filer").click()
    expect(page.locator(".coi-case__tags")).to_contain_text("Sent back for correction")
    page.goto(f"/review/{raised.reference}")
    unfold(page, "escalate")
    page.locator("#escalate-outcome").select_option("not_permitted")
    page.locator("#escalate-reasoning").fill("A parent bids here.")
    page.get_by_role("button", name="Escalate", exact=True).click()
    expect(page.locator(".coi-case__tags")).to_contain_text("With a second person")
    page.goto(f"/review/{stepped.reference}")
    unfold(page, "recuse")
    page.locator("#recuse-reason").fill("We sing in one choir.")
    page.get_by_role("button", name="Step out", exact=True).click()
    page.goto(f"/review/{stepped.reference}")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(stepped.name)

    # Friday: the page says what the tables say.
    page.goto("/review/")
    after = counted(db, cast)
    assert numbers(page) == after
    assert after == {"on_me": HERS - 1 - 1 - 34 - 4, "on_them": 2, "done": 35}
    page.locator(".coi-figures__link").nth(1).click()
    expect(page.locator("tbody tr")).to_have_count(2)
    assert_accessible(page)
    states = {one.reference: db.session.get_one(Disclosure, one.id).state for one in (asked, returned, raised)}
    assert list(states.values()) == [State.IN_REVIEW, State.RETURNED, State.ESCALATED]
    one_each = [db.session.scalar(select(func.count()).select_from(table)) for table in (ReviewBatch, Recusal)]
    assert one_each == [1, 1]
    assert db.session.scalar(select(func.count()).select_from(Recommendation)) == 2
    assert db.session.scalar(select(func.count(Message.id)).where(Message.disclosure_id == asked.id)) == 1
    assert (
        db.session.scalar(select(func.count(Disclosure.id)).where(Disclosure.risk == Risk.CRITICAL, Disclosure.desk == "chief"))
        == 2
    )
