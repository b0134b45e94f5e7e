"""Outcomes, Not filed, Policies, Decisions and Audit as of entry N, a batch at a time; no draft, no word of a note.

A row holds plain values, and a `Word` itself where a column is coded: the writer says its label, JSON Lines its code.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select

from coi.audit.chain import moment
from coi.audit.queries import links
from coi.db import db
from coi.exports.registers.asof import BATCH, Case, Due, Moment, cases, dues
from coi.exports.registers.conditions import open_conditions
from coi.exports.registers.named import names_as_of, people_as_of
from coi.exports.registers.sieve import EVERYTHING, Sieve, standing_of
from coi.languages import LANGUAGES
from coi.models import (
    AuditEntry,
    Campaign,
    Decision,
    Disclosure,
    DisclosureVersion,
    Message,
    Motion,
    Person,
    PolicyReceipt,
    PolicyVersion,
    Seal,
)
from coi.review.words import because_in_words, by_body
from coi.vocabulary import ExcuseReason, MessageKind, Word

Row = tuple[Any, ...]


class Answered(Word):
    """A plain yes or no in a cell."""

    YES = "yes", _l("Yes")
    NO = "no", _l("No")


def yes(value: bool) -> Answered:
    """Yes or no as a word; the writer says it in the workbook's language."""
    return Answered.YES if value else Answered.NO


def outcomes(at: Moment, campaign: Campaign | None, sieve: Sieve = EVERYTHING) -> Iterator[Row]:
    """One row per obligation, in the order of PROOF 3."""
    years = {campaign_id: str(year) for campaign_id, year in campaign_years().items()}
    names: dict[int | None, str] = {}
    said = Because()
    everything = not sieve.filters
    for batch in dues(at.n, campaign, sieve.conditions):
        filed = cases({due.disclosure_id for due in batch if due.disclosure_id is not None}, at.n)
        _learn(names, {case.assignment.reviewer_id for case in filed.values() if case.assignment}, at.n)
        still = open_conditions({one.decision.id for one in filed.values() if one.decision and one.decision.conditions}, at)
        for due in batch:
            case = filed.get(due.disclosure_id) if due.disclosure_id is not None else None
            if everything or sieve.lets(due, case):
                yield (*_who(due, case, years), *_when(due, case, at), *_review(due, case, at, names, still, said))


def _who(due: Due, case: Case | None, years: dict[int, str]) -> Row:
    _id, reference, _person_id, campaign_id, _part_id, kind, _due_on, *who = due.obligation
    return (due.filed_as if case else reference, years.get(campaign_id, ""), *who, kind)


def _when(due: Due, case: Case | None, at: Moment) -> Row:
    version = case.version if case else None
    return (
        due.first_due,
        due.extended_to,
        case.versions[0].signed_at if case else None,
        due.days_late(at.today),
        version.number if version else None,
    )


# From Outcome to Open conditions: what nobody can know before there is a filing.
NOT_YET = (None,) * 14


class Because(dict[str, str]):
    """Why cases lie where they lie, in the words of the workbook: a few reasons, said for each of its rows."""

    def __missing__(self, kept: str) -> str:
        """The words, found once."""
        said = self[kept] = because_in_words(kept)
        return said


def _review(
    due: Due, case: Case | None, at: Moment, names: dict[int | None, str], still: dict[int, int], said: dict[str, str]
) -> Row:
    if case is None:
        return (standing_of(due, at.today), *NOT_YET, due.reminders, excused(due))
    decision, assignment = case.decision, case.assignment
    reviewer_id = assignment.reviewer_id if assignment else None
    return (
        case.state,
        decision.outcome if decision else None,
        case.risk,
        yes(case.version.nil),
        case.interests,
        case.flags,
        names.get(reviewer_id, ""),
        assignment.at if assignment and reviewer_id else None,
        decision.at if decision else None,
        case.days_in_review(at),
        case.days_waiting_on_filer(at),
        said[assignment.because] if assignment else "",
        decision.rule if decision else "",
        yes(case.escalated),
        # A decision from before there were plans kept codes only: nobody could confirm them.
        still.get(decision.id, decision.conditions) if decision else 0,
        due.reminders,
        excused(due),
    )


def excused(due: Due) -> str | None:
    """The reason of an excuse as a word; one that this software does not know stays as it was written."""
    return (EXCUSES.get(due.excused) or due.excused) if due.excused else None


EXCUSES = {word.value: word for word in ExcuseReason}


def not_filed(at: Moment, campaign: Campaign | None, sieve: Sieve = EVERYTHING) -> Iterator[Row]:
    """One row per obligation that no filing had settled by then."""
    for batch in dues(at.n, campaign, sieve.conditions):
        for due in batch:
            if due.disclosure_id is None and sieve.lets(due, None):
                owed = due.obligation
                yield (
                    *(owed.number, owed.name, owed.department, owed.title, owed.group, owed.kind),
                    *(due.first_due, due.extended_to, due.days_late(at.today), standing_of(due, at.today)),
                    *(excused(due), due.reminders),
                )


