"""The table of readers says what the access rules say: it is asked again here, person by person, and never promises too much."""

import pytest

from coi import who_sees
from coi.rules import permissions
from coi.rules.questions import is_campaign_desk
from coi.who_sees import PEOPLE, THINGS, Sight, readers, sight

# Written by hand from the city's rules (access 2, 3, 5, 8-10, 15, 16, 24, 28; U47 for the supervisor).
#             draft  status answers messages outcome notes
EXPECTED = {
    "you": ("all", "all", "all", "all", "all", "none"),
    "supervisor": ("none", "part", "none", "none", "none", "none"),
    "coworker": ("none", "none", "none", "none", "none", "none"),
    "reviewer": ("none", "all", "all", "all", "all", "all"),
    "other_reviewer": ("none", "none", "none", "none", "none", "none"),
    "senior": ("none", "all", "all", "all", "all", "all"),
    "auditor": ("none", "all", "part", "none", "all", "none"),
    "desk": ("none", "all", "none", "none", "none", "none"),
    "administrator": ("none", "all", "none", "none", "none", "none"),
}


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.code)
def test_each_person_sees_what_the_rules_let_them(person):
    assert tuple(str(sight(person, thing)) for thing in THINGS[:6]) == EXPECTED[person.code]


def test_a_rule_that_opens_more_shows_in_the_table(monkeypatch):
    desk = next(person for person in PEOPLE if person.code == "desk")
    answers = next(thing for thing in THINGS if thing.code == "answers")
    assert sight(desk, answers) is Sight.NONE
    grants = {**permissions.GRANTS, permissions.Permission.READ_CASE: [[is_campaign_desk]]}
    monkeypatch.setattr(permissions, "GRANTS", grants)
    assert sight(desk, answers) is Sight.ALL


def test_the_line_beside_a_question_names_every_reader_of_answers():
    assert len(readers("answers")) == sum(1 for told in EXPECTED.values() if told[2] != "none")


def test_every_right_that_opens_a_case_is_asked():
    asked = {permission for thing in THINGS for permission in (*thing.by, *thing.partly)}
    opening = {"read_own", "read_case", "file_own", "desk", "campaign_read", "queue_all", "export", "note", "audit", "team"}
    assert {str(permission) for permission in asked} == opening


def test_the_page_shows_the_table(client):
    text = client.get("/who-sees-what").text
    for person in who_sees.PEOPLE:
        assert str(person.label) in text
