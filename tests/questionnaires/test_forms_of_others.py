"""Forms that this app was not made for: they check, publish, are judged, stand on the pages and come in by import as they are."""

import json
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask_babel import force_locale

from coi.disclosures.asking import Page
from coi.disclosures.importing import import_line
from coi.questionnaires.actions import publish
from coi.questionnaires.check import check
from coi.questionnaires.loading import read_form
from coi.rules.completeness import Setting, evaluate
from coi.rules.form import Form
from tests.disclosures.steps import now
from tests.factories import OPERATOR
from tests.questionnaires.generated import Filler, TwoLists
from tests.questionnaires.second import Reading
from tests.questionnaires.test_two_readings import told

FORMS = sorted((Path(__file__).parent / "others").glob("*.yaml"))
KINDS = ("annual", "new_hire", "new_position", "change", "leaving", "gift", "")


class Anybody(Filler):
    """A filer with any attributes that the form names."""

    def filer(self) -> dict[str, Any]:
        named = self.content["form"]["filer_attributes"]
        codes = {name: values if isinstance(values, list) else ["Fire", "Parks"] for name, values in named.items()}
        told = {**codes, "kind": list(KINDS), "department": ["Parks", "Fire"]}
        return {name: self.chance.choice(values) for name, values in told.items() if self.chance.random() < 0.8}


@pytest.fixture(params=FORMS, ids=lambda path: path.stem)
def content(request) -> dict[str, Any]:
    return read_form(request.param)


def test_the_check_lets_it_through(content):
    assert [str(problem) for problem in check(content) if problem.is_error] == []


def test_two_readings_judge_it_alike(content):
    chance = Random(content["form"]["id"])
    form, filler, flags = Form.from_content(content), Anybody(content, chance), 0
    for _filling in range(400):
        answers, filer, year = filler.answers(), filler.filer(), chance.choice([2024, 2025, 2026])
        second = Reading(content, answers, filer, year, date(2026, 3, 2), TwoLists())
        found = told(evaluate(form, answers, Setting(filer, year, date(2026, 3, 2), TwoLists())))
        flags += len(second.flags)
        assert found == {name: getattr(second, name) for name in found}, json.dumps([answers, filer, year])
    assert flags > 10


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("checked", [False, True])
def test_every_question_that_is_asked_stands_on_its_page(app, content, language, checked):
    chance = Random(content["form"]["id"])
    form, filler = Form.from_content(content), Anybody(content, chance)
    for _filling in range(15):
        setting = Setting(filler.filer(), 2025, date(2026, 3, 2), TwoLists(), "Smallville")
        with force_locale(language):
            page = Page(form, setting, filler.answers(), language, check=checked)
            asked = {one.ask.id for section in page.sections() for one in section.asks} | page.boxes
        assert {path for path in page.evaluation.shown if path in form.by_id} <= asked
        for section in page.sections():
            assert "{" not in section.title + section.help + "".join(one.title + one.help for one in section.asks)


ANSWERS: dict[str, dict[str, Any]] = {
    "federal-confidential": {
        "special": "no",
        "assets": [
            {"name": "Big Fund", "kind": "fund", "value": 900, "income": 199.99},
            {"name": "Family trust", "kind": "trust", "value": 1, "holdings": [{"name": "Acme"}], "sold": "no"},
        ],
        "debts": [{"creditor": "A Bank, Inc.", "owed": 6000}, {"creditor": "a bank", "owed": "4000.01", "interest": 0}],
        "has_positions": "yes",
        "positions": [{"organization": "A school", "position": "Trustee", "from": "2020-01-01"}],
        "future": "n/a",
        "gifts": [
            {"source": "Host", "kind": "travel", "stops": [{"place": "Erie", "arrived": "2025-05-01", "amount": 300}]},
            {"source": "HOST", "kind": "gift", "value": 192},
            {"source": "host", "kind": "gift", "value": "180.01"},
            {"source": "Host Ltd", "kind": "gift", "value": "192.01"},
        ],
        "certify": "yes",
    },
    "state-interests": {
        "agency": "Planning",
        "role": "board",
        "schedules": ["d", "c", "b"],
        "b": [{"address": "9 Long Lane", "interest": "other", "other": "option", "rent": "10000", "tenants": [{"name": "Ann"}]}],
        "c": "none",
        "d": [{"source": "Ann", "date": "2025-02-01", "value": value, "what": "A meal"} for value in (600, 30, 0.01)],
        "sworn": "yes",
    },
    "research-fcoi": {
        "investigator": "principal",
        "funded_by": ["nsf", "phs"],
        "has_entities": "yes",
        "entities": [
            {"name": "Lab Co", "traded": "yes", "related": "no", "worth": 0, "pay": 0, "travel": [
                {"purpose": "Talk", "place": "Oslo", "from": "2025-09-01", "until": "2025-09-03", "cost": 2500.5}]},
            {"name": "LAB", "traded": "yes", "related": "yes", "how": "Same drug", "pay": 2500, "worth": 0, "travel": [
                {"purpose": "Talk", "place": "Rome", "from": "2025-10-01", "until": "2025-10-01", "why_unknown": "Not told"}]},
        ],
        "trained": "2025-11-11",
        "true_and_complete": "yes",
    },
}  # fmt: skip
FLAGS = {
    "federal-confidential": [["high", "gifts", 0], ["medium", "positions", 0]],
    "state-interests": [["critical", "d", 0]],
    "research-fcoi": [["high", "entities", 1], ["medium", "entities", 1]],
}


def test_it_is_filed_by_import(db, cast, content):
    name = content["form"]["id"]
    publish(content, "content", OPERATOR, now())
    line = {
        "employee": cast.finn.person.number,
        "form": name,
        "kind": "annual",
        "language": "en",
        "reporting_year": 2025,
        "filer": {"kind": "annual", "department": "Parks"},
        "answers": ANSWERS[name],
        "signed_name": "Finn Filer",
        "signed_at": "2026-03-01",
    }
    result = import_line(1, json.dumps(line).encode(), OPERATOR, now())
    assert result.errors == []
    report = json.loads(result.report())
    assert (report["line"], report["accepted"], report["errors"]) == (1, True, [])
    assert sorted([flag["risk"], flag["question"], flag["entry"]] for flag in report["flags"]) == FLAGS[name]
    assert all(set(flag) == {"risk", "reason", "question", "entry", "matched"} for flag in report["flags"])
    # Nothing was typed that is not signed, but in the one way in which it is kept.
    assert set(report["signed"]) == set(ANSWERS[name])
    refused = import_line(2, json.dumps({**line, "answers": {"zz": 1}}).encode(), OPERATOR, now())
    assert {"zz"} < {error["path"] for error in refused.errors}