def decisions(at: Moment, campaign: Campaign | None, sieve: Sieve = EVERYTHING) -> Iterator[Row]:
    """One row per decision, those taken back included and marked."""
    wanted = (
        select(Decision, Disclosure.reference, DisclosureVersion.number)
        .join(Disclosure, Disclosure.id == Decision.disclosure_id)
        .join(DisclosureVersion, DisclosureVersion.id == Decision.version_id)
        .where(Decision.seq <= at.n)
    )
    if campaign is not None:
        wanted = wanted.where(Disclosure.campaign_id == campaign.id)
    names: dict[int | None, str] = {}
    moved = select(Motion).where(Motion.decision_id.is_not(None), Motion.seq <= at.n).order_by(Motion.id)
    bodies = {one.decision_id: by_body(one, at.language) for one in db.session.scalars(moved)}
    for batch in _batches(wanted, Decision.id):
        kept = sieve.filings({decision.disclosure_id for decision, *_more in batch})
        notes = notes_on(kept, at.n)
        for decision, reference, number in batch:
            if decision.disclosure_id not in kept:
                continue
            _learn(names, (decision.by_id, decision.recommended_by_id), at.n)
            undone = decision.undone_seq is not None and decision.undone_seq <= at.n
            yield (
                *(decision.reference, reference, number, decision.outcome, decision.reason_for_filer),
                *(", ".join(str(one) for one in decision.conditions), decision.internal_reasoning),
                *(notes.get(decision.disclosure_id, 0), bodies.get(decision.id) or names.get(decision.by_id, ""), decision.at),
                *(names.get(decision.recommended_by_id, ""), decision.rule, yes(undone), decision.seq),
            )


def notes_on(ids: Collection[int], n: int) -> dict[int, int]:
    """How many internal notes each filing had as of N; legal advice is not counted."""
    wanted = select(Message.disclosure_id, func.count()).where(
        Message.disclosure_id.in_(ids), Message.kind == MessageKind.NOTE, Message.seq <= n
    )
    return dict(db.session.execute(wanted.group_by(Message.disclosure_id)).all())


def sealed(at: Moment) -> frozenset[str]:
    """The filings that a seal kept back as of N: set by then, not lifted, its last day not over (U41)."""
    wanted = (
        select(Disclosure.reference)
        .join(Seal, Seal.disclosure_id == Disclosure.id)
        .where(Seal.seq <= at.n, or_(Seal.lifted_seq.is_(None), Seal.lifted_seq > at.n), Seal.until >= at.today)
    )
    return frozenset(db.session.scalars(wanted))


def policies(at: Moment, campaign: Campaign | None, sieve: Sieve = EVERYTHING) -> Iterator[Row]:
    """One row per person and policy version signed; with a campaign, those signed with its filings."""
    wanted = (
        select(PolicyReceipt, PolicyVersion, Person.number, AuditEntry.at, DisclosureVersion.disclosure_id)
        .join(PolicyVersion, PolicyVersion.id == PolicyReceipt.policy_version_id)
        .join(Person, Person.id == PolicyReceipt.person_id)
        .join(AuditEntry, AuditEntry.seq == PolicyReceipt.seq)
        .outerjoin(DisclosureVersion, DisclosureVersion.id == PolicyReceipt.disclosure_version_id)
        .where(PolicyReceipt.seq <= at.n)
    )
    if campaign is not None:
        wanted = wanted.join(Disclosure, Disclosure.id == DisclosureVersion.disclosure_id)
        wanted = wanted.where(Disclosure.campaign_id == campaign.id)
    given, none = str(_("given")), str(_("none"))
    titles: dict[int, str] = {}
    for batch in _batches(wanted, PolicyReceipt.id):
        told = people_as_of({receipt.person_id for receipt, *_more in batch}, at.n)
        kept = sieve.filings({filing for *_more, filing in batch if filing is not None}, who=False)
        for receipt, policy, number, signed_at, filing in batch:
            if policy.id not in titles:
                titles[policy.id] = policy.title.get(at.language) or policy.title.get("en", "")
            person = told[receipt.person_id]
            if not sieve.filters.fits(person.department, person.group) or (sieve.filters.by_filing and filing not in kept):
                continue
            yield (
                *(policy.policy_id, titles[policy.id], policy.version, number or "", person.name, person.department),
                *(receipt.receipt, given if receipt.objection else none),
                *(LANGUAGES.get(receipt.language, receipt.language), moment(signed_at), receipt.seq),
            )


def audit(at: Moment) -> Iterator[Row]:
    """Every entry up to N; the texts are the exact ones that were hashed."""
    for link in links(at.n):
        yield (link.seq, link.at, moment(link.at), link.actor, link.event, link.subject, link.details, link.prev, link.hash)


def campaign_years() -> dict[int, int]:
    """Each campaign's year."""
    return dict(db.session.execute(select(Campaign.id, Campaign.year)).all())


def _learn(names: dict[int | None, str], ids: Iterable[int | None], n: int) -> None:
    """Adds the names, as of entry `n`, of those that are not known yet: officers are few and come again and again."""
    new = {one for one in ids if one is not None and one not in names}
    if new:
        known = names_as_of(new, n)
        names.update({one: known.get(one, "") for one in new})


def _batches(wanted: Any, key: Any) -> Iterator[Any]:
    """Rows in id order, a batch at a time, nothing kept."""
    last = 0
    while True:
        batch = db.session.execute(wanted.where(key > last).order_by(key).limit(BATCH)).all()
        if not batch:
            return
        last = batch[-1][0].id
        yield batch
        db.session.expunge_all()
