"""The signed version of a case, and which smaller tables hold anything of it, so that its page asks no empty one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import joinedload

from coi.db import db
from coi.models import (
    CarriedEntry,
    ContractAlert,
    Decision,
    Delegation,
    Disclosure,
    DisclosureVersion,
    Message,
    Obligation,
    Plan,
    PolicyReceipt,
    Seal,
    SignedAttachment,
    StepAside,
    StepAsideLink,
    SupervisorQuestion,
)
from coi.review.queries import obligation
from coi.vocabulary import MessageKind

# What a panel of the case page may ask for, and when any of it is there; each is one look into an index.
TABLES: dict[str, tuple[Any, ColumnElement[bool]]] = {
    "advice": (Message.id, (Message.disclosure_id == Disclosure.id) & (Message.kind == MessageKind.LEGAL_ADVICE)),
    "alerts": (ContractAlert.id, ContractAlert.disclosure_id == Disclosure.id),
    "asides": (StepAside.id, StepAside.person_id == Disclosure.filer_id),
    "carried": (CarriedEntry.id, CarriedEntry.version_id == DisclosureVersion.id),
    "decisions": (Decision.id, Decision.disclosure_id == Disclosure.id),
    "interim": (StepAsideLink.id, StepAsideLink.disclosure_id == Disclosure.id),
    "messages": (Message.id, Message.disclosure_id == Disclosure.id),
    "papers": (SignedAttachment.id, SignedAttachment.version_id == DisclosureVersion.id),
    "plans": (Plan.id, Plan.disclosure_id == Disclosure.id),
    "put_to": (SupervisorQuestion.id, SupervisorQuestion.disclosure_id == Disclosure.id),
    "receipts": (PolicyReceipt.id, PolicyReceipt.disclosure_version_id == DisclosureVersion.id),
    "seals": (Seal.id, Seal.disclosure_id == Disclosure.id),
    "stood_in": (Delegation.id, Delegation.disclosure_id == Disclosure.id),
}
SIGNED = (
    select(
        DisclosureVersion,
        Obligation,
        *(select(one).where(where).exists().label(f"has_{name}") for name, (one, where) in TABLES.items()),
    )
    .join(Disclosure, Disclosure.id == DisclosureVersion.disclosure_id)
    .outerjoin(Obligation, Obligation.id == Disclosure.obligation_id)
    .where(Disclosure.id == bindparam("case"), DisclosureVersion.number == Disclosure.version)
    .options(joinedload(DisclosureVersion.questionnaire))
)


@dataclass(frozen=True)
class There:
    """The version that counts, what it was owed for, and the names of TABLES that hold something of the case."""

    version: DisclosureVersion | None
    owed: Obligation | None
    tables: frozenset[str]


def there(disclosure: Disclosure) -> There:
    """All of it in one statement; of a case without a signed version nothing is left unasked."""
    found = db.session.execute(SIGNED, {"case": disclosure.id}).first()
    if found is None:
        return There(None, obligation(disclosure), frozenset(TABLES))
    known = found._mapping
    return There(known["DisclosureVersion"], known["Obligation"], frozenset(one for one in TABLES if known[f"has_{one}"]))
