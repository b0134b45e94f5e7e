"""All reads of campaigns: what somebody owes and how far they are, never what they answered; changes nothing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from coi.db import db
from coi.models import Campaign, CampaignPart, Disclosure, Excuse, Extension, Leave, Letter, Obligation, Person, RosterNote
from coi.notices.words import KINDS
from coi.profiles.current import current_profile
from coi.rules.deadlines import NextBusinessDay, after_leave, next_weekday, on_leave
from coi.rules.permissions import Actor, Facts, Permission, allows
from coi.rules.searching import search_text
from coi.vocabulary import Standing, State

# Letters about something due; filing stops them.
REMINDERS = tuple(kind for kind, words in KINDS.items() if words.reminder)
ABOUT_DUE = (*REMINDERS, "extended", "not_needed")
ONE_QUERY = 1000
LETTERS_SHOWN = 30
A_FEW = 10
A_LIST_FOR_A_PERSON = timedelta(days=15)


@dataclass(frozen=True)
class Owed:
    """One thing that a person owes: effective due date, how far they are, and the filing that was begun or settles it."""

    obligation: Obligation
    due_on: date | None
    standing: Standing
    disclosure: Disclosure | None
    paused: bool = False
    leave: Leave | None = None

    @property
    def signed(self) -> bool:
        """Signed here and still open, which only a form is that is filed on paper, when the office has it (U29)."""
        return self.obligation.settled_on is None and self.disclosure is not None and self.disclosure.state is not State.DRAFT


def latest() -> Campaign | None:
    """The campaign with the highest year, open or closed."""
    return db.session.scalar(select(Campaign).order_by(Campaign.year.desc()).limit(1))


def campaign_of(year: int) -> Campaign | None:
    """The campaign of a year."""
    return db.session.scalar(select(Campaign).where(Campaign.year == year))


def chosen(year: str) -> Campaign | None:
    """The campaign of the year that an address names, else the latest one."""
    found = campaign_of(int(year)) if len(year) == 4 and year.isascii() and year.isdigit() else None
    return found or latest()


def time_of(campaign: Campaign) -> tuple[datetime, datetime | None]:
    """From when a campaign was opened until the next one was, or still is not."""
    after = select(func.min(Campaign.opened_at)).where(Campaign.year > campaign.year)
    return campaign.opened_at, db.session.scalar(after)


def newest_leave() -> Select[Leave]:
    """The one row of each person that counts."""
    return select(Leave).where(Leave.id.in_(select(func.max(Leave.id)).group_by(Leave.person_id)))


def leave_of(people: Collection[int]) -> dict[int, Leave]:
    """Who of these people has a leave or a stop of letters on record."""
    wanted = sorted(people)
    found: dict[int, Leave] = {}
    for start in range(0, len(wanted), ONE_QUERY):
        rows = select(func.max(Leave.id)).where(Leave.person_id.in_(wanted[start : start + ONE_QUERY])).group_by(Leave.person_id)
        found.update({one.person_id: one for one in db.session.scalars(select(Leave).where(Leave.id.in_(rows)))})
    return found


def effective_due(
    due: date | None, extended_to: date | None, leave: Leave | None, next_business_day: NextBusinessDay = next_weekday
) -> date | None:
    """When it is due, extension and leave counted (U3, U5)."""
    counts = extended_to or due
    return after_leave(counts, leave.leave_from, leave.leave_to, next_business_day) if counts and leave else counts


def standing_of(obligation: Obligation, due: date | None, leave: Leave | None, started: bool, paused: bool, on: date) -> Standing:
    """How far a person is with one obligation: all that anybody but the filer and the ethics office may know."""
    if obligation.settled_on is not None:
        return Standing.FILED
    if obligation.excused:
        return Standing.EXCUSED
    if leave is not None and on_leave(leave.leave_from, leave.leave_to, on):
        return Standing.ON_LEAVE
    if due is not None and due < on and not paused:
        return Standing.LATE
    return Standing.STARTED if started else Standing.NOT_STARTED


def owed_by(person_id: int, today: date) -> list[Owed]:
    """Everything a person owes or owed, what is due first at the top; what was ended is left out."""
    wanted = select(Obligation).where(Obligation.person_id == person_id, Obligation.ended_seq.is_(None))
    return as_owed(db.session.scalars(wanted.options(selectinload(Obligation.part))), today)


def as_owed(obligations: Iterable[Obligation], today: date) -> list[Owed]:
    """Each obligation with its due date, standing and filing; open ones first, by due date."""
    rows = list(obligations)
    leave = leave_of({one.person_id for one in rows})
    filings = filings_of(rows)
    next_business_day = current_profile().next_business_day
    told = []
    for one in rows:
        away, filing = leave.get(one.person_id), filings.get(one.id)
        due = effective_due(one.due_on, one.extended_to, away, next_business_day)
        paused = one.part is not None and one.part.paused
        # A form of the State that is filled in here is filed when the office has it on paper: until then it is begun.
        started = filing is not None
        told.append(Owed(one, due, standing_of(one, due, away, started, paused, today), filing, paused, away))
    return sorted(told, key=lambda owed: (owed.obligation.settled_on is not None, owed.due_on or date.max, owed.obligation.id))


def filings_of(obligations: list[Obligation]) -> dict[int, Disclosure]:
    """The filing that was begun for each obligation or settles it, by the id of the obligation."""
    from coi.models import Settlement

    ids = [one.id for one in obligations]
    found: dict[int, Disclosure] = {}
    for start in range(0, len(ids), ONE_QUERY):
        part = ids[start : start + ONE_QUERY]
        begun = select(Disclosure).where(Disclosure.obligation_id.in_(part), Disclosure.state != State.WITHDRAWN)
        found |= {one.obligation_id: one for one in db.session.scalars(begun.order_by(Disclosure.id)) if one.obligation_id}
        settled = select(Settlement.obligation_id, Disclosure).join(Disclosure, Disclosure.id == Settlement.disclosure_id)
        found |= dict(db.session.execute(settled.where(Settlement.obligation_id.in_(part))).all())
    return found


def obligation(reference: str) -> tuple[Obligation, Facts] | None:
    """An obligation by its reference, for the gate; `filer_id` keeps people from acting for themselves (SD1)."""
    if not reference.isprintable():
        return None
    found = db.session.scalar(
        select(Obligation)
        .where(Obligation.reference == reference)
        .options(selectinload(Obligation.person), selectinload(Obligation.part))
    )
    return (found, Facts(filer_id=found.person_id)) if found else None


def own_obligation(reference: str, actor: Actor) -> tuple[Obligation, Facts] | None:
    """The same for its person alone."""
    found = obligation(reference)
    return found if found and found[0].person_id == actor.person_id else None


def not_asked(campaign: Campaign | None, search: str, viewer: Actor) -> list[Person]:
    """People of the roster, found by name or number, who owe nothing in this campaign: a few, for the desk to give a form to.

    Nobody for who is not at the desk, and never the viewer, to whom somebody else gives a form.
    """
    words = search_text(search).split()
    if not words or not allows(viewer, Permission.DESK):
        return []
    named = [Person.search_name.contains(word, autoescape=True) for word in words]
    wanted = select(Person).where(Person.employee, Person.number.is_not(None), or_(and_(*named), Person.number == search.strip()))
    if viewer.person_id is not None:
        wanted = wanted.where(Person.id != viewer.person_id)
    if campaign is not None:
        asked = select(Obligation.id).where(
            Obligation.person_id == Person.id, Obligation.campaign_id == campaign.id, Obligation.ended_seq.is_(None)
        )
        wanted = wanted.where(~asked.exists())
    return list(db.session.scalars(wanted.order_by(Person.search_name, Person.id).limit(A_FEW)))


@dataclass(frozen=True)
class Status:
    """One person's page at the campaign desk: no answer, no outcome, nothing of a filing but that it was signed."""

    person: Person
    owed: list[Owed]
    leave: Leave | None
    letters: list[Letter]
    notes: list[RosterNote]
    extensions: list[Extension]
    excuses: list[Excuse]


