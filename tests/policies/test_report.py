"""The acknowledgement report: the desk sees who answered, the office what was said, nobody's supervisor that they declined."""

from datetime import date

import pytest

from coi.campaigns import actions as campaigns
from coi.models import PolicyVersion
from coi.policies import report
from coi.policies.actions import sign
from coi.vocabulary import State
from tests.city import CLOCK
from tests.factories import OPERATOR, QuestionnaireFactory, an_entry, filing

TODAY = date(2026, 3, 2)
ADDRESS = "/policies/acknowledgements/code-of-conduct/1"


@pytest.fixture
def policy(db, cast):
    """One policy that binds everybody of the campaign."""
    QuestionnaireFactory(form_id="city-coi")
    title = {"en": "Code of conduct", "es": "Código de conducta"}
    row = {"policy_id": "code-of-conduct", "version": "1", "title": title, "sha256": "0" * 64, "seq": an_entry()}
    made = PolicyVersion(effective_on=date(2024, 1, 1), text={"en": "Fair."}, summary=False, **row)
    db.session.add(made)
    campaigns.open_campaign(2026, OPERATOR, CLOCK, setup=True)
    db.session.commit()
    return made


@pytest.fixture
def says(db, cast, policy):
    """`says("finn", "declined")`."""

    def make(name: str, receipt: str, objection: str = "") -> None:
        made = filing(cast[name].person, State.SUBMITTED)
        sign(made.versions[0], {str(policy.id): {"receipt": receipt, "objection": objection}}, cast[name].actor, CLOCK)
        db.session.commit()

    return make


def test_officers_read_the_words_the_desk_only_that_somebody_answered(sign_in, says):
    says("finn", "objection", "Not the part on meals.")
    says("kit", "declined")
    officer, auditor, desk = (sign_in(name).get(ADDRESS).text for name in ("sia", "ada", "dee"))
    assert "Not the part on meals." in officer
    assert "I decline to sign" in officer
    assert "Not the part on meals." not in auditor
    assert "I decline to sign" in auditor
    assert "Not the part on meals." not in desk
    assert "I decline to sign" not in desk
    assert "Answered" in desk
    for status in ("declined", "objection"):
        assert "Finn" not in sign_in("dee").get(f"{ADDRESS}?status={status}").text


def test_who_supervises_somebody_is_not_told_that_they_declined(db, cast, policy, says):
    cast.finn.person.supervisor_id = cast.sia.person.id
    db.session.commit()
    says("finn", "declined")
    told = {
        name: {row.person_id: row.status for row in report.rows_of(policy, cast[name].actor, TODAY)} for name in ("sia", "sol")
    }
    assert told["sia"][cast.finn.person.id] == "answered"
    assert told["sol"][cast.finn.person.id] == "declined"
    places, _total = report.tallies(report.rows_of(policy, cast.sia.actor, TODAY))
    assert sum(one.counts["declined"] for one in places) == 0


def test_departments_foot_to_the_total_and_the_lists_to_both(cast, policy, says):
    says("finn", "received")
    rows = report.rows_of(policy, cast.sia.actor, TODAY)
    places, total = report.tallies(rows)
    assert sum(one.people for one in places) == total.people == len(rows) == 10
    assert (total.answered, total.counts["open"]) == (1, 9)
    assert len(report.narrowed(rows, "", "open")) == 9
    assert [row.person_id for row in report.narrowed(rows, "", "answered")] == [cast.finn.person.id]


def test_an_old_version_lists_who_answered_it_and_nobody_as_open(db, cast, policy, says):
    says("finn", "received")
    row = {"policy_id": "code-of-conduct", "version": "2", "title": policy.title, "sha256": "1" * 64, "seq": an_entry()}
    db.session.add(PolicyVersion(effective_on=date(2026, 3, 1), text={"en": "Fairer."}, summary=False, **row))
    db.session.commit()
    rows = report.rows_of(policy, cast.sia.actor, TODAY)
    assert [(one.person_id, one.status) for one in rows] == [(cast.finn.person.id, "received")]


def test_only_whom_a_version_binds_is_asked(db, cast, policy):
    row = {"policy_id": "social-media", "version": "1", "title": policy.title, "sha256": "2" * 64, "seq": an_entry()}
    binds = {"filer": "department", "is": cast.finn.person.department}
    made = PolicyVersion(effective_on=date(2024, 1, 1), text={"en": "Fair."}, summary=False, binds=binds, **row)
    db.session.add(made)
    db.session.commit()
    assert {one.department for one in report.rows_of(made, cast.sia.actor, TODAY)} == {cast.finn.person.department}


def test_the_first_page_counts_each_version(sign_in, says):
    says("finn", "received")
    page = sign_in("ada").get("/policies/acknowledgements").text
    assert 'data-label="Open"' in page
    assert "Code of conduct" in page


def test_a_list_of_more_than_a_page_goes_on_with_the_same_filter(db, cast, policy, sign_in, monkeypatch):
    monkeypatch.setattr(report, "PAGE", 1)
    page = sign_in("dee").get(f"{ADDRESS}?status=open")
    assert page.status_code == 200
    assert f"{ADDRESS}?status=open&amp;after=1" in page.text
    assert sign_in("dee").get(f"{ADDRESS}?status=open&after=1").status_code == 200
