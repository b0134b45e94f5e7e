"""All writes of the people room: a roster goes in whole or not at all, nobody is deleted, and one act takes it back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from coi.accounts.queries import holders
from coi.audit.record import record
from coi.db import db
from coi.disclosures.marks import mark_people_anew
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.models import Person, PersonVersion, RosterImport, RosterNote
from coi.models.types import new_reference
from coi.notices import actions as notices
from coi.people import queries
from coi.people.plan import FIELDS, Change, Plan, make_plan
from coi.people.reading import Line
from coi.profiles.current import current_profile, today, zone
from coi.rules.permissions import Actor
from coi.rules.searching import search_text
from coi.vocabulary import Event, Role

# The hour of the city at which the letters of an import may leave.
WORK_BEGINS = time(8)
AT_ONCE = 1000


class RosterRefused(Refused):
    """Rows that can't be taken; `plan` says which and why. Nothing was applied."""

    def __init__(self, plan: Plan) -> None:
        rows = len({row for row, _why in plan.refused})
        super().__init__(_("%(rows)s rows are refused. Nothing was changed.", rows=rows), "file")
        self.plan = plan


class ConfirmationNeeded(Refused):
    """So many people would leave or move that somebody must type the number (U6). Nothing was applied."""

    def __init__(self, plan: Plan) -> None:
        told = _(
            "%(count)s people would leave, or change department or supervisor. If this is right, confirm by typing %(count)s.",
            count=plan.impact,
        )
        super().__init__(told, "confirm")
        self.plan = plan


def plan_roster(lines: Sequence[Line], full: bool, on: date, unread: Sequence[tuple[int, str]] = (), lock: bool = False) -> Plan:
    """What a roster would change, by the people as they are now; `lock` keeps them as they are until the transaction ends."""
    languages = list(current_profile().city.languages)
    return make_plan(lines, queries.known_people(lock=lock), full, on, languages, unread)


def import_roster(
    lines: Sequence[Line],
    full: bool,
    filename: str,
    sha256: str,
    actor: Actor,
    now: datetime,
    confirm: int | None = None,
    *,
    unread: Sequence[tuple[int, str]] = (),
    state: str | None = None,
) -> RosterImport:
    """Applies a roster whole; raises RosterRefused, ConfirmationNeeded, or SomebodyWasFaster when `state` is old."""
    on = today(now)
    plan = plan_roster(lines, full, on, unread, lock=True)
    if state is not None and state != queries.roster_state():
        raise SomebodyWasFaster(_("The roster changed since you looked at this preview. Look at it again."))
    if plan.refused:
        raise RosterRefused(plan)
    if plan.needs_confirmation and confirm != plan.impact:
        raise ConfirmationNeeded(plan)
    ids = _write_people(plan)
    mark_people_anew(db.session.connection(), [change.id for change in plan.changed if change.id and "name" in change.fields])
    counts = {"rows": plan.rows, "added": len(plan.added), "changed": len(plan.changed), "left": len(plan.left)}
    reference = new_reference(f"ROS-{on.year}")
    seq = record(
        Event.ROSTER_IMPORTED, actor, f"roster:{reference}", now, sha256=sha256, full=full, refused=len(plan.refused), **counts
    )
    made = RosterImport(
        reference=reference,
        filename=_safe_name(filename),
        sha256=sha256,
        full=full,
        unchanged=plan.unchanged,
        refused=len(plan.refused),
        active_after=plan.active_after,
        actor=actor.name,
        at=now,
        acts_after=_acts_after(on) if plan.added or plan.changed or plan.left else None,
        seq=seq,
        **counts,
    )
    db.session.add(made)
    db.session.flush()
    _write_versions(plan, ids, made)
    _tell_old_addresses(plan, made, now)
    db.session.expire_all()
    return made


def _tell_old_addresses(plan: Plan, made: RosterImport, now: datetime) -> None:
    """Whoever holds a role learns at the old address that the roster has another one now (SD6, SD7)."""
    moved = {change.id: change.before["email"] for change in plan.changed if change.id and "email" in change.fields}
    for person in holders(frozenset(Role), today(now)):
        old = moved.get(person.id)
        if old:
            notices.post("address_changed", person, now, f"address_changed:{person.id}:{made.seq}", to=old)


def _safe_name(filename: str) -> str:
    """The last part of a file's name as people may see it."""
    plain = "".join(mark for mark in filename.replace("\\", "/").rsplit("/", 1)[-1] if mark.isprintable())
    return plain[:200] or "roster"


def _acts_after(on: date) -> datetime:
    """When the letters and obligations of an import may be made: the next business day, in the morning (U6)."""
    day = current_profile().next_business_day(on + timedelta(days=1))
    return datetime.combine(day, WORK_BEGINS, zone())


def _columns(after: Mapping[str, Any]) -> dict[str, Any]:
    return {**{name: after[name] for name in FIELDS}, "search_name": search_text(after["name"])}


