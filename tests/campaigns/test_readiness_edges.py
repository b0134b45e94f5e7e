"""What the look before an opening counts and names at its edges: whom, which forms, days, languages and desks."""

from datetime import date

import pytest

from coi.campaigns import actions, readiness
from coi.models import CampaignPart, FormUsed, PolicyVersion
from coi.profiles.current import current_profile
from coi.profiles.schema import FormUse
from coi.questionnaires.actions import publish
from coi.questionnaires.loading import shipped
from tests.city import CLOCK
from tests.factories import OPERATOR, PersonFactory, QuestionnaireFactory, an_entry
from tests.questionnaires.library import research

TODAY = date(2026, 3, 2)
DUE = date(2026, 5, 1)


@pytest.fixture
def city_form(db, cast) -> None:
    """The City's own form, published."""
    publish(shipped("city_coi"), "content", OPERATOR, CLOCK)
    db.session.commit()


@pytest.fixture
def settings(monkeypatch):
    """`settings(forms=[…])`: the look is taken with other settings of the City."""

    def put(**columns) -> None:
        profile = current_profile().model_copy(update=columns)
        monkeypatch.setattr(readiness, "current_profile", lambda: profile)

    return put


def used(db, *kinds: str) -> None:
    """A form that was chosen at publishing for these kinds."""
    db.session.add(FormUsed(form_id="research-support", kinds=list(kinds), at=CLOCK, seq=an_entry()))
    db.session.flush()


def look(parts: list[CampaignPart] | None = None) -> readiness.Readiness:
    return readiness.readiness(2026, actions.planned(2026, TODAY) if parts is None else parts, TODAY)


def remarks(parts: list[CampaignPart] | None = None) -> str:
    return "\n".join(look(parts).remarks)


def everybody(**columns) -> list[CampaignPart]:
    """One part for everybody."""
    return [CampaignPart(**{"position": 0, "groups": [], "opens_on": TODAY, "due_on": DUE, "policies": None, **columns})]


def policy(db, policy_id: str, effective_on: date, *languages: str) -> None:
    row = {"policy_id": policy_id, "version": "1", "title": {"en": "T"}, "sha256": "0" * 64, "seq": an_entry()}
    text = dict.fromkeys(languages, "Fair.")
    db.session.add(PolicyVersion(effective_on=effective_on, text=text, summary=False, **row))
    db.session.flush()


def test_whom_no_form_fits_is_counted_for_each_part(db, city_form, settings):
    settings(
        forms=[FormUse.model_validate({"form": "city-coi", "kinds": ["annual"], "for": {"filer": "department", "is": "Parks"}})]
    )
    assert "9 people of the part “Everybody else” are asked for no form." in remarks(everybody())
    assert [(row.form, row.people) for row in look(everybody()).asked] == [("city-coi", 1)]


def test_a_form_that_is_only_needed_meanwhile_keeps_nothing_shut(db, city_form):
    used(db, "gift")
    assert "research-support (Gift) is not published. Publish it before somebody needs it." in remarks()
    assert look().faults == []
    made = research()
    made["thresholds"]["small_sum"][0]["from"] = 2026
    publish(made, "content", OPERATOR, CLOCK)
    assert look().faults == []


def test_a_form_of_each_year_that_is_not_published_is_said_once(db, city_form):
    used(db, "annual", "gift")
    assert len(look().faults) == 1
    assert "before somebody needs it" not in remarks()


def test_who_left_and_who_is_no_employee_is_not_counted(db, city_form):
    PersonFactory(active=False)
    PersonFactory(employee=False)
    assert sum(row.people for row in look().asked) == 10


def test_without_any_form_for_the_year_it_stays_shut(db, city_form, settings):
    settings(forms=[])
    [fault] = look().faults
    assert fault.startswith("No form is used for the yearly round.")


def test_a_city_of_one_language_misses_no_other(db, city_form, settings):
    QuestionnaireFactory(form_id="research-support", content=research(title="Only English"))
    used(db, "annual")
    assert "has no Spanish" in remarks()
    settings(city=current_profile().city.model_copy(update={"languages": ["en"]}))
    assert "has no Spanish" not in remarks()


def test_only_policies_of_the_parts_are_missed_and_only_those_not_in_effect_by_the_due_day(db, city_form):
    assert "Social media policy" in remarks(everybody())
    parts = everybody(policies=["code-of-conduct"])
    assert "Social media policy" not in remarks(parts)
    assert "“Code of conduct” has no text in effect" in remarks(parts)
    policy(db, "code-of-conduct", DUE, "en", "es")
    assert "Code of conduct" not in remarks(parts)
    assert "“Code of conduct” has no text in effect" in remarks(everybody(policies=["code-of-conduct"], due_on=TODAY))


def test_a_policy_without_a_text_in_a_language_of_the_city_is_named(db, city_form):
    policy(db, "code-of-conduct", TODAY, "en")
    assert "“Code of conduct” has no text in “es”. Put it in." in remarks()
    assert "“Code of conduct” has no text in “en”" not in remarks()


def test_desks_of_those_at_the_top_and_of_triggers_are_looked_at(db, city_form, settings):
    empty = "Nobody is at the desk “Ethics Commission”."
    assert empty in remarks()
    settings(reviews=dict.fromkeys(current_profile().reviews, "ethics"))
    assert empty not in remarks()
    made = research()
    made["sections"][0]["questions"][1]["triggers"][0]["route"] = "commission"
    QuestionnaireFactory(form_id="research-support", content=made)
    used(db, "annual")
    assert empty in remarks()


def test_a_form_without_an_amount_for_the_year_is_not_said_to_ask_nothing(db, city_form):
    made = research()
    made["thresholds"]["small_sum"][0]["from"] = 2026
    publish(made, "content", OPERATOR, CLOCK)
    used(db, "annual")
    assert len(look().faults) == 1
    assert "asks nothing" not in remarks()


def test_a_group_is_the_same_in_large_letters(db, city_form):
    PersonFactory(group="POLICE UNION", title="Police Officer")
    assert [row.people for row in look().asked if row.part.groups == ["Police Union"]] == [1]
