"""What a roster import causes, once its time has come (U6): obligations of new hires and of people with a new position."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from coi.campaigns import queries
from coi.campaigns.obligations import AT_ONCE, Asking, end, make_obligations, newcomers
from coi.db import db
from coi.models import Obligation, Person, PersonVersion, RosterImport
from coi.profiles.current import current_profile
from coi.rules.permissions import SYSTEM
from coi.vocabulary import Kind


def after_imports(now: datetime) -> int:
    """Makes the obligations of every import whose time has come, that was not undone and not seen to; says how many.

    Imports before the first campaign make none: the campaign itself asks everybody.
    """
    wanted = select(RosterImport).where(
        RosterImport.acted_at.is_(None), RosterImport.acts_after <= now, RosterImport.undone_seq.is_(None)
    )
    made = 0
    for roster in db.session.scalars(wanted.order_by(RosterImport.id).with_for_update()).all():
        made += _of(roster, now)
        roster.acted_at = now
    _take_back(now)
    db.session.flush()
    return made


def _take_back(now: datetime) -> None:
    """An import that was undone after its time came: what it asked for and nobody filed is asked no more."""
    undone = (
        select(Obligation)
        .join(RosterImport, Obligation.occasion == "roster:" + RosterImport.reference)
        .where(
            RosterImport.undone_seq.is_not(None),
            RosterImport.acted_at.is_not(None),
            Obligation.ended_seq.is_(None),
            Obligation.settled_on.is_(None),
        )
    )
    for obligation in db.session.scalars(undone.order_by(Obligation.id)).all():
        end(obligation, "import undone", SYSTEM, now)


def _of(roster: RosterImport, now: datetime) -> int:
    campaign = queries.latest()
    if campaign is None or campaign.seq > roster.seq:
        return 0
    versions = db.session.scalars(
        select(PersonVersion).where(PersonVersion.import_id == roster.id).order_by(PersonVersion.id)
    ).all()
    before = _before(versions, roster.seq)
    fresh = newcomers([one for one in versions if one.person_id not in before])
    moved = _moved(versions, before)
    occasion = f"roster:{roster.reference}"
    because = roster.reference
    return make_obligations(fresh, Kind.NEW_HIRE, occasion, now, because=because) + make_obligations(
        moved, Kind.NEW_POSITION, occasion, now, because=because
    )


def _before(versions: Sequence[PersonVersion], seq: int) -> dict[int, PersonVersion]:
    """What the roster said of these people before the import; who is not in it came with it."""
    people = sorted({one.person_id for one in versions})
    found: dict[int, PersonVersion] = {}
    for start in range(0, len(people), AT_ONCE):
        wanted = select(PersonVersion).where(
            PersonVersion.person_id.in_(people[start : start + AT_ONCE]), PersonVersion.seq < seq
        )
        found.update({one.person_id: one for one in db.session.scalars(wanted.order_by(PersonVersion.seq, PersonVersion.id))})
    return found


def _moved(versions: Sequence[PersonVersion], before: dict[int, PersonVersion]) -> list[Person]:
    """Whose title changed so that the form asks them something else; a corrected spelling asks nobody again."""
    profile = current_profile()
    asking = Asking(profile)
    changed: list[int] = []
    for one in versions:
        old = before.get(one.person_id)
        if old is None or not one.active or not old.active or old.title == one.title:
            continue
        then = asking.of(Person(title=old.title, department=old.department, group=old.group), Kind.NEW_POSITION)
        since = asking.of(Person(title=one.title, department=old.department, group=old.group), Kind.NEW_POSITION)
        if then != since:
            changed.append(one.person_id)
    found: list[Person] = []
    for start in range(0, len(changed), AT_ONCE):
        wanted = select(Person).where(Person.id.in_(changed[start : start + AT_ONCE]), Person.active, Person.employee)
        found.extend(db.session.scalars(wanted.order_by(Person.id)))
    return found
