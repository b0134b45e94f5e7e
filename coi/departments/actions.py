"""All writes of a department's head: that the list is right, or a note to the campaign desk about what is not."""

from datetime import datetime

from flask_babel import gettext as _

from coi.audit.record import record
from coi.campaigns.queries import latest
from coi.db import db
from coi.departments.queries import Department
from coi.errors import NotPossible, SomebodyWasFaster
from coi.models import DepartmentCheck, RosterNote
from coi.people.actions import write_note
from coi.rules.permissions import Actor
from coi.vocabulary import Event


def confirm(department: Department, seen: str, actor: Actor, now: datetime) -> DepartmentCheck:
    """The head says that the list as shown is right; a list that changed meanwhile is looked at again."""
    campaign = latest()
    if campaign is None or campaign.closed_seq is not None:
        raise NotPossible(_("There is no campaign that asks for this list."))
    if seen != department.fingerprint:
        raise SomebodyWasFaster(_("The list changed since you opened this page. Please look at it again."))
    if department.checked is not None and department.still_right:
        return department.checked
    people = len(department.members)
    details = {"department": department.name, "people": people, "sha256": department.fingerprint}
    seq = record(Event.DEPARTMENT_CHECKED, actor, f"campaign:{campaign.year}", now, **details)
    made = DepartmentCheck(
        campaign_id=campaign.id,
        person_id=actor.person_id,
        department=department.name,
        people=people,
        sha256=department.fingerprint,
        at=now,
        seq=seq,
    )
    db.session.add(made)
    db.session.flush()
    return made


def say_wrong(department: Department, text: str, actor: Actor, now: datetime) -> RosterNote:
    """What is wrong in the list, as a note to the campaign desk; the roster is corrected at its source."""
    return write_note(department.head.id, f"{department.name}: {text}", actor, now)
