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
from coi.exports.registers.reading import Reading, counted
from coi.models import (
    Assignment,
    AuditEntry,
    Campaign,
    CampaignStep,
    Decision,
    Disclosure,
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

BATCH = 2_000


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


ASKED, ANSWERED = ("ask", "return"), ("answer", "submit", "correct", "decide", "withdraw")


@dataclass(slots=True)
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
    asked: bool = False  # whether the filer ever was: most never are, and nobody need look

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
        return "escalate" in [action for _disclosure_id, action, _target, _when in self.transitions]

    def days_waiting_on_filer(self, at: Moment) -> int:
        """Calendar days of city time from a question or return to the answer, new signature or decision."""
        if not self.asked:
            return 0
        days, since = 0, None
        for _disclosure_id, action, _target, when in self.transitions:
            if action in ASKED and since is None:
                since = when
            elif action in ANSWERED and since is not None:
                days += (at.day(when) - at.day(since)).days
                since = None
        return days + ((at.today - at.day(since)).days if since is not None else 0)

    def days_in_review(self, at: Moment) -> int | None:
        """From the first signature to the decision, or to T, less the days waiting on the filer."""
        if not self.versions:
            return None
        decided = self.decision.at if self.decision is not None and self.state is State.DECIDED else at.at
        return max(0, (at.day(decided) - at.day(self.versions[0].signed_at)).days - self.days_waiting_on_filer(at))


VERSIONS = Reading(
    *(DisclosureVersion.disclosure_id, DisclosureVersion.id, DisclosureVersion.number, DisclosureVersion.signed_at),
    DisclosureVersion.nil,
    order=DisclosureVersion.number,
)
TRANSITIONS = Reading(Transition.disclosure_id, Transition.action, Transition.target, Transition.at)
DECISIONS = Reading(
    *(Decision.disclosure_id, Decision.id, Decision.outcome, Decision.at, Decision.rule),
    func.json_array_length(Decision.conditions).label("conditions"),
    Decision.undone_seq,
)
ASSIGNMENTS = Reading(Assignment.disclosure_id, Assignment.reviewer_id, Assignment.at, Assignment.because)
PRIORITIES = Reading(PriorityRow.disclosure_id, PriorityRow.risk)
FLAGS, INTERESTS = counted(Flag.version_id), counted(Interest.version_id)


def cases(ids: Collection[int], n: int) -> dict[int, Case]:
    """The filings of `ids` as of entry `n`; a filing without a signed version by then is left out."""
    found = {one: Case(one) for one in ids}
    for version in VERSIONS.of(found, n):
        found[version[0]].versions.append(version)
    for transition in TRANSITIONS.of(found, n):
        case = found[transition[0]]
        case.transitions.append(transition)
        case.asked = case.asked or transition[1] in ASKED
    for decision in DECISIONS.of(found, n):
        if decision.undone_seq is None or decision.undone_seq > n:
            found[decision[0]].decision = decision
    for assignment in ASSIGNMENTS.of(found, n):
        found[assignment[0]].assignment = assignment
    for disclosure_id, risk in PRIORITIES.of(found, n):
        found[disclosure_id].risk = risk
    signed = {case.version.id: case for case in found.values() if case.versions}
    # A new contract puts flags on a version that was signed long before.
    for version_id, number in FLAGS(signed, n):
        signed[version_id].flags = number
    for version_id, number in INTERESTS(signed, n):
        signed[version_id].interests = number
    return {one: case for one, case in found.items() if case.versions}


OBLIGATION = (
    *(Obligation.id, Obligation.reference, Obligation.person_id, Obligation.campaign_id, Obligation.part_id, Obligation.kind),
    *(
        Obligation.due_on,
        Obligation.number,
        Obligation.name,
        Obligation.department,
        Obligation.title,
        Obligation.group.label("group"),
    ),
)


REMINDERS = ("reminder", "reminder_started", "overdue", "hand_in", "hand_in_late", "two_things")
SETTLEMENTS = Reading(
    *(Settlement.obligation_id, Settlement.disclosure_id, Settlement.counted_on, Settlement.seq, Disclosure.reference),
    join=(Disclosure, Disclosure.id == Settlement.disclosure_id),
)
EXTENSIONS = Reading(Extension.obligation_id, Extension.until)
EXCUSES = Reading(Excuse.obligation_id, Excuse.reason, Excuse.by)
LEAVES = Reading(Leave.person_id, Leave.leave_from, Leave.leave_to)
LETTERS = Reading(Letter.person_id, Letter.once, where=Letter.kind.in_(REMINDERS), order=Letter.id, up_to=Letter.sent_seq)
DUE_DATES = Reading(DueDate.obligation_id, DueDate.due_on, DueDate.before, DueDate.seq)
EVER = 2**62  # later than any entry: what a due date was before its first change stands in the change


@dataclass(slots=True)
class Due:
    """One obligation as of N."""

    obligation: Any
    first_due: date | None = None
    disclosure_id: int | None = None
    filed_as: str = ""
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
        batch = db.session.connection().execute(wanted.order_by(Obligation.id).limit(BATCH)).all()
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
    if paused:
        for due in rows.values():
            due.paused = paused_at(paused.get(due.obligation.part_id, ()), n)
    for obligation_id, disclosure_id, counted_on, seq, reference in SETTLEMENTS.of(rows, n):
        due = rows[obligation_id]
        due.disclosure_id, due.counted_on, due.filed_as = disclosure_id, counted_on, reference
        if paused:
            due.paused = paused_at(paused.get(due.obligation.part_id, ()), seq)
    for obligation_id, until in EXTENSIONS.of(rows, n):
        rows[obligation_id].extended_to = until
    for obligation_id, reason, by in EXCUSES.of(rows, n):
        rows[obligation_id].excused, rows[obligation_id].excused_by = reason, by
    by_person: dict[int, list[Due]] = defaultdict(list)
    for due in rows.values():
        by_person[due.obligation.person_id].append(due)
    for leave in LEAVES.of(by_person, n):
        for due in by_person[leave[0]]:
            due.leave = leave
    for person_id, once in LETTERS.of(by_person, n):
        for due in by_person[person_id]:
            due.reminders += due.obligation.reference in once
    return list(rows.values())


def _due_dates(rows: dict[int, Due], n: int) -> None:
    """Due dates as they stood: the newest row by entry `n`, else what stood before the first; without rows it never changed."""
    begun: set[int] = set()
    for row in DUE_DATES.of(rows, EVER):
        due = rows[row.obligation_id]
        if row.obligation_id not in begun:
            due.first_due = row.before
            begun.add(row.obligation_id)
        if row.seq <= n:
            due.first_due = row.due_on


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
