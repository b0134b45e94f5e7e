"""Puts together what the roster pages show: the preview of an upload with its faults, one import, the words for a change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coi.errors import Refused
from coi.models import PersonVersion, RosterImport
from coi.people import keeping, queries
from coi.people.actions import plan_roster
from coi.people.keeping import Kept
from coi.people.plan import FIELDS, Change, Plan, departments_of
from coi.people.reading import HEADINGS, LABELS, Line, columns_found, roster_columns, roster_lines
from coi.rules.permissions import Facts
from coi.sheet_fields import every_heading
from coi.sheets import Sheet, read_sheet

MOST_ROWS = 200
WORDS: dict[str, Any] = {
    "name": LABELS["name"],
    "email": LABELS["email"],
    "title": LABELS["title"],
    "department": LABELS["department"],
    "group": LABELS["group"],
    "supervisor_id": _l("Supervisor"),
    "language": LABELS["language"],
    "hired_on": LABELS["hired_on"],
    "left_on": LABELS["left_on"],
    "active": _l("Works here"),
}


@dataclass
class Preview:
    """An upload as the page shows it: what it would change, or why it can't be read."""

    kept: Kept
    roster: str = ""
    headings: Sequence[str] = ()
    mapped: Mapping[str, str] = field(default_factory=dict)
    fault: Any = None
    lines: Sequence[Line] = ()
    sheet: Sheet | None = None
    plan: Plan | None = None
    names: Mapping[int, str] = field(default_factory=dict)

    @property
    def may_apply(self) -> bool:
        """Whether there is anything to apply and nothing against it."""
        return self.plan is not None and not self.plan.refused

    @property
    def notes(self) -> list[str]:
        """What a person should know of how the file was read."""
        return [*(self.sheet.notes if self.sheet else ()), *(self.plan.notes if self.plan else ())]

    def words(self, change: Change) -> list[tuple[Any, str, str]]:
        """A change as (field, before, after)."""
        told = []
        for name in change.fields:
            waits = change.new_supervisor if name == "supervisor_id" else None
            shown = waits or said(name, change.after[name], self.names)
            told.append((WORDS[name], said(name, change.before.get(name), self.names), shown))
        return told


def said(name: str, value: Any, names: Mapping[int, str]) -> str:
    """The value of a field in words."""
    if value is None or value == "":
        return "–"
    if name == "active":
        return str(_("Yes")) if value else str(_("No"))
    if name == "supervisor_id":
        return names.get(value, "–")
    return value.isoformat() if isinstance(value, date) else str(value)


def opened(token: str) -> tuple[Preview, Facts] | None:
    """The upload of a token with its file read, for the gate: a file is read before any lock is taken."""
    found = keeping.kept(token)
    return (read(found), Facts()) if found else None


def read(kept: Kept) -> Preview:
    """Reads an upload; a file that can't be read says why."""
    made = Preview(kept)
    try:
        made.sheet = read_sheet(kept.data, kept.filename, every_heading(HEADINGS))
        made.headings = made.sheet.headings
        columns = roster_columns(made.headings, kept.chosen)
        made.mapped = {name: made.headings[column] for name, column in columns.items()}
        made.lines = roster_lines(made.sheet, columns)
    except Refused as refusal:
        made.fault = refusal.message
        made.mapped = made.mapped or columns_found(made.headings, kept.chosen)
    return made


def compare(made: Preview, on: date) -> Preview:
    """Compares what was read with the roster as it stands; changes nothing."""
    if made.fault is not None or made.sheet is None:
        return made
    made.roster = queries.roster_state()
    made.plan = plan_roster(made.lines, made.kept.full, on, made.sheet.faults)
    bosses = {change.before.get("supervisor_id") for change in made.plan.changed[:MOST_ROWS]}
    bosses |= {change.after["supervisor_id"] for change in made.plan.changed[:MOST_ROWS]}
    made.names = queries.names_of([one for one in bosses if one is not None])
    return made


def by_department(plan: Plan) -> list[tuple[str, list[tuple[str, int]]]]:
    """Added and leaving people by department, the largest first."""
    parts = ((_("Added"), plan.added), (_("Leave"), plan.left))
    return [(str(label), departments_of(changes)) for label, changes in parts if changes]


@dataclass(frozen=True)
class Touched:
    """One person of an import that was made: what it changed, from what, to what."""

    version: PersonVersion
    number: str
    kind: str
    words: Sequence[tuple[Any, str, str]]


def touched_by(made: RosterImport) -> list[Touched]:
    """The people of an import, the first of them, with what changed."""
    versions = queries.versions_of(made, MOST_ROWS)
    ids = [row.person_id for row in versions]
    before = queries.versions_before(made, ids)
    people = {person.id: person for person in queries.people_by_id(ids)}
    bosses = {row.supervisor_id for row in [*versions, *before.values()]}
    names = queries.names_of([one for one in bosses if one is not None])
    told = []
    for row in versions:
        old = before.get(row.person_id)
        kind = "added" if old is None else "left" if old.active and not row.active else "changed"
        words = [
            (WORDS[name], said(name, getattr(old, name), names), said(name, getattr(row, name), names))
            for name in FIELDS
            if old is not None and getattr(old, name) != getattr(row, name)
        ]
        told.append(Touched(row, people[row.person_id].number or "–", kind, words))
    return told
