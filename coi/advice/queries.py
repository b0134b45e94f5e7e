"""All reads of legal advice (U46): nobody reads it who does not ask here; what its solicitor released is told apart."""

from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from coi.db import db
from coi.disclosures.facts import facts_for
from coi.models import AdviceRelease, Disclosure, Message
from coi.rules.permissions import Actor, Facts, Permission, allows
from coi.vocabulary import MessageKind

PAGE = 100


@dataclass(frozen=True)
class Piece:
    """One piece of legal advice, with the act that let it into the case file, if any."""

    message: Message
    release: AdviceRelease | None


def of(disclosure: Disclosure) -> list[Piece]:
    """Every piece of a case, in order."""
    rows = db.session.execute(
        select(Message, AdviceRelease)
        .outerjoin(AdviceRelease, AdviceRelease.message_id == Message.id)
        .where(Message.disclosure_id == disclosure.id, Message.kind == MessageKind.LEGAL_ADVICE)
        .options(joinedload(Message.author), joinedload(AdviceRelease.by))
        .order_by(Message.number)
    )
    return [Piece(message, release) for message, release in rows]


def facts_of(disclosure: Disclosure, actor: Actor) -> Facts:
    """The facts of a case, and whether its officers asked for legal advice."""
    facts = facts_for(disclosure, actor)
    return replace(facts, extra=facts.extra | {"advice"}) if of(disclosure) else facts


def case(reference: str, actor: Actor) -> tuple[Disclosure, Facts] | None:
    """A case by its reference, for pages of legal advice."""
    found = db.session.scalar(select(Disclosure).where(Disclosure.reference == reference))
    return (found, facts_of(found, actor)) if found is not None else None


@dataclass(frozen=True)
class Line:
    """A case on which somebody wrote legal advice: how many pieces, and when the newest came."""

    disclosure: Disclosure
    pieces: int
    newest: Message


def listed(actor: Actor) -> list[Line]:
    """The cases on which legal advice was asked and which this solicitor may read, the newest first."""
    counted = (
        select(func.count(), func.max(Message.id))
        .where(Message.kind == MessageKind.LEGAL_ADVICE)
        .group_by(Message.disclosure_id)
        .order_by(func.max(Message.id).desc())
        .limit(PAGE)
    )
    told = []
    for pieces, newest_id in db.session.execute(counted):
        newest = db.session.get_one(Message, newest_id)
        disclosure = db.session.get_one(Disclosure, newest.disclosure_id)
        if allows(actor, Permission.READ_ADVICE, facts_of(disclosure, actor)):
            told.append(Line(disclosure, pieces, newest))
    return told
