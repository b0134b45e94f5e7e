"""Writes the letters that are due and not written yet (U25); filing, leave, a pause, an excuse or a campaign's end stop them."""

from collections import Counter, defaultdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, cast, select
from sqlalchemy.orm import aliased

from coi.audit.record import record
from coi.campaigns import digests, overtaken, queries
from coi.campaigns.arrivals import after_imports
from coi.campaigns.signers import signed_by
from coi.campaigns.waiting import Waiting, waiting
from coi.db import db, for_reading, transaction
from coi.languages import day, speaking
from coi.models import Extension, Letter, Obligation, Person
from coi.notices.actions import again, language_of, post
from coi.notices.hours import in_work_hours
from coi.profiles.current import current_profile, forget, today
from coi.profiles.schema import Profile
from coi.rules.cadence import Step, candidate, missed, steps
from coi.rules.permissions import SYSTEM
from coi.vocabulary import Event

# Letters leave at twenty a minute (U25); there is no use in writing many more than that ahead.
A_RUN = 200
# As many references as the key of a letter has room for.
MOST_TOGETHER = 7

Group = tuple[list[Waiting], Step]


def write_due(now: datetime) -> int:
    """Writes every letter about something due that is to be written now, up to a run's number; says how many.

    Works on business days in office hours only. The worker may have slept: of several missed letters only the newest is
    written, what the outbox still holds of the others is stopped, and the log says which ones nobody gets any more.
    """
    forget()
    with transaction():
        made = after_imports(now)
    if not in_work_hours(now):
        return made
    profile, on = current_profile(), today(now)
    with for_reading():
        everyone = waiting(profile, on)
        stale = overtaken.found(everyone, profile, on, now)
        wanted = _wanted(everyone, profile, on)
        extended = _extended(on)
        db.session.rollback()
    with transaction():
        overtaken.stop_all(stale, now)
        _note_missed(wanted[:A_RUN], profile, now)
    for group, step in wanted[:A_RUN]:
        with transaction():
            _write(group, step, now)
    for extension_id in extended[:A_RUN]:
        with transaction():
            _tell_extended(extension_id, now)
    with transaction():
        told = digests.write(everyone, profile, on, now)
    return made + len(wanted[:A_RUN]) + len(extended[:A_RUN]) + told


def _wanted(everyone: list[Waiting], profile: Profile, on: date) -> list[Group]:
    """Who gets which letter now; what a person owes for the same day goes into one letter."""
    together: dict[tuple[int, date, str], list[Waiting]] = defaultdict(list)
    for one in everyone:
        together[one.person_id, one.due_on, one.kind].append(one)
    found = []
    for group in together.values():
        step = candidate(planned_for(group, profile), [pair for one in group for pair in one.written], on)
        if step is not None:
            found.append((group, step))
    return found


def planned_for(group: list[Waiting], profile: Profile) -> list[Step]:
    """The letters that a person gets about what is due on one day."""
    return steps(min(one.opens_on for one in group), group[0].due_on, profile.is_business_day, profile.letters.cadence)


def _note_missed(wanted: list[Group], profile: Profile, now: datetime) -> None:
    """An entry for each step that came while nothing could be written: its letters are not sent late, they are left out."""
    left_out: Counter[str] = Counter()
    for group, step in wanted:
        written = [pair for one in group for pair in one.written]
        left_out.update(missed(planned_for(group, profile), written, step, max(one.told_on for one in group)))
    for name, count in sorted(left_out.items()):
        record(Event.LETTERS_SKIPPED, SYSTEM, f"letters:{name}", now, step=name, count=count, because="overtaken")


def _write(group: list[Waiting], step: Step, now: datetime) -> None:
    """One letter about everything in the group that is still open under the lock: a filing of this very second wins."""
    wanted = select(Obligation).where(Obligation.id.in_([one.id for one in group])).order_by(Obligation.id)
    still = db.session.scalars(wanted.with_for_update().execution_options(populate_existing=True))
    open_ones = [one for one in still if one.settled_on is None and not one.excused and one.ended_seq is None]
    if not open_ones:
        return
    person = db.session.get_one(Person, group[0].person_id)
    once = f"reminder:{'+'.join(one.reference for one in open_ones[:MOST_TOGETHER])}:{group[0].due_on.isoformat()}:{step.name}"
    # It was stopped by a leave or a pause before it left, and is true again.
    if not again(once, now):
        post(_letter(group, step), person, now, once, **_values(group, step, person))


def _letter(group: list[Waiting], step: Step) -> str:
    """The kind of letter; what was signed here and waits for its paper is never called unsigned (U29)."""
    if any(one.signed for one in group):
        late = "hand_in_late" if step.after else "hand_in_today" if step.name == "due" else "hand_in"
        return late if all(one.signed for one in group) else "two_things"
    if step.name == "invitation":
        return {"annual": "invitation", "leaving": "asked_leaving"}.get(group[0].kind, "asked")
    if step.after:
        return "overdue"
    if step.name == "two" and any(one.started for one in group):
        return "reminder_started"
    return {"soon": "soon", "due": "last_day"}.get(step.name, "reminder")


def _values(group: list[Waiting], step: Step, person: Person) -> dict[str, Any]:
    told: dict[str, Any] = {"due": in_words_of(person, group[0].due_on)}
    if step.name == "soon":
        told |= {"opens": in_words_of(person, group[0].opens_on), "signed_by": signed_by(person, language_of(person))}
    return told


def in_words_of(person: Person, on: date) -> str:
    """A day as this person reads it."""
    with speaking(language_of(person)):
        return day(on)


def _extended(on: date) -> list[int]:
    """Extensions that were not told yet to people whose form is still open; only the newest of each obligation."""
    newer = aliased(Extension)
    told = select(Letter.id).where(Letter.once == "extended:" + Obligation.reference + ":" + cast(Extension.id, String))
    held = [one.person_id for one in db.session.scalars(queries.newest_leave()) if one.hold_letters]
    wanted = (
        select(Extension.id)
        .join(Obligation, Obligation.id == Extension.obligation_id)
        .join(Person, Person.id == Obligation.person_id)
        .where(
            Obligation.settled_on.is_(None),
            Obligation.ended_seq.is_(None),
            Obligation.excused.is_(False),
            Extension.until >= on,
            Person.active,
            Person.id.not_in(held),
            ~told.exists(),
            ~select(newer.id).where(newer.obligation_id == Extension.obligation_id, newer.id > Extension.id).exists(),
        )
    )
    return list(db.session.scalars(wanted.order_by(Extension.id).limit(A_RUN)))


def _tell_extended(extension_id: int, now: datetime) -> None:
    extension = db.session.get_one(Extension, extension_id)
    obligation = db.session.get_one(Obligation, extension.obligation_id, with_for_update=True, populate_existing=True)
    if obligation.settled_on is not None or obligation.excused:
        return
    due = queries.as_owed([obligation], today(now))[0].due_on or extension.until
    once = f"extended:{obligation.reference}:{extension.id}"
    post("extended", obligation.person, now, once, due=in_words_of(obligation.person, due))
