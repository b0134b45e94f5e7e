"""What was true as of entry N: the newest dated rows with seq <= N, a batch of filings at a time; reads no cache column."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import func, select

from coi.audit.chain import moment
from coi.db import db
from coi.models import (
    Assignment,
    AuditEntry,
    Campaign,
    CampaignStep,
    Decision,
    DisclosureVersion,
    DueDate,
    Excuse,
    Extension,
    Flag,
    Interest,
    Leave,
    Letter,
    Obligation,
    PriorityRow,
    Settlement,
    Transition,
)
from coi.profiles.current import current_profile
from coi.rules.deadlines import after_leave
from coi.vocabulary import Risk, State

BATCH = 500


@dataclass(frozen=True)
class Moment:
    """The moment an export is about: T as the log writes it, N the last entry at or before it, and the city's clock."""

    as_of: str
    n: int
    zone: Any
    language: str = "en"

    @cached_property
    def at(self) -> datetime:
        """T as an aware moment."""
        return moment(self.as_of)

    def day(self, value: datetime) -> date:
        """The city's day of a moment."""
        return value.astimezone(self.zone).date()

    @cached_property
    def today(self) -> date:
        """The city's day of T."""
        return self.day(self.at)


def last_entry(as_of: str) -> int:
    """N: the number of the last entry at or before T; 0 for a time before the first."""
    return db.session.scalar(select(AuditEntry.seq).where(AuditEntry.at <= as_of).order_by(AuditEntry.seq.desc()).limit(1)) or 0


@dataclass
class Case:
    """One filing as of N; what it holds are rows of the columns below, never whole records."""

    disclosure_id: int
    versions: list[Any] = field(default_factory=list)
    transitions: list[Any] = field(default_factory=list)
    decision: Any = None
    assignment: Any = None
    risk: Risk = Risk.NONE
    flags: int = 0
    interests: int = 0

    @property
    def version(self) -> Any:
        """The newest signed version, or None."""
        return self.versions[-1] if self.versions else None

    @property
    def state(self) -> State:
        """Where it stood."""
        state: State = self.transitions[-1].target if self.transitions else State.DRAFT
        return state

    @property
    def escalated(self) -> bool:
        """Whether it ever went to a second person."""
        return any(one.action == "escalate" for one in self.transitions)

    def days_waiting_on_filer(self, at: Moment) -> int:
        """Calendar days of city time from a question or return to the answer, new signature or decision."""
        days, since = 0, None
        for one in self.transitions:
            if one.action in ("ask", "return") and since is None:
                since = one.at
            elif one.action in ("answer", "submit", "correct", "decide", "withdraw") and since is not None:
                days += (at.day(one.at) - at.day(since)).days
                since = None
        return days + ((at.today - at.day(since)).days if since is not None else 0)

    def days_in_review(self, at: Moment) -> int | None:
        """From the first signature to the decision, or to T, less the days waiting on the filer."""
        if not self.versions:
            return None
        decided = self.decision.at if self.decision is not None and self.state is State.DECIDED else at.at
        return max(0, (at.day(decided) - at.day(self.versions[0].signed_at)).days - self.days_waiting_on_filer(at))


VERSION = (
    DisclosureVersion.disclosure_id,
    DisclosureVersion.id,
    DisclosureVersion.number,
    DisclosureVersion.signed_at,
    DisclosureVersion.nil,
)
TRANSITION = (Transition.disclosure_id, Transition.action, Transition.target, Transition.at)
DECISION = (
    *(
        Decision.disclosure_id,
        Decision.id,
        Decision.outcome,
        Decision.at,
        Decision.rule,
        Decision.conditions,
        Decision.undone_seq,
    ),
)
ASSIGNMENT = (Assignment.disclosure_id, Assignment.reviewer_id, Assignment.at, Assignment.because)


