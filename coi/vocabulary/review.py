"""The words of review: outcomes, priorities, conflicts, verdicts, batches, plans, messages; no rule, no table."""

from flask_babel import lazy_gettext as _l

from coi.vocabulary.word import Word


class Outcome(Word):
    """What was decided, from the mildest to the most severe."""

    CLOSED = "closed", _l("Closed without a decision")
    EXEMPT = "exempt", _l("Exempt")
    NO_CONFLICT = "no_conflict", _l("No conflict found")
    NOTED = "noted", _l("Noted")
    ELIMINATED = "eliminated", _l("Conflict is over")
    MANAGED = "managed", _l("Allowed with conditions")
    REFERRED = "referred", _l("Referred")
    NOT_PERMITTED = "not_permitted", _l("Not allowed")


class Risk(Word):
    """How high the triggers of the form went; people read it as the review priority."""

    NONE = "none", _l("Routine")
    LOW = "low", _l("Look")
    MEDIUM = "medium", _l("Soon")
    HIGH = "high", _l("First")
    CRITICAL = "critical", _l("Now")

    @property
    def priority(self) -> str:
        """The code under which workbooks and profiles know this risk: routine, look, soon, first, now."""
        return {"none": "routine", "low": "look", "medium": "soon", "high": "first", "critical": "now"}[self.value]

    @property
    def queue_rank(self) -> int:
        """The place in the queue, from 0: now comes first."""
        return len(type(self)) - 1 - self.rank


class VerdictCategory(Word):
    """What an officer says of a name on a filing and a name on the City's lists."""

    SAME = "same_company", _l("The same company")
    LIKE_NAME = "like_name", _l("Another company with a similar name")
    LARGE = "large_supplier", _l("The same company, a large supplier: routine unless the filer has a part in it")
    OTHER = "other", _l("Nothing to look at, for another reason")

    @property
    def confirms(self) -> bool:
        """Whether the two names are one company."""
        return self in (VerdictCategory.SAME, VerdictCategory.LARGE)


class Because(Word):
    """Why a case lies where it lies, where no rule of the profile says it in its own words."""

    POST = "post", _l("the post that the filer holds has readers of its own")
    SAME_REVIEWER = "same_reviewer", _l("the same reviewer reads it again")
    NEXT_FREE = "next_free", _l("somebody stepped out or may no longer have it")
    BECAME_FREE = "became_free", _l("somebody became free")
    GIVEN = "given", _l("a senior officer gave it")
    ESCALATED = "escalated", _l("it was escalated")
    HANDED_BACK = "handed_back", _l("it was handed back")
    CORRECTED = "corrected", _l("the filer corrected it")
    UNDONE = "undone", _l("a decision was undone")
    REOPENED = "reopened", _l("it was opened again")
    SENT_UP = "sent_up", _l("an officer sent it to the final body")
    APPEALED = "appealed", _l("the filer appealed the decision")


class Reopened(Word):
    """Why a decided case was opened again."""

    OFFICER = "officer", _l("an officer asked for another look")
    RULE_WITHDRAWN = "rule_withdrawn", _l("the rule that cleared it was withdrawn")
    NEW_CONTRACT = "new_contract", _l("the City has a new contract with somebody on the form")


class BatchAct(Word):
    """What becomes of a batch of filings that are decided together, or of one in it."""

    TAKEN_OUT = "taken_out", _l("taken out")
    EXPECTED = "expected", _l("opened: as expected")
    NOT_EXPECTED = "not_expected", _l("opened: not as expected")
    LEFT_OUT = "left_out", _l("left out")
    DECIDED = "decided", _l("decided")
    STOPPED = "stopped", _l("ended without a decision")
    UNDONE = "undone", _l("undone")


class LeftOut(Word):
    """Why a filing was not decided with its batch."""

    NEWER_VERSION = "newer_version", _l("the filer signed a newer version")
    MOVED = "moved", _l("it is no longer in review")
    ASKED = "asked", _l("it waits for the filer's answer")
    PRIORITY = "priority", _l("its priority was raised")
    GIVEN_AWAY = "given_away", _l("it was given to somebody else")
    CONFLICT = "conflict", _l("you have come into a conflict with its filer")
    NEW_CONTRACT = "new_contract", _l("a new contract of the City waits to be looked at")
    UNVERIFIED = "unverified", _l("it names somebody like a vendor of the City, and nobody said whether it is")
    STEPPED_ASIDE = "stepped_aside", _l("its filer keeps out of something until it is decided")
    CONDITIONS = "conditions", _l("its filer has conditions of an earlier decision")


