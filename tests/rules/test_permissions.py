"""Who may do what with a filing, cell by cell; Facts are made by hand, no app and no database."""

from dataclasses import replace

import pytest

from coi.rules.permissions import (
    AT_BODY,
    AT_MY_DESK,
    BY_SYSTEM,
    FOR_ACTION,
    GRANTS,
    NEVER_TOGETHER,
    NOBODY,
    SYSTEM,
    Actor,
    Facts,
    Permission,
    allows,
    clashes,
)
from coi.vocabulary import Action, Role, State

FINN, SAM, OLU, REN, SIA, SOL, ADA, DEE, COM, KIT = range(1, 11)


def person(number: int, *roles: Role) -> Actor:
    return Actor(f"account:{number}", number, frozenset(roles))


CAST = {
    "finn": person(FINN),
    "sam": person(SAM, Role.SENIOR_OFFICER),  # supervises Finn
    "olu": person(OLU, Role.REVIEWER),  # has the case
    "ren": person(REN, Role.REVIEWER),
    "sia": person(SIA, Role.SENIOR_OFFICER),
    "ada": person(ADA, Role.AUDITOR),
    "dee": person(DEE, Role.ADMINISTRATOR),
    "com": person(COM, Role.COMMISSIONER),
    "kit": person(KIT),
    "nobody": NOBODY,
}
CASE = Facts(filer_id=FINN, reviewer_id=OLU, state=State.IN_REVIEW, owner_id=FINN)
ESCALATED = replace(CASE, state=State.ESCALATED, reviewer_id=SOL, recommended_by_id=OLU)


def seen_by(name: str, facts: Facts) -> Facts:
    """The facts as they are gathered for one of the cast."""
    actor = CAST[name]
    conflicts = {"finn": {"filer"}, "sam": {"above"}}.get(name, set())
    desk_member = actor.person_id is not None and actor.person_id == facts.reviewer_id
    return replace(facts, conflicts=facts.conflicts | frozenset(conflicts), desk_member=desk_member)


