"""The words of a body that votes: what a motion does, how a member voted; no rule, no table."""

from flask_babel import lazy_gettext as _l

from coi.vocabulary import Word


class MotionKind(Word):
    """What a motion of the final body does with a case."""

    DECIDE = "decide", _l("Decides the case")
    SEND_BACK = "send_back", _l("Sends it back for facts")


class Ballot(Word):
    """How a member of the final body voted."""

    YES = "yes", _l("Yes")
    NO = "no", _l("No")
    ABSTAINS = "abstains", _l("Abstains")
    RECUSED = "recused", _l("Recused")
