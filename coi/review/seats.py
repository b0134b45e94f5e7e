"""Who sits at a desk on a day: by the role held, the account and the time served; looks at no case."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select

from coi.db import db
from coi.disclosures.kept import once
from coi.models import Account, Person, RoleGrant
from coi.profiles.current import current_profile
from coi.rules.routing import MEMBERS
from coi.vocabulary import Role

REVIEWERS = frozenset({Role.REVIEWER})


def members(desk: str, on: date) -> list[int]:
    """The people at a desk on a day, in id order."""
    named = current_profile().desks.get(desk)
    roles = MEMBERS.get(named.members if named else "reviewers", REVIEWERS)
    return list(dict.fromkeys(person_id for person_id, _name, role in _seats(on) if role in roles))


def seated(on: date) -> list[tuple[int, str]]:
    """Everybody who sits at any desk of the profile on a day, by name, in the order of the names."""
    named = [MEMBERS.get(desk.members, REVIEWERS) for desk in current_profile().desks.values()]
    roles = frozenset().union(*named)
    found = {(person_id, name) for person_id, name, role in _seats(on) if role in roles}
    return sorted(found, key=lambda one: (one[1], one[0]))


def _seats(on: date) -> Sequence[tuple[int, str, Role]]:
    """Everybody who holds a role that sits at some desk: person, name, role, in id order; a few dozen rows."""
    return once(("seats", on), lambda: _holding(on))


def _holding(on: date) -> list[tuple[int, str, Role]]:
    holding = (
        select(Account.person_id, Person.name, RoleGrant.role)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .join(Person, Person.id == Account.person_id)
        .where(
            RoleGrant.role.in_(frozenset().union(REVIEWERS, *MEMBERS.values())),
            RoleGrant.ended_seq.is_(None),
            RoleGrant.starts_on <= on,
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= on),
            Account.active,
            Person.active,
            or_(Person.serves_from.is_(None), Person.serves_from <= on),
            or_(Person.serves_to.is_(None), Person.serves_to >= on),
        )
        .order_by(Account.person_id)
    )
    return [(row.person_id, row.name, row.role) for row in db.session.execute(holding)]
