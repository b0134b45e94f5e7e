"""Who may not read whose filing: the reporting line both ways, now, at submission and within twelve months; ties; recusals."""

from datetime import timedelta

import pytest

from coi.disclosures import actions
from coi.disclosures.facts import conflicts_with, facts_for
from coi.models import PersonVersion, Recusal, Tie
from tests.disclosures.steps import filed, now, owed
from tests.factories import PersonFactory, an_entry


@pytest.fixture
def line(db, cast):
    """Olu works for Sam's own superior; Finn works for Sam."""
    boss = PersonFactory(name="Boss Of Sam")
    cast.sam.person.supervisor_id = boss.id
    db.session.flush()
    return boss


def of(cast, *names, disclosure=None):
    found = conflicts_with(cast.finn.person.id, [cast[name].person.id for name in names], disclosure)
    return {name: set(found[cast[name].person.id]) for name in names if cast[name].person.id in found}


def moved(db, person, supervisor_id, moment):
    """The roster says on a day that somebody has another supervisor."""
    columns = ("name", "email", "title", "department", "group", "language", "hired_on", "left_on", "active")
    kept = {column: getattr(person, column) for column in columns}
    db.session.add(PersonVersion(person_id=person.id, seq=an_entry(moment), supervisor_id=supervisor_id, **kept))
    person.supervisor_id = supervisor_id
    db.session.flush()


def test_the_own_filing_and_the_line_above(db, cast, line):
    assert of(cast, "finn", "sam", "olu") == {"finn": {"filer"}, "sam": {"above"}}
    found = conflicts_with(cast.finn.person.id, [line.id])
    assert found == {line.id: frozenset({"above"})}


def test_the_line_below(db, cast, line):
    found = conflicts_with(line.id, [cast.finn.person.id, cast.sam.person.id, cast.kit.person.id])
    assert found == {cast.finn.person.id: frozenset({"below"}), cast.sam.person.id: frozenset({"below"})}


def test_no_supervisor_known_is_no_conflict(db, cast):
    assert conflicts_with(cast.kit.person.id, [cast.olu.person.id, cast.ren.person.id]) == {}


def test_a_supervisor_of_the_last_twelve_months_still_counts(db, cast):
    moved(db, cast.finn.person, cast.olu.person.id, now() + timedelta(days=10))
    moved(db, cast.finn.person, None, now() + timedelta(days=20))
    an_entry(now() + timedelta(days=20 + 364))
    assert of(cast, "olu", "sam") == {"olu": {"above"}}
    an_entry(now() + timedelta(days=20 + 370))
    assert of(cast, "olu") == {}


def test_the_supervisor_when_the_filing_was_due_still_counts(db, cast):
    obligation = owed(cast.finn.person, supervisor_id=cast.ren.person.id)
    disclosure = actions.start(obligation, cast.finn.actor, now())
    assert of(cast, "ren") == {}
    assert of(cast, "ren", disclosure=disclosure) == {"ren": {"above"}}


def test_ties_count_both_ways_until_they_end(db, cast):
    tie = Tie(person_id=cast.olu.person.id, other_id=cast.finn.person.id, kind="relation", seq=an_entry())
    db.session.add_all(
        [tie, Tie(person_id=cast.finn.person.id, other_id=cast.sia.person.id, kind="shared_party", seq=an_entry())]
    )
    db.session.flush()
    assert of(cast, "olu", "sia", "ren") == {"olu": {"relation"}, "sia": {"shared_party"}}
    tie.ended_seq = an_entry()
    db.session.flush()
    assert of(cast, "olu") == {}


def test_who_stepped_out_of_a_case_stays_out(db, cast):
    disclosure = filed(cast.finn.person, cast.finn.actor)
    db.session.add(Recusal(disclosure_id=disclosure.id, reviewer_id=cast.sol.person.id, reason="a friend", seq=an_entry()))
    db.session.flush()
    assert of(cast, "sol", "sia", disclosure=disclosure) == {"sol": {"recused"}}
    assert facts_for(disclosure, cast.sol.actor).conflicts == {"recused"}
    assert facts_for(disclosure, cast.finn.actor).conflicts == {"filer"}


def test_a_circle_in_the_roster_ends(db, cast):
    cast.sam.person.supervisor_id = cast.finn.person.id
    db.session.flush()
    assert of(cast, "sam") == {"sam": {"above", "below"}}
