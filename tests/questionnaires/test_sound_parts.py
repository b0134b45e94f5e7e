"""What is left of a faulty form (so that one run also finds what can never be): each fault out, everything else as it was."""

import copy

import pytest

from coi.questionnaires.problems import Findings, Problem
from coi.questionnaires.sense import Sense
from coi.questionnaires.sound import sound_part
from coi.questionnaires.structure import outline
from coi.rules.form import Form
from tests.questionnaires.library import research

TRIGGER = {"when": {"f": "worth", "gt": 1}, "risk": "low", "reason": "x"}


def faults(content: dict) -> list[Problem]:
    findings = Findings("")
    found = outline(content, findings)
    if found.questions:
        Sense(found, findings).judge(content)
    return findings.found


def left_of(content: dict) -> dict | None:
    before = copy.deepcopy(content)
    left = sound_part(content, faults(content))
    assert content == before
    return left


def questions(content: dict) -> list[dict]:
    return content["sections"][0]["questions"]


@pytest.fixture
def form() -> dict:
    return research()


def test_a_form_without_a_fault_is_left_as_it_is(form):
    assert left_of(form) == form


def test_a_warning_takes_nothing_out(form):
    told = [Problem("", "sections.funds.questions.lab", "w", is_error=False)]
    assert sound_part(form, told) == form


def test_of_two_with_one_id_the_first_stays(form):
    questions(form).append({"id": "lab", "title": "Other", "type": "yes_no"})
    assert [(one["id"], one["type"]) for one in questions(left_of(form))][-1] == ("lab", "text")


def test_a_trigger_that_never_was_sound_keeps_its_place(form):
    questions(form)[1]["triggers"] = [{**TRIGGER, "when": {"f": "nobody", "gt": 1}}, {**TRIGGER, "risk": "hi"}, TRIGGER]
    left = questions(left_of(form))[1]["triggers"]
    assert [one["risk"] for one in left] == ["low", "low", "low"]
    assert [one["when"] for one in left] == [{"filer": "department", "answered": True}, TRIGGER["when"], TRIGGER["when"]]


def test_what_a_form_can_not_be_without_is_put_in_plain(form):
    del form["form"]["retention_years"]
    form["form"]["title"] = 7
    del questions(form)[3]["title"]
    questions(form)[1]["entries"]["item"] = 7
    left = left_of(form)
    assert (left["form"]["retention_years"], left["form"]["title"]) == (1, "x")
    assert (questions(left)[3]["title"], questions(left)[1]["entries"]["item"]) == ("x", "x")
    assert Form.from_content(left).by_id["lab"].type == "text"


def test_one_deadline_one_list_and_one_attribute_go_and_the_others_stay(form):
    sound = {"for": {"filer": "kind", "is": "annual"}, "due": "06-30"}
    form["form"]["deadlines"] = [{**sound, "due": "13-40"}, sound]
    form["form"]["filer_attributes"]["odd"] = 7
    form["lists"] = {"good": ["cash"], "bad": 7}
    left = left_of(form)
    assert left["form"]["deadlines"][1] == sound
    assert len(left["form"]["deadlines"]) == 2
    assert left["form"]["filer_attributes"] == {**research()["form"]["filer_attributes"], "odd": "text"}
    assert left["lists"] == {"good": ["cash"]}


def test_what_names_a_thing_that_went_goes_in_a_later_round(form):
    questions(form)[0]["type"] = "essay"
    left = left_of(form)
    assert [one["id"] for one in questions(left)] == ["supporters", "remarks", "lab"]
    assert "show_if" not in questions(left)[0]


@pytest.mark.parametrize("odd", [None, [], "form", 7, {}, {"form": {}, "sections": []}])
def test_where_no_question_is_left_there_is_no_form(odd):
    assert sound_part(odd, faults(odd)) is None


def test_a_form_of_which_every_question_is_faulty_is_none(form):
    for one in questions(form):
        one["type"] = "essay"
    assert left_of(form) is None
