"""Before a campaign opens every form it uses is looked at; each fault is said with its remedy, on the page and in the command."""

from datetime import date

import pytest
from sqlalchemy import select

from coi.campaigns import actions
from coi.errors import NotPossible
from coi.models import Campaign, FormUsed
from coi.policies.actions import load_from_profile
from coi.profiles.current import current_profile
from coi.questionnaires.actions import publish
from coi.questionnaires.loading import shipped
from tests.city import CLOCK
from tests.factories import OPERATOR, PersonFactory, QuestionnaireFactory, an_entry
from tests.questionnaires.library import research

TODAY = date(2026, 3, 2)


@pytest.fixture
def city_form(db, cast) -> None:
    """The City's own form, published."""
    publish(shipped("city_coi"), "content", OPERATOR, CLOCK)
    db.session.commit()


def also_yearly(db, form_id: str, whom: dict | None = None) -> None:
    """A form that was chosen at publishing to be asked each year, besides what the profile says."""
    db.session.add(FormUsed(form_id=form_id, kinds=["annual"], whom=whom, at=CLOCK, seq=an_entry()))
    db.session.commit()


def priced(since: int) -> dict:
    """A form that names an amount for the years from `since` on."""
    made = research()
    made["thresholds"]["small_sum"][0]["from"] = since
    return made


def told(year: int = 2026):
    return actions.looked_at(year, TODAY)


def test_a_form_chosen_at_publishing_is_looked_at_like_those_of_the_profile(db, city_form):
    also_yearly(db, "research-support")
    assert told().faults == ["The form research-support is not published yet. Publish it first."]
    with pytest.raises(NotPossible, match="research-support is not published"):
        actions.open_campaign(2026, OPERATOR, CLOCK)


def test_a_form_without_an_amount_for_the_year_keeps_the_campaign_shut(db, city_form):
    publish(priced(2026), "content", OPERATOR, CLOCK)
    also_yearly(db, "research-support")
    [fault] = told().faults
    assert "research-support has no amount “small_sum” for the year 2025. Add a row" in fault
    with pytest.raises(NotPossible, match="small_sum"):
        actions.ask_to_open(2026, "now", OPERATOR, CLOCK)
    assert told(2027).faults == []


def test_every_fault_is_said_at_once(db, cast):
    publish(priced(2026), "content", OPERATOR, CLOCK)
    also_yearly(db, "research-support")
    with pytest.raises(NotPossible) as refusal:
        actions.open_campaign(2026, OPERATOR, CLOCK)
    assert len(str(refusal.value.message).split("\n")) == 2
    assert db.session.scalars(select(Campaign)).all() == []


def test_a_desk_that_the_settings_lack_by_now_keeps_it_shut(db, city_form):
    made = research()
    made["sections"][0]["questions"][1]["triggers"][0]["route"] = "harbour"
    QuestionnaireFactory(form_id="research-support", content=made)
    also_yearly(db, "research-support")
    [fault] = told().faults
    assert "the desk harbour, which this profile lacks. Correct the City's settings" in fault


def test_who_is_asked_what_is_counted_by_part_and_level(db, city_form):
    PersonFactory(group="Police Union", title="Police Officer")
    rows = {(row.part.groups[0] if row.part.groups else "", row.form, row.level): row.people for row in told().asked}
    opened = actions.open_campaign(2026, OPERATOR, CLOCK)
    assert sum(rows.values()) == 11
    assert rows[("Police Union", "city-coi", "short")] == 1
    assert opened.year == 2026


def test_a_level_at_which_a_form_asks_nothing_is_named(db, city_form):
    made = research()
    made["sections"][0]["show_if"] = {"filer": "level", "in": ["full"]}
    QuestionnaireFactory(form_id="research-support", content=made)
    also_yearly(db, "research-support")
    assert "The form research-support asks nothing at the level “Short form”. Correct the form, or the level." in told().remarks
    assert told().faults == []


def test_words_policies_desks_and_lists_are_looked_at_and_keep_nothing_shut(db, city_form):
    made = research(title="Only English")
    QuestionnaireFactory(form_id="research-support", content=made)
    also_yearly(db, "research-support")
    remarks = "\n".join(told().remarks)
    assert "The form research-support has no Spanish at 1 place;" in remarks
    assert "The policy “Code of conduct” has no text in effect" in remarks
    assert "City vendors is not loaded" in remarks
    load_from_profile(current_profile(), OPERATOR, CLOCK)
    remarks = "\n".join(told().remarks)
    assert "the policy “Code of conduct” is our summary, and the City has not approved it" in remarks
    assert actions.open_campaign(2026, OPERATOR, CLOCK).year == 2026


def test_a_desk_without_anybody_is_named(db, city_form, cast):
    assert "Ethics reviewers" not in "\n".join(told().remarks)
    labels = [desk.label["en"] for desk in current_profile().desks.values() if desk.members == "reviewers"]
    for name in ("olu", "ren"):
        cast[name].account.active = False
    db.session.flush()
    assert any(f"Nobody is at the desk “{label}”" in one for one in told().remarks for label in labels)


def test_the_page_says_it_before_and_after_asking(db, city_form, sign_in):
    publish(priced(2026), "content", OPERATOR, CLOCK)
    also_yearly(db, "research-support")
    page = sign_in("dee").get("/campaign-desk/open").text
    assert "Before it can open" in page
    assert "small_sum" in page
    reply = sign_in("dee").post("/campaign-desk/open", data={"year": "2026", "reason": "the year begins"})
    assert (reply.status_code, "small_sum" in reply.text, "the year begins" in reply.text) == (422, True, True)
    page = sign_in("dee").post("/campaign-desk/open", data={"year": "2027", "reason": ""}).text
    assert "Before it can open" not in page
    assert "Who will be asked what" in page


def test_the_command_says_each_on_a_line_of_its_own(db, city_form, runner):
    publish(priced(2026), "content", OPERATOR, CLOCK)
    also_yearly(db, "research-support")
    reply = runner.invoke(args=["campaigns", "open", "--year", "2026"])
    assert reply.exit_code == 1
    assert "small_sum" in reply.stderr
    assert "Look at this: The policy “Code of conduct”" in reply.stderr
