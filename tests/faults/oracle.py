"""Who may do what with one case, written by hand from the city's rules (access.md, SD1-SD8); asks nothing of the code it judges.

It is asked with where the case stands by its dated rows, and knows conflicts because the test made them.
"""

from datetime import datetime, timedelta
from typing import Any

from tests.faults.oracle_stand import BODY, Stand, Who

MILD = frozenset({"no_conflict", "noted", "exempt"})
OFFICE = frozenset({"reviewer", "senior_officer", "solicitor", "commissioner"})
OF_THE_BODY = frozenset({"commissioner", "recorder"})
STAND_INS = frozenset({"outside_counsel", "commission"})  # SD4: the desks of who stands in for the ethics office
DESKS = {"ethics": "reviewer", "chief": "senior_officer", "outside_counsel": "solicitor"}
AT_OFFICE = frozenset({"in_review", "escalated"})
QUORUM = 4
UNDO = timedelta(minutes=5)
APPEAL = timedelta(days=30 + 4)  # thirty days, moved past a weekend with a holiday
OFFICE_FRESH, OWN_FRESH = timedelta(minutes=15), timedelta(minutes=60)

# DESIGN 3, column by column: from which states an action may start and where it may lead.
LIFE: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    name: (frozenset(origins.split()), frozenset(targets.split()))
    for name, origins, targets in (
        ("submit", "draft returned", "submitted"),
        ("clear_by_rule", "submitted in_review", "decided"),
        ("assign", "submitted escalated", "in_review escalated"),
        ("unassign", "in_review escalated", "submitted escalated"),
        ("ask", "in_review escalated", "same"),
        ("answer", "in_review escalated", "same"),
        ("return", "in_review escalated", "returned"),
        ("correct", "submitted in_review escalated decided", "same in_review submitted"),
        ("escalate", "in_review", "escalated"),
        ("hand_back", "escalated", "in_review submitted"),
        ("decide", "in_review escalated", "decided"),
        ("appeal", "decided", "escalated"),
        ("undo", "decided", "in_review escalated"),
        ("reopen", "decided", "in_review submitted"),
        ("withdraw", "submitted in_review returned escalated", "withdrawn"),
        ("recuse", "in_review escalated", "submitted escalated"),
        ("reassign", "in_review escalated", "same"),
    )
}
BY_FILER = frozenset({"submit", "answer", "correct", "withdraw", "appeal"})
BY_SYSTEM = frozenset({"assign", "unassign", "clear_by_rule", "reopen"})  # reopen: what a withdrawn rule had closed


def is_free(who: Who, on: Stand) -> bool:
    """SD1-SD3: not the filer, not in the line, no tie, not recused."""
    return who.person_id is not None and who.person_id not in on.conflicts


def has_it(who: Who, on: Stand) -> bool:
    """R: assigned, or standing in for who is, and of the office."""
    return who.person_id is not None and who.person_id in ({on.reviewer_id} | on.delegates) and bool(who.roles & OFFICE)


def is_senior(who: Who) -> bool:
    """S."""
    return "senior_officer" in who.roles


def senior_and_free(who: Who, on: Stand) -> bool:
    """S free of conflict, on a case that was signed."""
    return is_senior(who) and is_free(who, on) and on.state != "draft"


def may_read(who: Who, on: Stand) -> bool:
    """Access 9-11: R, S, and who recommended what is being decided; never who has a conflict, never a draft."""
    recommended = who.person_id is not None and who.person_id == on.recommended_by and bool(who.roles & OFFICE)
    return is_free(who, on) and on.state != "draft" and (has_it(who, on) or is_senior(who) or recommended)


def is_own(who: Who, on: Stand) -> bool:
    """E."""
    return who.person_id == on.filer_id


def handles(who: Who, on: Stand) -> bool:
    """R or S on a case that is with the office; S not on one that lies with who stands in for the office (SD4)."""
    here = is_senior(who) and on.desk not in STAND_INS
    return is_free(who, on) and on.state in AT_OFFICE and (has_it(who, on) or here)


def _above(who: Who, on: Stand) -> bool:
    """S, or the named alternate that has the case, on an escalated one that is not before the body."""
    alternate = has_it(who, on) and bool(who.roles & {"solicitor", "commissioner"})
    here = is_senior(who) and on.desk not in STAND_INS
    return is_free(who, on) and on.state == "escalated" and on.desk != BODY and (here or alternate)


def is_second(who: Who, on: Stand) -> bool:
    """SD5: never who recommended, on appeal never who decided, never one member of the body alone."""
    return _above(who, on) and who.person_id != on.recommended_by and who.person_id not in on.appealed_from


