"""Papers and paper entry in a browser: empty, filled and in error, wide and on a phone, in both languages."""

from datetime import date
from io import BytesIO
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from coi.disclosures import actions, queries
from coi.disclosures.signing import sign
from coi.models import Disclosure, PaperForm
from coi.paper import actions as paper
from coi.policies.actions import load_from_profile
from coi.profiles.current import current_profile
from coi.questionnaires.queries import form_of
from coi.rules.completeness import evaluate
from coi.vocabulary import Role
from tests.attachments.files import PDF
from tests.disclosures.steps import A_JOB, complete, now, owed, published, signature
from tests.factories import OPERATOR, AccountFactory, PersonFactory, RoleGrantFactory, find_cast

SIZES = pytest.mark.parametrize(("width", "language"), [(1280, "en"), (320, "es"), (320, "en"), (1280, "es")])
KEY = "job0entry0key0"


@pytest.fixture
def draft(db, cast) -> Disclosure:
    """Finn's draft with one job in it."""
    made = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    complete(made, cast.finn.actor, **{**A_JOB, "outside_work": [{**A_JOB["outside_work"][0], "_key": KEY}]})
    db.session.commit()
    return made


def judged(page, assert_accessible, no_sideways_scroll) -> None:
    assert page.locator("h1").count() == 1
    page.evaluate("() => document.querySelectorAll('main details').forEach(one => { one.open = true })")
    assert_accessible(page)
    no_sideways_scroll(page)


def choose(page, name: str, data: bytes) -> None:
    page.locator("main input[type=file]").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": data})
    page.locator("main form[enctype] button[type=submit]").first.click()


@SIZES
def test_the_papers_of_an_entry_are_for_everybody(
    open_page, assert_accessible, no_sideways_scroll, db, cast, draft, width, language
):
    reference = draft.reference
    page = open_page("finn", f"/forms/{reference}", width=width, language=language)
    page.locator(f"button[value='attach:{KEY}']").click()
    judged(page, assert_accessible, no_sideways_scroll)
    choose(page, "page.html", b"<html>")
    page.locator("#error-summary").wait_for()
    judged(page, assert_accessible, no_sideways_scroll)
    choose(page, "a paper with a very long name, such as people give to what they scan " * 2 + ".pdf", PDF)
    page.locator(".coi-task").wait_for()
    judged(page, assert_accessible, no_sideways_scroll)
    sign(draft, signature(), cast.finn.actor, now())
    db.session.commit()
    page.goto(page.url.split("/forms/")[0] + f"/filings/{reference}")
    assert page.locator(".coi-papers").count() == 1
    judged(page, assert_accessible, no_sideways_scroll)


@pytest.fixture
def pat(db, cast):
    """Pat, who types in paper forms, at Finn's; a second form of Kit's is filed and waits."""
    person = PersonFactory(number="001099", name="Pat Paper", email="pat@city.example")
    RoleGrantFactory(account=AccountFactory(person=person), role=Role.PAPER_ENTRY)
    published()
    load_from_profile(current_profile(), OPERATOR, now())
    cast.members["pat"] = find_cast().pat
    actor = cast.pat.actor
    forms = {}
    for name in ("finn", "kit"):
        due = owed(cast[name].person)
        told = paper.Begun(due.reference, "es", date(2026, 2, 24), "Ana Intérprete")
        forms[name] = paper.begin(cast[name].person, told, actor, now())
    db.session.commit()
    return SimpleNamespace(actor=actor, **forms)


def filed(db, pat) -> PaperForm:
    """Kit's paper form, filed."""
    form = pat.kit
    paper.add_scan(form, BytesIO(PDF), "scan.pdf", pat.actor, now())
    form = db.session.scalars(select(PaperForm).where(PaperForm.person_id == form.person_id)).one()
    whole = form_of(form.questionnaire)
    setting = queries.setting_for(form.filer, form.reporting_year, now().date())
    answers = actions.all_no(whole, {}, setting)
    open_still = {one.path for one in evaluate(whole, queries.agreeing(whole, answers), setting).faults}
    answers |= dict.fromkeys(open_still & set(whole.by_id), "no")
    paper.save(form, paper.Typed(answers, {}, "Kit Stranger", date(2026, 2, 20), form.revision), pat.actor, now())
    paper.file(form, paper.signature_of(form, pat.actor, now()), pat.actor, now())
    db.session.commit()
    return form


@SIZES
def test_paper_entry_is_for_everybody(open_page, assert_accessible, no_sideways_scroll, cast, pat, width, language):
    number, reference = cast.finn.person.number, pat.finn.reference
    page = open_page("pat", "/paper/?search=finn", width=width, language=language)
    judged(page, assert_accessible, no_sideways_scroll)
    here = page.url.split("/paper/")[0]
    page.goto(f"{here}/paper/for/{number}")
    judged(page, assert_accessible, no_sideways_scroll)
    page.locator("main form button[type=submit]").click()
    page.locator("#error-summary").wait_for()
    judged(page, assert_accessible, no_sideways_scroll)
    page.goto(f"{here}/paper/{reference}")
    judged(page, assert_accessible, no_sideways_scroll)
    page.locator("button[value=file]").click()
    page.locator("#error-summary").wait_for()
    judged(page, assert_accessible, no_sideways_scroll)
    page.goto(f"{here}/paper/{reference}/scans")
    choose(page, "scan.pdf", PDF)
    page.locator(".coi-task").wait_for()
    judged(page, assert_accessible, no_sideways_scroll)
    page.goto(f"{here}/paper/{reference}/discard")
    judged(page, assert_accessible, no_sideways_scroll)


@SIZES
def test_what_was_typed_in_is_read_by_the_clerk_and_confirmed_by_the_person(
    open_page, assert_accessible, no_sideways_scroll, db, cast, pat, width, language
):
    form = filed(db, pat)
    typed, signed = form.reference, form.disclosure.reference
    page = open_page("pat", f"/paper/{typed}/filed", width=width, language=language)
    judged(page, assert_accessible, no_sideways_scroll)
    page = open_page("kit", f"/filings/{signed}/confirm", width=width, language=language)
    assert page.locator(".coi-papers a").count() == 1
    judged(page, assert_accessible, no_sideways_scroll)
    page.locator("#signed_name").fill("Kit S.")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/receipt")
    judged(page, assert_accessible, no_sideways_scroll)
