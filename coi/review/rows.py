"""What a row of the queue says: why the filing is here and what it needs, from a few statements for the whole page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from coi.appeals.queries import appealed_on
from coi.db import db
from coi.disclosures.clocks import clock_of
from coi.disclosures.facts import is_at_the_body
from coi.languages import day, language
from coi.models import Assignment, AuditEntry, Disclosure, DisclosureVersion, Flag, Message, QueueMark
from coi.profiles.current import today as day_of
from coi.review.words import because_in_words, body_name
from coi.rules.permissions import AT_OFFICE, Actor, Facts, Permission, allows
from coi.rules.searching import NEW_CONTRACT, SUPERVISOR
from coi.vocabulary import Event, MessageKind, State


@dataclass(frozen=True)
class Row:
    """One filing as its row shows it; `why` with the language that it is written in, `late` in days; `steps_out`: may recuse."""

    filing: Disclosure
    department: str
    why: str
    why_language: str
    needs: str
    small: str
    late: str
    opens: bool
    steps_out: bool


@dataclass
class Known:
    """What was found for all filings of a page, by their ids."""

    department: dict[int, str]
    signed_seq: dict[int, int]
    strongest: dict[int, str]
    said_last: dict[int, Message]
    read_seq: dict[int, int]
    first_of: set[int]
    because: dict[int, str]
    appealed: dict[int, datetime]
    standing: set[tuple[int, str]]


def rows_of(filings: Sequence[Disclosure], actor: Actor, reads: bool, now: datetime, mine: bool = False) -> list[Row]:
    """The rows of a page; `reads`: the reader may open these filings, else no answer and no flag is told; `mine`: has them."""
    known = _known(filings, actor, reads)
    return [_row(one, known, reads, now, mine or one.reviewer_id == actor.person_id, actor) for one in filings]


def _known(filings: Sequence[Disclosure], actor: Actor, reads: bool) -> Known:
    ids = [one.id for one in filings]
    signed = db.session.execute(
        select(DisclosureVersion.disclosure_id, DisclosureVersion.id, DisclosureVersion.seq, DisclosureVersion.filer)
        .join(Disclosure, (Disclosure.id == DisclosureVersion.disclosure_id) & (Disclosure.version == DisclosureVersion.number))
        .where(Disclosure.id.in_(ids))
    ).all()
    known = Known(
        department={row.disclosure_id: str((row.filer or {}).get("department") or "") for row in signed},
        signed_seq={row.disclosure_id: row.seq for row in signed},
        strongest={},
        said_last={},
        read_seq={},
        first_of=set(),
        because={},
        appealed=appealed_on(filings) if reads else {},
        standing=set(),
    )
    if reads and ids:
        known.strongest = _strongest({row.id: row.disclosure_id for row in signed})
        known.said_last = _said_last(ids)
        known.read_seq = _read_seq(filings, actor)
        known.first_of = _first_of({one.filer_id for one in filings})
        # What ended is left out here and not in the question: SQLite would walk along all that is open anywhere.
        because = select(Assignment.disclosure_id, Assignment.because, Assignment.ended_seq)
        given = db.session.execute(because.where(Assignment.disclosure_id.in_(ids)))
        known.because = {row.disclosure_id: row.because for row in given if row.ended_seq is None}
        stands = select(QueueMark.disclosure_id, QueueMark.mark).where(QueueMark.mark.in_((SUPERVISOR, NEW_CONTRACT)))
        known.standing = {(row[0], row[1]) for row in db.session.execute(stands.where(QueueMark.disclosure_id.in_(ids)))}
    return known


def _strongest(versions: dict[int, int]) -> dict[int, str]:
    """The reason of the strongest flag of each version, a task in the words of the form."""
    found: dict[int, tuple[int, int, str]] = {}
    told = select(Flag.version_id, Flag.id, Flag.risk, Flag.reason).where(Flag.version_id.in_(versions))
    for row in db.session.execute(told):
        place = (-row.risk.rank, row.id, row.reason)
        number = versions[row.version_id]
        found[number] = min(found.get(number, place), place)
    return {number: place[2] for number, place in found.items()}


def _said_last(ids: list[int]) -> dict[int, Message]:
    """The newest question or answer of each filing."""
    spoken = (MessageKind.QUESTION, MessageKind.ANSWER)
    newest = (
        select(func.max(Message.id))
        .where(Message.disclosure_id.in_(ids), Message.kind.in_(spoken))
        .group_by(Message.disclosure_id)
    )
    return {one.disclosure_id: one for one in db.session.scalars(select(Message).where(Message.id.in_(newest)))}


def _read_seq(filings: Sequence[Disclosure], actor: Actor) -> dict[int, int]:
    """When this person read each filing last, as the number of the entry."""
    subjects = {f"disclosure:{one.reference}": one.id for one in filings if one.version > 1}
    if not subjects:
        return {}
    read = (
        select(AuditEntry.subject, func.max(AuditEntry.seq))
        .where(AuditEntry.subject.in_(subjects), AuditEntry.event == Event.DISCLOSURE_READ.code, AuditEntry.actor == actor.name)
        .group_by(AuditEntry.subject)
    )
    return {subjects[subject]: seq for subject, seq in db.session.execute(read)}


def _first_of(people: set[int]) -> set[int]:
    """The filings that are the first of their filer."""
    first = select(func.min(Disclosure.id)).where(Disclosure.filer_id.in_(people), Disclosure.state != State.DRAFT)
    return set(db.session.scalars(first.group_by(Disclosure.filer_id)))


def _row(one: Disclosure, known: Known, reads: bool, now: datetime, mine: bool, actor: Actor) -> Row:
    why, language = _why(one, known) if reads else ("", "")
    return Row(
        filing=one,
        department=known.department.get(one.id) or one.filer.department,
        why=why,
        why_language=language,
        needs=_needs(one, known, now, mine),
        small=_small(one),
        late=_late(one, now),
        opens=reads or mine,
        steps_out=mine and _may_step_out(one, actor),
    )


def _may_step_out(one: Disclosure, actor: Actor) -> bool:
    """The right of the page behind the link, for a case that lies with this person: as its reviewer, or standing in for them."""
    standing = None if one.reviewer_id == actor.person_id else actor.person_id
    facts = Facts(filer_id=one.filer_id, reviewer_id=one.reviewer_id, delegate_id=standing, state=one.state)
    return allows(actor, Permission.RECUSE, facts)


def _why(one: Disclosure, known: Known) -> tuple[str, str]:
    """Why the filing is here, and the language of these words when it is not the reader's: what is news comes first."""
    news = _news(one, known)
    if news:
        return news, ""
    if one.id in known.strongest:
        return known.strongest[one.id], "en"
    if one.nil:
        return _("Nothing to declare"), ""
    if one.id in known.first_of:
        return _("First filing of %(name)s", name=one.filer.name), ""
    because = because_in_words(known.because.get(one.id, ""))
    return because[:1].upper() + because[1:], ""


