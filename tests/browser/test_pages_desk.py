"""The campaign desk and the policies in a browser: empty, filled and in error, wide and on a phone, in both languages."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from coi.campaigns import actions
from coi.campaigns.entering import enter
from coi.campaigns.extensions import extend, set_leave
from coi.campaigns.giving import give
from coi.campaigns.reminders import write_due
from coi.models import Obligation, PolicyReceipt, PolicyUpload, PolicyVersion, RosterNote
from coi.policies.actions import load_from_profile
from coi.profiles.current import current_profile
from coi.vocabulary import ExtensionReason, GiveReason, Kind
from tests.campaigns.voting import FORM, ON, VOTE, bring_form
from tests.city import CLOCK
from tests.factories import OPERATOR, QuestionnaireFactory, an_entry


@pytest.fixture
def desk(db, cast) -> str:
    """A campaign under way in which every standing occurs; gives Finn's reference."""
    QuestionnaireFactory(form_id="city-coi")
    actions.open_campaign(2026, OPERATOR, CLOCK, setup=True)
    db.session.commit()
    write_due(CLOCK)
    owed = {one.person_id: one for one in db.session.scalars(select(Obligation))}
    owed[cast.kit.person.id].settled_on = date(2026, 3, 2)
    owed[cast.olu.person.id].excused = True
    owed[cast.sam.person.id].due_on = date(2026, 2, 2)
    actions.pause(owed[cast.finn.person.id].part.campaign.parts[0], True, OPERATOR, CLOCK)
    set_leave(cast.ren.person, date(2026, 3, 1), date(2026, 5, 10), False, OPERATOR, CLOCK)
    set_leave(cast.finn.person, date(2026, 7, 1), None, True, OPERATOR, CLOCK)
    extend(owed[cast.finn.person.id], date(2026, 5, 15), ExtensionReason.AWAY, "", cast.dee.actor, CLOCK)
    give(cast.finn.person, Kind.NEW_POSITION, date(2026, 2, 16), GiveReason.LEFT_OUT, cast.dee.actor, CLOCK)
    note = "My title is wrong: I have been a Foreman since January."
    db.session.add(RosterNote(person_id=cast.finn.person.id, text=note, at=CLOCK, seq=an_entry()))
    db.session.commit()
    return owed[cast.finn.person.id].reference


SIZES = pytest.mark.parametrize(("width", "language"), [(1280, "en"), (320, "es"), (320, "en"), (1280, "es")])
PATHS = (
    "",
    "people?standing=everybody",
    "people?search=nobody-like-this",
    "printed-list",
    "extend",
    "events",
    "open",
    "people/{finn}",
    "give/001002",
)


@SIZES
@pytest.mark.parametrize("path", PATHS)
def test_the_desk_is_for_everybody(open_page, assert_accessible, no_sideways_scroll, desk, path, width, language):
    page = open_page("dee", f"/campaign-desk/{path.format(finn=desk)}", width=width, language=language)
    assert page.locator("h1").count() == 1
    page.evaluate("() => document.querySelectorAll('main details').forEach(one => { one.open = true })")
    assert_accessible(page)
    no_sideways_scroll(page)


@SIZES
def test_the_page_of_days_is_for_everybody(open_page, assert_accessible, no_sideways_scroll, db, desk, cast, width, language):
    bring_form(db)
    give(cast.kit.person, Kind.NEW_POSITION, date(2026, 2, 16), GiveReason.LEFT_OUT, cast.dee.actor, CLOCK)
    enter(FORM, VOTE, ON, cast.finn.person, OPERATOR, CLOCK)
    db.session.commit()
    page = open_page("dee", "/campaign-desk/events", width=width, language=language)
    page.locator("#on").fill(ON.isoformat())
    page.locator("button[value=look]").click()
    expect(page.locator("button[value=keep]")).to_be_visible()
    assert_accessible(page)
    no_sideways_scroll(page)
    page.locator("#person").fill("nobody like this")
    page.locator("button[value=keep]").click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert_accessible(page)
    no_sideways_scroll(page)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_station_is_a_few_lines_on_a_phone_and_no_label_is_cut(open_page, desk, language):
    page = open_page("dee", "/campaign-desk/", width=320, language=language)
    row = page.locator("tbody tr").first
    expect(row.locator("th")).to_be_visible()
    expect(row.locator("td:visible")).not_to_have_count(0)
    assert row.bounding_box()["height"] < 160
    margins = row.locator("td").evaluate_all("cells => cells.map(cell => getComputedStyle(cell, '::before').marginLeft)")
    assert margins == ["0px"] * 7


