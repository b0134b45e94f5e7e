"""The Interests sheet: one row per reported entry, masked by the visibility of each field (PROOF 3, standard kind)."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from coi.db import db
from coi.disclosures.copies import is_internal
from coi.disclosures.shown import NOT_ANSWERED, NOT_ASKED, Answer, Entry, Shown, shown_version
from coi.exports.registers.asof import Case, Due, Moment, cases, dues
from coi.exports.registers.rows import Row, campaign_years, references_of
from coi.models import Campaign, DisclosureVersion, InterestDecision
from coi.vocabulary import Outcome


def interests(at: Moment, campaign: Campaign | None) -> Iterator[Row]:
    """One row per interest of the newest signed version of every filing that settled an obligation by then."""
    years = campaign_years()
    for batch in dues(at.n, campaign):
        filed = cases({due.disclosure_id for due in batch if due.disclosure_id is not None}, at.n)
        with_some = {case.version.id for case in filed.values() if case.interests}
        references = references_of(filed)
        versions = {one.id: one for one in db.session.scalars(_whole(with_some))}
        decided = _decided({case.decision.id for case in filed.values() if case.interests and case.decision is not None})
        for due in _once(batch):
            case = filed.get(due.disclosure_id) if due.disclosure_id is not None else None
            if case is not None and case.interests:
                yield from _of(due, case, versions[case.version.id], decided, (references[case.disclosure_id], years), at)
        db.session.expunge_all()


def _whole(ids: set[int]) -> Select[DisclosureVersion]:
    return select(DisclosureVersion).where(DisclosureVersion.id.in_(ids)).options(selectinload(DisclosureVersion.interests))


def _decided(ids: set[int]) -> dict[int, Outcome]:
    rows = select(InterestDecision.interest_id, InterestDecision.outcome).where(InterestDecision.decision_id.in_(ids))
    return dict(db.session.execute(rows).all())


def _once(batch: list[Due]) -> Iterator[Due]:
    """One filing may settle several obligations; its interests stand once."""
    seen: set[int] = set()
    for due in batch:
        if due.disclosure_id is not None and due.disclosure_id not in seen:
            seen.add(due.disclosure_id)
            yield due


def _of(
    due: Due, case: Case, version: DisclosureVersion, decided: dict[int, Outcome], named: tuple[str, dict[int, int]], at: Moment
) -> Iterator[Row]:
    reference, years = named
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
            *masked(answer, entry, interest.entry_key, interest.party),
            *(interest.risk, outcome),
            case.decision.at if case.decision and outcome else None,
        )


def masked(answer: Answer | None, entry: int | None, key: str, party: str) -> tuple[str, str]:
    """The party and the answers as the standard kind shows them: public in words, restricted and confidential as given.

    What is internal stands in no export (FORMAT): its field is not there, and an answer alone says that it is left out.
    """
    if answer is None:
        return "", ""
    if is_internal(answer):
        return "", left_out()
    if entry is None or not answer.entries:
        return "", told(answer.status, answer.visibility, answer.text)
    by_key = [one for one in answer.entries if key and one.key == key]
    fields = (by_key or list(answer.entries[entry : entry + 1]) or [NO_ENTRY])[0].fields
    naming = next((one for one in fields if party and one.text == party), None)
    rest = [one for one in fields if one is not naming]
    # A name that only an internal field holds was kept before such fields named nobody.
    named = (
        left_out() if naming is not None and is_internal(naming) else mask(naming.visibility if naming else "restricted", party)
    )
    return named, " · ".join(_fields(rest))


NO_ENTRY = Entry("", 0, "", ())


def left_out() -> str:
    """What stands where an answer is in no copy."""
    return str(_("left out of copies"))


def _fields(fields: Iterable[Shown]) -> Iterator[str]:
    """Each field that was asked and may stand in a copy; the entries of a list in the list one by one."""
    for one in fields:
        if is_internal(one):
            continue
        if one.entries:
            for number, entry in enumerate(one.entries, 1):
                yield f"{one.title} {number}: {', '.join(_fields(entry.fields))}"
        elif one.status != NOT_ASKED:
            yield f"{one.title} {told(one.status, one.visibility, one.text)}"


def told(status: str, visibility: str, text: str) -> str:
    """An answer in a cell: "none", "not asked" and "not answered" differ, and none of them says what was answered."""
    if status == NOT_ASKED:
        return str(_("not asked"))
    if status == NOT_ANSWERED:
        return str(_("not answered"))
    return mask(visibility, text)


def mask(visibility: str, text: Any) -> str:
    """`text` for who may read it, else the words that stand for it; nothing stays nothing."""
    if not text:
        return str(_("none"))
    if visibility == "public":
        return str(text)
    return str(_("given")) if visibility == "confidential" else str(_("restricted, given"))
