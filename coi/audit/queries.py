"""All reads of the audit log: its end, its links in order, and the page's search."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, or_, select

from coi.audit.chain import GENESIS, Link, sha256, stamp
from coi.db import db
from coi.models import Account, AuditEntry, Checkpoint, Installation, Person, Refusal, SignInAttempt
from coi.profiles.current import zone
from coi.rules.permissions import Facts
from coi.rules.searching import search_text
from coi.vocabulary import Event

PAGE = 100
A_FEW = 20  # people whom a part of a name finds
# What an entry may be about whose reference people know.
REFERRED = (
    *("disclosure", "export", "person", "account", "campaign", "roster", "request", "obligation", "case_file", "sample"),
    *("records", "recusal", "batch", "paper", "policy", "form", "form_draft", "meeting", "seal", "checkpoint", "list", "profile"),
)
COLUMNS = (
    AuditEntry.seq,
    AuditEntry.at,
    AuditEntry.actor,
    AuditEntry.event,
    AuditEntry.subject,
    AuditEntry.details,
    AuditEntry.prev,
    AuditEntry.hash,
)


def head() -> tuple[int, str]:
    """How many entries there are and the hash of the last one."""
    last = db.session.execute(select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)).first()
    return (last.seq, last.hash) if last else (0, GENESIS)


def links(up_to: int | None = None) -> Iterator[Link]:
    """Every entry in order, a thousand at a time."""
    wanted = select(*COLUMNS).order_by(AuditEntry.seq)
    if up_to is not None:
        wanted = wanted.where(AuditEntry.seq <= up_to)
    # Who stops at the first fault leaves a cursor behind: it is closed with this generator.
    with db.session.execute(wanted.execution_options(yield_per=1000)) as rows:
        for row in rows:
            yield Link(*row)


# What an administrator may read of the log (access.md 28): how the system runs, never what became of anybody's filing.
OF_THE_SYSTEM = frozenset(
    {"installation", "software", "profile", "questionnaire", "roster", "list", "account", "role", "slip", "password", "sign_in"}
    | {"request", "campaign", "checkpoint", "filings"}
)


def may_read(event: Event, all_of_it: bool) -> bool:
    """Whether entries of this event are for the reader."""
    return all_of_it or event.code.partition(":")[0] in OF_THE_SYSTEM


def readable(all_of_it: bool) -> list[Event]:
    """The events that the reader may look for."""
    return [event for event in Event if may_read(event, all_of_it)]


# Events that say who read what; "Who read what" looks for these.
READS = tuple(event for event in Event if event.code.endswith((":read", ":downloaded")) or event is Event.FILE_TAKEN)


def between(since: date | None, until: date | None) -> tuple[int, int | None]:
    """The numbers of the first and last entry of these city days, both counted; times never go back, so numbers are enough."""
    first, last = 1, None
    if since is not None:
        begin = stamp(datetime.combine(since, time.min, tzinfo=zone()))
        before = select(AuditEntry.seq).where(AuditEntry.at < begin).order_by(AuditEntry.at.desc(), AuditEntry.seq.desc())
        first = (db.session.scalar(before.limit(1)) or 0) + 1
    if until is not None:
        end = stamp(datetime.combine(until + timedelta(days=1), time.min, tzinfo=zone()))
        before = select(AuditEntry.seq).where(AuditEntry.at < end).order_by(AuditEntry.at.desc(), AuditEntry.seq.desc())
        last = db.session.scalar(before.limit(1)) or 0
    return first, last


def entries(
    all_of_it: bool,
    *,
    event: str = "",
    actor: str = "",
    subject: str = "",
    since: date | None = None,
    until: date | None = None,
    reads: bool = False,
    before: int | None = None,
    but: ColumnElement[bool] | None = None,
    most: int | None = PAGE,
) -> list[AuditEntry]:
    """The newest entries that fit and are for the reader, a page of them, before a number; `but` those kept from the reader.

    `since` and `until` are city days, both counted; `reads` leaves only who read what.
    """
    wanted = select(AuditEntry)
    first, last = between(since, until)
    if since is not None:
        wanted = wanted.where(AuditEntry.seq >= first)
    if last is not None:
        wanted = wanted.where(AuditEntry.seq <= last)
    if reads:
        wanted = wanted.where(AuditEntry.event.in_([one.code for one in READS]))
    if but is not None:
        wanted = wanted.where(not_(but))
    if event or not all_of_it:
        codes = [one.code for one in readable(all_of_it) if event in ("", one.code)]
        wanted = wanted.where(AuditEntry.event.in_(codes))
    if actor:
        wanted = wanted.where(AuditEntry.actor.in_(_actors(actor)))
    if subject:
        wanted = wanted.where(AuditEntry.subject.in_(_subjects(subject)))
    if before is not None:
        wanted = wanted.where(AuditEntry.seq < before)
    return list(db.session.scalars(wanted.order_by(AuditEntry.seq.desc()).limit(most)))


def _people(text: str) -> list[int]:
    """People by parts of their name, by employee number or e-mail, a few."""
    words = [Person.search_name.contains(word, autoescape=True) for word in search_text(text).split()]
    fits = or_(Person.number == text.strip(), Person.email == text.strip().lower(), *([and_(*words)] if words else []))
    return list(db.session.scalars(select(Person.id).where(fits).order_by(Person.search_name, Person.id).limit(A_FEW)))


def _actors(text: str) -> list[str]:
    accounts = db.session.scalars(select(Account.id).where(Account.person_id.in_(_people(text))))
    return [text, *(f"account:{one}" for one in accounts)]


def _subjects(text: str) -> list[str]:
    text = text.strip()
    people = _people(text)
    accounts = db.session.scalars(select(Account.id).where(Account.person_id.in_(people)))
    named = [*(f"person:{one}" for one in people), *(f"account:{one}" for one in accounts)]
    return [text, *(f"{kind}:{text}" for kind in REFERRED), *named]


def names_in(found: Iterable[AuditEntry]) -> dict[str, str]:
    """The names behind the codes of accounts and people in these entries."""
    return names_of({code for entry in found for code in (entry.actor, entry.subject)})


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """The names behind the codes of accounts and people."""
    numbers: dict[str, list[int]] = {"account": [], "person": []}
    for code in codes:
        kind, _colon, number = code.partition(":")
        if kind in numbers and number.isascii() and number.isdigit():
            numbers[kind].append(int(number))
    accounts = (
        select(Account.id, Person.name).join(Person, Person.id == Account.person_id).where(Account.id.in_(numbers["account"]))
    )
    people = select(Person.id, Person.name).where(Person.id.in_(numbers["person"]))
    named = {f"account:{one}": name for one, name in db.session.execute(accounts)}
    return named | {f"person:{one}": name for one, name in db.session.execute(people)}


def hash_at(size: int) -> str | None:
    """The hash of entry number `size`, or None when the log is shorter."""
    return db.session.scalar(select(AuditEntry.hash).where(AuditEntry.seq == size))


def installation() -> Installation | None:
    """Who this installation is."""
    return db.session.scalar(select(Installation))


def checkpoints(limit: int = 20) -> list[Checkpoint]:
    """The newest checkpoints."""
    return list(db.session.scalars(select(Checkpoint).order_by(Checkpoint.id.desc()).limit(limit)))


def checkpoint_of(head: str) -> tuple[Checkpoint, Facts] | None:
    """The checkpoint that signs this end of the log."""
    found = db.session.scalar(select(Checkpoint).where(Checkpoint.head == head).order_by(Checkpoint.id.desc()).limit(1))
    return (found, Facts()) if found is not None else None


@dataclass(frozen=True)
class Sought:
    """Whose refusals and sign-ins are looked for, on which city days, both counted; nothing given is everything."""

    who: str = ""
    since: date | None = None
    until: date | None = None

    def days(self, at: Any) -> list[ColumnElement[bool]]:
        """The conditions on a moment."""
        told = []
        if self.since is not None:
            told.append(at >= datetime.combine(self.since, time.min, tzinfo=zone()))
        if self.until is not None:
            told.append(at < datetime.combine(self.until + timedelta(days=1), time.min, tzinfo=zone()))
        return told


def attempts(sought: Sought | None = None, before: int | None = None) -> list[SignInAttempt]:
    """The newest failed tries to sign in that fit, a page of them, before a number; a person's logins are kept as hashes."""
    sought = sought or Sought()
    wanted = select(SignInAttempt).where(SignInAttempt.what != "right", *sought.days(SignInAttempt.at))
    if sought.who:
        wanted = wanted.where(SignInAttempt.login_hash.in_(_logins(sought.who)))
    if before is not None:
        wanted = wanted.where(SignInAttempt.id < before)
    return list(db.session.scalars(wanted.order_by(SignInAttempt.id.desc()).limit(PAGE)))


def refusals(sought: Sought | None = None, before: int | None = None) -> list[Refusal]:
    """The newest refusals that fit, a page of them, before a number; they are in no chain, because anybody could fill one."""
    sought = sought or Sought()
    wanted = select(Refusal).where(*sought.days(Refusal.at))
    if sought.who:
        wanted = wanted.where(Refusal.actor.in_(_actors(sought.who)))
    if before is not None:
        wanted = wanted.where(Refusal.id < before)
    return list(db.session.scalars(wanted.order_by(Refusal.id.desc()).limit(PAGE)))


def _logins(text: str) -> list[str]:
    """What the table of attempts keeps of the logins of whom the text names, and of the text itself, typed as a login."""
    people = select(Person).where(Person.id.in_(_people(text)))
    logins = {text, *(one.number or text for one in db.session.scalars(people))}
    logins |= set(db.session.scalars(select(Account.email).where(Account.person_id.in_(_people(text)))))
    return sorted({sha256(one.strip().casefold()) for one in logins})
