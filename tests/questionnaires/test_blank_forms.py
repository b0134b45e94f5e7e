"""Blank forms: what a level is asked before anybody answered, in words and on paper, for everybody (U26)."""

import re

import pytest

from coi.languages import speaking
from coi.questionnaires.blank import blank, levels_of
from coi.questionnaires.loading import shipped
from coi.rules.blanks import settled
from coi.rules.form import Form
from tests.city import CLOCK

TODAY = CLOCK.date()
LEVEL = {"filer": "level", "is": "full"}
ANSWER = {"q": "has_gifts", "is": "yes"}


@pytest.fixture(scope="module")
def city_form() -> Form:
    return Form.from_content(shipped("city-coi"))


def asked(form, level: str, language: str = "en") -> dict[str, object]:
    made = blank(form, level, language, "Lancaster", TODAY)
    return {ask.id: ask for section in made.sections for ask in section.asks}


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (None, True),
        (LEVEL, True),
        ({"filer": "level", "in": ["short", "policies_only"]}, False),
        ({"filer": "level", "answered": True}, True),
        ({"filer": "unit", "is": "police"}, None),
        (ANSWER, None),
        ({"not": LEVEL}, False),
        ({"not": ANSWER}, None),
        ({"all": [LEVEL, ANSWER]}, None),
        ({"all": [{"not": LEVEL}, ANSWER]}, False),
        ({"any": [LEVEL, ANSWER]}, True),
        ({"any": [{"not": LEVEL}, ANSWER]}, None),
        ({"any": [{"not": LEVEL}, {"not": LEVEL}]}, False),
        ({"in_period": "date"}, None),
    ],
)
def test_a_condition_is_certain_or_depends(when, expected):
    assert settled(when, {"level": "full"}) is expected


def test_an_attribute_known_to_be_blank_satisfies_nothing():
    assert settled(LEVEL, {"level": ""}) is False
    assert settled({"filer": "level", "answered": False}, {"level": ""}) is True


def test_every_level_is_asked_what_it_is_asked_and_no_more(app, city_form):
    with app.test_request_context():
        policies_only, short, full = (asked(city_form, level) for level in levels_of(city_form))
    assert set(policies_only) < {*short, "consent"}
    assert "consent" in policies_only
    assert "has_outside_work" not in policies_only
    assert {"has_outside_work", "outside_work"} <= set(short)
    assert "has_debt" not in short
    assert "has_debt" in full


def test_a_follow_up_says_when_it_is_asked_in_the_readers_language(app, city_form):
    with app.test_request_context():
        english = asked(city_form, "short")["outside_work"].only_if
        with speaking("es"):
            spanish = asked(city_form, "short", "es")["outside_work"].only_if
    assert english.startswith("Only if your answer to “")
    assert english.endswith("is “Yes”.")
    assert spanish.startswith("Solo si su respuesta a «")


def test_a_form_without_levels_has_one_blank_form(app):
    state = Form.from_content(shipped("pa-sec-1"))
    assert levels_of(state) == ["whole"]
    with app.test_request_context():
        assert len(asked(state, "whole")) == len(state.by_id)


def test_no_brace_and_no_code_stays_in_a_blank_form(app, city_form):
    with app.test_request_context():
        for language in (("en", "es"),):
            for spoken in language:
                made = blank(city_form, "full", spoken, "Lancaster", TODAY)
                assert not re.search(r"[{}]", repr([one.title for section in made.sections for one in section.asks]))


@pytest.fixture
def loaded(app, db, runner):
    assert runner.invoke(args=["profiles", "load", "lancaster"]).exit_code == 0


def test_anybody_reads_and_prints_a_blank_form(loaded, client):
    listed = client.get("/blank-forms").text
    address = re.search(r'href="(/blank-forms/city-coi/short)"', listed)[1]
    page = client.get(address)
    assert page.status_code == 200
    assert "Only if your answer to" in page.text
    assert "<input" not in page.text.partition("<main")[2].partition("</main>")[0]
    paper = client.get(f"{address}/paper")
    assert (paper.status_code, paper.mimetype) == (200, "application/pdf")
    assert paper.data.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in paper.data
    assert b"/Lang" in paper.data


@pytest.mark.parametrize(
    "address",
    ["/blank-forms/city-coi/tall", "/blank-forms/no-such/short", "/blank-forms/city-coi/policies_only", "/blank-forms/x/y/paper"],
)
def test_what_there_is_no_form_for_is_not_found(loaded, client, address):
    assert client.get(address).status_code == 404


def test_before_a_form_is_published_the_page_says_so(app, client):
    assert "No form is published yet" in client.get("/blank-forms").text
