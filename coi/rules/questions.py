"""The small questions that permissions are made of: each holds or does not for an actor and the facts; looks nothing up."""

from collections.abc import Callable

from coi.rules.actors import Actor, Facts
from coi.vocabulary import Role, State

TYPING, TYPED, OPENED = "typing", "typed", "opened"
AT_MY_DESK = "at_my_desk"
# What a case is to the final body, where it decides at its meetings: the city has one, the case lies there, this person declared.
HAS_BODY, AT_BODY, DECLARED = "has_body", "at_body", "declared"
AT_OFFICE = frozenset({State.IN_REVIEW, State.ESCALATED})

Question = Callable[[Actor, Facts], bool]


def anybody(actor: Actor, facts: Facts) -> bool:
    """Also who is not signed in."""
    return True


def is_signed_in(actor: Actor, facts: Facts) -> bool:
    """Somebody with an account."""
    return actor.is_person


def is_the_filer(actor: Actor, facts: Facts) -> bool:
    """The own filing."""
    return actor.is_person and facts.filer_id == actor.person_id


def is_not_the_filer(actor: Actor, facts: Facts) -> bool:
    """Somebody else's filing (SD1)."""
    return actor.is_person and facts.filer_id is not None and facts.filer_id != actor.person_id


def is_the_reviewer(actor: Actor, facts: Facts) -> bool:
    """Assigned to the case, or stands in for who is while that person is away."""
    return actor.is_person and actor.person_id in (facts.reviewer_id, facts.delegate_id)


def is_free_of_conflict(actor: Actor, facts: Facts) -> bool:
    """Not the filer, not in the reporting line, no confirmed tie, not recused (SD1-SD3)."""
    return is_not_the_filer(actor, facts) and not facts.conflicts


def is_not_who_recommended(actor: Actor, facts: Facts) -> bool:
    """Who recommended does not decide (SD5), nor who decided or recommended what is appealed (DESIGN 3, appeal)."""
    recommended = facts.recommended_by_id is not None and facts.recommended_by_id == actor.person_id
    return not recommended and actor.person_id not in facts.appealed_from


def is_not_appealed(actor: Actor, facts: Facts) -> bool:
    """No appeal is open: who has one decides it, and gives it back to nobody."""
    return not facts.appeal_open


def is_who_recommended(actor: Actor, facts: Facts) -> bool:
    """Escalated the case and may still read it."""
    return actor.is_person and facts.recommended_by_id == actor.person_id


def is_who_decided(actor: Actor, facts: Facts) -> bool:
    """Who decided may undo within minutes."""
    return actor.is_person and facts.decided_by_id == actor.person_id


def is_senior_officer(actor: Actor, facts: Facts) -> bool:
    """Holds the senior officer's role."""
    return Role.SENIOR_OFFICER in actor.roles


def is_senior_here(actor: Actor, facts: Facts) -> bool:
    """A senior officer, unless the case lies with who stands in for them: the top is never read by its own (SD4, U14)."""
    return is_senior_officer(actor, facts) and not facts.stand_in


def is_office(actor: Actor, facts: Facts) -> bool:
    """Reviewer, senior officer, or a member of the body that stands in for them (SD4)."""
    return bool(actor.roles & {Role.REVIEWER, Role.SENIOR_OFFICER, Role.SOLICITOR, Role.COMMISSIONER})


def reviews(actor: Actor, facts: Facts) -> bool:
    """Closes cases alone, one or many; a member of the body decides nothing but at its meeting."""
    return bool(actor.roles & {Role.REVIEWER, Role.SENIOR_OFFICER, Role.SOLICITOR})


def decides(actor: Actor, facts: Facts) -> bool:
    """A senior officer, or the named alternate to whose desk the case was given (SD4)."""
    return is_senior_here(actor, facts) or (facts.desk_member and bool(actor.roles & {Role.SOLICITOR, Role.COMMISSIONER}))


def is_decided_by_one(actor: Actor, facts: Facts) -> bool:
    """Not a case of a body that decides at its meetings: no member decides alone (PROFILE "Final body")."""
    return AT_BODY not in facts.extra


def is_before_the_body(actor: Actor, facts: Facts) -> bool:
    """Escalated, and at the desk of a body that decides at its meetings."""
    return AT_BODY in facts.extra and facts.state is State.ESCALATED


def may_go_up(actor: Actor, facts: Facts) -> bool:
    """The city has such a body, and the case is not there yet."""
    return HAS_BODY in facts.extra and AT_BODY not in facts.extra


def has_declared(actor: Actor, facts: Facts) -> bool:
    """Said of the version as it stands: I have no conflict."""
    return DECLARED in facts.extra


def is_recorder(actor: Actor, facts: Facts) -> bool:
    """Enters the meetings of the final body."""
    return Role.RECORDER in actor.roles


def is_of_the_body(actor: Actor, facts: Facts) -> bool:
    """A member of the final body, or its recorder."""
    return bool(actor.roles & {Role.COMMISSIONER, Role.RECORDER})


