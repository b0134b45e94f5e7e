"""Publishing: versions that never change, drafts that move over, a second person, faults in two languages."""

import copy

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from coi.accounts import requests
from coi.errors import NotPossible, Refused
from coi.models import AuditEntry, Questionnaire, Request
from coi.questionnaires import actions
from coi.questionnaires.keys import new_key
from coi.questionnaires.loading import FORMS, read_form, shipped
from coi.questionnaires.queries import form_of, newest, published
from coi.questionnaires.words import TEXTS, ask_at, fault_text
from coi.rules.answers import READERS
from coi.rules.completeness import Fault
from coi.rules.form import Form
from tests.city import CLOCK
from tests.factories import OPERATOR


def changed(content, **head):
    made = copy.deepcopy(content)
    made["form"].update(head)
    return made


def test_each_publication_is_the_next_version(db):
    content = shipped("city-coi")
    first = actions.publish(content, "content", OPERATOR, CLOCK)
    second = actions.publish(changed(content, version="draft-3"), "wording", OPERATOR, CLOCK)
    assert (first.number, second.number, second.version, second.change) == (1, 2, "draft-3", "wording")
    assert newest("city-coi") is second
    assert [kept.number for kept in published() if kept.form_id == "city-coi"] == [2, 1]
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.seq == second.seq))
    assert (entry.event, entry.subject) == ("questionnaire:published", "form:city-coi")
    assert second.sha256 in entry.details


def test_a_form_with_faults_is_not_published(db):
    with pytest.raises(Refused, match=r"form\.id"):
        actions.publish(changed(shipped("city-coi"), id=5), "content", OPERATOR, CLOCK)
    assert newest("city-coi") is None


def test_the_same_again_is_refused(db):
    actions.publish(shipped("pa-sec-1"), "content", OPERATOR, CLOCK)
    with pytest.raises(NotPossible, match="already"):
        actions.publish(shipped("pa-sec-1"), "content", OPERATOR, CLOCK)


def test_a_wording_version_asks_the_same_questions(db):
    content = shipped("city-coi")
    with pytest.raises(Refused, match="More than the words"):
        actions.publish(content, "wording", OPERATOR, CLOCK)
    actions.publish(content, "content", OPERATOR, CLOCK)
    other = changed(content, version="x")
    other["sections"][1]["questions"][0]["required"] = False
    with pytest.raises(Refused, match="More than the words"):
        actions.publish(other, "wording", OPERATOR, CLOCK)


def test_a_compiled_form_is_kept_and_belongs_to_its_data(db):
    made = actions.publish(shipped("city-coi"), "content", OPERATOR, CLOCK)
    assert form_of(made) is form_of(made)
    stranger = Questionnaire(form_id=made.form_id, sha256=made.sha256, content=shipped("pa-sec-1"))
    assert form_of(stranger).id == "pa-sec-1"


def test_a_second_person_publishes_when_the_city_is_set_up(db, cast):
    content = shipped("city-coi")
    waiting = actions.ask_to_publish(content, "content", "new year", cast["dee"].actor, CLOCK)
    assert isinstance(waiting, Request)
    assert newest("city-coi") is None
    assert "city-coi" in requests.describe(waiting)
    assert requests.approve(waiting, "read it", cast["sia"].actor, CLOCK)
    assert newest("city-coi").number == 1


def test_the_command_publishes_and_says_what_is_wrong(runner, db, tmp_path):
    done = runner.invoke(args=["questionnaires", "publish", str(FORMS / "city_coi.yaml")])
    assert (done.exit_code, done.stdout) == (0, "Published city-coi, version 1 (draft-2).\n")
    bad = tmp_path / "bad.yaml"
    bad.write_text("form: 5\nsections: []\n")
    refused = runner.invoke(args=["questionnaires", "publish", str(bad)])
    assert refused.exit_code == 1
    assert "form: must be a mapping" in refused.stderr
    again = runner.invoke(args=["questionnaires", "publish", str(FORMS / "city_coi.yaml")])
    assert (again.exit_code, again.stdout) == (1, "")


def test_the_command_checks_several_files_in_one_run(runner, tmp_path):
    good = runner.invoke(args=["questionnaires", "check", *map(str, sorted(FORMS.glob("*.yaml")))])
    assert good.exit_code == 0
    assert "2 file(s) checked: no error" in good.stdout
    bad, worse = tmp_path / "bad.yaml", tmp_path / "worse.yaml"
    bad.write_text("form: 5\nsections: []\n")
    worse.write_text("a: 1\na: 2\n")
    found = runner.invoke(args=["questionnaires", "check", str(bad), str(worse), str(tmp_path / "nowhere.yaml")])
    assert found.exit_code == 1
    for word in (
        "bad.yaml: form:",
        "bad.yaml: sections:",
        "worse.yaml: file: Line 2",
        "nowhere.yaml: file:",
        "to correct in 3 file(s)",
    ):
        assert word in found.stderr


def test_every_fault_has_words_in_both_languages(app):
    form = Form.from_content(shipped("city-coi"))
    values = {"most": 5, "count": 6, "least": 2, "places": 2, "first": 1900, "last": 2100, "code": "not_sure", "year": 1980}
    values |= {"threshold": "gift_line", "other": "value", "date": "2026-01-01"}
    for code in [*TEXTS, "before", "not_together", "something new"]:
        fault = Fault("gifts[0].date", code, values)
        with force_locale("en_US"):
            english = fault_text(fault, form, "en")
        assert english.endswith(".")
        assert "%" not in english


def test_a_path_leads_to_its_question():
    form = Form.from_content(read_form(FORMS / "city_coi.yaml"))
    assert ask_at("gifts[3].value", form).type == "money"
    assert ask_at("gifts", form).id == "gifts"
    assert ask_at("gifts[0].nothing", form) is None
    assert ask_at("has_gifts.value", form) is None


def test_keys_are_random_and_every_type_has_a_reader():
    assert len({new_key() for _ in range(500)}) == 500
    assert {ask.type for ask in Form.from_content(shipped("city-coi")).by_id.values()} - {"entries"} <= set(READERS)