def reads_first(who: Who, on: Stand) -> bool:
    """R or S before it is escalated; while an appeal is open not who decided or recommended what is appealed."""
    return handles(who, on) and on.state == "in_review" and who.person_id not in on.appealed_from


def clears(who: Who, on: Stand, sent: dict[str, Any]) -> bool:
    """Access 18: what is not more than no_conflict, noted, exempt, in review."""
    return reads_first(who, on) and on.desk != BODY and set(sent.get("outcomes", ())) <= MILD


def _writes(who: Who, on: Stand) -> bool:
    return is_free(who, on) and on.state != "draft" and (has_it(who, on) or is_senior(who))


def _ties(who: Who, on: Stand) -> bool:
    return handles(who, on) or senior_and_free(who, on)


def _reassigns(who: Who, on: Stand, sent: dict[str, Any]) -> bool:
    to = sent.get("to")
    wrong = to in on.conflicts | on.appealed_from or (on.state == "escalated" and to == on.recommended_by)
    return senior_and_free(who, on) and on.state in AT_OFFICE | {"submitted"} and not wrong


def _undoes(who: Who, on: Stand, now: datetime) -> bool:
    young = on.decided_at is not None and now - on.decided_at <= UNDO
    return is_free(who, on) and on.state == "decided" and who.person_id == on.decided_by and young


def _recuses(who: Who, on: Stand) -> bool:
    """SD3: who has it; and who could read it or be given it, a senior officer or a colleague of its desk, but for the body."""
    near = is_senior(who) or DESKS.get(on.desk) in who.roles
    return (has_it(who, on) and not is_own(who, on) and on.state in AT_OFFICE) or (
        is_free(who, on) and near and on.state != "draft"
    )


def _reopens(who: Who, on: Stand) -> bool:
    return senior_and_free(who, on) and on.state == "decided"


def _advises(who: Who, on: Stand) -> bool:
    return _writes(who, on) or (is_free(who, on) and "solicitor" in who.roles and on.advice and on.state != "draft")


def _withdraws(who: Who, on: Stand) -> bool:
    return is_own(who, on) and on.voluntary and on.state in AT_OFFICE | {"submitted", "returned"}


def _appeals(who: Who, on: Stand, now: datetime) -> bool:
    """Once, of what burdens the filer, within the days; what was decided on appeal is the last word here."""
    timely = on.decided_at is not None and now - on.decided_at <= APPEAL
    return is_own(who, on) and on.state == "decided" and on.burdens and timely and not (on.appeal_open or on.on_appeal)


def at_body(who: Who, on: Stand) -> bool:
    """A case before the body, for who is free of conflict."""
    return is_free(who, on) and on.state == "escalated" and on.desk == BODY


def _moves(who: Who, on: Stand, sent: dict[str, Any]) -> bool:
    """The recorder enters a motion: a quorum without who has a conflict or recommended, whose vote counts for none; two of the
    others moved it."""
    out = on.conflicts | {on.recommended_by, on.sent_by}
    voted = frozenset(number for number, ballot in sent.get("votes", {}).items() if ballot != "recused") - out
    here = "recorder" in who.roles and at_body(who, on) and who.person_id not in {on.recommended_by} | on.appealed_from
    two = sent.get("mover") != sent.get("seconder") and {sent.get("mover"), sent.get("seconder")} <= voted
    return here and len(voted) >= QUORUM and two


def decides_request(who: Who, on: Stand, sent: dict[str, Any]) -> bool:
    """SD6: the second person of a request, never who asked; about a case nobody with a conflict; nobody for themselves."""
    asked = sent.get("asks")
    if who.person_id is None or sent.get("asked_by") == who.person_id:
        return False
    if asked == "open_to_auditor":
        return bool(who.roles & {"senior_officer", "solicitor"}) and is_free(who, on)
    if asked in ("reopen", "seal"):
        return is_senior(who) and is_free(who, on)
    return is_senior(who) and not (asked == "grant" and sent.get("for") == who.person_id)


def _approves(who: Who, on: Stand, sent: dict[str, Any]) -> bool:
    """It runs then and there, by all the rules again: also who asked must still be free of conflict."""
    about_case = sent.get("asks") in ("reopen", "seal", "open_to_auditor")
    fit = on.state == "decided" if sent.get("asks") == "reopen" else on.state != "draft"
    return decides_request(who, on, sent) and not (about_case and (sent.get("asked_by") in on.conflicts or not fit))


