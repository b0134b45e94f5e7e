"""The line beside a question may never claim fewer readers than the access rules allow (U9)."""

import pytest

from coi.disclosures.audience import readers_of, sights_of
from coi.rules.form import VISIBILITIES
from coi.rules.permissions import Actor, Facts, Permission, allows
from coi.vocabulary import Role, State
from coi.who_sees import PEOPLE, Sight

SIGNED = [state for state in State if state is not State.DRAFT]


@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_everybody_whom_the_rules_let_read_is_named(app, visibility):
    named = sights_of(visibility)
    for person in PEOPLE:
        for state in SIGNED:
            facts = Facts(filer_id=1, reviewer_id=2, state=state, owner_id=1)
            reads = any(allows(person.actor, right, facts) for right in (Permission.READ_OWN, Permission.READ_CASE))
            assert not reads or named[person.code] is Sight.ALL, (person.code, state)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_that_reads_unassigned_cases_is_among_the_people_named(app, role):
    actor = Actor("account:9", 9, frozenset({role}))
    reads = any(allows(actor, Permission.READ_CASE, Facts(filer_id=1, reviewer_id=2, state=state)) for state in SIGNED)
    known = {role for person in PEOPLE for role in person.actor.roles}
    assert not reads or role in known


@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_the_line_names_them_in_words(app, visibility):
    with app.test_request_context():
        told = readers_of(visibility)
    assert "you" in told
    assert "the reviewer of your form" in told
    assert "senior ethics officers" in told
    assert "uditors" in told


def test_what_may_be_released_says_so(app):
    with app.test_request_context():
        assert "public" in readers_of("public")
        assert "unless it is a home" in readers_of("redact_if_home")
        assert "public" not in readers_of("confidential")