def cases(ids: Collection[int], n: int) -> dict[int, Case]:
    """The filings of `ids` as of entry `n`; a filing without a signed version by then is left out."""
    found = {one: Case(one) for one in ids}
    for version in _rows(VERSION, DisclosureVersion, found, n, DisclosureVersion.number):
        found[version.disclosure_id].versions.append(version)
    for transition in _rows(TRANSITION, Transition, found, n):
        found[transition.disclosure_id].transitions.append(transition)
    for decision in _rows(DECISION, Decision, found, n):
        if decision.undone_seq is None or decision.undone_seq > n:
            found[decision.disclosure_id].decision = decision
    for assignment in _rows(ASSIGNMENT, Assignment, found, n):
        found[assignment.disclosure_id].assignment = assignment
    for priority in _rows((PriorityRow.disclosure_id, PriorityRow.risk), PriorityRow, found, n):
        found[priority.disclosure_id].risk = priority.risk
    signed = {case.version.id: case for case in found.values() if case.versions}
    for kind, name in ((Flag, "flags"), (Interest, "interests")):
        counted = select(kind.version_id, func.count()).where(kind.version_id.in_(signed)).group_by(kind.version_id)
        for version_id, number in db.session.execute(counted):
            setattr(signed[version_id], name, number)
    return {one: case for one, case in found.items() if case.versions}


def _rows(columns: Sequence[Any], model: Any, ids: Collection[int], n: int, order: Any = None) -> Sequence[Any]:
    """Rows of `columns`, the first of which is looked for in `ids`, as of entry `n`, in order."""
    wanted = select(*columns).where(columns[0].in_(ids), model.seq <= n)
    return db.session.execute(wanted.order_by(model.seq, model.id) if order is None else wanted.order_by(order)).all()


OBLIGATION = (
    *(Obligation.id, Obligation.reference, Obligation.person_id, Obligation.campaign_id, Obligation.part_id, Obligation.kind),
    *(Obligation.due_on, Obligation.number, Obligation.name, Obligation.department, Obligation.title, Obligation.group),
)


@dataclass
class Due:
    """One obligation as of N."""

    obligation: Any
    first_due: date | None = None
    disclosure_id: int | None = None
    counted_on: date | None = None
    extended_to: date | None = None
    excused: str = ""
    excused_by: str = ""
    leave: Any = None
    paused: bool = False
    reminders: int = 0

    def due_on(self) -> date | None:
        """When it was due, extension and leave counted (U5)."""
        due: date | None = self.extended_to or self.first_due
        if due is None or self.leave is None:
            return due
        return after_leave(due, self.leave.leave_from, self.leave.leave_to, current_profile().next_business_day)

    def on_leave(self, on: date) -> bool:
        """Whether the person was on leave on a day."""
        return within(self.leave, on)

    def days_late(self, on: date) -> int:
        """Days after the due date, at filing or on the day of the export; never who is excused, on leave, paused (U5, U21)."""
        due = self.due_on()
        if due is None or self.excused or self.paused or (self.counted_on is None and self.on_leave(on)):
            return 0
        return max(0, ((self.counted_on or on) - due).days)


def within(leave: Any, on: date) -> bool:
    """Whether a leave row covers a day; an open end covers every later day."""
    if leave is None or leave.leave_from is None:
        return False
    return bool(leave.leave_from <= on and (leave.leave_to is None or on <= leave.leave_to))


def dues(n: int, campaign: Campaign | None, only: Sequence[Any] = ()) -> Iterator[list[Due]]:
    """Every obligation made by entry `n` and not ended, of which the conditions `only` hold, in id order, a batch at a time."""
    last = 0
    while True:
        wanted = owed(n, campaign).where(Obligation.id > last, *only)
        batch = db.session.execute(wanted.order_by(Obligation.id).limit(BATCH)).all()
        if not batch:
            return
        yield filled(batch, n)
        last = batch[-1].id


def owed(n: int, campaign: Campaign | None) -> Any:
    """Obligations made by entry `n` and not ended by then."""
    wanted = select(*OBLIGATION).where(Obligation.seq <= n, (Obligation.ended_seq.is_(None)) | (Obligation.ended_seq > n))
    return wanted if campaign is None else wanted.where(Obligation.campaign_id == campaign.id)