Y, n = True, False
#                               finn sam olu ren sia ada dee com kit nobody
IN_REVIEW = {
    Permission.READ_OWN: (Y, n, n, n, n, n, n, n, n, n),
    Permission.CORRECT_OWN: (Y, n, n, n, n, n, n, n, n, n),
    Permission.ANSWER: (Y, n, n, n, n, n, n, n, n, n),
    Permission.LIST_CASE: (n, n, Y, n, Y, Y, n, n, n, n),
    Permission.READ_CASE: (n, n, Y, n, Y, n, n, n, n, n),
    Permission.ASSIGN: (n, n, n, n, Y, n, n, n, n, n),
    Permission.RECUSE: (n, n, Y, n, Y, n, n, n, n, n),
    Permission.ASK: (n, n, Y, n, Y, n, n, n, n, n),
    Permission.RETURN: (n, n, Y, n, Y, n, n, n, n, n),
    Permission.NOTE: (n, n, Y, n, Y, n, n, n, n, n),
    Permission.PRIORITISE: (n, n, Y, n, Y, n, n, n, n, n),
    Permission.RECOMMEND: (n, n, Y, n, Y, n, n, n, n, n),
    Permission.CLEAR: (n, n, Y, n, Y, n, n, n, n, n),
    Permission.DECIDE: (n, n, n, n, n, n, n, n, n, n),
    Permission.HAND_BACK: (n, n, n, n, n, n, n, n, n, n),
    Permission.UNDO: (n, n, n, n, n, n, n, n, n, n),
    Permission.ASK_REOPEN: (n, n, n, n, n, n, n, n, n, n),
    Permission.REOPEN: (n, n, n, n, n, n, n, n, n, n),
    Permission.READ_PASSED_OVER: (n, n, n, n, Y, n, n, n, n, n),
    Permission.CONFIRM_TIE: (n, n, Y, n, Y, n, n, n, n, n),
    Permission.VERDICT: (n, n, Y, n, Y, n, n, n, n, n),
    Permission.SETTLE_CONTRACT: (n, n, Y, n, Y, n, n, n, n, n),
    Permission.ASK_SUPERVISOR: (n, n, Y, n, Y, n, n, n, n, n),
    Permission.READ_ADVICE: (n, n, Y, n, Y, n, n, n, n, n),
    Permission.ADVISE: (n, n, Y, n, Y, n, n, n, n, n),
    Permission.RELEASE_ADVICE: (n, n, n, n, n, n, n, n, n, n),
}
WITH_A_SECOND_PERSON = {
    Permission.READ_OWN: (Y, n, n, n, n, n, n, n, n, n),
    Permission.ANSWER: (Y, n, n, n, n, n, n, n, n, n),
    Permission.LIST_CASE: (n, n, Y, n, Y, Y, n, n, n, n),
    Permission.READ_CASE: (n, n, Y, n, Y, n, n, n, n, n),
    Permission.ASSIGN: (n, n, n, n, Y, n, n, n, n, n),
    Permission.RECUSE: (n, n, n, n, Y, n, n, n, n, n),
    Permission.ASK: (n, n, n, n, Y, n, n, n, n, n),
    Permission.RETURN: (n, n, n, n, Y, n, n, n, n, n),
    Permission.NOTE: (n, n, n, n, Y, n, n, n, n, n),
    Permission.PRIORITISE: (n, n, n, n, Y, n, n, n, n, n),
    Permission.RECOMMEND: (n, n, n, n, n, n, n, n, n, n),
    Permission.CLEAR: (n, n, n, n, n, n, n, n, n, n),
    Permission.DECIDE: (n, n, n, n, Y, n, n, n, n, n),
    Permission.HAND_BACK: (n, n, n, n, Y, n, n, n, n, n),
    Permission.CONFIRM_TIE: (n, n, n, n, Y, n, n, n, n, n),
}
DECIDED = {
    Permission.READ_CASE: (n, n, Y, n, Y, n, n, n, n, n),
    Permission.CLEAR: (n, n, n, n, n, n, n, n, n, n),
    Permission.ASK_REOPEN: (n, n, Y, n, Y, n, n, n, n, n),
    Permission.REOPEN: (n, n, n, n, Y, n, n, n, n, n),
    Permission.VERDICT: (n, n, n, n, Y, n, n, n, n, n),
    Permission.SETTLE_CONTRACT: (n, n, Y, n, Y, n, n, n, n, n),
}
# The commission stands in for who is at the top: senior officers read and give it, and decide nothing (SD4, U14).
AT_THE_TOP = replace(CASE, reviewer_id=COM, stand_in=True)
STAND_IN = {
    Permission.LIST_CASE: (n, n, n, n, Y, Y, n, n, n, n),
    Permission.READ_CASE: (n, n, n, n, Y, n, n, Y, n, n),
    Permission.ASSIGN: (n, n, n, n, Y, n, n, n, n, n),
    Permission.ASK: (n, n, n, n, n, n, n, Y, n, n),
    Permission.RETURN: (n, n, n, n, n, n, n, Y, n, n),
    Permission.PRIORITISE: (n, n, n, n, n, n, n, Y, n, n),
    Permission.RECOMMEND: (n, n, n, n, n, n, n, Y, n, n),
    Permission.CLEAR: (n, n, n, n, n, n, n, Y, n, n),
}
STAND_IN[Permission.LIST_CASE] = (n, n, n, n, Y, Y, n, Y, n, n)
DRAFT = {
    permission: (n,) * 10
    for permission in (*IN_REVIEW, Permission.HAND_BACK)
    if permission not in (Permission.CORRECT_OWN, Permission.UNDO, Permission.READ_PASSED_OVER)
}
CELLS = [
    (label, facts, permission, name, expected)
    for label, facts, table in (
        ("in_review", CASE, IN_REVIEW),
        ("escalated", ESCALATED, WITH_A_SECOND_PERSON),
        ("decided", replace(CASE, state=State.DECIDED, decided_by_id=OLU), DECIDED),
        ("stand_in", AT_THE_TOP, STAND_IN),
        ("draft", replace(CASE, state=State.DRAFT, reviewer_id=None), DRAFT),
    )
    for permission, row in table.items()
    for name, expected in zip(CAST, row, strict=True)
]


@pytest.mark.parametrize(
    ("label", "facts", "permission", "name", "expected"),
    CELLS,
    ids=lambda one: getattr(one, "value", None) or (one if isinstance(one, str) else ""),
)
def test_every_cell(label, facts, permission, name, expected):
    assert allows(CAST[name], permission, seen_by(name, facts)) is expected


OFFICE = [name for name in IN_REVIEW if name not in (Permission.READ_OWN, Permission.CORRECT_OWN, Permission.ANSWER)]


