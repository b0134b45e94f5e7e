"""Who may do what, on one page: a permission holds when every question of one of its lines does; looks nothing up."""

from coi.rules.actors import NOBODY as NOBODY
from coi.rules.actors import SYSTEM as SYSTEM
from coi.rules.actors import Actor as Actor
from coi.rules.actors import Facts as Facts
from coi.rules.questions import AT_BODY as AT_BODY
from coi.rules.questions import AT_MY_DESK as AT_MY_DESK
from coi.rules.questions import AT_OFFICE as AT_OFFICE
from coi.rules.questions import DECLARED as DECLARED
from coi.rules.questions import HAS_BODY as HAS_BODY
from coi.rules.questions import OPENED as OPENED
from coi.rules.questions import TYPED as TYPED
from coi.rules.questions import TYPING as TYPING
from coi.rules.questions import (
    Question,
    anybody,
    confirms_it,
    decides,
    has_declared,
    is_administrator,
    is_at_my_desk,
    is_auditor,
    is_before_the_body,
    is_campaign_desk,
    is_decided,
    is_decided_by_one,
    is_escalated,
    is_free_of_conflict,
    is_in_review,
    is_not_about_me,
    is_not_appealed,
    is_not_the_filer,
    is_not_who_recommended,
    is_of_the_body,
    is_office,
    is_open,
    is_opened_to,
    is_owner,
    is_paper_entry,
    is_recorder,
    is_recusal_reader,
    is_second_person,
    is_senior_here,
    is_senior_officer,
    is_signed,
    is_signed_in,
    is_solicitor,
    is_the_filer,
    is_the_reviewer,
    is_the_supervisor,
    is_told_of_it,
    is_typing_it,
    is_who_decided,
    is_who_recommended,
    is_who_typed_it,
    is_with_the_office,
    keeps_it,
    leads_people,
    may_go_up,
    reviews,
    was_asked_for_advice,
)
from coi.rules.rights import Permission as Permission
from coi.vocabulary import Action, Role

ON_THE_CASE: list[Question] = [is_the_reviewer, is_office, is_free_of_conflict, is_with_the_office]
READS_FIRST: list[list[Question]] = [[*ON_THE_CASE, is_in_review], [is_senior_here, is_free_of_conflict, is_in_review]]
DECIDES_ALONE: list[Question] = [decides, is_free_of_conflict, is_escalated, is_not_who_recommended, is_decided_by_one]
HAS_READ_IT: list[list[Question]] = [
    [is_the_reviewer, is_office, is_free_of_conflict, is_signed],
    [is_senior_officer, is_free_of_conflict, is_signed],
]
READS_THE_CASE: list[list[Question]] = [
    [is_the_reviewer, is_office, is_free_of_conflict, is_signed],
    [is_who_recommended, is_office, is_free_of_conflict, is_signed],
    [is_senior_officer, is_free_of_conflict, is_signed],
]

