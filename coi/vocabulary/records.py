"""The words of what leaves the house about one case: what a certified case file is for; no rule, no table."""

from flask_babel import lazy_gettext as _l

from coi.vocabulary.word import Word


class CasePurpose(Word):
    """What a certified case file is needed for."""

    APPEAL = "appeal", _l("An appeal outside this system")
    ARBITRATION = "arbitration", _l("Arbitration or a grievance")
    SUBPOENA = "subpoena", _l("A subpoena or a court order")
    OTHER = "other", _l("Something else")
