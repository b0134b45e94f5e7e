"""Which action leads where from which state, cell by cell; nothing is done in silence."""

import pytest

from coi.rules.lifecycle import MOVES, OPEN, NotInOrder, may_decide, next_state, possible
from coi.vocabulary import Action, Outcome, State

D, S, R, B, E, X, W = (
    State.DRAFT,
    State.SUBMITTED,
    State.IN_REVIEW,
    State.RETURNED,
    State.ESCALATED,
    State.DECIDED,
    State.WITHDRAWN,
)
ORDER = (D, S, R, B, E, X, W)
NO = None
#                       draft submitted in_review returned escalated decided withdrawn
TABLE = {
    Action.SUBMIT: (S, NO, NO, S, NO, NO, NO),
    Action.CLEAR_BY_RULE: (NO, X, X, NO, NO, NO, NO),
    Action.ASSIGN: (NO, R, NO, NO, E, NO, NO),
    Action.UNASSIGN: (NO, NO, S, NO, E, NO, NO),
    Action.ASK: (NO, NO, R, NO, E, NO, NO),
    Action.ANSWER: (NO, NO, R, NO, E, NO, NO),
    Action.RETURN: (NO, NO, B, NO, B, NO, NO),
    Action.CORRECT: (NO, S, R, NO, R, R, NO),
    Action.ESCALATE: (NO, NO, E, NO, NO, NO, NO),
    Action.HAND_BACK: (NO, NO, NO, NO, R, NO, NO),
    Action.DECIDE: (NO, NO, X, NO, X, NO, NO),
    Action.APPEAL: (NO, NO, NO, NO, NO, E, NO),
    Action.UNDO: (NO, NO, NO, NO, NO, R, NO),
    Action.REOPEN: (NO, NO, NO, NO, NO, R, NO),
    Action.WITHDRAW: (NO, W, W, W, W, NO, NO),
    Action.RECUSE: (NO, NO, S, NO, E, NO, NO),
    Action.REASSIGN: (NO, NO, R, NO, E, NO, NO),
}
CELLS = [(action, state, target) for action, row in TABLE.items() for state, target in zip(ORDER, row, strict=True)]
NEEDS_A_REASON = {
    Action.RETURN,
    Action.CORRECT,
    Action.ESCALATE,
    Action.HAND_BACK,
    Action.DECIDE,
    Action.APPEAL,
    Action.REOPEN,
    Action.RECUSE,
}


def test_the_table_names_every_action_and_every_state():
    assert set(TABLE) == set(Action) == set(MOVES)
    assert set(ORDER) == set(State)


@pytest.mark.parametrize(("action", "state", "target"), CELLS, ids=str)
def test_every_cell_of_the_table(action, state, target):
    back_to = R if action is Action.UNDO else None
    if target is None:
        with pytest.raises(NotInOrder) as refusal:
            next_state(state, action, "a reason", back_to)
        assert refusal.value.why == "state"
    else:
        assert next_state(state, action, "a reason", back_to) is target
    assert (action in possible(state)) is (target is not None)


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_what_needs_a_reason_refuses_a_blank_one(action, reason):
    state = next(state for state, target in zip(ORDER, TABLE[action], strict=True) if target)
    back_to = R if action is Action.UNDO else None
    if action in NEEDS_A_REASON:
        with pytest.raises(NotInOrder) as refusal:
            next_state(state, action, reason, back_to)
        assert refusal.value.why == "reason"
    else:
        next_state(state, action, reason, back_to)


@pytest.mark.parametrize("back_to", [R, E])
def test_an_undone_decision_is_where_it_was(back_to):
    assert next_state(X, Action.UNDO, back_to=back_to) is back_to


@pytest.mark.parametrize("back_to", [None, D, S, B, X, W])
def test_an_undone_decision_goes_nowhere_else(back_to):
    with pytest.raises(NotInOrder):
        next_state(X, Action.UNDO, back_to=back_to)


@pytest.mark.parametrize(
    ("action", "state"), [(Action.CORRECT, E), (Action.CORRECT, X), (Action.HAND_BACK, E), (Action.REOPEN, X)]
)
def test_what_comes_back_waits_when_nobody_is_free(action, state):
    assert next_state(state, action, "a reason", S) is S


@pytest.mark.parametrize(("action", "state"), [(Action.DECIDE, E), (Action.ESCALATE, R), (Action.ASK, E), (Action.REASSIGN, E)])
def test_nothing_else_waits(action, state):
    assert next_state(state, action, "a reason", S) is not S


#                       in_review escalated
DECIDES = {
    Outcome.CLOSED: (False, True),
    Outcome.EXEMPT: (True, True),
    Outcome.NO_CONFLICT: (True, True),
    Outcome.NOTED: (True, True),
    Outcome.ELIMINATED: (False, True),
    Outcome.MANAGED: (False, True),
    Outcome.REFERRED: (False, True),
    Outcome.NOT_PERMITTED: (False, True),
}


@pytest.mark.parametrize("outcome", list(Outcome))
def test_who_may_decide_what_depends_on_a_second_person(outcome):
    assert (may_decide(R, outcome), may_decide(E, outcome)) == DECIDES[outcome]
    assert not any(may_decide(state, outcome) for state in (D, S, B, X, W))
    # Where the profile lets the reviewer lay down conditions, that one outcome is theirs too, and nothing else changes.
    assert may_decide(R, outcome, True) is (DECIDES[outcome][0] or outcome is Outcome.MANAGED)
    assert may_decide(E, outcome, True) is True
    assert not any(may_decide(state, outcome, True) for state in (D, S, B, X, W))


def test_outcomes_stand_from_the_mildest_to_the_most_severe():
    order = ["closed", "exempt", "no_conflict", "noted", "eliminated", "managed", "referred", "not_permitted"]
    assert [outcome.value for outcome in sorted(Outcome, key=lambda one: one.rank)] == order


def test_what_is_open():
    assert {S, R, B, E} == OPEN
