"""Every kind of filing in a real browser, from what asks for it to the receipt; with scripts off, so that nothing waits."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from coi.campaigns import actions as campaigns
from coi.campaigns.arrivals import after_imports
from coi.models import Disclosure, Obligation, Person, PolicyReceipt, PolicyVersion
from coi.people.actions import import_roster
from coi.people.reading import Line
from coi.policies.actions import load_from_profile
from coi.profiles.current import current_profile
from coi.vocabulary import Kind
from tests.browser.conftest import NARROW
from tests.city import CLOCK
from tests.disclosures.steps import published
from tests.factories import OPERATOR, an_entry


@pytest.fixture
def opened(db, cast):
    """The form and the policies are published, the campaign of 2026 is open."""
    published()
    load_from_profile(current_profile(), OPERATOR, CLOCK)
    campaigns.open_campaign(2026, OPERATOR, CLOCK, setup=True)
    db.session.commit()


def comes_with_a_roster(db, **columns: str) -> None:
    """An import of the HR desk, and what the worker makes of it the next day."""
    import_roster([Line(2, columns, {})], False, "roster.csv", "0" * 64, OPERATOR, CLOCK)
    db.session.commit()
    after_imports(CLOCK + timedelta(days=1))
    db.session.commit()


def settled_already(db, person: Person, kind: Kind = Kind.ANNUAL) -> None:
    """The yearly form is out of the way, so that the kind at hand is the one next thing to do."""
    for one in db.session.scalars(select(Obligation).where(Obligation.person_id == person.id, Obligation.kind == kind)):
        one.ended_seq = an_entry()
    db.session.commit()


def choose(page: Page, name: str, value: str) -> None:
    """Ticks a choice by its label."""
    field = page.locator(f'[name="{name}"][value="{value}"]')
    page.locator(f'label[for="{field.get_attribute("id")}"]').click()


def answer(page: Page) -> None:
    """No to all, and what a person with more to answer says besides."""
    page.locator('button[value="no-to-all"]').click()
    for name, value in (("sec1_filed.", "yes"), ("stepped_aside.", "no"), ("duties.", "none_of_these")):
        if page.locator(f'[name="{name}"]').count() and not page.locator(f'[name="{name}"]:checked').count():
            choose(page, name, value)


def sign(page: Page) -> None:
    """The signature, and the receipt."""
    page.locator('label[for="agreed"]').click()
    page.fill("#signed_name", "Finn Filer")
    page.locator('button[value="sign"]').click()
    expect(page.get_by_text("Done. We have your form.")).to_be_visible()


def counted(db, person: Person, kind: Kind) -> Obligation:
    """What was owed, as it stands after the receipt."""
    db.session.expire_all()
    wanted = select(Obligation).where(Obligation.person_id == person.id, Obligation.kind == kind, Obligation.ended_seq.is_(None))
    found: Obligation = db.session.scalars(wanted).one()
    assert found.settled_on == CLOCK.date()
    return found


def test_the_yearly_form(open_page, db, cast, opened):
    page = open_page("finn", "/", width=NARROW, javascript=False)
    expect(page.locator(".coi-next")).to_contain_text("Yearly form")
    page.locator(".coi-next button").click()
    expect(page.get_by_text("This is new to you.").first).to_be_visible()
    answer(page)
    sign(page)
    assert counted(db, cast.finn.person, Kind.ANNUAL).due_on == date(2026, 5, 1)
    assert len(db.session.scalars(select(PolicyReceipt)).all()) == 4
    page.goto("/policies/signed")
    expect(page.locator(".coi-task")).to_have_count(4)


def test_a_new_policy_text_shows_what_changed_and_takes_an_objection_in_words(open_page, db, cast, opened):
    said = db.session.scalars(select(PolicyVersion).where(PolicyVersion.policy_id == "code-of-conduct")).one()
    told = {"person_id": cast.finn.person.id, "policy_version_id": said.id, "receipt": "received", "language": "en"}
    db.session.add(PolicyReceipt(**told, seq=an_entry()))
    words = {"title": said.title, "text": {"en": said.text["en"] + "\n\nTell us within ten days."}, "sha256": "1" * 64}
    newer = PolicyVersion(
        policy_id=said.policy_id, version="2", effective_on=date(2026, 2, 1), summary=False, seq=an_entry(), **words
    )
    db.session.add(newer)
    db.session.flush()
    newer_id = newer.id
    page = open_page("finn", "/", width=NARROW, javascript=False)
    page.locator(".coi-next button").click()
    expect(page.get_by_text("This is a newer version than the one you signed before.")).to_be_visible()
    answer(page)
    choose(page, f"policy.{newer_id}", "objection")
    page.locator(f'[name="objection.{newer_id}"]').fill("Ten days is too short for night shifts.")
    sign(page)
    kept = db.session.scalars(select(PolicyReceipt).where(PolicyReceipt.policy_version_id == newer_id)).one()
    assert kept.objection == "Ten days is too short for night shifts."


def test_a_new_hire(open_page, db, cast, opened):
    finn = cast.finn.person
    settled_already(db, finn)
    db.session.add(
        Obligation(
            reference="DUE-2026-NEWHIR",
            person_id=finn.id,
            form_id="city-coi",
            kind=Kind.NEW_HIRE,
            occasion="roster:ROS",
            reporting_year=2025,
            level="short",
            filer=current_profile().filer_of(
                {"title": finn.title, "department": finn.department, "group": finn.group}, "new_hire"
            ),
            told_on=CLOCK.date(),
            due_on=date(2026, 4, 1),
            name=finn.name,
            seq=an_entry(),
        )
    )
    db.session.commit()
    page = open_page("finn", "/", width=NARROW, javascript=False)
    expect(page.locator(".coi-next")).to_contain_text("New hire")
    expect(page.locator(".coi-next")).to_contain_text("April 1, 2026")
    page.locator(".coi-next button").click()
    answer(page)
    sign(page)
    counted(db, finn, Kind.NEW_HIRE)


def test_a_new_position(open_page, db, cast, opened):
    finn = cast.finn.person
    comes_with_a_roster(db, number=finn.number, name=finn.name, title="Buyer")
    settled_already(db, finn)
    page = open_page("finn", "/", width=NARROW, javascript=False)
    expect(page.locator(".coi-next")).to_contain_text("New position")
    page.locator(".coi-next button").click()
    page.locator('[name="event_date."]').fill("2026-02-20")
    answer(page)
    sign(page)
    counted(db, finn, Kind.NEW_POSITION)


def test_leaving(open_page, db, cast, opened):
    finn = cast.finn.person
    finn.title = "Deputy Director"
    db.session.commit()
    comes_with_a_roster(db, number=finn.number, name=finn.name, title="Deputy Director", left_on="2026-03-02")
    page = open_page("finn", "/", width=NARROW, javascript=False)
    expect(page.locator(".coi-next")).to_contain_text("Leaving")
    expect(page.get_by_text("Did something happen?")).to_have_count(0)
    page.locator(".coi-next button").click()
    answer(page)
    sign(page)
    counted(db, finn, Kind.LEAVING)


def test_something_changed(open_page, db, cast, opened):
    page = open_page("finn", "/", width=NARROW, javascript=False)
    page.get_by_role("link", name="Something changed").click()
    page.get_by_role("button", name="Start").click()
    page.locator('[name="event_date."]').fill("2026-02-20")
    answer(page)
    sign(page)
    assert counted(db, cast.finn.person, Kind.CHANGE).due_on == date(2026, 3, 23)  # 30 days later is a Sunday


def test_a_gift(open_page, db, cast, opened):
    page = open_page("finn", "/", width=NARROW, javascript=False)
    page.get_by_role("link", name="I got a gift").click()
    page.get_by_role("button", name="Start").click()
    if not page.locator('[name="gifts.:0:giver."]').count():
        page.locator('button[value^="add"]').first.click()
    page.locator('[name="gifts.:0:giver."]').fill("Blue Heron Catering")
    choose(page, "gifts.:0:owner.", "me")
    choose(page, "gifts.:0:kind.", "meal")
    page.locator('[name="gifts.:0:value."]').fill("60")
    page.locator('[name="gifts.:0:date."]').fill("2026-02-17")
    choose(page, "gifts.:0:kept.", "shared_at_work")
    choose(page, "gifts.:0:my_part.", "no")
    sign(page)
    assert counted(db, cast.finn.person, Kind.GIFT).due_on == date(2026, 3, 3)
    assert db.session.scalars(select(Disclosure.kind)).all() == [Kind.GIFT]
