"""The Interests sheet: one row per reported entry, masked by the visibility of each field (PROOF 3, standard kind)."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from coi.db import db
from coi.disclosures.shown import Answer, shown_version
from coi.exports.registers.asof import Case, Due, Moment, cases, dues
from coi.exports.registers.rows import Row, references_of, campaign_years
from coi.models import Campaign, InterestDecision
from coi.vocabulary import Outcome


def interests(at: Moment, campaign: Campaign | None) -> Iterator[Row]:
    """One row per interest of the newest signed version of every filing that settled an obligation by then."""
    years = campaign_years()
    for batch in dues(at.n, campaign):
        filed = cases({due.disclosure_id for due in batch if due.disclosure_id is not None}, at.n)
        references = references_of(filed)
        for due in _once(batch):
            case = filed.get(due.disclosure_id) if due.disclosure_id is not None else None
            if case is not None and case.version is not None:
                yield from _of(due, case, references[case.disclosure_id], years, at)


def _once(batch: list[Due]) -> Iterator[Due]:
    """One filing may settle several obligations; its interests stand once."""
    seen: set[int] = set()
    for due in batch:
        if due.disclosure_id is not None and due.disclosure_id not in seen:
            seen.add(due.disclosure_id)
            yield due


def _of(due: Due, case: Case, reference: str, years: dict[int, int], at: Moment) -> Iterator[Row]:
    version = case.version
    assert version is not None  # nosec B101: the caller asked
    if not version.interests:
        return
    decided: dict[int, Outcome] = {}
    if case.decision is not None:
        rows = select(InterestDecision.interest_id, InterestDecision.outcome).where(
            InterestDecision.decision_id == case.decision.id
        )
        decided = dict(db.session.execute(rows).tuples())
    answers = {answer.question_id: answer for section in shown_version(version, at.language) for answer in section.answers}
    owed = due.obligation
    for interest in version.interests:
        answer = answers.get(interest.question_id)
        entry = interest.entry_number
        outcome = decided.get(interest.id)
        yield (
            *(reference, str(years[owed.campaign_id]) if owed.campaign_id is not None else ""),
            *(owed.number, owed.name, owed.department),
            *(answer.title if answer else interest.question_id, entry + 1 if entry is not None else None),
            *masked(answer, entry, interest.party),
            *(str(interest.risk.label), str(outcome.label) if outcome else None),
            case.decision.at if case.decision and outcome else None,
        )


def masked(answer: Answer | None, entry: int | None, party: str) -> tuple[str, str]:
    """The party and the answers as the standard kind shows them: public in words, restricted and confidential as given."""
    if answer is None:
        return "", ""
    if entry is None or not answer.entries:
        return "", mask(answer.visibility, answer.text)
    fields = answer.entries[entry].fields if entry < len(answer.entries) else ()
    told: list[str] = []
    shown_party = mask("restricted", party)
    for one in fields:
        if one.text == party and party:
            shown_party = mask(one.visibility, party)
            continue
        if one.text:
            told.append(f"{one.title} {mask(one.visibility, one.text)}")
    return shown_party, " · ".join(told)


def mask(visibility: str, text: Any) -> str:
    """`text` for who may read it, else the words that stand for it; nothing stays nothing."""
    if not text:
        return str(_("none"))
    if visibility == "public":
        return str(text)
    return str(_("given")) if visibility in ("confidential", "internal") else str(_("restricted, given"))

