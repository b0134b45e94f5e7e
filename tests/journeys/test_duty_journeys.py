"""Duties kept apart in a real browser: a reviewer steps out halfway; an officer files, and somebody else decides it."""

from playwright.sync_api import Page, expect
from sqlalchemy import select

from coi.models import Assignment, Decision, Disclosure, Message
from coi.policies.actions import load_from_profile
from coi.profiles.current import current_profile
from coi.vocabulary import MessageKind, Role, State, StepOut
from tests.browser.conftest import NARROW
from tests.disclosures.steps import now, owed
from tests.factories import OPERATOR
from tests.review.cases import at, case_of, holder, holds

NOTE = "The kitchen is two streets from here."
HALF = "Not so urgent: the kitchen"
QUESTION = "On which days do you cook there?"


def decides(page: Page, outcome: str, reason: str) -> None:
    """Closes the case that is open, by keyboard."""
    page.locator(f'#act-clear input[value="{outcome}"]').press("Space")
    page.locator("#clear-reason").fill(reason)
    page.locator("#act-clear button").press("Enter")


def test_a_recusal_in_the_middle(db, cast, open_page, assert_accessible):
    made = case_of(cast)
    reference, case, first = made.reference, f"/review/{made.reference}", holder(made, cast)
    second = ({"olu", "ren"} - {first}).pop()
    who, whom = cast[first].person, cast[second].person
    name, ids = who.name, (who.id, whom.id)
    page = open_page(first, case)
    page.locator("#act-note > summary").press("Enter")
    page.locator("#note-text").fill(NOTE)
    page.locator("#act-note button").press("Enter")
    expect(page.locator(".coi-case__reads")).to_contain_text(NOTE)
    page.locator("#act-ask > summary").press("Enter")
    page.locator("#ask-text").fill(QUESTION)

    # In another window it comes to mind: one link in the row, one press on the reason.
    window = page.context.new_page()
    window.goto(case)
    window.locator("#act-priority > summary").press("Enter")
    window.locator("#priority-reason").fill(HALF)
    window.goto("/review/")
    window.get_by_role("link", name="Step out of this case").press("Enter")
    expect(window.get_by_text(f"Finn Filer · {reference}")).to_be_visible()
    expect(window.locator("main")).not_to_contain_text("Catering")
    assert_accessible(window)
    window.get_by_role("button", name=str(StepOut.FRIEND.label)).press("Enter")
    expect(window.get_by_role("heading", name="You stepped out")).to_be_visible()
    expect(window.locator("#held")).to_contain_text(HALF)
    assert_accessible(window)
    assert window.goto(case).status == 404
    window.goto("/review/")
    expect(window.locator("main")).not_to_contain_text(reference)

    # The first window still holds half a question: it is not asked, and not lost.
    page.locator("#act-ask button").press("Enter")
    expect(page.get_by_role("heading", name="This case is no longer with you")).to_be_visible()
    expect(page.locator("main")).to_contain_text(QUESTION)
    expect(page.locator("main")).not_to_contain_text("Catering")
    assert_accessible(page)

    colleague = open_page(second, "/review/")
    colleague.get_by_role("link", name="Finn Filer", exact=True).press("Enter")
    history = colleague.locator(".coi-case__reads")
    expect(history).to_contain_text(f"{name} stepped out of the case.")
    expect(history).to_contain_text(NOTE)
    expect(history).not_to_contain_text(str(StepOut.FRIEND.label))
    decides(colleague, "noted", "You may go on.")
    expect(colleague.get_by_text("until then you can undo it")).to_be_visible()

    senior = open_page("sia", "/duties/")
    expect(senior.locator("main")).to_contain_text("the reviewer stepped out")
    expect(senior.locator("main")).not_to_contain_text(str(StepOut.FRIEND.label))
    senior.goto(case)
    expect(senior.locator(".coi-case__reads")).to_contain_text(str(StepOut.FRIEND.label))
    filer = open_page("finn", f"/filings/{reference}")
    expect(filer.locator("main")).to_contain_text("You may go on.")
    for words in ("stepped out", str(StepOut.FRIEND.label)):
        expect(filer.locator("main")).not_to_contain_text(words)
    db.session.expire_all()
    assert db.session.scalars(select(Decision.by_id)).one() == ids[1]
    assert db.session.scalars(select(Message.kind)).all() == [MessageKind.NOTE]
    had = select(Assignment.reviewer_id, Assignment.ended_because).order_by(Assignment.id)
    assert db.session.execute(had).all() == [(ids[0], "recused"), (ids[1], "decided")]


def test_an_officers_own_filing(db, cast, open_page, sign_in, assert_accessible, no_sideways_scroll):
    holds(cast, "kit", Role.SOLICITOR)
    load_from_profile(current_profile(), OPERATOR, now())
    owed(cast.olu.person)
    page = open_page("olu", "/", width=NARROW, language="es")
    page.locator(".coi-next button").press("Enter")
    page.locator('button[value="no-to-all"]').press("Enter")
    page.locator("#agreed").press("Space")
    page.fill("#signed_name", "Olu Reviewer")
    page.locator('button[value="sign"]').press("Enter")
    expect(page.get_by_text("Listo. Tenemos su formulario.")).to_be_visible()
    made = db.session.scalars(select(Disclosure)).one()
    reference, case, shown = made.reference, f"/review/{made.reference}", at(made)
    assert (made.state, holder(made, cast)) == (State.IN_REVIEW, "kit")
    db.session.rollback()

    # Nobody of the office but counsel has it, and Olu least of all: in no list, at no address, by no press.
    for whose in ("mine", "desk"):
        page.goto(f"/review/?whose={whose}")
        expect(page.locator("main")).not_to_contain_text(reference)
    assert_accessible(page)
    no_sideways_scroll(page)
    assert [page.goto(path).status for path in (case, f"{case}/step-out", f"/legal-advice/{reference}")] == [404, 404, 404]
    sent = {**{name: str(value) for name, value in shown.items()}, "outcome": "no_conflict", "reason": "Fine.", "text": "Fine."}
    for act in ("clear", "decide", "note", "priority", "reassign", "recuse", "step-out", "escalate"):
        assert page.request.post(f"{case}/{act}", form=sent).status == 404
        assert sign_in("ren").post(f"{case}/{act}", data=sent).status_code == 404
    for act in ("clear", "decide", "priority", "escalate"):
        assert sign_in("sia").post(f"{case}/{act}", data=sent).status_code == 404

    counsel = open_page("kit", "/review/", width=NARROW, language="es")
    assert_accessible(counsel)
    no_sideways_scroll(counsel)
    counsel.get_by_role("link", name="Olu Reviewer", exact=True).press("Enter")
    decides(counsel, "no_conflict", "Nada que declarar.")
    expect(counsel.locator(".coi-case__tags")).to_contain_text("Decidido")
    assert_accessible(counsel)

    page.goto("/")
    expect(page.locator("main")).to_contain_text(reference)
    page.goto(f"/filings/{reference}")
    expect(page.locator("main")).to_contain_text("Nada que declarar.")
    assert_accessible(page)
    no_sideways_scroll(page)
    assert page.goto(case).status == 404
    db.session.expire_all()
    assert db.session.scalars(select(Decision.by_id)).one() == cast.kit.person.id