FRESH = {
    **dict.fromkeys(("clear", "decide", "undo", "reopen", "approve", "refuse", "batch", "release", "send"), OFFICE_FRESH),
    **dict.fromkeys(("motion", "motion_undo", "motion_correct", "seal", "lift", "open", "hand_over", "rule"), OFFICE_FRESH),
    **dict.fromkeys(("role_end", "role_give"), OFFICE_FRESH),
    **dict.fromkeys(("sign", "plan_answer", "appeal"), OWN_FRESH),
}


def may(act: str, who: Who, on: Stand, sent: dict[str, Any], now: datetime, ago: timedelta = timedelta(0)) -> bool:
    """Whether the rules allow this act; `sent` says what was pressed: outcomes, to, stale, asked_by, owner, votes."""
    if who.person_id is None or sent.get("stale") or ago > FRESH.get(act, ago):
        return False
    if act in ("ask", "return", "priority", "interim", "interim_over", "supervisor", "supervisor_back"):
        return handles(who, on)
    if act in ("plan_office", "condition_office"):
        return may_read(who, on)
    if act in ("confirm_office", "back_office"):  # nobody confirms what they keep, or said themselves
        return may_read(who, on) and who.person_id not in (sent.get("owner"), sent.get("said_by"))
    return _on_case(act, who, on, sent, now) or _beside(act, who, on, sent)


def _on_case(act: str, who: Who, on: Stand, sent: dict[str, Any], now: datetime) -> bool:
    told: dict[str, bool] = {
        "note": _writes(who, on),
        "tie": _ties(who, on),
        "verdict": _ties(who, on),
        "verdict_back": _ties(who, on),
        "settle": _writes(who, on),
        "advice": _advises(who, on),
        "advice_page": _advises(who, on),
        "release": is_free(who, on) and "solicitor" in who.roles and on.advice,
        "clear": clears(who, on, sent),
        "batch": clears(who, on, sent),
        "escalate": reads_first(who, on),
        "decide": is_second(who, on),
        "hand_back": is_second(who, on) and not on.appeal_open,
        "send": _above(who, on),  # also who recommended may: others decide
        "undo": _undoes(who, on, now),
        "recuse": _recuses(who, on),
        "step_out": _recuses(who, on),
        "reassign": _reassigns(who, on, sent),
        "reopen": may_read(who, on) and on.state == "decided",  # access 21: R asks
        "answer": is_own(who, on) and on.state in AT_OFFICE,
        "correct": is_own(who, on) and on.state not in ("draft", "withdrawn"),
        "sign": is_own(who, on) and (on.has_draft or bool(sent.get("again"))),
        "save": is_own(who, on) and on.has_draft,
        "discard": is_own(who, on) and on.has_draft,
        "withdraw": _withdraws(who, on),
        "appeal": _appeals(who, on, now),
        "plan_answer": is_own(who, on) and on.state == "decided",
        "motion": _moves(who, on, sent),
        "motion_undo": _undoes(who, on, now),
    }
    return told.get(act, False)


def _confirms(who: Who, on: Stand, sent: dict[str, Any]) -> bool:
    return sent.get("confirmer") == who.person_id and not is_own(who, on) and sent.get("said_by") != who.person_id


def _beside(act: str, who: Who, on: Stand, sent: dict[str, Any]) -> bool:
    """What is done about a case beside it, and about people."""
    administrator = "administrator" in who.roles
    told: dict[str, bool] = {
        "declare": at_body(who, on) and bool(who.roles & OF_THE_BODY),
        "motion_correct": is_free(who, on) and "recorder" in who.roles,
        "meeting": "recorder" in who.roles,
        "meeting_correct": "recorder" in who.roles,
        "seal": senior_and_free(who, on),
        "lift": senior_and_free(who, on),
        "open": senior_and_free(who, on) and sent.get("auditor") != on.filer_id,
        "approve": _approves(who, on, sent),
        "refuse": decides_request(who, on, sent),
        "hand_over": is_senior(who) and sent.get("from") != who.person_id,
        "rule": is_senior(who),
        "role_end": administrator,
        "role_give": administrator and sent.get("for") != who.person_id,
        "supervisor_answer": sent.get("owner") == who.person_id and not is_own(who, on),
        "still": is_own(who, on),
        "say": sent.get("owner") == who.person_id,
        "say_office": sent.get("owner") is None and may_read(who, on),
        "confirm": _confirms(who, on, sent),
        "condition_back": _confirms(who, on, sent),
        "away": bool(who.roles & OFFICE),
        "back": bool(who.roles & OFFICE),
    }
    return told.get(act, False)