@SIZES
def test_the_desk_before_the_first_campaign_is_for_everybody(
    open_page, assert_accessible, no_sideways_scroll, cast, width, language
):
    page = open_page("dee", "/campaign-desk/", width=width, language=language)
    assert_accessible(page)
    no_sideways_scroll(page)


@SIZES
def test_a_form_in_error_takes_the_focus(open_page, assert_accessible, no_sideways_scroll, desk, width, language):
    page = open_page("dee", f"/campaign-desk/people/{desk}", width=width, language=language)
    page.locator("form[action$='/extend']").evaluate("form => form.submit()")
    page.wait_for_selector("#error-summary")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    assert_accessible(page)
    no_sideways_scroll(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_more_time_is_given_by_keyboard(open_page, desk, javascript):
    page = open_page("dee", f"/campaign-desk/people/{desk}", width=320, javascript=javascript)
    page.locator("summary", has_text="Give more time").focus()
    page.keyboard.press("Enter")
    page.locator("#extend-until").fill((CLOCK.date() + timedelta(days=87)).isoformat())
    page.locator("form[action$='/extend'] button").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".coi-flash")
    assert "May 28, 2026" in page.inner_text("main")


@SIZES
def test_policies_are_for_everybody(open_page, assert_accessible, no_sideways_scroll, db, cast, width, language):
    load_from_profile(current_profile(), OPERATOR, CLOCK)
    first = db.session.scalars(select(PolicyVersion)).first()
    for path in ("/policies/", f"/policies/{first.policy_id}/{first.version}"):
        page = open_page(None, path, width=width, language=language)
        assert_accessible(page)
        no_sideways_scroll(page)


@pytest.fixture
def answered(desk, db, cast) -> None:
    """Two versions of a policy: Finn objected to the first, Kit declined it, a third waits for its second person."""
    words = {"title": {"en": "Code of conduct", "es": "Código de conducta"}, "policy_id": "code-of-conduct", "summary": False}
    texts = (
        {"en": "# Gifts\n\nTake none of 50 dollars."},
        {"en": "# Gifts\n\nTake none of 25 dollars.\n\nTell us.", "es": "Nada."},
    )
    versions = [
        PolicyVersion(version=str(one), text=text, effective_on=date(2025, one, 1), sha256="0" * 64, seq=an_entry(), **words)
        for one, text in enumerate(texts, start=1)
    ]
    db.session.add_all(versions)
    db.session.flush()
    for name, receipt, objection in (("finn", "objection", "Not the part on meals."), ("kit", "declined", "")):
        told = {"receipt": receipt, "objection": objection, "language": "en", "seq": an_entry()}
        db.session.add(PolicyReceipt(person_id=cast[name].person.id, policy_version_id=versions[0].id, **told))
    kept = {"text": texts[0], "effective_on": date(2026, 3, 1), "sha256": "1" * 64, "by": "account:1", "at": CLOCK}
    title = {"title": words["title"], "policy_id": "code-of-conduct"}
    db.session.add(PolicyUpload(reference="POL-2026-AAAAAA", version="3", seq=an_entry(), **title, **kept))
    db.session.commit()


ANSWERED = (
    ("finn", "/policies/signed"),
    ("finn", "/policies/code-of-conduct/2"),
    ("finn", "/policies/code-of-conduct/2/changes"),
    ("kit", "/policies/code-of-conduct/2/changes"),
    ("sia", "/policies/acknowledgements"),
    ("sia", "/policies/acknowledgements/code-of-conduct/1"),
    ("dee", "/policies/acknowledgements/code-of-conduct/2?status=open"),
    ("dee", "/policies/put-in"),
    ("sia", "/policies/put-in/POL-2026-AAAAAA"),
)


@SIZES
@pytest.mark.parametrize(("who", "path"), ANSWERED)
def test_what_changed_and_who_answered_is_for_everybody(
    open_page, assert_accessible, no_sideways_scroll, answered, who, path, width, language
):
    page = open_page(who, path, width=width, language=language)
    assert page.locator("h1").count() == 1
    page.evaluate("() => document.querySelectorAll('main details').forEach(one => { one.open = true })")
    assert_accessible(page)
    no_sideways_scroll(page)


@SIZES
def test_putting_in_a_text_in_error_takes_the_focus(open_page, assert_accessible, no_sideways_scroll, answered, width, language):
    page = open_page("dee", "/policies/put-in", width=width, language=language)
    page.locator("main form").evaluate("form => form.submit()")
    page.wait_for_selector("#error-summary")
    assert_accessible(page)
    no_sideways_scroll(page)
