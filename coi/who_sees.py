"""Who can see what of a form, asked from the access rules; typed nowhere, so it can promise no less than the rules allow (U9)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from coi.rules.permissions import Actor, Facts, Permission, allows
from coi.vocabulary import Role, State

FILER, REVIEWER, OTHER = 1, 2, 3


class Sight(StrEnum):
    """How much somebody sees."""

    ALL = "all"
    PART = "part"
    NONE = "none"


@dataclass(frozen=True)
class Person:
    """A kind of person, as the rules see them."""

    code: str
    label: Any
    actor: Actor


@dataclass(frozen=True)
class Thing:
    """Something of a form: who holds one of `by` sees all of it, who holds one of `partly` what a workbook shows of it."""

    code: str
    label: Any
    by: tuple[Permission, ...]
    partly: tuple[Permission, ...] = ()
    state: State = State.IN_REVIEW


PEOPLE = (
    Person("you", _l("You"), Actor("account:1", FILER)),
    Person("supervisor", _l("Your supervisor"), Actor("account:3", OTHER)),
    Person("coworker", _l("Other employees"), Actor("account:3", OTHER)),
    Person("reviewer", _l("The reviewer of your form"), Actor("account:2", REVIEWER, frozenset({Role.REVIEWER}))),
    Person("other_reviewer", _l("Other reviewers"), Actor("account:3", OTHER, frozenset({Role.REVIEWER}))),
    Person("senior", _l("Senior ethics officers"), Actor("account:3", OTHER, frozenset({Role.SENIOR_OFFICER}))),
    Person("auditor", _l("Auditors"), Actor("account:3", OTHER, frozenset({Role.AUDITOR}))),
    Person("desk", _l("Campaign desk (HR)"), Actor("account:3", OTHER, frozenset({Role.CAMPAIGN_DESK}))),
    Person("administrator", _l("Administrators (IT)"), Actor("account:3", OTHER, frozenset({Role.ADMINISTRATOR}))),
)

OWN = (Permission.READ_OWN, Permission.READ_CASE)
STATUS = (*OWN, Permission.DESK, Permission.CAMPAIGN_READ, Permission.QUEUE_ALL)
THINGS = (
    Thing("draft", _l("A form that you have not signed yet"), (Permission.FILE_OWN,), state=State.DRAFT),
    Thing("status", _l("Whether you filed, and when"), STATUS, (Permission.TEAM,)),
    Thing("answers", _l("Your answers"), OWN, (Permission.EXPORT,)),
    Thing("messages", _l("Questions to you, and your replies"), OWN),
    Thing("outcome", _l("The outcome and the reason for it"), (*OWN, Permission.EXPORT)),
    Thing("notes", _l("The ethics office's own notes"), (Permission.NOTE,)),
    Thing("readers", _l("The list of who opened your form"), (Permission.READ_OWN, Permission.AUDIT)),
)


def sight(person: Person, thing: Thing) -> Sight:
    """What the rules let this person see of this thing."""
    leads = frozenset({"supervisor"}) if person.code == "supervisor" else frozenset()
    reviewer = None if thing.state is State.DRAFT else REVIEWER
    facts = Facts(filer_id=FILER, reviewer_id=reviewer, state=thing.state, extra=leads)
    if any(allows(person.actor, permission, facts) for permission in thing.by):
        return Sight.ALL
    if any(allows(person.actor, permission, facts) for permission in thing.partly):
        return Sight.PART
    return Sight.NONE


def table() -> list[tuple[Person, list[tuple[Thing, Sight]]]]:
    """One row for each kind of person, one cell for each thing."""
    return [(person, [(thing, sight(person, thing)) for thing in THINGS]) for person in PEOPLE]


def readers(code: str = "answers") -> list[Any]:
    """The labels of everybody who sees all or part of a thing, the filer first: for the line beside a question."""
    thing = next(one for one in THINGS if one.code == code)
    return [person.label for person in PEOPLE if sight(person, thing) is not Sight.NONE]
