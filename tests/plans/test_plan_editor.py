"""The plan editor without a script: rows come and go by a press, everything typed stays, the draft reaches the second person."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from coi.models import Plan, Recommendation
from coi.profiles.current import current_profile
from coi.review import actions
from coi.rules.plans import due_on, filled, places
from coi.vocabulary import Outcome
from tests.disclosures.steps import now
from tests.plans.made import draft, plan_of
from tests.review.cases import at, case_of, holder

BASE = {"outcome": "managed", "reasoning": "my reasons"}


def rows_of(page: str) -> list[str]:
    return re.findall(r'name="plan_row" value="(\w+)"', page)


def row(key: str, code: str = "", **more: str) -> dict[str, str]:
    told = {"code": code, "owner": "filer", "due": "at once", "confirms": "office", **more}
    return {f"plan-{key}-{name}": value for name, value in told.items()}


def test_a_press_adds_a_row_and_keeps_what_was_typed(sign_in, db, cast):
    made = case_of(cast)
    browser = sign_in(holder(made, cast))
    url = f"/review/{made.reference}/escalate"
    added = browser.post(url, data={**at(made), **BASE, "plan_add": "step_aside_matter", "press": "plan:add"})
    assert added.status_code == 200
    assert "my reasons" in added.text
    (key,) = rows_of(added.text)
    again = {**at(made), **BASE, "plan_row": key, **row(key, "step_aside_matter", matter="Queen Street")}
    own = browser.post(url, data={**again, "plan_add": "own", "press": "plan:add"})
    assert len(rows_of(own.text)) == 2
    assert 'value="Queen Street"' in own.text
    gone = browser.post(url, data={**again, "press": f"plan:remove:{key}"})
    assert rows_of(gone.text) == []
    assert db.session.scalars(select(Recommendation)).all() == []
    missing = browser.post(url, data=again)
    assert missing.status_code == 422
    assert "Give the employee number of who handles it." in missing.text
    nobody = browser.post(url, data={**again, f"plan-{key}-handled_by": "000000"})
    assert nobody.status_code == 302, "numbers are looked up when it is decided"


def test_the_second_person_starts_from_the_draft_and_decides(sign_in, db, cast):
    made = case_of(cast)
    plan = [draft("step_aside_matter", matter="Queen Street", handled_by=cast.kit.person.number), draft("", own_words="Call us.")]
    actions.escalate(made, Outcome.MANAGED, "look", cast[holder(made, cast)].actor, now(), plan=plan, **at(made))
    db.session.commit()
    second = sign_in(holder(made, cast))
    page = second.get(f"/review/{made.reference}").text
    one, two = rows_of(page)
    assert 'value="Queen Street"' in page
    assert "Call us." in page
    data = {**at(made), "outcome": "managed", "reason": "Section 4.", "plan_row": [one, two], "holds_from": "2026-04-01"}
    data["rule"] = "Code, section 4"
    data |= row(one, "step_aside_matter", matter="Queen Street", handled_by="nobody") | row(two, own_words="Call us.")
    wrong = second.post(f"/review/{made.reference}/decide", data=data)
    assert wrong.status_code == 422
    assert "there is nobody with the number nobody" in wrong.text
    assert 'value="nobody"' in wrong.text
    data[f"plan-{one}-handled_by"] = cast.kit.person.number
    assert second.post(f"/review/{made.reference}/decide", data=data).status_code == 302
    kept = plan_of(made)
    assert [condition.text["es"] for condition in kept.conditions][1] == "Call us."
    assert cast.kit.person.name in kept.conditions[0].text["en"]
    assert "Queen Street" in kept.conditions[0].text["es"]
    assert kept.holds_from == date(2026, 4, 1)
    assert kept.decision.conditions == ["step_aside_matter", "Call us."]


def test_a_row_of_no_page_of_ours_is_no_row(sign_in, db, cast):
    made = case_of(cast)
    browser = sign_in(holder(made, cast))
    data = {**at(made), **BASE, "plan_row": ["../x", "k1"], **row("k1", "no_such_code"), "press": "plan:nonsense"}
    assert browser.post(f"/review/{made.reference}/escalate", data=data).status_code == 200
    keys = [f"k{number}" for number in range(30)]
    many: dict = {**at(made), **BASE, "plan_row": keys}
    for key in keys:
        many |= row(key, own_words="x")
    reply = browser.post(f"/review/{made.reference}/escalate", data=many)
    assert reply.status_code == 422
    assert "at most 20 conditions" in reply.text
    assert db.session.scalars(select(Plan)).all() == []


def test_the_library_has_every_code_in_two_languages_with_the_same_places(app):
    known = current_profile().conditions
    assert len(known) == 21
    for one in known:
        assert places(one.text["en"]) == places(one.text["es"]) or set(places(one.text["en"])) == set(places(one.text["es"]))
        assert one.due
        assert one.proof.words["es"]
        assert one.confirmed_by in ("supervisor", "ethics office")
    assert [one.code for one in known if not one.on] == ["rest_hours"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("at once", date(2026, 3, 16)),
        ("10 days", date(2026, 3, 12)),
        ("12 days", date(2026, 3, 16)),
        ("10 business days", date(2026, 3, 16)),
        ("yearly", date(2027, 3, 2)),
        ("before the vote", None),
    ],
)
def test_rules_become_days_of_the_calendar(rule, expected):
    assert due_on(rule, date(2026, 3, 2), date(2026, 3, 16)) == expected


def test_what_nobody_said_stays_open_in_the_text():
    assert filled("{Name} handles {matter}.", {"matter": "x {party}"}) == "{Name} handles x {party}."
