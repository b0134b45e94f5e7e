"""What a roster would change: added, changed, left, refused by row, and whether that asks for a typed number; pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from coi.people.reading import Line, Read, read_line

# What a version of a person holds; the order in which changes are shown.
FIELDS = ("name", "email", "title", "department", "group", "supervisor_id", "language", "hired_on", "left_on", "active")
# U6: more than the larger of these would leave, or change department or supervisor: somebody types the number.
PERCENT = 5
AT_LEAST = 10
KEPT_WHEN_BLANK = ("language", "hired_on")


@dataclass(frozen=True)
class Known:
    """A person as the tables have them."""

    id: int
    number: str | None
    employee: bool
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One person whose columns change: before and after hold every field of a version; a new person has no id and no before."""

    row: int
    number: str
    id: int | None
    before: Mapping[str, Any]
    after: dict[str, Any]
    fields: tuple[str, ...]
    # The number of a supervisor who is in this file only; resolved when that person has an id.
    new_supervisor: str | None = None


@dataclass
class Plan:
    """What would happen, and what stands against it."""

    full: bool
    rows: int
    added: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    left: list[Change] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    active_before: int = 0

    @property
    def unchanged(self) -> int:
        """Rows that say what is known already."""
        return self.rows - len(self.added) - len(self.changed) - len({row for row, _why in self.refused})

    @property
    def impact(self) -> int:
        """How many people would leave, or change department or supervisor."""
        return len(self.left) + sum(_weighs(change) for change in self.changed)

    @property
    def needs_confirmation(self) -> bool:
        """Whether that is more than the larger of 5% and 10 people."""
        return self.impact > max(self.active_before * PERCENT / 100, AT_LEAST)

    @property
    def active_after(self) -> int:
        """Employees with a number who are active afterwards; the workbook's population foots to it."""
        came = sum(bool(change.after["active"]) for change in self.added)
        turned = sum(int(change.after["active"]) - int(change.before["active"]) for change in self.changed)
        return self.active_before + came + turned - len(self.left)


def _weighs(change: Change) -> bool:
    leaves = change.before["active"] and not change.after["active"]
    return bool(leaves or {"department", "supervisor_id"} & set(change.fields))


def make_plan(
    lines: Sequence[Line],
    known: Sequence[Known],
    full: bool,
    today: date,
    languages: Sequence[str],
    unread: Sequence[tuple[int, str]] = (),
) -> Plan:
    """Compares a file with the people that are known; `unread` are rows that the sheet already refused."""
    plan = Plan(full, len(lines) + len(unread), refused=list(unread))
    plan.active_before = sum(1 for person in known if person.employee and person.number and person.values["active"])
    reads = [read_line(line, languages) for line in lines]
    by_number = {person.number: person for person in known if person.number}
    _refuse_doubles(reads, known)
    _refuse_lost_zeros(reads, by_number)
    in_file = {read.number: read for read in reads if read.number}
    for read in reads:
        _check_supervisor(read, by_number, in_file)
    changes = [_change(read, by_number, today, languages[0]) for read in reads]
    _refuse_circles(reads, known)
    plan.refused += [(read.row, fault) for read in reads for fault in read.faults]
    plan.refused.sort()
    bad = {row for row, _why in plan.refused}
    plan.added = [change for change in changes if change.id is None and change.row not in bad]
    plan.changed = [change for change in changes if change.id is not None and change.fields and change.row not in bad]
    if full:
        plan.left = list(_leavers(known, in_file, today))
    _say_numbers(lines, plan)
    return plan


def _refuse_doubles(reads: Sequence[Read], known: Sequence[Known]) -> None:
    """The same number or e-mail twice: every row of them is refused, none is guessed to be the right one."""
    numbers: dict[str, list[Read]] = defaultdict(list)
    emails: dict[str, list[Read]] = defaultdict(list)
    for read in reads:
        if read.number:
            numbers[read.number.casefold()].append(read)
        if read.given.get("email"):
            emails[read.given["email"].casefold()].append(read)
    for same, told in ((numbers, _("the same employee number")), (emails, _("the same e-mail address"))):
        for rows in same.values():
            if len(rows) > 1:
                listed = ", ".join(str(read.row) for read in rows[:10])
                for read in rows:
                    read.faults.append(_("%(what)s stands in rows %(rows)s", what=told, rows=listed))
    mine = {read.number for read in reads}
    for person in known:
        email = person.values["email"]
        if email and person.values["active"] and person.number not in mine:
            for read in emails.get(email.casefold(), ()):
                read.faults.append(_("the e-mail address belongs to somebody else: %(number)s", number=person.number or "-"))