@pytest.mark.parametrize("conflict", ["filer", "above", "below", "relation", "shared_party", "recused"])
@pytest.mark.parametrize("permission", [one for one in OFFICE if one is not Permission.RECUSE])
@pytest.mark.parametrize("name", ["olu", "sia"])
@pytest.mark.parametrize("facts", [CASE, ESCALATED, replace(CASE, state=State.DECIDED, decided_by_id=OLU)])
def test_a_conflict_ends_every_right_on_a_case(conflict, permission, name, facts):
    assert not allows(CAST[name], permission, replace(seen_by(name, facts), conflicts=frozenset({conflict})))


def test_a_colleague_of_the_desk_steps_out_and_reads_nothing_and_the_body_declares_instead():
    near = replace(seen_by("ren", CASE), extra=frozenset({AT_MY_DESK}))
    assert allows(CAST["ren"], Permission.RECUSE, near)
    assert not allows(CAST["ren"], Permission.READ_CASE, near)
    for conflict in ("above", "relation", "recused"):
        assert not allows(CAST["ren"], Permission.RECUSE, replace(near, conflicts=frozenset({conflict})))
    assert not allows(CAST["com"], Permission.RECUSE, replace(near, extra=frozenset({AT_MY_DESK, AT_BODY})))


def test_who_recommended_never_decides_and_never_hands_back():
    facts = replace(ESCALATED, recommended_by_id=SIA, reviewer_id=SIA)
    for permission in (Permission.DECIDE, Permission.HAND_BACK):
        assert not allows(CAST["sia"], permission, facts)
        assert allows(person(SOL, Role.SENIOR_OFFICER), permission, facts)


def test_only_who_decided_undoes():
    decided = replace(CASE, state=State.DECIDED, decided_by_id=OLU)
    assert allows(CAST["olu"], Permission.UNDO, decided)
    assert not allows(CAST["sia"], Permission.UNDO, decided)


def test_the_alternate_decides_only_a_case_that_was_given_to_them():
    given = replace(ESCALATED, reviewer_id=COM, stand_in=True)
    assert allows(CAST["com"], Permission.DECIDE, replace(given, desk_member=True))
    assert not allows(CAST["com"], Permission.DECIDE, given)
    assert not allows(CAST["sia"], Permission.DECIDE, given)


def test_a_waiting_case_may_be_given_by_a_senior_officer():
    assert allows(CAST["sia"], Permission.ASSIGN, replace(CASE, state=State.SUBMITTED, reviewer_id=None))
    assert not allows(CAST["sia"], Permission.ASSIGN, replace(CASE, state=State.DECIDED))


def test_who_lost_the_role_loses_the_case():
    assert not allows(person(OLU), Permission.READ_CASE, CASE)


def test_the_queue_is_for_the_office_and_for_auditors():
    may = {name for name, actor in CAST.items() if allows(actor, Permission.QUEUE)}
    assert may == {"sam", "olu", "ren", "sia", "ada", "com"}
    assert {name for name, actor in CAST.items() if allows(actor, Permission.QUEUE_ALL)} == {"sam", "sia", "ada"}


def test_every_permission_has_its_line_and_every_action_asks_one():
    assert set(GRANTS) == set(Permission)
    assert set(FOR_ACTION) == set(Action)
    assert {action for action, asked in FOR_ACTION.items() if not asked} == {Action.CLEAR_BY_RULE} <= BY_SYSTEM


def test_the_system_holds_no_permission():
    assert [one for one in Permission if one is not Permission.ANYBODY and allows(SYSTEM, one, CASE)] == []


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.AUDITOR])
def test_an_auditor_holds_nothing_else(role):
    assert clashes(frozenset({Role.AUDITOR, role})) in NEVER_TOGETHER


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.SENIOR_OFFICER, Role.SOLICITOR, Role.COMMISSIONER])
def test_an_administrator_neither_reviews_nor_decides(role):
    assert clashes(frozenset({Role.ADMINISTRATOR, role})) in NEVER_TOGETHER


def test_other_roles_go_together():
    assert clashes(frozenset({Role.REVIEWER, Role.CAMPAIGN_DESK})) is None


@pytest.mark.parametrize("name", list(CAST))
def test_a_case_at_the_own_desk_is_listed_and_not_read(name):
    there = replace(seen_by(name, CASE), extra=frozenset({AT_MY_DESK}))
    listed = {
        one for one in CAST if allows(CAST[one], Permission.LIST_CASE, replace(there, conflicts=seen_by(one, CASE).conflicts))
    }
    assert listed == {"olu", "ren", "sia", "ada", "com"}
    assert allows(CAST[name], Permission.READ_CASE, there) is (name in ("olu", "sia"))
    draft = replace(there, state=State.DRAFT)
    assert not allows(CAST[name], Permission.LIST_CASE, draft)