def status(of: Obligation, today: date) -> Status:
    """Everything the desk may see of the person behind an obligation."""
    owed = owed_by(of.person_id, today)
    ids = [one.obligation.id for one in owed]
    return Status(
        person=of.person,
        owed=owed,
        leave=leave_of([of.person_id]).get(of.person_id),
        letters=list(
            db.session.scalars(
                select(Letter)
                .where(Letter.person_id == of.person_id, Letter.kind.in_(ABOUT_DUE))
                .order_by(Letter.id.desc())
                .limit(LETTERS_SHOWN)
            )
        ),
        notes=list(
            db.session.scalars(
                select(RosterNote)
                .where(RosterNote.person_id == of.person_id, RosterNote.done_seq.is_(None))
                .order_by(RosterNote.id)
            )
        ),
        extensions=list(db.session.scalars(select(Extension).where(Extension.obligation_id.in_(ids)).order_by(Extension.id))),
        excuses=list(db.session.scalars(select(Excuse).where(Excuse.obligation_id.in_(ids)).order_by(Excuse.id))),
    )


def open_obligations(campaign: Campaign, department: str = "", group: str = "") -> list[Obligation]:
    """What is not filed, not excused and not ended in a campaign, or in one department or group of it; in id order, locked."""
    wanted = select(Obligation).where(
        Obligation.campaign_id == campaign.id,
        Obligation.settled_on.is_(None),
        Obligation.ended_seq.is_(None),
        Obligation.excused.is_(False),
    )
    if department:
        wanted = wanted.where(Obligation.department == department)
    if group:
        wanted = wanted.where(Obligation.group == group)
    return list(db.session.scalars(wanted.order_by(Obligation.id).with_for_update()))


def places(campaign: Campaign) -> tuple[list[str], list[str]]:
    """The departments and the groups of a campaign, for choosing."""
    departments = select(Obligation.department).where(Obligation.campaign_id == campaign.id).distinct()
    groups = select(Obligation.group).where(Obligation.campaign_id == campaign.id).distinct()
    return sorted(filter(None, db.session.scalars(departments))), sorted(filter(None, db.session.scalars(groups)))


def part_of(campaign: Campaign, position: int) -> CampaignPart | None:
    """A part by its place in the profile."""
    return next((part for part in campaign.parts if part.position == position), None)


def part_for(campaign: Campaign, group: str) -> CampaignPart | None:
    """The part that asks people of a group: the one that names it, else the one for everybody whom no other names."""
    named = next((part for part in campaign.parts if group.casefold() in {one.casefold() for one in part.groups}), None)
    return named or next((part for part in campaign.parts if not part.groups), None)


def first_year() -> int | None:
    """The year of the first campaign of this city."""
    return db.session.scalar(select(func.min(Campaign.year)))
