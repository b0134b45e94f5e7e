"""The words of filing: states, actions, kinds, standing, reasons, receipts; no rule, no table."""

from flask_babel import lazy_gettext as _l

from coi.vocabulary.word import Word


class State(Word):
    """Where a filing stands (DESIGN: three axes, never mixed)."""

    DRAFT = "draft", _l("Draft")
    SUBMITTED = "submitted", _l("Waiting for a reviewer")
    IN_REVIEW = "in_review", _l("In review")
    RETURNED = "returned", _l("Sent back for correction")
    ESCALATED = "escalated", _l("With a second person")
    DECIDED = "decided", _l("Decided")
    WITHDRAWN = "withdrawn", _l("Withdrawn")


class Kind(Word):
    """Why a filing is made."""

    ANNUAL = "annual", _l("Yearly form")
    NEW_HIRE = "new_hire", _l("New hire")
    NEW_POSITION = "new_position", _l("New position")
    CHANGE = "change", _l("Something changed")
    GIFT = "gift", _l("Gift")
    LEAVING = "leaving", _l("Leaving")


class Level(Word):
    """How much of a form a position is asked."""

    POLICIES_ONLY = "policies_only", _l("Policies only")
    SHORT = "short", _l("Short form")
    FULL = "full", _l("Full form")


class Action(Word):
    """What may happen to a filing; the table of moves in rules/lifecycle.py says from where to where."""

    SUBMIT = "submit", _l("Sign and file")
    CLEAR_BY_RULE = "clear_by_rule", _l("Clear by rule")
    ASSIGN = "assign", _l("Assign")
    UNASSIGN = "unassign", _l("Unassign")
    ASK = "ask", _l("Ask the filer")
    ANSWER = "answer", _l("Answer")
    RETURN = "return", _l("Send back for correction")
    CORRECT = "correct", _l("Correct")
    ESCALATE = "escalate", _l("Escalate with a recommendation")
    HAND_BACK = "hand_back", _l("Hand back to the reviewer")
    DECIDE = "decide", _l("Decide")
    APPEAL = "appeal", _l("Appeal")
    UNDO = "undo", _l("Undo")
    REOPEN = "reopen", _l("Reopen")
    WITHDRAW = "withdraw", _l("Withdraw")
    RECUSE = "recuse", _l("Recuse myself")
    REASSIGN = "reassign", _l("Give to another reviewer")


class Standing(Word):
    """How far a person is with what is due: all that the campaign desk may see."""

    NOT_STARTED = "not_started", _l("Not started")
    STARTED = "started", _l("Started")
    FILED = "filed", _l("Filed")
    LATE = "late", _l("Late")
    EXCUSED = "excused", _l("Excused")
    ON_LEAVE = "on_leave", _l("On leave")


class ExtensionReason(Word):
    """Why somebody has more time; says nothing of health or family."""

    AWAY = "away", _l("Away from work")
    NO_ACCESS = "no_access", _l("Could not reach the form")
    HELP_NEEDED = "help_needed", _l("Needs help or an interpreter")
    RECORDS = "records", _l("Waits for papers")
    CITY_NEEDS = "city_needs", _l("The City needed the person elsewhere")
    NOTICE_LATE = "notice_late", _l("Was told late")
    OTHER = "other", _l("Another reason")


class GiveReason(Word):
    """Why the desk gives a form that the roster did not ask for."""

    ROSTER_LATE = "roster_late", _l("The roster does not show it yet")
    LEFT_OUT = "left_out", _l("Was left out by mistake")
    TOLD_US = "told_us", _l("The person or the department told us")
    OFFICE_ASKS = "office_asks", _l("The ethics office asks for it")
    OTHER = "other", _l("Another reason")


class ExcuseReason(Word):
    """Why nothing is due any more."""

    LEFT = "left", _l("Left the City")
    NOT_COVERED = "not_covered", _l("Not covered by the policy")
    TWICE = "twice", _l("Was asked twice")
    COURT_ORDER = "court_order", _l("Court order or side letter")
    LONG_ABSENCE = "long_absence", _l("Away for the whole time")
    OTHER = "other", _l("Another reason")


class FormChange(Word):
    """What was different in a version of a form (U24)."""

    WORDING = "wording", _l("only words")
    CONTENT = "content", _l("content")


class Receipt(Word):
    """What a person says when signing a policy; it is not agreement and waives nothing."""

    RECEIVED = "received", _l("I received it")
    OBJECTION = "objection", _l("I received it and object to something in it")
    DECLINED = "declined", _l("I decline to sign")


class Carried(Word):
    """What a filer says of an entry of an earlier form."""

    SAME = "same", _l("same as before")
    CHANGED = "changed", _l("changed")
    ENDED = "ended", _l("ended")
    MISTAKE = "mistake", _l("was told by mistake")


class OnTime(Word):
    """Why a filing after the last day counts as on time (U23)."""

    SIGN_IN = "sign_in", _l("trouble with signing in on the last day")
    SLIP = "slip", _l("a new sign-in slip on the last day")
