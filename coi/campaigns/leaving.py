"""People who leave: who owes a leaving form, what is asked of them no more, when their account closes, and who comes back.

A leaving form is asked of SEC-1 filers and of those whose conditions are still open. What was not due before somebody left ends;
what was late stays late. The account stays open for the leaving form and for reading one's own filings, and then closes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func, select

from coi.accounts import queries as accounts
from coi.accounts.actions import close_account, reopen_account
from coi.audit.record import record
from coi.campaigns import queries
from coi.campaigns.obligations import AT_ONCE, BY_DESK, Asking, add_rows, end, make_obligations, new_references, snapshot
from coi.db import db
from coi.models import Account, AuditEntry, Campaign, Disclosure, Obligation, Person, PersonVersion
from coi.plans.binding import bound
from coi.profiles.current import current_profile, today
from coi.rules.deadlines import stays_open
from coi.rules.permissions import SYSTEM
from coi.vocabulary import Event, Kind, State

LEFT = "left"
# What a version of a person holds beside who and when.
FIELDS = ("name", "email", "title", "department", "group", "supervisor_id", "language", "hired_on", "left_on", "active")


def of_import(versions: Sequence[PersonVersion], before: Mapping[int, PersonVersion], reference: str, now: datetime) -> int:
    """The leaving forms of an import, and the end of what is asked no more; says how many forms were made."""
    going = [one for one in versions if _goes(before.get(one.person_id), one)]
    stays = [one.person_id for one in versions if one.active and one.left_on is None and one.person_id in before]
    people = _people(one.person_id for one in going)
    asked = [one for one in people if _asked_on(one.id) is None and not _said_goodbye(one)]
    owing = [one for one in asked if _owes_leaving(one, today(now))]
    made = make_obligations(owing, Kind.LEAVING, f"roster:{reference}", now, because=reference)
    for person in people:
        if not person.active:
            _end_what_was_not_due(person, now)
    for obligation in _open(stays, Kind.LEAVING):
        # What the desk gave is about what the roster does not show yet; the desk takes it back where it was wrong.
        if not obligation.occasion.startswith(BY_DESK):
            end(obligation, "stays", SYSTEM, now)
    return made


def _goes(old: PersonVersion | None, one: PersonVersion) -> bool:
    """Whether this version says for the first time that somebody leaves, today or on a day to come."""
    if one.left_on is None and one.active:
        return False
    return old is None or old.left_on != one.left_on or (old.active and not one.active)


def _people(ids: Iterable[int]) -> list[Person]:
    wanted = sorted(set(ids))
    found: list[Person] = []
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        found += db.session.scalars(select(Person).where(Person.id.in_(some), Person.employee).order_by(Person.id)).all()
    return found


def _open(ids: Sequence[int], kind: Kind) -> list[Obligation]:
    found: list[Obligation] = []
    for start in range(0, len(ids), AT_ONCE):
        wanted = select(Obligation).where(
            Obligation.person_id.in_(ids[start : start + AT_ONCE]),
            Obligation.kind == kind,
            Obligation.settled_on.is_(None),
            Obligation.ended_seq.is_(None),
        )
        found += db.session.scalars(wanted.order_by(Obligation.id)).all()
    return found


def _owes_leaving(person: Person, on: date) -> bool:
    known = {"title": person.title, "department": person.department, "group": person.group}
    return current_profile().attributes_of(known).get("sec1_filer") == "yes" or bool(bound([person.id], on))


def _asked_on(person_id: int) -> date | None:
    """Since when a leaving form is open; None where none is."""
    there = select(func.max(Obligation.told_on)).where(
        Obligation.person_id == person_id,
        Obligation.kind == Kind.LEAVING,
        Obligation.settled_on.is_(None),
        Obligation.ended_seq.is_(None),
    )
    return db.session.scalar(there)


def _end_what_was_not_due(person: Person, now: datetime) -> None:
    """What was due on the day of leaving or later, or on no day yet, is asked no more; what was late stays late."""
    left = person.left_on or today(now)
    for owed in queries.owed_by(person.id, today(now)):
        one = owed.obligation
        waits = one.settled_on is None and not one.excused and one.kind is not Kind.LEAVING
        if waits and (owed.due_on is None or owed.due_on >= left):
            end(one, LEFT, SYSTEM, now)


def act_on_the_day(now: datetime) -> int:
    """Who was to leave on a day that has come has left: a version of the roster as if it had come today; says how many."""
    on = today(now)
    wanted = select(Person).where(Person.active, Person.employee, Person.left_on <= on).order_by(Person.id)
    people = db.session.scalars(wanted.limit(AT_ONCE).with_for_update()).all()
    for person in people:
        seq = record(Event.PERSON_CHANGED, SYSTEM, f"person:{person.id}", now, fields=["active"])
        person.active = False
        db.session.add(PersonVersion(person_id=person.id, seq=seq, **{name: getattr(person, name) for name in FIELDS}))
        db.session.flush()
        if queries.latest() is not None and _owes_leaving(person, on) and not _said_goodbye(person):
            make_obligations([person], Kind.LEAVING, f"left:{person.left_on}", now, because="left_on")
        _end_what_was_not_due(person, now)
    return len(people)


def _said_goodbye(person: Person) -> bool:
    """Whether this leaving was asked already, filed or not, by the roster or by the desk."""
    if person.left_on is None:
        return False
    asked = select(Obligation.id).where(
        Obligation.person_id == person.id,
        Obligation.kind == Kind.LEAVING,
        Obligation.ended_seq.is_(None),
        Obligation.due_on >= person.left_on,
    )
    return db.session.scalar(asked.limit(1)) is not None


def close_accounts(now: datetime) -> int:
    """Closes the accounts of people who left and have nothing more to do here; who holds a role waits for its end."""
    on, closed = today(now), 0
    wanted = (
        select(Account, Person)
        .join(Person, Person.id == Account.person_id)
        .where(Account.active, Person.active.is_(False), Person.employee, Person.left_on < on)
        .order_by(Account.id)
        .limit(AT_ONCE)
    )
    for account, person in db.session.execute(wanted).all():
        asked = _asked_on(person.id)
        busy = asked is not None or _is_asked(person.id)
        # The desk may ask long after the leaving: from then on there is as much time as ever.
        since = max(day for day in (person.left_on, asked) if day is not None)
        if not stays_open(since, on, busy) and not accounts.roles_of(account, on):
            close_account(account, LEFT, SYSTEM, now)
            closed += 1
    return closed


def _is_asked(person_id: int) -> bool:
    """Whether the office waits for this person: a form to correct, or a question."""
    waiting = select(Disclosure.id).where(
        Disclosure.filer_id == person_id,
        (Disclosure.state == State.RETURNED) | Disclosure.waiting_on_filer_since.is_not(None),
    )
    return db.session.scalar(waiting.limit(1)) is not None


def ask_again(ids: Sequence[int], reference: str, now: datetime) -> int:
    """Who came back, or never left: the yearly form that ended with the leaving is asked again, the account works again."""
    campaign = queries.latest()
    people = [person for person in _people(ids) if person.active]
    for person in people:
        account = db.session.scalar(select(Account).where(Account.person_id == person.id))
        if account is not None and not account.active and closed_for_leaving(account.id):
            reopen_account(account, SYSTEM, now)
    if campaign is None or campaign.closed_seq is not None or not people:
        return 0
    occasion = f"campaign:{campaign.year}:{reference}"
    owed = [told for person in people for told in _missing(person, campaign, occasion)]
    if not owed:
        return 0
    seq = record(
        Event.OBLIGATION_MADE, SYSTEM, f"obligations:annual:{occasion}", now, kind="annual", count=len(owed), because=reference
    )
    around = {"occasion": occasion, "told_on": today(now), "seq": seq, "campaign_id": campaign.id, "kind": Kind.ANNUAL}
    references = new_references(f"DUE-{campaign.year}", len(owed))
    add_rows([{**row, **around, "reference": made} for row, made in zip(owed, references, strict=True)])
    return len(owed)


def _missing(person: Person, campaign: Campaign, occasion: str) -> list[dict[str, object]]:
    """The yearly forms that this person does not owe any more in a campaign in which they would."""
    mine = select(Obligation).where(
        Obligation.person_id == person.id, Obligation.campaign_id == campaign.id, Obligation.kind == Kind.ANNUAL
    )
    rows = db.session.scalars(mine).all()
    there = {one.form_id for one in rows if one.ended_seq is None or one.occasion == occasion}
    part = queries.part_for(campaign, person.group)
    if part is None or not rows:
        return []
    asked = Asking(current_profile()).of(person, Kind.ANNUAL, part)
    return [
        {
            **snapshot(person),
            "form_id": one.form_id,
            "level": one.level,
            "filer": one.filer,
            "reporting_year": campaign.reporting_year,
            "part_id": part.id,
            "due_on": part.due_on,
        }
        for one in asked
        if one.form_id not in there
    ]


def closed_for_leaving(account_id: int) -> bool:
    """Whether the account was closed by the leaving, and not by a person for another reason."""
    newest = db.session.scalar(
        select(AuditEntry.details)
        .where(AuditEntry.subject == f"account:{account_id}", AuditEntry.event == Event.ACCOUNT_CLOSED.code)
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    )
    return newest is not None and f'"because":"{LEFT}"' in newest