def filled(batch: Iterable[Any], n: int) -> list[Due]:
    """Each obligation with its settlement, extension, excuse, leave and reminders as of entry `n`."""
    rows = {one.id: Due(one, one.due_on) for one in batch}
    _due_dates(rows, n)
    paused = pauses(n)
    for due in rows.values():
        due.paused = paused_at(paused.get(due.obligation.part_id, ()), n)
    settled = (Settlement.obligation_id, Settlement.disclosure_id, Settlement.counted_on, Settlement.seq)
    for settlement in _rows(settled, Settlement, rows, n):
        due = rows[settlement.obligation_id]
        due.disclosure_id, due.counted_on = settlement.disclosure_id, settlement.counted_on
        due.paused = paused_at(paused.get(due.obligation.part_id, ()), settlement.seq)
    for extension in _rows((Extension.obligation_id, Extension.until), Extension, rows, n):
        rows[extension.obligation_id].extended_to = extension.until
    for excuse in _rows((Excuse.obligation_id, Excuse.reason, Excuse.by), Excuse, rows, n):
        rows[excuse.obligation_id].excused, rows[excuse.obligation_id].excused_by = excuse.reason, excuse.by
    by_person: dict[int, list[Due]] = defaultdict(list)
    for due in rows.values():
        by_person[due.obligation.person_id].append(due)
    for leave in _rows((Leave.person_id, Leave.leave_from, Leave.leave_to), Leave, by_person, n):
        for due in by_person[leave.person_id]:
            due.leave = leave
    sent = select(Letter.person_id, Letter.once).where(
        Letter.person_id.in_(by_person), Letter.kind.in_(REMINDERS), Letter.sent_seq <= n
    )
    for person_id, once in db.session.execute(sent):
        for due in by_person[person_id or 0]:
            due.reminders += due.obligation.reference in once
    return list(rows.values())


def _due_dates(rows: dict[int, Due], n: int) -> None:
    """Due dates as they stood: the newest row by entry `n`, else what stood before the first; without rows it never changed."""
    columns = (DueDate.obligation_id, DueDate.due_on, DueDate.before, DueDate.seq)
    wanted = select(*columns).where(DueDate.obligation_id.in_(rows)).order_by(DueDate.seq, DueDate.id)
    begun: set[int] = set()
    for row in db.session.execute(wanted):
        due = rows[row.obligation_id]
        if row.obligation_id not in begun:
            due.first_due = row.before
            begun.add(row.obligation_id)
        if row.seq <= n:
            due.first_due = row.due_on


REMINDERS = ("reminder", "reminder_started", "overdue", "hand_in", "hand_in_late", "two_things")


def pauses(n: int) -> dict[int, list[tuple[int, bool]]]:
    """For each part that was ever paused by entry N: from which entry on it was paused or ran again, in order."""
    found: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    steps = select(CampaignStep).where(CampaignStep.seq <= n, CampaignStep.step.in_(("paused", "resumed")))
    for step in db.session.scalars(steps.order_by(CampaignStep.seq)):
        if step.part_id is not None:
            found[step.part_id].append((step.seq, step.step == "paused"))
    return found


def paused_at(steps: Sequence[tuple[int, bool]], seq: int) -> bool:
    """Whether a part with these steps was paused as of an entry."""
    return next((paused for since, paused in reversed(steps) if since <= seq), False)


def paused_parts(n: int) -> set[int]:
    """Parts of campaigns that were paused as of N."""
    return {part_id for part_id, steps in pauses(n).items() if paused_at(steps, n)}


def expected_rows(n: int, campaign: Campaign | None) -> int:
    """About how many rows a whole workbook has: for the progress of a job, never for a count that anybody reads."""
    obligations = db.session.scalar(select(func.count()).select_from(owed(n, campaign).subquery())) or 0
    return n + 5 * obligations
