"""All reads of legal advice (U46): nobody reads it who does not ask here; what its solicitor released is told apart."""

from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from coi.db import db
from coi.disclosures.facts import facts_for
from coi.models import AdviceRelease, Disclosure, Message
from coi.review.standing_in import Stead, said_for, steads
from coi.rules.permissions import Actor, Facts, Permission, allows
from coi.vocabulary import MessageKind

PAGE = 100


@dataclass(frozen=True)
class Piece:
    """One piece of legal advice, who wrote it and in whose stead, and the act that let it into the case file, if any."""

    message: Message
    release: AdviceRelease | None
    who: str


def of(disclosure: Disclosure, stood: list[Stead] | None = None) -> list[Piece]:
    """Every piece of a case, in order; `stood` where it is known who acted in whose stead."""
    rows = db.session.execute(
        select(Message, AdviceRelease)
        .outerjoin(AdviceRelease, AdviceRelease.message_id == Message.id)
        .where(Message.disclosure_id == disclosure.id, Message.kind == MessageKind.LEGAL_ADVICE)
        .options(joinedload(Message.author), joinedload(AdviceRelease.by))
        .order_by(Message.number)
    )
    told = [(message, release) for message, release in rows]
    stood = steads(disclosure) if told and stood is None else stood or []
    return [Piece(one, release, said_for(one.author.name, one.author_id, one.seq, stood)) for one, release in told]


def facts_of(disclosure: Disclosure, actor: Actor) -> Facts:
    """The facts of a case, and whether its officers asked for legal advice."""
    facts = facts_for(disclosure, actor)
    return replace(facts, extra=facts.extra | {"advice"}) if _asked(disclosure) else facts


def _asked(disclosure: Disclosure) -> bool:
    written = select(Message.id).where(Message.disclosure_id == disclosure.id, Message.kind == MessageKind.LEGAL_ADVICE)
    return db.session.scalar(written.limit(1)) is not None


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
    who: str


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
            who = said_for(newest.author.name, newest.author_id, newest.seq, steads(disclosure))
            told.append(Line(disclosure, pieces, newest, who))
    return told
