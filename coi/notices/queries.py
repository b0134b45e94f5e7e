"""All reads of the outbox; keeps letters about a case from who may not know of it, and secrets from everybody."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from coi.db import db
from coi.models import AddressFault, Letter, Person
from coi.notices.kinds import CONDITION, LEADS
from coi.notices.words import FILED, KINDS, OFFICE
from coi.profiles.current import zone
from coi.rules.permissions import Actor, Facts, Permission, allows
from coi.rules.searching import search_text

PAGE = 100
NO_ADDRESS, BOUNCED = "no_address", "bounced"
# Nobody sends for so long: who claimed a letter and did not mark it is dead.
STALE = timedelta(minutes=10)
TO_PRINT = (NO_ADDRESS, BOUNCED)
MASS = tuple(kind for kind, words in KINDS.items() if words.mass)

# What may be asked of the list, and how a letter comes under it.
STATES: dict[str, ColumnElement[bool]] = {
    "sent": Letter.sent_at.is_not(None),
    "waiting": and_(Letter.sent_at.is_(None), Letter.dropped == ""),
    "to_print": and_(Letter.sent_at.is_(None), Letter.dropped.in_(TO_PRINT)),
    "stopped": and_(Letter.sent_at.is_(None), Letter.dropped.not_in(("", *TO_PRINT))),
    # Of those to print: no address is known, or what was sent to it came back.
    NO_ADDRESS: and_(Letter.sent_at.is_(None), Letter.dropped == NO_ADDRESS),
    BOUNCED: and_(Letter.sent_at.is_(None), Letter.dropped == BOUNCED),
}
# When a letter was written: from the first moment on, and before the second, if there is one.
Time = tuple[datetime, datetime | None]
# Their link is a secret: nobody but the reader sees it, not the people who run the machine either (SD7).
SECRET = frozenset(kind for kind, words in KINDS.items() if "token" in words.arguments)
# They tell that something happens to a filing: not for who runs accounts and campaigns (SD7).
ABOUT_A_CASE = frozenset(
    kind for kind, words in KINDS.items() if words.why in (FILED, OFFICE, LEADS, CONDITION) and not kind.startswith("receipt")
)


@dataclass(frozen=True)
class Line:
    """A letter as the list shows it."""

    reference: str
    reader: str
    subject: Any
    letter: Letter
    readable: bool


def reference_of(letter: Letter) -> str:
    """What an address calls the letter: the random part of its Message-ID."""
    return letter.message_id.strip("<>").split("@")[0]


def state_of(letter: Letter) -> str:
    """sent, waiting, to_print or stopped."""
    if letter.sent_at is not None:
        return "sent"
    return {"": "waiting", NO_ADDRESS: "to_print", BOUNCED: "to_print"}.get(letter.dropped, "stopped")


def hidden_kinds(actor: Actor) -> frozenset[str]:
    """Kinds of letters whose text this person may not read here."""
    return SECRET if allows(actor, Permission.QUEUE_ALL) else SECRET | ABOUT_A_CASE


def kinds_to_ask(actor: Actor) -> frozenset[str]:
    """Kinds by which this person may look for letters: the kind of one about a case would tell how the case went (SD7)."""
    return frozenset(KINDS) - (hidden_kinds(actor) & ABOUT_A_CASE)


@dataclass(frozen=True)
class Wanted:
    """What the list shows: a state, a kind, a reader by name or number, the day on which it left or was written, the time."""

    state: str = ""
    kind: str = ""
    reader: str = ""
    day: date | None = None
    before: str = ""
    time: Time | None = None


def lines(actor: Actor, wanted: Wanted | None = None, limit: int = PAGE) -> list[Line]:
    """The newest letters first; a letter about a case has no subject for who may not know of the case."""
    asked = wanted or Wanted()
    found = (
        select(Letter, Person.name).outerjoin(Person, Person.id == Letter.person_id).where(*_narrow(asked, kinds_to_ask(actor)))
    )
    start = _by_reference(asked.before)
    if start is not None:
        found = found.where(Letter.id < start.id)
    hidden = hidden_kinds(actor)
    rows = db.session.execute(found.order_by(Letter.id.desc()).limit(limit)).all()
    return [
        Line(reference_of(letter), name or "", letter.subject, letter, readable=letter.kind not in hidden)
        for letter, name in rows
    ]


def _narrow(wanted: Wanted, kinds: frozenset[str]) -> list[ColumnElement[bool]]:
    narrow: list[ColumnElement[bool]] = _written(wanted.time)
    if wanted.state in STATES:
        narrow.append(STATES[wanted.state])
    if wanted.kind in kinds:
        narrow.append(Letter.kind == wanted.kind)
    words = search_text(wanted.reader).split()
    if words:
        named = and_(*(Person.search_name.contains(word, autoescape=True) for word in words))
        narrow.append(or_(named, Person.number == wanted.reader.strip()))
    if wanted.day is not None:
        first = datetime.combine(wanted.day, time(), zone())
        when = func.coalesce(Letter.sent_at, Letter.made_at)
        narrow.append(and_(when >= first, when < first + timedelta(days=1)))
    return narrow


def _written(time: Time | None) -> list[ColumnElement[bool]]:
    if time is None:
        return []
    since, until = time
    return [Letter.made_at >= since, *([Letter.made_at < until] if until is not None else [])]


def _by_reference(reference: str) -> Letter | None:
    if not re.fullmatch(r"[0-9a-f]{32}", reference):
        return None
    found: Letter | None = db.session.scalar(
        select(Letter).where(Letter.message_id.startswith(f"<{reference}@", autoescape=True))
    )
    return found


def letter(reference: str, actor: Actor) -> tuple[Line, Facts] | None:
    """One letter with its text, for who may read this kind; None for everything else."""
    found = _by_reference(reference)
    if found is None or found.kind in hidden_kinds(actor):
        return None
    name = db.session.scalar(select(Person.name).where(Person.id == found.person_id)) or ""
    return Line(reference, name, found.subject, found, readable=True), Facts()


def to_print(actor: Actor, department: str | None = None, limit: int = PAGE) -> list[Line]:
    """Letters that have no address that works and that this person may read, by station and oldest first."""
    wanted = (
        select(Letter, Person.name)
        .join(Person, Person.id == Letter.person_id)
        .where(STATES["to_print"], Letter.kind.not_in(hidden_kinds(actor)))
        .order_by(Person.department, Letter.id)
        .limit(limit)
    )
    if department is not None:
        wanted = wanted.where(Person.department == department)
    return [Line(reference_of(one), name, one.subject, one, readable=True) for one, name in db.session.execute(wanted).all()]


def stations_to_print(actor: Actor) -> list[tuple[str, int]]:
    """The departments for which letters are to be printed, and how many."""
    wanted = (
        select(Person.department, func.count())
        .join(Letter, Letter.person_id == Person.id)
        .where(STATES["to_print"], Letter.kind.not_in(hidden_kinds(actor)))
        .group_by(Person.department)
        .order_by(Person.department)
    )
    return [(department, number) for department, number in db.session.execute(wanted).all()]


def printed_by_officers(actor: Actor) -> int:
    """How many letters to print are about a case, for who may not read these; nothing for who may."""
    kinds = hidden_kinds(actor) & ABOUT_A_CASE
    return db.session.scalar(select(func.count()).select_from(Letter).where(STATES["to_print"], Letter.kind.in_(kinds))) or 0


def failing(address: str) -> bool:
    """Whether mail to this address came back and nobody has seen to it yet."""
    told = select(AddressFault.id).where(AddressFault.address == address.casefold(), AddressFault.done_seq.is_(None))
    return db.session.scalar(told.limit(1)) is not None


def claimed_lately(now: datetime) -> int:
    """How many letters to many were taken up within this minute."""
    since = now - timedelta(minutes=1)
    wanted = select(func.count()).where(Letter.kind.in_(MASS), Letter.claimed_at > since, Letter.claimed_at <= now)
    return db.session.scalar(wanted) or 0


def waiting_for_hours(now: datetime) -> int:
    """How many letters to many are due and not sent."""
    wanted = select(func.count()).where(STATES["waiting"], Letter.kind.in_(MASS), Letter.due_at <= now)
    return db.session.scalar(wanted) or 0


def to_send(now: datetime, stale: datetime, limit: int, mass: bool = False) -> list[int]:
    """Letters that are due, have an address and are not claimed by a living worker, oldest first; to one, or to many."""
    if limit < 1:
        return []
    return list(
        db.session.scalars(
            select(Letter.id)
            .where(
                Letter.sent_at.is_(None),
                Letter.dropped == "",
                Letter.due_at <= now,
                Letter.kind.in_(MASS) if mass else Letter.kind.not_in(MASS),
                Letter.to_address.is_not(None),
                (Letter.claimed_at.is_(None)) | (Letter.claimed_at < stale),
            )
            .order_by(Letter.due_at, Letter.id)
            .limit(limit)
        )
    )


def counts(time: Time | None = None) -> dict[str, int]:
    """How many letters are sent, waiting, to print (of these: without an address, or come back), and stopped."""
    rows = db.session.execute(
        select(Letter.dropped, Letter.sent_at.is_not(None), func.count())
        .where(*_written(time))
        .group_by(Letter.dropped, Letter.sent_at.is_not(None))
    )
    told = dict.fromkeys(STATES, 0)
    for dropped, sent, number in rows:
        key = "sent" if sent else "waiting" if not dropped else "to_print" if dropped in TO_PRINT else "stopped"
        told[key] += number
        if key == "to_print":
            told[dropped] += number
    return told
