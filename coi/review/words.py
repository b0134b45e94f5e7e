"""What routing keeps as a code or in the profile's English, in the reader's language; reads only."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from coi.languages import language
from coi.models import Decision, Motion
from coi.plans.words import bare
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


def lists_in_words(names: Sequence[str]) -> str:
    """Outside lists as people call them; one of the city's own stands by its name."""
    called = {"city_vendors": _("the City's vendors"), "contracts": _("the City's contracts")}
    return ", ".join(called.get(one, one) for one in names)


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


def body_name(spoken: str) -> str:
    """What the city calls its final body, in a language."""
    desk = next((one for one in current_profile().desks.values() if one.members == "commission"), None)
    return in_language(desk.label, spoken) if desk else str(_("The final body"))


def motion_in_words(motion: Motion) -> str:
    """How a motion went: "Motion 2026-07-3, carried 5 to 1, 1 abstained"."""
    told = {"name": motion.name, "yes": motion.yes, "no": motion.no}
    words = _("Motion %(name)s, carried %(yes)s to %(no)s", **told)
    if not motion.carried:
        words = _("Motion %(name)s, not carried, %(yes)s to %(no)s", **told)
    if motion.abstained:
        words += ", " + _("%(count)s abstained", count=motion.abstained)
    return words


def by_body(motion: Motion, spoken: str) -> str:
    """The final body and its motion, as who decided."""
    return f"{body_name(spoken)} · {motion_in_words(motion)}"


def decided_by(decision: Decision, spoken: str = "") -> str:
    """Who decided: a person, a rule of the profile, or the final body with its motion; never who wrote the motion down."""
    if decision.motion is not None:
        return by_body(decision.motion, spoken or language())
    if decision.by is not None:
        return decision.by.name
    return rule_in_words(decision.rule)


def conditions_in_words(conditions: Sequence[Any]) -> list[str]:
    """Bare conditions as the library says them in the reader's language; one in own words stays as it is."""
    found = [(str(told), current_profile().condition(str(told))) for told in conditions]
    return [bare(in_language(known.text, language())) if known else told for told, known in found]
