"""Who may do what, on one page: a permission holds when every question of one of its lines does; looks nothing up."""

from coi.rules.actors import NOBODY as NOBODY
from coi.rules.actors import SYSTEM as SYSTEM
from coi.rules.actors import Actor as Actor
from coi.rules.actors import Facts as Facts
from coi.rules.grants import GRANTS as GRANTS
from coi.rules.questions import AT_BODY as AT_BODY
from coi.rules.questions import AT_MY_DESK as AT_MY_DESK
from coi.rules.questions import AT_OFFICE as AT_OFFICE
from coi.rules.questions import DECLARED as DECLARED
from coi.rules.questions import HAS_BODY as HAS_BODY
from coi.rules.questions import OPENED as OPENED
from coi.rules.questions import TYPED as TYPED
from coi.rules.questions import TYPING as TYPING
from coi.rules.questions import is_the_reviewer
from coi.rules.rights import Permission as Permission
from coi.vocabulary import Action, Role

# Which permission each move of a filing asks, checked once more inside move.py, whatever the page checked (SD1-SD5).
FOR_ACTION: dict[Action, tuple[Permission, ...]] = {
    Action.SUBMIT: (Permission.SIGN, Permission.FILE_FROM_PAPER),
    Action.CORRECT: (Permission.CORRECT_OWN,),
    Action.ANSWER: (Permission.ANSWER,),
    Action.WITHDRAW: (Permission.CORRECT_OWN,),
    Action.APPEAL: (Permission.APPEAL,),
    Action.ASK: (Permission.ASK,),
    Action.RETURN: (Permission.RETURN,),
    Action.ESCALATE: (Permission.RECOMMEND,),
    Action.HAND_BACK: (Permission.HAND_BACK, Permission.RECORD_MOTION),
    Action.DECIDE: (Permission.CLEAR, Permission.DECIDE, Permission.RECORD_MOTION),
    Action.UNDO: (Permission.UNDO,),
    Action.REOPEN: (Permission.REOPEN,),
    Action.RECUSE: (Permission.RECUSE,),
    Action.REASSIGN: (Permission.ASSIGN, Permission.SEND_TO_BODY),
    Action.ASSIGN: (Permission.ASSIGN, Permission.SEND_TO_BODY),
    Action.UNASSIGN: (Permission.ASSIGN,),
    Action.CLEAR_BY_RULE: (),
}

BY_SYSTEM = frozenset({Action.ASSIGN, Action.UNASSIGN, Action.CLEAR_BY_RULE})
# What a job may do, and no command: it carries out what two people withdrew.
BY_JOB = frozenset({Action.REOPEN})

# access.md: an auditor holds no other privileged role (SD8); an administrator neither reviews nor decides (SD7).
NEVER_TOGETHER: tuple[frozenset[Role], ...] = (
    *(frozenset({Role.AUDITOR, role}) for role in Role if role is not Role.AUDITOR),
    *(frozenset({Role.ADMINISTRATOR, role}) for role in (Role.REVIEWER, Role.SENIOR_OFFICER, Role.SOLICITOR, Role.COMMISSIONER)),
    # Who gathers and releases records neither proposes what is removed nor rules on it, and reads only what was released (U64).
    *(frozenset({Role.RECORDS_OFFICER, role}) for role in (Role.REVIEWER, Role.SENIOR_OFFICER, Role.SOLICITOR)),
)


def allows(actor: Actor, permission: Permission, facts: Facts | None = None) -> bool:
    """Whether any line of the permission holds for this actor and these facts."""
    known = facts or Facts()
    return any(all(question(actor, known) for question in line) for line in GRANTS[permission])


def has_it(actor: Actor, facts: Facts) -> bool:
    """Whether the case lies with this person: as its reviewer, or in whose stead they act."""
    return is_the_reviewer(actor, facts)


def approvers_of(action: str) -> frozenset[Role]:
    """Who may be the second person for a request; for the administrator's role another administrator (access 21-33)."""
    if action in ("grant_administrator", "end_administrator"):
        return frozenset({Role.ADMINISTRATOR})
    if action in ("open_to_auditor", "case_file"):
        return frozenset({Role.SENIOR_OFFICER, Role.SOLICITOR})
    return frozenset({Role.SENIOR_OFFICER})


def clashes(roles: frozenset[Role]) -> frozenset[Role] | None:
    """Two roles that one person may not hold together, or None (SD7, SD8)."""
    return next((pair for pair in NEVER_TOGETHER if pair <= roles), None)