class Conflict(Word):
    """Why a colleague may not have a case, or was passed over: codes for senior officers free of conflict only (U10)."""

    FILER = "filer", _l("it is their own form")
    ABOVE = "above", _l("above the filer in the reporting line")
    BELOW = "below", _l("below the filer in the reporting line")
    RELATION = "relation", _l("a confirmed relation")
    SHARED_PARTY = "shared_party", _l("a confirmed outside business that they share")
    RECUSED = "recused", _l("stepped out of this case")
    TYPED = "typed", _l("typed this form in from paper")
    DECIDED = "decided", _l("decided or recommended what is appealed")
    AWAY = "away", _l("away")


class AppealEffect(Word):
    """What became of a decision that was appealed."""

    UPHELD = "upheld", _l("it stays as it was")
    CHANGED = "changed", _l("it was changed")


class StepOut(Word):
    """Why a reviewer steps out of a case, where the reviewer chooses instead of writing."""

    FAMILY = "family", _l("A relative or somebody close to me")
    FRIEND = "friend", _l("I know the person too well")
    BUSINESS = "business", _l("I have a part in what this is about, or do business with it")
    WORK = "work", _l("We work, or worked, closely together")
    DISPUTE = "dispute", _l("We are at odds, or I said publicly what I think of it")
    OTHER = "other", _l("Another reason, which I write below")


class WhileAway(Word):
    """What becomes of somebody's open cases while they are away."""

    STAY = "stay", _l("They stay with this person")
    DELEGATE = "delegate", _l("A colleague stands in for this time")
    NEXT = "next", _l("Each goes to the next colleague who is free")


class TooFewOf(Word):
    """Of whom there are too few for the office to stand on its own feet (SD4, SD12)."""

    SENIOR_OFFICERS = "senior_officers", _l("fewer than two senior ethics officers")
    ADMINISTRATORS = "administrators", _l("fewer than two administrators")
    ALTERNATE = "alternate", _l("nobody who reads the forms of the ethics officers")


class Moved(Word):
    """Why the system took a case from somebody by itself (SD11)."""

    ROLE_ENDED = "role_ended", _l("the role ended, or the person left the City")
    CONFLICT = "conflict", _l("a conflict with the filer came to be known")
    ABSENCE = "absence", _l("the reviewer is away")
    RECUSED = "recused", _l("the reviewer stepped out")


class PlanAnswered(Word):
    """What a filer says of the conditions given with a decision."""

    ACCEPTED = "accepted", _l("Accepted")
    OBJECTION = "objection", _l("Accepted, with an objection")
    DECLINED = "declined", _l("Declined")


class PlanStepKind(Word):
    """What happens to a condition, or to the whole plan."""

    SAID = "said", _l("Said to be done")
    CONFIRMED = "confirmed", _l("Confirmed")
    SENT_BACK = "sent_back", _l("Sent back")
    REMINDED = "reminded", _l("Reminded")
    STILL_SO = "still_so", _l("The filer said whether it is still so")
    REVIEWED = "reviewed", _l("Looked at again")
    LOOKED_AT = "looked_at", _l("Looked at by the office")
    ENDED = "ended", _l("Ended")


class MessageKind(Word):
    """Who a message of a case is for."""

    QUESTION = "question", _l("Question to the filer")
    ANSWER = "answer", _l("Answer of the filer")
    NOTE = "note", _l("Internal note")
    LEGAL_ADVICE = "legal_advice", _l("Legal advice")


class Party(Word):
    """Who keeps a condition of a plan, or confirms it."""

    FILER = "filer", _l("The filer")
    SUPERVISOR = "supervisor", _l("The supervisor")
    PERSON = "person", _l("Somebody else")
    OFFICE = "office", _l("The ethics office")
