"""A form of others is tried out before it is published: the reviewer's tasks with their priority, the due date, the filer."""

import re
from typing import Any

import pytest
from lxml import html

from coi.profiles.current import current_profile
from coi.questionnaires import preview
from coi.questionnaires.actions import publish
from tests.city import CLOCK
from tests.factories import OPERATOR
from tests.questionnaires.library import research

HERE = "/questionnaires/forms/research-support/1/preview?kind=change&language=en&year=2025"


@pytest.fixture
def tried(sign_in, db, cast) -> Any:
    """`tried(press, language="en", **answers)`: the page on which Sia tries the form out."""
    made = research(deadlines=[{"for": {"q": "lab", "answered": True}, "due": "3_business_days_after_met_on"}])
    questions = made["sections"][0]["questions"]
    questions.append({"id": "met_on", "title": {"en": "Met on", "es": "Se vieron el"}, "type": "date"})
    shared = {"filer": "department", "attr": "departments"}
    known = {"match": {"f": "who", "list": "city_vendors"}, "is": "likely", "overlap": shared}
    questions[1]["triggers"].append({"when": known, "risk": "critical", "reason": "Vendor of the department"})
    publish(made, "content", OPERATOR, CLOCK)
    db.session.commit()

    def page(press: str, language: str = "en", **answers: str) -> Any:
        sia = sign_in("sia")
        sia.post("/accounts/language", data={"language": language})
        asked = "any_support supporters lab met_on"
        return html.fromstring(sia.post(HERE, data={"asked": asked, "press": press, **answers}).text)

    return page


def words(node: Any) -> str:
    return re.sub(r"\s+", " ", node.text_content()).strip()


SUPPORTED = {
    "any_support.": "yes",
    "supporters.:0:key": "abcdefgh12",
    "supporters.:0:asked": "who how worth",
    "supporters.:0:who.": "Ann",
    "supporters.:0:how.": "cash",
    "supporters.:0:worth.": "5000",
}


@pytest.mark.parametrize(("language", "priority"), [("en", "Soon"), ("es", "Pronto")])
def test_a_task_is_told_with_its_priority_and_its_words_in_english(tried, language, priority):
    page = tried("check", language, **SUPPORTED)
    (task,) = [one for one in page.xpath("//main//li") if "Read the agreement" in words(one)]
    assert words(task) == f"{priority}: Read the agreement"
    assert [words(one) for one in task.xpath("./*[@lang='en']")] == ["Read the agreement"]


def test_the_due_date_follows_the_answers_where_the_city_leaves_it_to_the_form(tried, monkeypatch):
    open_city = current_profile().model_copy(update={"deadlines": {}})
    monkeypatch.setattr(preview, "current_profile", lambda: open_city)
    assert "no due date" in words(tried("update", **{"any_support.": "no"}))
    assert "3 business days after: met on, as the form says" in words(tried("update", **{"lab.": "North"}))


def test_what_a_match_compares_with_the_filer_can_be_chosen(tried):
    assert tried("update").xpath("//*[@name='filer-department']")