def _news(one: Disclosure, known: Known) -> str:
    """What happened to it since it was given or read: a correction, an answer, an appeal, a new contract."""
    read = known.read_seq.get(one.id)
    if read is not None and known.signed_seq.get(one.id, 0) > read:
        return _("Corrected since you read it")
    said = known.said_last.get(one.id)
    if said is not None and said.kind is MessageKind.ANSWER and one.state in AT_OFFICE and one.id not in known.appealed:
        return _("Answered on %(day)s", day=day(said.at))
    if one.id in known.appealed:
        return _("Appealed on %(day)s", day=day(known.appealed[one.id]))
    return _("The City has a new contract with somebody named here") if (one.id, NEW_CONTRACT) in known.standing else ""


def _needs(one: Disclosure, known: Known, now: datetime, mine: bool) -> str:
    """What has to happen next, in words."""
    said = known.said_last.get(one.id)
    clock = clock_of(one, now)
    ways = (
        (one.state is State.DECIDED and (one.id, NEW_CONTRACT) in known.standing, _("Decided: look at the new contract")),
        (one.state is State.DECIDED, one.outcome.label if one.outcome else ""),
        (one.state is State.WITHDRAWN, one.state.label),
        (one.state is State.RETURNED, _("Wait for the corrected form")),
        (clock is not None and clock.asked and clock.over, _("Decide on what is known")),
        (one.waiting_on_filer_since is not None, _("Wait for the filer's answer")),
        (one.state is State.ESCALATED and is_at_the_body(one.desk), _("Before the %(body)s", body=body_name(language()))),
        (one.reviewer_id is None, _("Nobody is free: it waits")),
        (one.state is State.ESCALATED and one.id in known.appealed and mine, _("Decide the appeal")),
        ((one.id, SUPERVISOR) in known.standing, _("Wait for the supervisor's answer")),
        (one.state is State.ESCALATED, _("Decide as the second person") if mine else _("A second person decides")),
        (not mine, _("Its reviewer decides")),
        (said is not None and said.kind is MessageKind.ANSWER, _("Read the answer and decide")),
        (True, _("Read and decide")),
    )
    return str(next(words for holds, words in ways if holds))


def _small(one: Disclosure) -> str:
    """Since when, for what is waited for or done."""
    if one.state is State.DECIDED and one.decided_at:
        return _("on %(day)s", day=day(one.decided_at))
    if one.waiting_on_filer_since and one.state in (*AT_OFFICE, State.RETURNED):
        return _("since %(day)s", day=day(one.waiting_on_filer_since))
    return ""


def _late(one: Disclosure, now: datetime) -> str:
    """By how many of the city's days the first look is late, while the office has the case."""
    waits = one.waiting_on_filer_since is not None or one.state not in (*AT_OFFICE, State.SUBMITTED)
    if waits or one.due_at is None or one.due_at >= now:
        return ""
    days = (day_of(now) - day_of(one.due_at)).days
    return ngettext("overdue by %(num)s day", "overdue by %(num)s days", days) if days else _("overdue since today")
