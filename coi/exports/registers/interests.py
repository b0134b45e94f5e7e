"""The Interests sheet: one row per reported entry, each answer shown as its visibility and the kind of workbook allow (U62)."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from coi.db import db
from coi.disclosures.copies import is_internal
from coi.disclosures.shown import ANSWERED, NOT_ANSWERED, NOT_ASKED, Answer, Entry, Shown, shown_version
from coi.exports.registers.asof import Case, Due, Moment, cases, dues
from coi.exports.registers.masking import How, how
from coi.exports.registers.rows import Row, campaign_years
from coi.exports.registers.sieve import EVERYTHING, Sieve
from coi.models import Campaign, DisclosureVersion, InterestDecision
from coi.vocabulary import Outcome

WHOLE = 200  # whole signed forms that are in memory at once


def interests(at: Moment, campaign: Campaign | None, sieve: Sieve = EVERYTHING, kind: str = "standard") -> Iterator[Row]:
    """One row per interest of the newest signed version of every filing that settled an obligation by then.

    A public workbook has only those of which something may be shown.
    """
    years, shows = campaign_years(), how(kind, "interests", "answers")
    for batch in dues(at.n, campaign, sieve.conditions):
        filed = cases({due.disclosure_id for due in batch if due.disclosure_id is not None}, at.n)
        with_some = [(due, filed[due.disclosure_id]) for due in _once(batch) if due.disclosure_id in filed]
        with_some = [(due, case) for due, case in with_some if case.interests and sieve.lets(due, case)]
        for start in range(0, len(with_some), WHOLE):
            some = with_some[start : start + WHOLE]
            versions = {one.id: one for one in db.session.scalars(_whole({case.version.id for _due, case in some}))}
            decided = _decided({case.decision.id for _due, case in some if case.decision is not None})
            for due, case in some:
                yield from _of(due, case, versions[case.version.id], decided, (due.filed_as, years), at, shows)
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
    due: Due,
    case: Case,
    version: DisclosureVersion,
    decided: dict[int, Outcome],
    named: tuple[str, dict[int, int]],
    at: Moment,
    shows: How,
) -> Iterator[Row]:
    reference, years = named
    answers = {answer.question_id: answer for section in shown_version(version, at.language) for answer in section.answers}
    owed = due.obligation
    for interest in version.interests:
        answer = answers.get(interest.question_id)
        entry = interest.entry_number
        words = masked(answer, entry, interest.entry_key, interest.party, shows)
        if words is None:
            continue
        outcome = decided.get(interest.id)
        yield (
            *(reference, str(years[owed.campaign_id]) if owed.campaign_id is not None else ""),
            *(owed.number, owed.name, owed.department),
            *(answer.title if answer else interest.question_id, entry + 1 if entry is not None else None),
            *words,
            *(interest.risk, outcome),
            case.decision.at if case.decision and outcome else None,
        )


def masked(answer: Answer | None, entry: int | None, key: str, party: str, shows: How = How.BY_FIELD) -> tuple[str, str] | None:
    """The party and the answers as a kind shows them; None where a public workbook would show neither.

    What is internal stands in no export (FORMAT): its field is not there, and an answer alone says that it is left out.
    """
    public = shows is How.RELEASED
    if answer is None or is_internal(answer):
        return None if public else ("", left_out() if answer else "")
    if entry is None or not answer.entries:
        return ("", told(answer, shows)) if not public or _tells([answer]) else None
    by_key = [one for one in answer.entries if key and one.key == key]
    fields = (by_key or list(answer.entries[entry : entry + 1]) or [NO_ENTRY])[0].fields
    # A name that only an internal field holds was kept before such fields named nobody; one that no field holds is restricted.
    naming = next((one for one in fields if party and one.text == party), NO_FIELD)
    if public and not _tells(fields):
        return None
    rest = _fields((one for one in fields if one is not naming), shows)
    return mask(naming.visibility, party, shows, naming.no_home), " · ".join(rest)


NO_ENTRY = Entry("", 0, "", ())
NO_FIELD = Shown("", "", "", "restricted")


def left_out() -> str:
    """What stands where an answer is in no copy."""
    return str(_("left out of copies"))


def is_released(one: Answer | Shown) -> bool:
    """Whether an answer may stand in copies that are released: public, or an address that is nobody's home (FORMAT)."""
    return one.visibility == "public" or (one.visibility == "redact_if_home" and one.no_home)


def _tells(fields: Iterable[Answer | Shown]) -> bool:
    """Whether any of these answers, or of the entries inside them, says something that may be released."""
    return any(
        any(_tells(entry.fields) for entry in one.entries) if one.entries else is_released(one) and one.status == ANSWERED
        for one in fields
    )


def _fields(fields: Iterable[Shown], shows: How) -> Iterator[str]:
    """Each field that was asked and may stand in this copy; the entries of a list in the list one by one."""
    for one in fields:
        if is_internal(one):
            continue
        if one.entries:
            for number, entry in enumerate(one.entries, 1):
                inner = ", ".join(_fields(entry.fields, shows))
                if inner or shows is not How.RELEASED:
                    yield f"{one.title} {number}: {inner}"
        elif one.status != NOT_ASKED and (shows is not How.RELEASED or is_released(one)):
            yield f"{one.title} {told(one, shows)}"


def told(one: Answer | Shown, shows: How) -> str:
    """An answer in a cell: "none", "not asked" and "not answered" differ, and none of them says what was answered."""
    if one.status == NOT_ASKED:
        return str(_("not asked"))
    if one.status == NOT_ANSWERED:
        return str(_("not answered"))
    return mask(one.visibility, one.text, shows, one.no_home)


def mask(visibility: str, text: Any, shows: How = How.BY_FIELD, no_home: bool = False) -> str:
    """`text` for who may read it, else the words that stand for it; nothing stays nothing.

    `no_home`: the answer is an address of which the filer said that it is no home.
    """
    if not text:
        return str(_("none"))
    if visibility == "public" or (visibility == "redact_if_home" and no_home):
        return str(text)
    if shows is How.RELEASED:
        return str(_("not public"))
    if visibility == "internal":
        return left_out()
    if shows is How.IN_WORDS:
        return str(text)
    return str(_("given")) if visibility == "confidential" else str(_("restricted, given"))
