"""What a roster import causes, once its time has come (U6): new hires, new positions, people who leave or come back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from coi.campaigns import leaving, queries
from coi.campaigns.giving import known_to_desk
from coi.campaigns.obligations import AT_ONCE, Asking, end, make_obligations, newcomers
from coi.db import db
from coi.models import Obligation, Person, PersonVersion, RosterImport
from coi.profiles.current import current_profile
from coi.rules.deadlines import renamed, same_job
from coi.rules.permissions import SYSTEM
from coi.vocabulary import Kind

Versions = Sequence[PersonVersion]


def after_imports(now: datetime) -> int:
    """Makes the obligations of every import whose time has come, that was not undone and not seen to; says how many.

    Imports before the first campaign make none: the campaign itself asks everybody. Days to come act when they have come.
    """
    wanted = select(RosterImport).where(
        RosterImport.acted_at.is_(None), RosterImport.acts_after <= now, RosterImport.undone_seq.is_(None)
    )
    made = 0
    for roster in db.session.scalars(wanted.order_by(RosterImport.id).with_for_update()).all():
        made += _of(roster, now)
        roster.acted_at = now
    _take_back(now)
    leaving.act_on_the_day(now)
    leaving.close_accounts(now)
    db.session.flush()
    return made


def _take_back(now: datetime) -> None:
    """An import that was undone after its time came: what it asked for and nobody filed is asked no more, what it ended again."""
    undone = select(RosterImport).where(RosterImport.undone_seq.is_not(None), RosterImport.acted_at.is_not(None))
    for roster in db.session.scalars(undone.order_by(RosterImport.id)).all():
        asked = select(Obligation).where(
            Obligation.occasion == f"roster:{roster.reference}", Obligation.ended_seq.is_(None), Obligation.settled_on.is_(None)
        )
        for obligation in db.session.scalars(asked.order_by(Obligation.id)).all():
            end(obligation, "import undone", SYSTEM, now)
        restored = db.session.scalars(select(PersonVersion).where(PersonVersion.seq == roster.undone_seq, PersonVersion.active))
        leaving.ask_again([one.person_id for one in restored], roster.reference, now)


def _of(roster: RosterImport, now: datetime) -> int:
    campaign = queries.latest()
    if campaign is None or campaign.seq > roster.seq:
        return 0
    versions = db.session.scalars(
        select(PersonVersion).where(PersonVersion.import_id == roster.id).order_by(PersonVersion.id)
    ).all()
    before = _before(versions, roster.seq)
    occasion = f"roster:{roster.reference}"
    fresh = _not_given(newcomers([one for one in versions if one.person_id not in before]), Kind.NEW_HIRE, {})
    made = make_obligations(fresh, Kind.NEW_HIRE, occasion, now, because=roster.reference)
    since = {person_id: one.seq for person_id, one in before.items()}
    moved = _not_given(_moved(versions, before), Kind.NEW_POSITION, since)
    made += make_obligations(moved, Kind.NEW_POSITION, occasion, now, because=roster.reference)
    made += leaving.of_import(versions, before, roster.reference, now)
    back = [one.person_id for one in versions if one.active and one.person_id in before and not before[one.person_id].active]
    return made + leaving.ask_again(back, roster.reference, now)


def _not_given(people: list[Person], kind: Kind, since: Mapping[int, int]) -> list[Person]:
    """Without those to whom the desk gave this kind before the roster showed why: nobody is asked twice for one event."""
    known = known_to_desk(kind, since) if people else set()
    return [person for person in people if person.id not in known]


def _before(versions: Versions, seq: int) -> dict[int, PersonVersion]:
    """What the roster said of these people before the import; who is not in it came with it."""
    people = sorted({one.person_id for one in versions})
    found: dict[int, PersonVersion] = {}
    for start in range(0, len(people), AT_ONCE):
        wanted = select(PersonVersion).where(
            PersonVersion.person_id.in_(people[start : start + AT_ONCE]), PersonVersion.seq < seq
        )
        found.update({one.person_id: one for one in db.session.scalars(wanted.order_by(PersonVersion.seq, PersonVersion.id))})
    return found


def _moved(versions: Versions, before: dict[int, PersonVersion]) -> list[Person]:
    """Who has a new position: asked something else by title, department or group, or in another department now.

    A corrected spelling asks nobody again, and neither does a department that only has a new name.
    """
    asking = Asking(current_profile())
    stayed = [(before[one.person_id], one) for one in versions if one.person_id in before]
    working = [(old, one) for old, one in stayed if old.active and one.active]
    went = [(old, one) for old, one in working if old.department != one.department]
    only_renamed = renamed([(old.department, one.department) for old, one in went], _staffed()) if went else frozenset()
    changed = [
        one.person_id
        for old, one in working
        if _asks_anew(asking, old, one)
        or (old.department != one.department and old.department and (old.department, one.department) not in only_renamed)
    ]
    found: list[Person] = []
    for start in range(0, len(changed), AT_ONCE):
        wanted = select(Person).where(Person.id.in_(changed[start : start + AT_ONCE]), Person.active, Person.employee)
        found.extend(db.session.scalars(wanted.order_by(Person.id)))
    return found


def _asks_anew(asking: Asking, old: PersonVersion, one: PersonVersion) -> bool:
    if (old.title, old.group) == (one.title, one.group):
        return False
    then = asking.of(Person(title=old.title, department=one.department, group=old.group), Kind.NEW_POSITION)
    since = asking.of(Person(title=one.title, department=one.department, group=one.group), Kind.NEW_POSITION)
    forms = [[(asked.form_id, asked.level) for asked in told] for told in (then, since)]
    return forms[0] != forms[1] or any(not same_job(was.filer, now.filer) for was, now in zip(then, since, strict=False))


def _staffed() -> set[str]:
    """The departments in which somebody works after the import; one that nobody is in any more may have a new name."""
    rows = db.session.scalars(select(Person.department).where(Person.active, Person.employee).distinct())
    return {name for name in rows if name}
