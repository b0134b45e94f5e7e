"""What routing keeps as a code or in the profile's English, in the reader's language; reads only."""

from functools import lru_cache

from flask_babel import get_locale
from flask_babel import gettext as _

from coi.profiles.current import current_profile
from coi.rules.form import in_language
from coi.vocabulary import Because, Conflict


def because_in_words(kept: str) -> str:
    """Why a case lies where it lies: a word of ours, or the reason of the profile's rule; an older profile's stays as it was."""
    if not kept:
        return ""
    spoken = get_locale()
    return _said(kept, spoken.language if spoken else "en", id(current_profile()))


@lru_cache(maxsize=512)
def _said(kept: str, spoken: str, _profile: int) -> str:
    if kept in set(Because):
        return str(Because(kept).label)
    rule = next((one for one in current_profile().routing if one.reason == kept), None)
    return in_language(rule.because, spoken) if rule else kept


def conflict_in_words(codes: str) -> str:
    """Why somebody was passed over: `above+relation` in words."""
    return ", ".join(str(Conflict(code).label) if code in set(Conflict) else code for code in codes.split("+"))


def desk_in_words(code: str) -> str:
    """A desk as the profile calls it, in the reader's language; an older profile's stays as it was."""
    spoken = get_locale()
    desk = current_profile().desks.get(code)
    return in_language(desk.label, spoken.language if spoken else "en") if desk else code


def rule_in_words(rule: str) -> str:
    """By which rule of the City a filing was closed without a reader."""
    return _("closed by the City's rule for forms with nothing to declare") if rule == "nil" else rule
