"""The letters around an appeal: that it came, that it was decided, and until when a decision may be appealed; no content."""

from datetime import datetime
from typing import Any

from coi.appeals import queries
from coi.languages import day, speaking
from coi.models import Appeal, AppealAnswer, Decision, Disclosure, Plan
from coi.notices import actions as notices
from coi.plans.letters import outcome_kind, outcome_values
from coi.profiles.current import current_profile
from coi.vocabulary import Outcome


def received(appeal: Appeal, disclosure: Disclosure, now: datetime) -> None:
    """To the filer: we have it, what goes on meanwhile."""
    told = {"reference": disclosure.reference, "appeal": appeal.reference}
    kind = "appeal_received_body" if appeal.to_body else "appeal_received"
    notices.post(kind, disclosure.filer, now, f"appeal:{appeal.reference}", **told)


def outcome_letter(
    decision: Decision, plan: Plan | None, answer: AppealAnswer | None, disclosure: Disclosure
) -> tuple[str, dict[str, Any]]:
    """The kind of letter that tells a decision to its filer, with what fills it in."""
    told: dict[str, Any] = outcome_values(plan, disclosure) if plan is not None else {"reference": disclosure.reference}
    spoken = notices.language_of(disclosure.filer)
    if answer is not None:
        told |= {"filing": disclosure.reference, "after": current_profile().appeals.after_in(spoken)}
        asks = plan is not None and decision.outcome is Outcome.MANAGED
        return ("appeal_decided_managed" if asks else "appeal_decided"), told
    until = queries.until_of(decision)
    if plan is None and until is not None:
        with speaking(spoken):
            return "outcome_to_appeal", {**told, "appeal_until": day(until)}
    return outcome_kind(plan), told
