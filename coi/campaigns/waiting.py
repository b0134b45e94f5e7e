"""Who waits for letters about something due, with what was written to them so far; leave, a pause, an excuse leave them out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from coi.campaigns import queries
from coi.db import db
from coi.models import Campaign, CampaignPart, Disclosure, DueDate, Letter, Obligation, Person, Rehearsal
from coi.profiles.current import zone
from coi.profiles.schema import Profile
from coi.rules.cadence import HAND, soon_on
from coi.rules.deadlines import on_leave
from coi.vocabulary import State

# Letters that no longer count: what they told was overtaken before they were sent.
STOPPED = ("filed", "ended", "excused", "overtaken", "held")


@dataclass
class Waiting:
    """One open obligation whose person may get a letter, with what was written about it so far.

    `signed`: signed here and still open, which only a form is that is filed on paper, when the office has it (U29).
    """

    id: int
    reference: str
    person_id: int
    kind: str
    told_on: date
    opens_on: date
    due_on: date
    started: bool
    name: str = ""
    department: str = ""
    campaign_id: int | None = None
    year: int = 0
    part_due: date | None = None
    signed: bool = False
    written: list[tuple[str, date]] = field(default_factory=list)


def waiting(profile: Profile, on: date) -> list[Waiting]:
    """Every open obligation of somebody active who may get letters today: not paused, not excused, not on leave, not held.

    The letters of a campaign wait until the desk had them sent to itself, or went without (U25).
    """
    leave = {one.person_id: one for one in db.session.scalars(queries.newest_leave())}
    cleared = cleared_campaigns()
    found: list[Waiting] = []
    for row in _open_rows():
        away = leave.get(row.person_id)
        if away is not None and (away.hold_letters or on_leave(away.leave_from, away.leave_to, on)):
            continue
        if row.opens_on is not None and row.campaign_id not in cleared:
            continue
        # Nobody is written to about a day that is not known: the letters begin with the due date.
        told_on = row.dated_on or row.told_on
        first = soon_on(row.opens_on, profile.is_business_day) if row.opens_on is not None else told_on
        due = queries.effective_due(row.due_on, row.extended_to, away, profile.next_business_day)
        if first <= on and due is not None:
            found.append(
                Waiting(
                    row.id,
                    row.reference,
                    row.person_id,
                    row.kind.value,
                    told_on,
                    row.opens_on or told_on,
                    due,
                    row.begun,
                    row.name,
                    row.department,
                    row.campaign_id,
                    row.year or 0,
                    row.part_due,
                    row.signed,
                )
            )
    return _with_letters(found)


def _open_rows() -> Sequence[Any]:
    drafts = aliased(Disclosure)
    begun = select(drafts.id).where(drafts.obligation_id == Obligation.id, drafts.state == State.DRAFT).exists()
    unsigned = (State.DRAFT, State.WITHDRAWN)
    signed = select(drafts.id).where(drafts.obligation_id == Obligation.id, drafts.state.not_in(unsigned)).exists()
    dated = select(func.min(DueDate.given_on)).where(DueDate.obligation_id == Obligation.id, DueDate.before.is_(None))
    return db.session.execute(
        select(
            Obligation.id,
            Obligation.reference,
            Obligation.person_id,
            Obligation.kind,
            Obligation.told_on,
            Obligation.due_on,
            Obligation.extended_to,
            Obligation.campaign_id,
            Person.name,
            Person.department,
            Campaign.year,
            CampaignPart.opens_on,
            CampaignPart.due_on.label("part_due"),
            begun.label("begun"),
            dated.scalar_subquery().label("dated_on"),
            signed.label("signed"),
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
            # Closing ends the letters of what was asked before it; who comes or goes afterwards is told as ever.
            or_(Campaign.closed_seq.is_(None), Obligation.seq > Campaign.closed_seq),
            CampaignPart.paused.is_not(True),
        )
        .order_by(Obligation.id)
    ).all()


def cleared_campaigns() -> frozenset[int]:
    """The campaigns whose letters may leave."""
    return frozenset(db.session.scalars(select(Rehearsal.campaign_id).distinct()))


def _with_letters(found: list[Waiting]) -> list[Waiting]:
    """Adds to each what was written about it: the letter's key says which obligations, which due date and which step."""
    if not found:
        return found
    by_reference = {one.reference: one for one in found}
    local = zone()
    since = datetime.combine(min(min(one.opens_on, one.told_on) for one in found) - timedelta(days=15), time(), local)
    letters = select(Letter.once, Letter.made_at).where(
        Letter.kind.in_(queries.REMINDERS), Letter.made_at >= since, Letter.dropped.not_in(STOPPED)
    )
    for once, made_at in db.session.execute(letters):
        for reference in references_in(once):
            if reference in by_reference:
                by_reference[reference].written.append((step_in(once), made_at.astimezone(local).date()))
    return found


def references_in(once: str) -> Iterable[str]:
    """The obligations that a letter's key names."""
    return once.split(":")[1].split("+")


def step_in(once: str) -> str:
    """The step of the cadence that a letter's key names, or that a person wrote it."""
    return HAND if once.startswith("by_hand:") else once.rpartition(":")[2]


def due_in(once: str) -> str:
    """The due date that a letter's key names, as it is written there."""
    return once.split(":")[2]
