"""What may follow what in the life of a filing: one table and one function; never does nothing in silence."""

from dataclasses import dataclass

from coi.vocabulary import Action, Outcome, State

OPEN = frozenset({State.SUBMITTED, State.IN_REVIEW, State.RETURNED, State.ESCALATED})
VOLUNTARY = frozenset({"gift", "change"})
BY_REVIEWER = frozenset({Outcome.NO_CONFLICT, Outcome.NOTED, Outcome.EXEMPT})


class NotInOrder(Exception):
    """The table of moves refuses; `why` is a short code for the caller's words."""

    def __init__(self, why: str, action: Action, state: State) -> None:
        super().__init__(f"{why}: {action} from {state}")
        self.why = why


@dataclass(frozen=True)
class Move:
    """From which states an action may start, where it leads (None: where it was), and whether it needs a reason."""

    origins: frozenset[State]
    target: State | None
    reason_required: bool = False


MOVES: dict[Action, Move] = {
    Action.SUBMIT: Move(frozenset({State.DRAFT, State.RETURNED}), State.SUBMITTED),
    Action.CLEAR_BY_RULE: Move(frozenset({State.SUBMITTED, State.IN_REVIEW}), State.DECIDED),
    Action.ASSIGN: Move(frozenset({State.SUBMITTED, State.ESCALATED}), State.IN_REVIEW),
    Action.UNASSIGN: Move(frozenset({State.IN_REVIEW, State.ESCALATED}), State.SUBMITTED),
    Action.ASK: Move(frozenset({State.IN_REVIEW, State.ESCALATED}), None),
    Action.ANSWER: Move(frozenset({State.IN_REVIEW, State.ESCALATED}), None),
    Action.RETURN: Move(frozenset({State.IN_REVIEW, State.ESCALATED}), State.RETURNED, reason_required=True),
    Action.CORRECT: Move(
        frozenset({State.SUBMITTED, State.IN_REVIEW, State.ESCALATED, State.DECIDED}), None, reason_required=True
    ),
    Action.ESCALATE: Move(frozenset({State.IN_REVIEW}), State.ESCALATED, reason_required=True),
    Action.HAND_BACK: Move(frozenset({State.ESCALATED}), State.IN_REVIEW, reason_required=True),
    Action.DECIDE: Move(frozenset({State.IN_REVIEW, State.ESCALATED}), State.DECIDED, reason_required=True),
    Action.APPEAL: Move(frozenset({State.DECIDED}), State.ESCALATED, reason_required=True),
    Action.UNDO: Move(frozenset({State.DECIDED}), None),
    Action.REOPEN: Move(frozenset({State.DECIDED}), State.IN_REVIEW, reason_required=True),
    Action.WITHDRAW: Move(frozenset({State.SUBMITTED, State.IN_REVIEW, State.RETURNED, State.ESCALATED}), State.WITHDRAWN),
    Action.RECUSE: Move(frozenset({State.IN_REVIEW, State.ESCALATED}), State.SUBMITTED, reason_required=True),
    Action.REASSIGN: Move(frozenset({State.IN_REVIEW, State.ESCALATED}), None),
}

# An escalated case stays escalated when its officer changes; a corrected one goes back to its reader (DESIGN 3).
EXCEPTIONS: dict[tuple[Action, State], State] = {
    (Action.ASSIGN, State.ESCALATED): State.ESCALATED,
    (Action.UNASSIGN, State.ESCALATED): State.ESCALATED,
    (Action.RECUSE, State.ESCALATED): State.ESCALATED,
    (Action.CORRECT, State.ESCALATED): State.IN_REVIEW,
    (Action.CORRECT, State.DECIDED): State.IN_REVIEW,
}


# What goes back to a reader waits instead when nobody is free to read it.
WAITS = frozenset(
    {
        (Action.CORRECT, State.ESCALATED),
        (Action.CORRECT, State.DECIDED),
        (Action.HAND_BACK, State.ESCALATED),
        (Action.REOPEN, State.DECIDED),
    }
)


def next_state(state: State, action: Action, reason: str = "", back_to: State | None = None) -> State:
    """The state that `action` leads to from `state`; raises NotInOrder.

    `back_to` says where an undone decision was, or that a case given back waits because nobody is free.
    """
    move = MOVES[action]
    if state not in move.origins:
        raise NotInOrder("state", action, state)
    if move.reason_required and not reason.strip():
        raise NotInOrder("reason", action, state)
    if action is Action.UNDO:
        if back_to not in (State.IN_REVIEW, State.ESCALATED):
            raise NotInOrder("state", action, state)
        return back_to
    if back_to is State.SUBMITTED and (action, state) in WAITS:
        return back_to  # nobody is free to read it: it waits
    return EXCEPTIONS.get((action, state), move.target or state)


def may_decide(state: State, outcome: Outcome, managed_by_reviewer: bool = False) -> bool:
    """A reviewer closes with no_conflict, noted or exempt; everything else is decided on an escalated case (DESIGN 3).

    `managed_by_reviewer`: the profile lets the reviewer lay down conditions too, and no appeal waits for another person.
    """
    if state is State.ESCALATED:
        return True
    mild = outcome in BY_REVIEWER or (managed_by_reviewer and outcome is Outcome.MANAGED)
    return state is State.IN_REVIEW and mild


def possible(state: State) -> frozenset[Action]:
    """Every action the table allows from `state`."""
    return frozenset(action for action, move in MOVES.items() if state in move.origins)
