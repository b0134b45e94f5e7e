"""Matches as dated rows: made at signing and after each load, ended when the list loses the name; new contracts raise one row."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from coi.accounts import requests
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.models import AuditEntry, ContractAlert, Disclosure, Flag, InterestMatch, Letter, MatchSweep, Reopening, Request
from coi.review import reopening
from coi.vendors import alerts, jobs
from coi.vendors.jobs import match_anew
from coi.vendors.on_case import known_of, waiting_for_a_look, with_open_alert
from coi.vocabulary import Outcome, Reopened, RequestState, Risk, State
from tests.disclosures.steps import now
from tests.review.cases import case_of, decided, holder
from tests.vendors.lists_of_tests import JOB, JOSE, LIKE_JOSE, NEW_DEAL, OLD_DEAL, load_contracts, load_vendors


def standing(db) -> list[tuple[str, str]]:
    rows = select(InterestMatch.vendor, InterestMatch.level).where(InterestMatch.ended_seq.is_(None))
    return db.session.execute(rows.order_by(InterestMatch.id)).all()


def raised(db) -> list[ContractAlert]:
    return db.session.scalars(select(ContractAlert).order_by(ContractAlert.id)).all()


def known(case: Disclosure):
    version = case.versions[-1]
    return known_of(case, version.interests, now().date())[version.interests[0].id]


def test_a_signature_writes_what_the_lists_hold_under_its_own_entry(db, cast):
    load_vendors(JOSE, LIKE_JOSE)
    case = case_of(cast)
    rows = db.session.scalars(select(InterestMatch)).all()
    assert {(row.vendor, row.level, row.vendor_key) for row in rows} == {
        (JOB, "exact", "#V1"),
        ("Jose Nunez Catering", "possible", "#V2"),
    }
    assert {row.seq for row in rows} == {case.versions[-1].seq}


def test_without_a_list_nothing_is_written_and_the_first_load_brings_the_rows(db, cast):
    case_of(cast)
    match_anew(now())
    assert standing(db) == []
    load_vendors(JOSE)
    assert standing(db) == [(JOB, "exact")]


def test_a_later_load_ends_and_makes_rows_and_the_same_again_changes_nothing(db, cast):
    load_vendors(JOSE)
    case_of(cast)
    made = load_vendors(LIKE_JOSE)
    first, second = db.session.scalars(select(InterestMatch).order_by(InterestMatch.id)).all()
    assert (first.vendor_key, second.vendor_key, second.ended_seq) == ("#V1", "#V2", None)
    assert first.ended_seq == second.seq > made.seq
    entries = db.session.scalar(select(func.count(AuditEntry.seq)))
    assert (match_anew(now()), db.session.scalar(select(func.count(AuditEntry.seq)))) == (0, entries)
    load_vendors(LIKE_JOSE)
    assert db.session.scalar(select(func.count(InterestMatch.id))) == 2


def test_a_killed_worker_goes_on_where_it_was(db, cast, monkeypatch):
    monkeypatch.setattr(jobs, "BATCH", 1)
    for name in ("finn", "kit", "sam"):
        case_of(cast, name)
    load_contracts(OLD_DEAL, sweep=False)
    real, calls = jobs._note, []

    def dies(*told):
        if calls:
            raise KeyboardInterrupt
        calls.append(told)
        real(*told)

    monkeypatch.setattr(jobs, "_note", dies)
    with pytest.raises(KeyboardInterrupt):
        match_anew(now())
    assert len(standing(db)) == 1
    monkeypatch.setattr(jobs, "_note", real)
    match_anew(now())
    assert len(standing(db)) == 3
    assert db.session.scalar(select(MatchSweep.done_at)) is not None


def test_a_match_stays_as_it_was_written(db, cast):
    load_vendors(JOSE)
    case_of(cast)
    for change in ("UPDATE interest_matches SET level = 'possible'", "DELETE FROM interest_matches"):
        with pytest.raises(Exception, match="append-only"):
            db.session.execute(text(change))
        db.session.rollback()


def test_the_case_page_has_contracts_amounts_and_departments_in_few_reads(db, cast):
    load_vendors(JOSE)
    load_contracts(OLD_DEAL, NEW_DEAL, f'C3,"{JOB}",FLEET,Gone,2020-01-01,2021-01-01,5')
    one = known(case_of(cast))[0]
    assert (one.name, one.number, one.level) == (JOB, "V1", "exact")
    assert [deal.number for deal in one.deals.shown] == ["C2", "C1", "C3"]
    assert (one.deals.count, str(one.deals.amount)) == (3, "26005.50")
    assert one.departments == ["Parks", "Public Works", "FLEET"]


def test_a_new_contract_flags_the_decided_filing_tells_the_filer_and_leaves_the_state(db, cast):
    load_contracts(OLD_DEAL)
    case = decided(cast, Outcome.NOTED)
    flags = len(case.versions[-1].flags)
    load_contracts(OLD_DEAL, NEW_DEAL)
    (alert,) = raised(db)
    assert (alert.disclosure_id, alert.vendor, alert.risk, alert.state_then) == (case.id, JOB, Risk.LOW, State.DECIDED)
    assert (case.state, case.outcome) == (State.DECIDED, Outcome.NOTED)
    new = db.session.scalars(select(Flag).where(Flag.seq == alert.seq)).all()
    assert [(one.risk, one.version_id) for one in new] == [(Risk.LOW, case.versions[-1].id)]
    letter = db.session.scalars(select(Letter).where(Letter.kind == "new_contract")).one()
    assert letter.person_id == case.filer_id
    assert "Catering" not in letter.text + letter.subject
    assert db.session.scalars(select(Disclosure.id).where(with_open_alert())).all() == [case.id]
    assert db.session.scalars(select(Disclosure.id).where(waiting_for_a_look())).all() == [case.id]
    # The same load again, and the worker again: one row, one flag, one letter.
    load_contracts(OLD_DEAL, NEW_DEAL)
    match_anew(now())
    db.session.refresh(case.versions[-1])
    assert (len(raised(db)), len(case.versions[-1].flags)) == (1, flags + 1)
    assert db.session.scalar(select(func.count(Letter.id)).where(Letter.kind == "new_contract")) == 1


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("ended before", NEW_DEAL.replace("2026-01-01,,", "2020-01-01,2021-01-01,")),
        ("only the amount changed", OLD_DEAL.replace("1000", "2000")),
        ("another company", 'C9,"Keystone Paving",Parks,Roads,2026-01-01,,10'),
        ("only a little alike", 'C9,"Jose Nunez Catering",Parks,Roads,2026-01-01,,10'),
    ],
)
def test_what_is_no_new_contract_of_that_company_raises_nothing(db, cast, what, line):
    load_contracts(OLD_DEAL)
    decided(cast)
    load_contracts(OLD_DEAL if what != "only the amount changed" else line, line)
    assert raised(db) == []


def test_dismissed_with_a_reason_by_who_may_and_once(db, cast):
    case = decided(cast)
    load_contracts(NEW_DEAL)
    (alert,) = raised(db)
    reviewer = cast[holder(case, cast)].actor
    for who in ("finn", "kit", "ada", "dee"):
        with pytest.raises(NotPossible):
            alerts.dismiss(alert, "no", cast[who].actor, now())
    with pytest.raises(Refused):
        alerts.dismiss(alert, "  ", reviewer, now())
    alerts.dismiss(alert, "Lunches, as before.", reviewer, now())
    alerts.dismiss(alert, "Lunches, as before.", reviewer, now())
    assert (alert.ended_because, alert.ended_by_id) == ("dismissed", reviewer.person_id)
    with pytest.raises(SomebodyWasFaster, match="already"):
        alerts.ask_to_reopen(alert, "Look again", reviewer, now())
    db.session.commit()
    match_anew(now())
    assert db.session.scalars(select(Disclosure.id).where(with_open_alert())).all() == []
    # A contract after that one is news again.
    load_contracts(NEW_DEAL, NEW_DEAL.replace("C2", "C3"))
    assert [len(one.contracts) for one in raised(db)] == [1, 1]


def test_reopening_is_asked_for_and_settles_what_waits_when_it_comes(db, cast):
    case = decided(cast)
    load_contracts(NEW_DEAL)
    (alert,) = raised(db)
    reviewer = cast[holder(case, cast)].actor
    alerts.ask_to_reopen(alert, "It is the filer's own work.", reviewer, now())
    alerts.ask_to_reopen(alert, "It is the filer's own work.", reviewer, now())
    assert (alert.asked_by_id, alert.ended_seq) == (reviewer.person_id, None)
    with pytest.raises(SomebodyWasFaster):
        alerts.ask_to_reopen(alert, "another reason", cast.sia.actor, now() + timedelta(hours=1))
    (request,) = db.session.scalars(select(Request)).all()
    assert requests.approve(request, "yes", cast.sia.actor, now())
    assert (alert.ended_because, alert.ended_by_id) == ("reopened", cast.sia.person.id)
    assert (alert.asked_reason, case.state) == ("It is the filer's own work.", State.IN_REVIEW)
    assert db.session.scalars(select(Reopening.because)).one() is Reopened.NEW_CONTRACT
    assert db.session.scalars(select(Letter.person_id).where(Letter.kind == "reopened")).all() == [case.filer_id]


def test_what_was_refused_waits_for_a_look_again_and_may_be_asked_anew(db, cast):
    case = decided(cast)
    load_contracts(NEW_DEAL)
    (alert,) = raised(db)
    reviewer = cast[holder(case, cast)].actor
    alerts.ask_to_reopen(alert, "Look again.", reviewer, now())
    (request,) = db.session.scalars(select(Request)).all()
    requests.refuse(request, "It was known.", cast.sol.actor, now())
    assert db.session.scalars(select(Letter.person_id).where(Letter.kind == "not_reopened")).all() == [reviewer.person_id]
    assert (alert.ended_seq, case.state) == (None, State.DECIDED)
    alerts.ask_to_reopen(alert, "Look again.", cast.sia.actor, now())
    assert [one.state for one in reopening.asked_about(case)] == [RequestState.WAITING, RequestState.REFUSED]
    assert alert.asked_by_id == reviewer.person_id


def test_where_one_senior_officer_is_enough_a_reviewer_still_asks(db, cast, monkeypatch):
    case = decided(cast)
    load_contracts(NEW_DEAL)
    (alert,) = raised(db)
    reviewer = cast[holder(case, cast)].actor
    monkeypatch.setattr(requests, "needs_second", lambda _action: False)
    alerts.ask_to_reopen(alert, "Look again.", reviewer, now())
    assert (case.state, alert.ended_seq) == (State.DECIDED, None)
    requests.refuse(db.session.scalars(select(Request)).one(), "No.", cast.sol.actor, now())
    alerts.ask_to_reopen(alert, "Look all the same.", cast.sia.actor, now())
    assert (case.state, alert.ended_because, alert.ended_by_id) == (State.IN_REVIEW, "reopened", cast.sia.person.id)


def test_an_open_filing_is_lifted_to_look_and_no_higher_without_a_trigger(db, cast):
    load_contracts(OLD_DEAL)
    case = case_of(cast)
    before = case.risk
    load_contracts(OLD_DEAL, NEW_DEAL)
    assert [one.state_then for one in raised(db)] == [State.IN_REVIEW]
    assert case.risk is max(before, Risk.LOW, key=lambda risk: risk.rank)