def _refuse_lost_zeros(reads: Sequence[Read], by_number: Mapping[str, Known]) -> None:
    """`123` where `00123` is known is the same person with the zeros lost, never somebody new."""
    bare: dict[str, str] = {number.lstrip("0"): number for number in by_number if number.startswith("0")}
    fold = {number.casefold(): number for number in by_number}
    in_file = {read.number for read in reads}
    for read in reads:
        if not read.number or read.number in by_number:
            continue
        twin = bare.get(read.number) or fold.get(read.number.casefold())
        if twin and twin not in in_file:
            read.faults.append(
                _("%(number)s looks like %(known)s, which is known; write it as text", number=read.number, known=twin)
            )


def _check_supervisor(read: Read, by_number: Mapping[str, Known], in_file: Mapping[str, Read]) -> None:
    if not read.supervisor:
        return
    if read.supervisor == read.number:
        read.faults.append(_("this person would supervise themselves"))
    elif read.supervisor not in by_number and read.supervisor not in in_file:
        read.faults.append(_("nobody has the supervisor's number %(number)s", number=read.supervisor[:60]))


def _refuse_circles(reads: Sequence[Read], known: Sequence[Known]) -> None:
    """Supervisors in a circle: each row of the circle is refused."""
    name_of = {person.id: person.number or f"#{person.id}" for person in known}
    above: dict[str, str] = {
        name_of[person.id]: name_of[person.values["supervisor_id"]] for person in known if person.values["supervisor_id"]
    }
    for read in reads:
        if read.supervisor is not None and read.number:
            above.pop(read.number, None)
            if read.supervisor:
                above[read.number] = read.supervisor
    circles = list(_circles(above))
    rows = {read.number: read for read in reads}
    for circle in circles:
        named = ", ".join(circle[:6])
        for number in circle:
            if number in rows and len(circle) > 1:
                rows[number].faults.append(_("supervisors in a circle: %(numbers)s", numbers=named))


def _circles(above: Mapping[str, str]) -> Iterator[list[str]]:
    done: set[str] = set()
    for start in above:
        path: dict[str, int] = {}
        at: str | None = start
        while at is not None and at not in done and at not in path:
            path[at] = len(path)
            at = above.get(at)
        if at is not None and at in path:
            yield list(path)[path[at] :]
        done |= set(path)


def _change(read: Read, by_number: Mapping[str, Known], today: date, language: str) -> Change:
    person = by_number.get(read.number)
    blank = {
        "name": "", "email": None, "title": "", "department": "", "group": "", "supervisor_id": None, "language": language,
        "hired_on": None, "left_on": None, "active": True,
    }  # fmt: skip
    before = dict(person.values) if person else {}
    given = {name: value for name, value in read.given.items() if name in FIELDS}
    for name in KEPT_WHEN_BLANK:
        if person and not given.get(name):
            given.pop(name, None)
    after = {**blank, **before, **given}
    new_supervisor = None
    if read.supervisor is not None:
        boss = by_number.get(read.supervisor)
        after["supervisor_id"] = boss.id if boss else None
        new_supervisor = read.supervisor if read.supervisor and not boss else None
    if "left_on" not in given and after["left_on"] and after["left_on"] <= today:
        after["left_on"] = None  # in the file again: came back
    after["active"] = after["left_on"] is None or after["left_on"] > today
    fields = tuple(name for name in FIELDS if person and before[name] != after[name])
    if new_supervisor and "supervisor_id" not in fields:
        fields = (*fields, "supervisor_id")
    return Change(read.row, read.number, person.id if person else None, before, after, fields, new_supervisor)


def _leavers(known: Sequence[Known], in_file: Mapping[str, Read], today: date) -> Iterator[Change]:
    for person in known:
        if person.employee and person.number and person.values["active"] and person.number not in in_file:
            before = dict(person.values)
            after = {**before, "active": False, "left_on": today}
            yield Change(0, person.number, person.id, before, after, ("left_on", "active"))


def _say_numbers(lines: Sequence[Line], plan: Plan) -> None:
    """Says which employee numbers were numbers in the workbook: zeros at their start would be lost, and nobody can tell."""
    rows = [line.row for line in lines if line.kinds.get("number") == "number"]
    if rows:
        listed = ", ".join(_spans(rows)[:20])
        plan.notes.append(
            _(
                "In rows %(rows)s the employee number is a number, not text. Zeros at its start would be lost. "
                "If your numbers have such zeros, format the column as text.",
                rows=listed,
            )
        )


def _spans(rows: Sequence[int]) -> list[str]:
    """`2, 3, 4, 9` as `2-4, 9`."""
    spans: list[list[int]] = []
    for row in rows:
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    return [str(first) if first == last else f"{first}-{last}" for first, last in spans]


def departments_of(changes: Sequence[Change]) -> list[tuple[str, int]]:
    """How many of these people are in which department, most first: the quickest way to see a wrong file."""
    return Counter(change.after["department"] or "-" for change in changes).most_common(12)