GRANTS: dict[Permission, list[list[Question]]] = {
    Permission.ANYBODY: [[anybody]],
    Permission.SIGNED_IN: [[is_signed_in]],
    Permission.FILE_OWN: [[is_the_filer]],
    Permission.SIGN: [[is_the_filer]],
    Permission.READ_OWN: [[is_the_filer, is_signed]],
    Permission.CORRECT_OWN: [[is_the_filer, is_signed]],
    Permission.APPEAL: [[is_the_filer, is_signed]],
    Permission.ANSWER: [[is_the_filer, is_with_the_office]],
    Permission.QUEUE: [[is_office], [is_auditor]],
    Permission.QUEUE_ALL: [[is_senior_officer], [is_auditor]],
    Permission.TOGETHER: [[reviews]],
    Permission.BATCH: [[reviews, is_owner]],
    Permission.WITHDRAW_RULE: [[is_senior_officer]],
    Permission.READ_CASE: READS_THE_CASE,
    # Name, department, state and dates: also of what a colleague at the own desk has (access.md 8).
    Permission.LIST_CASE: [
        *READS_THE_CASE,
        [is_office, is_at_my_desk, is_free_of_conflict, is_signed],
        [is_auditor, is_not_the_filer, is_signed],
    ],
    Permission.ASSIGN: [[is_senior_officer, is_free_of_conflict, is_open]],
    # Who has the case, whatever came between; and who could read it or be given it: a senior officer, a colleague of its desk.
    # A member of the body declares instead (access.md 13, SD3).
    Permission.RECUSE: [
        [is_the_reviewer, is_office, is_not_the_filer, is_with_the_office],
        [is_senior_officer, is_free_of_conflict, is_signed],
        [is_office, is_at_my_desk, is_free_of_conflict, is_signed, is_decided_by_one],
    ],
    Permission.ASK: [ON_THE_CASE, [is_senior_here, is_free_of_conflict, is_with_the_office]],
    Permission.RETURN: [ON_THE_CASE, [is_senior_here, is_free_of_conflict, is_with_the_office]],
    Permission.NOTE: HAS_READ_IT,
    Permission.PRIORITISE: [ON_THE_CASE, [is_senior_here, is_free_of_conflict, is_with_the_office]],
    Permission.RECOMMEND: [[*ON_THE_CASE, is_in_review], [is_senior_here, is_free_of_conflict, is_in_review]],
    Permission.CLEAR: [
        [*ON_THE_CASE, is_in_review, is_decided_by_one],
        [is_senior_here, is_free_of_conflict, is_in_review, is_decided_by_one],
    ],
    Permission.DECIDE: [[decides, is_free_of_conflict, is_escalated, is_not_who_recommended, is_decided_by_one]],
    Permission.HAND_BACK: [
        [decides, is_free_of_conflict, is_escalated, is_not_appealed, is_not_who_recommended, is_decided_by_one]
    ],
    Permission.UNDO: [[is_who_decided, is_free_of_conflict]],
    # Who reads a decided case may ask for another look; a senior officer who did not ask opens it (access.md 21, SD6).
    Permission.ASK_REOPEN: [[*line, is_decided] for line in READS_THE_CASE],
    Permission.REOPEN: [[is_senior_officer, is_free_of_conflict, is_decided]],
    Permission.READ_PASSED_OVER: [[is_senior_officer, is_free_of_conflict]],
    Permission.CONFIRM_TIE: [ON_THE_CASE, [is_senior_officer, is_free_of_conflict, is_signed]],
    Permission.VERDICT: [ON_THE_CASE, [is_senior_officer, is_free_of_conflict, is_signed]],
    Permission.SETTLE_CONTRACT: HAS_READ_IT,
    Permission.DESK: [[is_campaign_desk], [is_senior_officer]],
    Permission.DESK_ACT: [[is_campaign_desk, is_not_about_me], [is_senior_officer, is_not_about_me]],
    Permission.EXCUSE: [[is_campaign_desk, is_not_about_me], [is_senior_officer, is_not_about_me]],
    Permission.CAMPAIGN: [[is_campaign_desk]],
    Permission.CAMPAIGN_READ: [[is_campaign_desk], [is_senior_officer], [is_auditor]],
    Permission.PEOPLE_READ: [[is_administrator], [is_senior_officer], [is_auditor]],
    Permission.PEOPLE: [[is_administrator]],
    Permission.LISTS: [[is_administrator]],
    Permission.ROLES: [[is_administrator]],
    Permission.ACCOUNT: [[is_administrator, is_not_about_me]],
    Permission.SET_UP: [[is_senior_officer], [is_auditor]],
    Permission.ROLES_READ: [[is_administrator], [is_senior_officer], [is_auditor]],
    Permission.REQUESTS: [[is_senior_officer], [is_administrator], [is_campaign_desk], [is_auditor], [is_solicitor]],
    Permission.APPROVE: [[is_second_person]],
    Permission.EXPORT: [[is_senior_officer], [is_auditor]],
    Permission.EXPORT_OWN: [[is_senior_officer, is_owner], [is_auditor, is_owner]],
    Permission.AUDIT: [[is_senior_officer], [is_auditor], [is_administrator]],
    Permission.AUDIT_ALL: [[is_senior_officer], [is_auditor]],
    Permission.REFUSALS: [[is_auditor], [is_administrator]],
    Permission.VERIFY: [[is_office], [is_auditor], [is_administrator]],
    Permission.SETTINGS: [[is_administrator]],
    Permission.LETTERS: [[is_campaign_desk], [is_senior_officer]],
    Permission.REHEARSE: [[is_campaign_desk]],
    Permission.DEPARTMENT: [[is_owner]],
    Permission.STATISTICS: [[is_office], [is_auditor], [is_administrator]],
    # Who answered: also the campaign desk; what they said: officers and auditors; an objection's words: officers (U4, U20).
    Permission.ACKNOWLEDGEMENTS: [[is_campaign_desk], [is_senior_officer], [is_auditor]],
    Permission.POLICY_ANSWERS: [[is_senior_officer], [is_auditor]],
    Permission.POLICY_OBJECTIONS: [[is_senior_officer]],
    Permission.POLICY_TEXTS: [[is_administrator], [is_senior_officer]],
    Permission.ATTACH: [[is_the_filer]],
    Permission.READ_ATTACHMENT: [
        [is_the_filer],
        *READS_THE_CASE,
        [is_paper_entry, is_not_the_filer, is_who_typed_it],
        [is_opened_to, is_signed],
        [is_of_the_body, is_free_of_conflict, is_before_the_body, has_declared],  # as the packet, which lists them
    ],
    Permission.PAPER: [[is_paper_entry]],
    Permission.TYPE_PAPER: [[is_paper_entry, is_not_the_filer]],
    Permission.PAPER_DRAFT: [[is_paper_entry, is_not_the_filer, is_owner]],
    Permission.FILE_FROM_PAPER: [[is_paper_entry, is_not_the_filer, is_typing_it]],
    Permission.READ_PAPER: [[is_paper_entry, is_not_the_filer, is_signed, is_who_typed_it]],
    Permission.FORMS: [[is_senior_officer], [is_auditor], [is_administrator]],
    Permission.FORMS_EDIT: [[is_senior_officer]],
    Permission.FORMS_TRY: [[is_senior_officer], [is_administrator]],
    Permission.FORMS_PUBLISH: [[is_senior_officer], [is_administrator]],
    Permission.RECEIVE_OFFICIAL: HAS_READ_IT,
    Permission.STEP_ASIDE_OWN: [[is_the_filer]],
    Permission.STEP_ASIDE_READ: [
        [is_the_filer],
        [is_told_of_it],
        [is_office, is_free_of_conflict],
        [is_auditor, is_not_the_filer],
    ],
    Permission.STAND_IN: [[is_the_supervisor], [is_senior_officer, is_free_of_conflict]],
    Permission.RECUSALS: [[is_office], [is_auditor]],
    Permission.ASK_SUPERVISOR: [ON_THE_CASE, [is_senior_here, is_free_of_conflict, is_with_the_office]],
    Permission.ANSWER_FACT: [[is_not_the_filer, is_owner]],
    Permission.TEAM: [[leads_people]],
    # Legal advice: the officers on the case; the solicitor from when they were asked on; only the solicitor lets it go (U46).
    Permission.ADVICE: [[is_solicitor]],
    Permission.READ_ADVICE: [*READS_THE_CASE, [is_solicitor, is_free_of_conflict, is_signed, was_asked_for_advice]],
    Permission.ADVISE: [*HAS_READ_IT, [is_solicitor, is_free_of_conflict, is_signed, was_asked_for_advice]],
    Permission.RELEASE_ADVICE: [[is_solicitor, is_free_of_conflict, is_signed, was_asked_for_advice]],
    Permission.WORKLOAD: [[is_office]],
    Permission.STEPPED_OUT: [[is_owner]],
    Permission.DUTIES: [[is_senior_officer]],
    Permission.AWAY: [[is_office]],
    Permission.END_ABSENCE: [[is_office, is_owner], [is_senior_officer]],
    Permission.HAND_OVER: [[is_senior_officer, is_not_about_me]],
    # Two people open one filing to an auditor for a time, both free of conflict (SD8).
    Permission.OPEN_TO_AUDITOR: [
        [is_senior_officer, is_free_of_conflict, is_signed],
        [is_solicitor, is_free_of_conflict, is_signed],
    ],
    Permission.OPENED: [[is_auditor], [is_senior_officer]],
    Permission.READ_OPENED: [[is_opened_to, is_signed]],
    # Who stays out of what, without the filing and without the party: the clerk and procurement, too.
    Permission.RECUSAL_NOTICES: [[is_recusal_reader], [is_office], [is_auditor]],
    Permission.RECUSAL_NOTICE: [
        [is_recusal_reader],
        [is_the_filer],
        [is_told_of_it],
        [is_office, is_free_of_conflict],
        [is_auditor, is_not_the_filer],
    ],
    Permission.PLAN_OWN: [[is_the_filer, is_signed]],
    Permission.PLAN_KEEP: READS_THE_CASE,
    Permission.PLANS: [[is_office]],
    # Who keeps or confirms a condition sees that condition, never the filing it comes from.
    Permission.CONDITION_READ: [[keeps_it], [confirms_it], [is_the_filer], *READS_THE_CASE],
    Permission.CONDITION_SAY: [[keeps_it]],
    Permission.CONDITION_CONFIRM: [[confirms_it]],
    Permission.INTERIM: [ON_THE_CASE, [is_senior_here, is_free_of_conflict, is_with_the_office]],
    # The final body decides at its meetings: members read, the recorder enters, officers send (access.md F, Recorder).
    Permission.MEETINGS: [[is_of_the_body], [is_senior_officer]],
    Permission.RECORD_MEETING: [[is_recorder]],
    Permission.RECORD_MOTION: [[is_recorder, is_free_of_conflict, is_before_the_body, is_not_who_recommended]],
    Permission.CORRECT_MOTION: [[is_recorder, is_free_of_conflict, is_signed]],
    Permission.SEND_TO_BODY: [[decides, is_free_of_conflict, is_escalated, may_go_up]],
    Permission.READ_BODY_CASE: [
        [is_of_the_body, is_free_of_conflict, is_before_the_body],
        [is_senior_officer, is_free_of_conflict, is_before_the_body],
    ],
    Permission.DECLARE: [[is_of_the_body, is_free_of_conflict, is_before_the_body]],
    Permission.PACKET: [
        [is_of_the_body, is_free_of_conflict, is_before_the_body, has_declared],
        [is_senior_officer, is_free_of_conflict, is_before_the_body],
    ],
    Permission.SEAL: [[is_senior_officer, is_free_of_conflict, is_signed]],
}

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
    if action == "open_to_auditor":
        return frozenset({Role.SENIOR_OFFICER, Role.SOLICITOR})
    return frozenset({Role.SENIOR_OFFICER})


def clashes(roles: frozenset[Role]) -> frozenset[Role] | None:
    """Two roles that one person may not hold together, or None (SD7, SD8)."""
    return next((pair for pair in NEVER_TOGETHER if pair <= roles), None)
