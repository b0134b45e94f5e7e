"""Verdicts on matches: for a filing or for the party everywhere, remembered, with an end, taken back, never overwritten."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.models import ContractAlert, Disclosure, InterestMatch, VendorVerdict
from coi.vendors import verdicts
from coi.vendors.jobs import match_anew
from coi.vendors.lists import city_lists
from coi.vendors.on_case import known_of
from coi.vocabulary import VerdictCategory
from tests.disclosures.steps import A_JOB, now
from tests.review.cases import case_of, decided, holder, tie
from tests.vendors.lists_of_tests import JOB, JOSE, LIKE_JOSE, NEW_DEAL, OLD_DEAL, load_contracts, load_vendors

SAME, OTHER_ONE, LARGE, ELSE = VerdictCategory


def match_of(case: Disclosure, db, vendor: str = JOB) -> InterestMatch:
    ids = [one.id for one in case.versions[-1].interests]
    rows = select(InterestMatch).where(
        InterestMatch.interest_id.in_(ids), InterestMatch.vendor == vendor, InterestMatch.ended_seq.is_(None)
    )
    return db.session.scalars(rows).one()


def known(case: Disclosure, name: str = JOB):
    version = case.versions[-1]
    rows = known_of(case, version.interests, now().date())[version.interests[0].id]
    return next(one for one in rows if one.name == name)


def say(case: Disclosure, cast, db, category: VerdictCategory, because: str = "", vendor: str = JOB, **more) -> VendorVerdict:
    actor = cast[holder(case, cast)].actor
    made = verdicts.give(case, match_of(case, db, vendor).id, category, because, actor, now(), **more)
    db.session.commit()
    return made


def open_alerts(db) -> list[int]:
    return db.session.scalars(select(ContractAlert.disclosure_id).where(ContractAlert.ended_seq.is_(None))).all()


def test_a_verdict_for_one_filing_counts_there_and_nowhere_else(db, cast):
    load_vendors(JOSE)
    first, second = case_of(cast), case_of(cast, "kit")
    say(first, cast, db, OTHER_ONE, "another family")
    assert (known(first).dismissed, known(second).verdict) == (True, None)


def test_a_verdict_for_the_party_is_shown_on_later_cases_with_who_and_when(db, cast):
    load_vendors(JOSE, LIKE_JOSE)
    first = case_of(cast)
    made = say(first, cast, db, SAME, vendor="Jose Nunez Catering", everywhere=True)
    later = case_of(cast, "kit")
    told = known(later, "Jose Nunez Catering")
    assert (told.verdict.id, told.confirmed, told.verdict.by_id) == (made.id, True, first.reviewer_id)
    # What was confirmed is a name of the vendor from now on: found exactly, also by the form's own conditions.
    assert told.level == "exact"
    assert [one.level for one in city_lists().find("city_vendors", JOB)] == ["exact", "exact"]
    assert known(first, "Jose Nunez Catering").level == "exact"
    verdicts.take_back(made, later, cast[holder(later, cast)].actor, now())
    db.session.commit()
    assert (known(later, "Jose Nunez Catering").level, known(first, "Jose Nunez Catering").level) == ("possible", "possible")
    assert [one.ended_because for one in known(later, "Jose Nunez Catering").earlier] == ["taken_back"]


def test_the_word_for_one_filing_goes_before_the_word_for_all(db, cast):
    load_vendors(JOSE)
    case = case_of(cast)
    everywhere = say(case, cast, db, SAME, everywhere=True)
    own = say(case, cast, db, OTHER_ONE, seen=everywhere.reference)
    assert known(case).verdict.id == own.id
    verdicts.take_back(own, case, cast[holder(case, cast)].actor, now())
    assert known(case).verdict.id == everywhere.id


def test_a_later_verdict_ends_the_earlier_and_changes_no_word_of_it(db, cast):
    load_vendors(JOSE)
    case = case_of(cast)
    first = say(case, cast, db, OTHER_ONE, "no")
    second = say(case, cast, db, SAME, "yes", seen=first.reference)
    assert (first.category, first.because, first.ended_because, first.ended_seq < second.seq) == (
        OTHER_ONE,
        "no",
        "replaced",
        True,
    )
    for change in ("UPDATE vendor_verdicts SET because = ''", "DELETE FROM vendor_verdicts"):
        with pytest.raises(Exception, match="append-only"):
            db.session.execute(text(change))
        db.session.rollback()


def test_it_ends_by_itself_after_its_last_day(db, cast, clock):
    load_vendors(JOSE)
    case = case_of(cast)
    made = say(case, cast, db, SAME, until=now().date() + timedelta(days=2), everywhere=True)
    clock.shift(timedelta(days=3))
    assert known(case).verdict is None
    match_anew(now())
    match_anew(now())
    db.session.refresh(made)
    assert (made.ended_because, made.ended_by) == ("last_day_passed", "system")


def test_who_may_and_what_is_refused(db, cast):
    load_vendors(JOSE)
    case = case_of(cast)
    match = match_of(case, db).id
    reviewer = cast[holder(case, cast)].actor
    other = next(name for name in ("olu", "ren") if cast[name].person.id != case.reviewer_id)
    for who in ("finn", "kit", "ada", "dee", other):
        with pytest.raises(NotPossible):
            verdicts.give(case, match, SAME, "", cast[who].actor, now())
    tie(cast, "sia", "finn")
    with pytest.raises(NotPossible):
        verdicts.give(case, match, SAME, "", cast.sia.actor, now())
    for category, because, until in ((ELSE, "  ", None), (SAME, "", now().date() - timedelta(days=1))):
        with pytest.raises(Refused):
            verdicts.give(case, match, category, because, reviewer, now(), until=until)
    with pytest.raises(SomebodyWasFaster):
        verdicts.give(case, 999999, SAME, "", reviewer, now())
    assert db.session.scalars(select(VendorVerdict)).all() == []


def test_two_at_once_and_one_button_twice(db, cast):
    load_vendors(JOSE)
    case = case_of(cast)
    match = match_of(case, db).id
    reviewer = cast[holder(case, cast)].actor
    first = verdicts.give(case, match, SAME, "", reviewer, now())
    assert verdicts.give(case, match, SAME, "", reviewer, now()).id == first.id
    with pytest.raises(SomebodyWasFaster, match="Reviewer"):
        verdicts.give(case, match, OTHER_ONE, "", cast.sol.actor, now())
    verdicts.take_back(first, case, reviewer, now())
    verdicts.take_back(first, case, reviewer, now())
    with pytest.raises(SomebodyWasFaster):
        verdicts.take_back(first, case, cast.sol.actor, now())
    with pytest.raises(SomebodyWasFaster):
        verdicts.give(case, match, OTHER_ONE, "", reviewer, now(), seen=first.reference)


def test_another_company_lifts_no_case_until_it_is_taken_back(db, cast):
    load_contracts(OLD_DEAL)
    first, second = case_of(cast), case_of(cast, "kit")
    load_contracts(OLD_DEAL, NEW_DEAL)
    assert sorted(open_alerts(db)) == sorted([first.id, second.id])
    own = say(first, cast, db, OTHER_ONE)
    assert open_alerts(db) == [second.id]
    everywhere = say(second, cast, db, OTHER_ONE, everywhere=True)
    load_contracts(OLD_DEAL, NEW_DEAL, NEW_DEAL.replace("C2", "C3"))
    assert open_alerts(db) == []
    verdicts.take_back(everywhere, second, cast[holder(second, cast)].actor, now())
    assert open_alerts(db) == [second.id]
    verdicts.take_back(own, first, cast[holder(first, cast)].actor, now())
    assert sorted(open_alerts(db)) == sorted([first.id, second.id])


@pytest.mark.parametrize(("part", "raised"), [("no", 0), ("yes", 1)])
def test_a_large_supplier_is_routine_unless_the_filer_has_a_part(db, cast, part, raised):
    load_vendors(JOSE)
    case = case_of(cast, answers={**A_JOB, "outside_work": [{**A_JOB["outside_work"][0], "my_part": part}]})
    say(case, cast, db, LARGE, everywhere=True)
    # The vendor deals with the filer's own department from now on: a trigger of the form names it where the filer has a part.
    load_contracts(NEW_DEAL)
    assert len(open_alerts(db)) == raised


def test_a_possible_match_lifts_nothing_before_somebody_confirmed_it(db, cast):
    load_vendors(LIKE_JOSE)
    case = decided(cast)
    other = case_of(cast, "kit")
    load_contracts('C9,"Jose Nunez Catering",Parks,Roads,2026-01-01,,10')
    assert open_alerts(db) == []
    say(other, cast, db, SAME, vendor="Jose Nunez Catering", everywhere=True)
    # Who confirmed it had the contract in sight; in the other case it is news.
    assert open_alerts(db) == [case.id]