def is_auditor(actor: Actor, facts: Facts) -> bool:
    """Holds the auditor's role."""
    return Role.AUDITOR in actor.roles


def is_administrator(actor: Actor, facts: Facts) -> bool:
    """Holds the administrator's role."""
    return Role.ADMINISTRATOR in actor.roles


def is_campaign_desk(actor: Actor, facts: Facts) -> bool:
    """The campaign desk: the administrator's by default (U4)."""
    return bool(actor.roles & {Role.CAMPAIGN_DESK, Role.ADMINISTRATOR})


def is_with_the_office(actor: Actor, facts: Facts) -> bool:
    """In review or escalated."""
    return facts.state in AT_OFFICE


def is_open(actor: Actor, facts: Facts) -> bool:
    """With the office, or waiting for somebody free."""
    return facts.state in AT_OFFICE or facts.state is State.SUBMITTED


def is_in_review(actor: Actor, facts: Facts) -> bool:
    """Before escalation; while an appeal is open, only for who neither decided nor recommended what is appealed."""
    return facts.state is State.IN_REVIEW and actor.person_id not in facts.appealed_from


def is_escalated(actor: Actor, facts: Facts) -> bool:
    """Waits for the second person."""
    return facts.state is State.ESCALATED


def is_decided(actor: Actor, facts: Facts) -> bool:
    """Closed with an outcome."""
    return facts.state is State.DECIDED


def is_signed(actor: Actor, facts: Facts) -> bool:
    """A draft is read by its filer alone."""
    return facts.state is not None and facts.state is not State.DRAFT


def is_opened_to(actor: Actor, facts: Facts) -> bool:
    """An auditor to whom two people opened this filing for a time (SD8)."""
    return is_auditor(actor, facts) and is_not_the_filer(actor, facts) and OPENED in facts.extra


def is_solicitor(actor: Actor, facts: Facts) -> bool:
    """Holds the solicitor's role."""
    return Role.SOLICITOR in actor.roles


def is_owner(actor: Actor, facts: Facts) -> bool:
    """Who asked for it (access.md 26)."""
    return actor.is_person and facts.owner_id == actor.person_id


def is_second_person(actor: Actor, facts: Facts) -> bool:
    """May approve this request and did not ask it (SD6)."""
    return actor.is_person and facts.asked_by_id != actor.person_id and bool(actor.roles & facts.approvers)


def is_not_about_me(actor: Actor, facts: Facts) -> bool:
    """Nobody extends, excuses or grants for themselves (SD1, SD7)."""
    return actor.is_person and facts.filer_id != actor.person_id


def is_told_of_it(actor: Actor, facts: Facts) -> bool:
    """The supervisor of who stepped aside, or who stands in: matter and stand-in, never the party (U32)."""
    return is_not_the_filer(actor, facts) and bool(facts.extra & {"supervisor", "stand_in"})


def is_the_supervisor(actor: Actor, facts: Facts) -> bool:
    """Whom the roster names above who stepped aside."""
    return is_not_the_filer(actor, facts) and "supervisor" in facts.extra


def is_paper_entry(actor: Actor, facts: Facts) -> bool:
    """Holds the right to type in paper forms (U4)."""
    return Role.PAPER_ENTRY in actor.roles


def is_typing_it(actor: Actor, facts: Facts) -> bool:
    """Has a paper form of this person open, and not filed yet."""
    return TYPING in facts.extra


def is_who_typed_it(actor: Actor, facts: Facts) -> bool:
    """Typed this form in from paper, and its person has not confirmed it yet."""
    return TYPED in facts.extra


def leads_people(actor: Actor, facts: Facts) -> bool:
    """Somebody reports to them, or a question of fact was put to them as supervisor (U47)."""
    return actor.is_person and "supervisor" in facts.extra


def was_asked_for_advice(actor: Actor, facts: Facts) -> bool:
    """An officer on the case wrote something marked as legal advice: until then a case is not the solicitor's (U46)."""
    return "advice" in facts.extra


def keeps_it(actor: Actor, facts: Facts) -> bool:
    """Keeps a condition of a plan: the filer, a supervisor, somebody named."""
    return actor.is_person and "owner" in facts.extra


def confirms_it(actor: Actor, facts: Facts) -> bool:
    """Was named to confirm a condition."""
    return is_not_the_filer(actor, facts) and "confirmer" in facts.extra


def is_records_officer(actor: Actor, facts: Facts) -> bool:
    """Keeps records requests: gathers, releases, answers; reads no filing but what was released (U64)."""
    return Role.RECORDS_OFFICER in actor.roles


def is_recusal_reader(actor: Actor, facts: Facts) -> bool:
    """The clerk and procurement: who stays out of what, never why (U44, recusal notices)."""
    return Role.RECUSAL_READER in actor.roles


def is_at_my_desk(actor: Actor, facts: Facts) -> bool:
    """The case lies at a desk where this officer sits."""
    return AT_MY_DESK in facts.extra
