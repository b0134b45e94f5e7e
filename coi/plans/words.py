"""The words of a plan as people read them: by when, who keeps it, who confirms; in the reader's language; reads only."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from coi.db import db
from coi.languages import day, language
from coi.models import Decision, Plan, PlanCondition
from coi.plans import standing
from coi.profiles.current import current_profile
from coi.rules.form import in_language
from coi.rules.plans import AT_ONCE, ON_A_DAY, YEARLY, counted, filled
from coi.vocabulary import Party

CONTRACT = _l("Nothing here changes your rights under your union contract.")
SILENCE = _l("Nothing binds you by silence.")
RULES: dict[str, Any] = {
    AT_ONCE: _l("at once"),
    YEARLY: _l("every year"),
    ON_A_DAY: _l("on a day that I name"),
    "before the vote": _l("before the vote"),
    "before the contract": _l("before the contract"),
    "10 business days after the change": _l("10 business days after the change"),
}


def bare(text: str) -> str:
    """A text of the library where nobody said whom it is about: this party, somebody else."""
    values = {"matter": _("this matter"), "party": _("this party"), "Name": _("Somebody else")}
    return filled(text, values)


def conditions_of(decision: Decision | None) -> list[str]:
    """The conditions of a decision in the reader's language: of its plan, or of the library's codes as they once were kept."""
    if decision is None:
        return []
    plan = db.session.scalar(select(Plan).where(Plan.decision_id == decision.id))
    if plan is not None:
        return [words_of(one.text) for one in plan.conditions]
    found = [(str(told), current_profile().condition(str(told))) for told in decision.conditions]
    return [bare(in_language(known.text, language())) if known else told for told, known in found]


def rule_in_words(rule: str) -> str:
    """A due rule as people read it; one that we do not know stands as the city wrote it."""
    told = counted(rule)
    if told is None:
        return str(RULES.get(rule, rule))
    number, business = told
    if business:
        return ngettext("within %(num)s business day", "within %(num)s business days", number)
    return ngettext("within %(num)s day", "within %(num)s days", number)


def due_in_words(condition: PlanCondition) -> str:
    """By when it is kept and shown."""
    rule, on = condition.due_rule, condition.due_on
    if on is None:
        return rule_in_words(rule)
    if rule == AT_ONCE:
        return _("at once; shown by %(day)s", day=day(on))
    return _("by %(day)s", day=day(on))


def words_of(told: dict[str, Any]) -> str:
    """A text of a plan in the reader's language."""
    return str(told.get(language()) or told.get("en") or "")


def owner_in_words(condition: PlanCondition, reader_id: int | None) -> str:
    """Who keeps it; `you` where that is the reader."""
    if condition.owner_id is not None and condition.owner_id == reader_id:
        return _("you")
    if condition.owner is Party.OFFICE:
        return _("the ethics office")
    return condition.owned_by.name if condition.owned_by else str(condition.owner.label)


def confirmer_in_words(condition: PlanCondition, reader_id: int | None) -> str:
    """Who confirms it."""
    if condition.confirmer_id is not None and condition.confirmer_id == reader_id:
        return _("you")
    return condition.confirmed_by.name if condition.confirmed_by else _("the ethics office")


def from_when(plan: Plan) -> str:
    """Since when it binds; where it waits for a yes, the day that the decision names and that nothing binds before the yes."""
    since = standing.since_when(plan)
    if since is not None:
        return day(since)
    if plan.holds_from is not None:
        return _("%(day)s, once you accept", day=day(plan.holds_from))
    return _("from the day you accept")


def meanwhile_in_words(own: str, binds_alone: bool) -> str:
    """What goes on until then: the officer's words, else what holds for every plan of the kind."""
    if own:
        return own
    if binds_alone:
        return _("An appeal does not move this day, unless the ethics office tells you so in writing.")
    return _("Until you answer you may go on as before. Please do no City work that touches this in the meantime.")
