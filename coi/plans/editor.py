"""Fills the plan editor of the case page: the library's words, what a row starts with, a drafted plan; reads only."""

from typing import Any

from coi.languages import language
from coi.models import Disclosure
from coi.plans.drafting import of_strings, parties_of, values_of
from coi.plans.words import rule_in_words
from coi.profiles.current import current_profile
from coi.profiles.schema import LibraryCondition
from coi.review import queries as review

INTERIM = "interim_step_aside"


def library() -> list[LibraryCondition]:
    """What may be chosen for a plan; the interim one has a form of its own."""
    return [one for one in current_profile().conditions if one.on and one.code != INTERIM]


def words_of(one: LibraryCondition) -> str:
    """The library's words in the reader's language, with what they leave open."""
    told = one.text.get(language()) or one.text["en"]
    return told.replace("{matter}", "…").replace("{party}", "…").replace("{Name}", "…")


def ready_plan(form: Any, disclosure: Disclosure, *, fresh: bool) -> None:
    """Choices and words of every row; the second person's fresh form starts from the draft that came with the recommendation."""
    if fresh and "rule" in form:
        recommended = review.standing_recommendation(disclosure)
        drafts = (recommended.plan or of_strings(recommended.conditions, disclosure)) if recommended is not None else []
        form.plan.entries = [form.plan.row(values_of(draft)) for draft in drafts]
    form.plan.use(library(), words_of, rule_in_words, parties_of(disclosure))
