"""The words of what leaves the house: certified case files, records requests and what is removed; no rule, no table."""

from flask_babel import lazy_gettext as _l

from coi.vocabulary.word import Word


class CasePurpose(Word):
    """What a certified case file is needed for."""

    APPEAL = "appeal", _l("An appeal outside this system")
    ARBITRATION = "arbitration", _l("Arbitration or a grievance")
    SUBPOENA = "subpoena", _l("A subpoena or a court order")
    OTHER = "other", _l("Something else")


class RemovalGround(Word):
    """Why an answer is taken out of a copy that is released for a records request."""

    HOME = "home", _l("Home address")
    OFF_DUTY = "off_duty", _l("Places and times off duty")
    FAMILY = "family", _l("Names of family")
    CONFIDENTIAL = "confidential", _l("Not public by the form")
    PERSONNEL = "personnel", _l("Personnel matter")
    SECURITY = "security", _l("Safety of a person or of the City")
    OTHER = "other", _l("Another ground")


class MoreTime(Word):
    """Why a records request takes 30 more days (65 P.S. 67.902)."""

    REMOVALS = "removals", _l("Something must be taken out first")
    ELSEWHERE = "elsewhere", _l("The records lie elsewhere")
    STAFF = "staff", _l("Too few people to answer in time")
    LEGAL = "legal", _l("A lawyer must look at it")
    TERMS = "terms", _l("The requester has not met the City's terms or paid its fee")
    LARGE = "large", _l("So much or such records were asked for")


class RecordsAnswer(Word):
    """How a records request ended."""

    GRANTED = "granted", _l("Given in full")
    PARTLY = "partly", _l("Given in part")
    DENIED = "denied", _l("Not given")
    NOTHING = "nothing", _l("There is no such record")
    WITHDRAWN = "withdrawn", _l("Taken back by the requester")

    @property
    def gives(self) -> bool:
        """Whether records go out with this answer."""
        return self in (RecordsAnswer.GRANTED, RecordsAnswer.PARTLY)


class RecordsStepKind(Word):
    """What happened to a records request after it came."""

    EXTENDED = "extended", _l("More time taken")
    CLOSED = "closed", _l("Answered")
