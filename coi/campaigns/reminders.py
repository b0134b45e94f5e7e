"""Writes the letters that are due and not written yet (U25); filing, leave, a pause, an excuse or a campaign's end stop them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import String, cast, select
from sqlalchemy.orm import aliased

from coi.campaigns import queries
from coi.campaigns.arrivals import after_imports
from coi.db import db, for_reading, transaction
from coi.languages import day, speaking
from coi.models import Campaign, CampaignPart, Disclosure, Extension, Letter, Obligation, Person
from coi.notices.actions import language_of, post
from coi.profiles.current import current_profile, forget, today, zone
from coi.profiles.schema import Profile
from coi.rules.cadence import Step, candidate, steps
from coi.rules.deadlines import on_leave
from coi.vocabulary import State

# Letters leave at twenty a minute (U25); there is no use in writing many more than that ahead.
A_RUN = 200
# As many references as the key of a letter has room for.
MOST_TOGETHER = 7
# Rows that no longer count: what they told was overtaken before they were sent.
STOPPED = ("filed", "ended", "excused")


@dataclass
class Waiting:
    """One open obligation whose person may get a letter, with what was written about it so far."""

    id: int
    reference: str
    person_id: int
    kind: str
    opens_on: date
    due_on: date
    started: bool
    written: list[tuple[str, date]] = field(default_factory=list)


def write_due(now: datetime) -> int:
    """Writes every letter about something due that is to be written now, up to a run's number; says how many.

    Works on business days in office hours only. The worker may have slept: of several missed letters only the newest is written.
    """
    forget()
    with transaction():
        made = after_imports(now)
    profile, on = current_profile(), today(now)
    if not _office_hours(profile, now, on):
        db.session.rollback()
        return made
    with for_reading():
        wanted = _wanted(profile, on)
        extended = _extended(on)
        db.session.rollback()
    for group, step in wanted[:A_RUN]:
        with transaction():
            _write(group, step, now)
    for extension_id in extended[:A_RUN]:
        with transaction():
            _tell_extended(extension_id, now)
    return made + len(wanted[:A_RUN]) + len(extended[:A_RUN])


def _office_hours(profile: Profile, now: datetime, on: date) -> bool:
    first, last = profile.letters.hours
    return profile.is_business_day(on) and first <= now.astimezone(zone()).hour < last


def _wanted(profile: Profile, on: date) -> list[tuple[list[Waiting], Step]]:
    """Who gets which letter now; what a person owes for the same day goes into one letter."""
    together: dict[tuple[int, date, str], list[Waiting]] = defaultdict(list)
    for one in waiting(profile, on):
        together[one.person_id, one.due_on, one.kind].append(one)
    found = []
    for group in together.values():
        planned = steps(min(one.opens_on for one in group), group[0].due_on, profile.is_business_day, profile.letters.cadence)
        step = candidate(planned, [pair for one in group for pair in one.written], on)
        if step is not None:
            found.append((group, step))
    return found


def waiting(profile: Profile, on: date) -> list[Waiting]:
    """Every open obligation of somebody active who may get letters today: not paused, not excused, not on leave, not held."""
    drafts = aliased(Disclosure)
    begun = select(drafts.id).where(drafts.obligation_id == Obligation.id, drafts.state == State.DRAFT).exists()
    rows = db.session.execute(
        select(
            Obligation.id,
            Obligation.reference,
            Obligation.person_id,
            Obligation.kind,
            Obligation.told_on,
            Obligation.due_on,
            Obligation.extended_to,
            CampaignPart.opens_on,
            begun.label("begun"),
        )
        .join(Person, Person.id == Obligation.person_id)
        .outerjoin(CampaignPart, CampaignPart.id == Obligation.part_id)
        .outerjoin(Campaign, Campaign.id == Obligation.campaign_id)
        .where(
            Obligation.settled_on.is_(None),
            Obligation.ended_seq.is_(None),
            Obligation.excused.is_(False),
            Obligation.due_on.is_not(None),
            Person.active,
            Campaign.closed_seq.is_(None),
            CampaignPart.paused.is_not(True),
        )
        .order_by(Obligation.id)
    ).all()
    leave = {one.person_id: one for one in db.session.scalars(queries.newest_leave())}
    found: list[Waiting] = []
    for row in rows:
        away = leave.get(row.person_id)
        if away is not None and (away.hold_letters or on_leave(away.leave_from, away.leave_to, on)):
            continue
        opens, due = (
            row.opens_on or row.told_on,
            queries.effective_due(row.due_on, row.extended_to, away, profile.next_business_day),
        )
        if opens <= on and due is not None:
            found.append(Waiting(row.id, row.reference, row.person_id, row.kind.value, opens, due, row.begun))
    return _with_letters(found)


def _with_letters(found: list[Waiting]) -> list[Waiting]:
    """Adds to each what was written about it: the letter's key says which obligations, which due date and which step."""
    if not found:
        return found
    by_reference = {one.reference: one for one in found}
    local = zone()
    since = datetime.combine(min(one.opens_on for one in found) - timedelta(days=1), time(), local)
    letters = select(Letter.once, Letter.made_at).where(
        Letter.kind.in_(queries.REMINDERS), Letter.made_at >= since, Letter.dropped.not_in(STOPPED)
    )
    for once, made_at in db.session.execute(letters):
        for reference in references_in(once):
            if reference in by_reference:
                by_reference[reference].written.append((once.rpartition(":")[2], made_at.astimezone(local).date()))
    return found


def _write(group: list[Waiting], step: Step, now: datetime) -> None:
    """One letter about everything in the group that is still open under the lock: a filing of this very second wins."""
    wanted = select(Obligation).where(Obligation.id.in_([one.id for one in group])).order_by(Obligation.id)
    still = db.session.scalars(wanted.with_for_update().execution_options(populate_existing=True))
    open_ones = [one for one in still if one.settled_on is None and not one.excused and one.ended_seq is None]
    if not open_ones:
        return
    person = db.session.get_one(Person, group[0].person_id)
    once = f"reminder:{'+'.join(one.reference for one in open_ones[:MOST_TOGETHER])}:{group[0].due_on.isoformat()}:{step.name}"
    post(_letter(group, step), person, now, once, due=_due_in_words(person, group[0].due_on))


def _letter(group: list[Waiting], step: Step) -> str:
    if step.name == "invitation":
        return "invitation" if group[0].kind == "annual" else "asked"
    if step.after:
        return "overdue"
    return "reminder_started" if step.name == "two" and any(one.started for one in group) else "reminder"


def _due_in_words(person: Person, due: date) -> str:
    with speaking(language_of(person)):
        return day(due)


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
    post("extended", obligation.person, now, once, due=_due_in_words(obligation.person, due))


def references_in(once: str) -> Iterable[str]:
    """The obligations that a letter's key names."""
    return once.split(":")[1].split("+")