def _write_people(plan: Plan) -> dict[str, int]:
    """Writes the rows, new people first, and gives the id of every new number."""
    ids: dict[str, int] = {}
    rows = [{"number": change.number, "employee": True, **_columns(change.after)} for change in plan.added]
    for part in _parts(rows):
        made = db.session.execute(insert(Person).returning(Person.number, Person.id), part)
        ids |= {number: person_id for number, person_id in made if number}
    touched = [{"id": change.id, **_columns(_resolved(change, ids))} for change in [*plan.changed, *plan.left]]
    waiting = [
        {"id": ids[change.number], "supervisor_id": ids[change.new_supervisor]} for change in plan.added if change.new_supervisor
    ]
    for same in (touched, waiting):
        for part in _parts(sorted(same, key=lambda row: row["id"])):
            db.session.execute(update(Person), part)
    return ids


def _resolved(change: Change, ids: Mapping[str, int]) -> dict[str, Any]:
    """The values of a change with the supervisor's id, also of one who came with the same file."""
    return {**change.after, "supervisor_id": ids[change.new_supervisor]} if change.new_supervisor else change.after


def _write_versions(plan: Plan, ids: Mapping[str, int], made: RosterImport) -> None:
    rows = [
        {
            "person_id": change.id or ids[change.number],
            "seq": made.seq,
            "import_id": made.id,
            **{name: value for name, value in _resolved(change, ids).items() if name in FIELDS},
        }
        for change in [*plan.added, *plan.changed, *plan.left]
    ]
    for part in _parts(rows):
        db.session.execute(insert(PersonVersion), part)


def _parts(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE)]


def undo_import(made: RosterImport, actor: Actor, now: datetime) -> RosterImport:
    """Takes the newest import back: people stand as before it, those it added are no longer active; later changes stay."""
    db.session.refresh(made, with_for_update=True)
    if made.undone_seq is not None:
        raise NotPossible(_("This import was undone already."))
    newer = select(RosterImport.id).where(RosterImport.id > made.id, RosterImport.undone_seq.is_(None)).limit(1)
    if db.session.scalar(newer) is not None:
        raise NotPossible(_("A newer import came after this one. Undo the newer one first."))
    rows = [row for row in _restored(made, today(now)) if row is not None]
    for part in _parts([{"id": row["person_id"], **_columns(row)} for row in rows]):
        db.session.execute(update(Person), part)
    mark_people_anew(db.session.connection(), [row["person_id"] for row in rows])
    seq = record(Event.ROSTER_UNDONE, actor, f"roster:{made.reference}", now, import_=made.reference)
    for part in _parts([{**row, "seq": seq, "import_id": None} for row in rows]):
        db.session.execute(insert(PersonVersion), part)
    made.undone_seq = seq
    db.session.flush()
    db.session.expire_all()
    return made


def _restored(made: RosterImport, on: date) -> list[dict[str, Any] | None]:
    """For each person of the import the version that takes its changes back, field by field; what changed since then stays."""
    told = {row.person_id: row for row in queries.versions_of(made)}
    before = queries.versions_before(made)
    people = queries.people_of(made, lock=True)
    restored: list[dict[str, Any] | None] = []
    for person in people:
        imported, old = told[person.id], before.get(person.id)
        now_is = {name: getattr(person, name) for name in FIELDS}
        values = dict(now_is)
        if old is None:
            values |= {"active": False, "left_on": person.left_on or on}
        else:
            for name in FIELDS:
                if getattr(imported, name) != getattr(old, name) and now_is[name] == getattr(imported, name):
                    values[name] = getattr(old, name)
        restored.append({"person_id": person.id, **values} if values != now_is else None)
    return restored


def write_note(person_id: int, text: str, actor: Actor, now: datetime) -> RosterNote:
    """ "My title, department or supervisor is wrong": a note to the campaign desk, never an answer (U12)."""
    db.session.get_one(Person, person_id, with_for_update={"key_share": True})
    same = select(RosterNote).where(RosterNote.person_id == person_id, RosterNote.text == text, RosterNote.done_seq.is_(None))
    there = db.session.scalar(same.limit(1))
    if there is not None:
        return there  # said already, and nobody has seen to it yet: a button pressed twice
    seq = record(Event.PERSON_CHANGED, actor, f"person:{person_id}", now, fields=["note"])
    note = RosterNote(person_id=person_id, text=text, at=now, seq=seq)
    db.session.add(note)
    db.session.flush()
    return note


def note_done(note: RosterNote, actor: Actor, now: datetime) -> None:
    """The desk has seen to a note; the note stays."""
    if note.done_seq is not None:
        raise SomebodyWasFaster(_("Somebody marked this note as done already."))
    note.done_seq = record(Event.PERSON_CHANGED, actor, f"person:{note.person_id}", now, fields=["note_done"])
    db.session.flush()
