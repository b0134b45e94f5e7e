"""Everything of one's own, of all years: filings, what was due, policies signed, letters, readers, stepping aside; reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from coi.audit.chain import moment
from coi.campaigns import queries as campaigns
from coi.db import db
from coi.disclosures import queries
from coi.disclosures.home import in_words
from coi.exports.stood_in import Stood, stood_in
from coi.models import (
    AuditEntry,
    Disclosure,
    DisclosureVersion,
    Extension,
    Leave,
    Letter,
    Obligation,
    Person,
    PolicyReceipt,
    RosterNote,
)
from coi.notices import queries as notices
from coi.notices.kinds import AUDITS
from coi.notices.words import KINDS, OFFICE, ROLE
from coi.recusals import queries as recusals
from coi.rules.permissions import Facts
from coi.vocabulary import ExtensionReason, State

# Letters about somebody else's case or about roles: to be read where they came, never part of what is one's own.
NOT_ONES_OWN = frozenset(kind for kind, words in KINDS.items() if words.why in (OFFICE, ROLE, AUDITS))


LONGEST_REFERENCE = 60


@dataclass(frozen=True)
class Year:
    """The filings that report one year, the newest first."""

    year: int
    filings: Sequence[tuple[Disclosure, str]]


@dataclass(frozen=True)
class PolicySaid:
    """What was said about a policy version, when, and with which filing."""

    receipt: PolicyReceipt
    at: datetime
    reference: str


@dataclass(frozen=True)
class OwnLetter:
    """A letter as its reader finds it again; one with a link that is a secret keeps its text to itself."""

    reference: str
    letter: Letter
    readable: bool


@dataclass(frozen=True)
class Whole:
    """Everything that one person may see of their own."""

    person: Person
    leave: Leave | None
    notes: list[RosterNote]
    owed: list[campaigns.Owed]
    ended: list[Obligation]
    extensions: list[tuple[Extension, str]]
    years: list[Year]
    drafts: list[Disclosure]
    policies: list[PolicySaid]
    letters: list[OwnLetter]
    readers: list[tuple[Disclosure, list[queries.Reader], list[Stood]]]
    recusals: list[recusals.Line]


def whole_of(person_id: int, on: Any) -> Whole:
    """The whole record of one person as that person sees it."""
    mine = queries.mine(person_id)
    signed = [one for one in mine if one.state is not State.DRAFT]
    years = sorted({one.reporting_year for one in signed}, reverse=True)
    return Whole(
        person=db.session.get_one(Person, person_id, options=[joinedload(Person.supervisor)]),
        leave=campaigns.leave_of([person_id]).get(person_id),
        notes=list(db.session.scalars(select(RosterNote).where(RosterNote.person_id == person_id).order_by(RosterNote.id))),
        owed=sorted(campaigns.owed_by(person_id, on), key=_open_first),
        ended=_ended(person_id),
        extensions=_extensions(person_id),
        years=[Year(year, [(one, in_words(one)) for one in signed if one.reporting_year == year]) for year in years],
        drafts=[one for one in mine if queries.draft_of(one) is not None],
        policies=policies_said(person_id),
        letters=letters_of(person_id),
        readers=_readers(signed, on),
        recusals=recusals.mine(person_id),
    )


def _readers(signed: Sequence[Disclosure], on: Any) -> list[tuple[Disclosure, list[queries.Reader], list[Stood]]]:
    """The filings that somebody read, with who did and the full workbooks that they stood in."""
    told = [(one, queries.readers_for_filer(one, on), stood_in(one, on)) for one in signed]
    return [(one, read, stood) for one, read, stood in told if read or stood]


def _open_first(one: campaigns.Owed) -> tuple[bool, int]:
    """What is still open first, then what was filed, the newest first."""
    settled = one.obligation.settled_on
    return settled is not None, -settled.toordinal() if settled else 0


def _ended(person_id: int) -> list[Obligation]:
    rows = select(Obligation).where(Obligation.person_id == person_id, Obligation.ended_seq.is_not(None))
    return list(db.session.scalars(rows.order_by(Obligation.id)))


def _extensions(person_id: int) -> list[tuple[Extension, str]]:
    """More time that was given, with the kind of form in words."""
    rows = (
        select(Extension, Obligation)
        .join(Obligation, Obligation.id == Extension.obligation_id)
        .where(Obligation.person_id == person_id)
        .order_by(Extension.id)
    )
    return [(more, f"{owed.kind.label} {owed.reporting_year}") for more, owed in db.session.execute(rows)]


def reason_of(more: Extension) -> str:
    """Why there is more time, in words."""
    return str(ExtensionReason(more.reason).label) if more.reason in set(ExtensionReason) else ""


def policies_said(person_id: int) -> list[PolicySaid]:
    """Every policy version that this person said something about, the newest first."""
    rows = (
        select(PolicyReceipt, AuditEntry.at, Disclosure.reference)
        .join(AuditEntry, AuditEntry.seq == PolicyReceipt.seq)
        .outerjoin(DisclosureVersion, DisclosureVersion.id == PolicyReceipt.disclosure_version_id)
        .outerjoin(Disclosure, Disclosure.id == DisclosureVersion.disclosure_id)
        .where(PolicyReceipt.person_id == person_id)
        .options(joinedload(PolicyReceipt.policy_version))
        .order_by(PolicyReceipt.id.desc())
    )
    return [PolicySaid(receipt, moment(at), reference or "") for receipt, at, reference in db.session.execute(rows)]


def letters_of(person_id: int) -> list[OwnLetter]:
    """Every letter to this person that left or waits, the newest first; never one that was taken back."""
    rows = select(Letter).where(Letter.person_id == person_id, Letter.dropped.in_(("", *notices.TO_PRINT)))
    return [_own(one) for one in db.session.scalars(rows.order_by(Letter.id.desc()))]


def _own(letter: Letter) -> OwnLetter:
    return OwnLetter(notices.reference_of(letter), letter, letter.kind not in notices.SECRET)


def own_letter(reference: str) -> tuple[OwnLetter, Facts] | None:
    """A letter by what its address calls it, for its reader alone; one that holds a secret link is not there."""
    if not (reference.isalnum() and reference.isascii()) or len(reference) > LONGEST_REFERENCE:
        return None
    found = db.session.scalar(select(Letter).where(Letter.message_id.startswith(f"<{reference}@")))
    if found is None or found.person_id is None or found.kind in notices.SECRET or found.dropped not in ("", *notices.TO_PRINT):
        return None
    return _own(found), Facts(filer_id=found.person_id, owner_id=found.person_id)
