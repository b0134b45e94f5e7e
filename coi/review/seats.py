"""Who sits at a desk on a day: by the role held, the account and the time served; looks at no case."""

from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select

from coi.db import db
from coi.models import Account, Person, RoleGrant
from coi.profiles.current import current_profile
from coi.rules.routing import MEMBERS
from coi.vocabulary import Role


def members(desk: str, on: date) -> list[int]:
    """The people at a desk on a day, in id order."""
    named = current_profile().desks.get(desk)
    return _holders(MEMBERS.get(named.members if named else "reviewers", frozenset({Role.REVIEWER})), on)


def seated(on: date) -> list[tuple[int, str]]:
    """Everybody who sits at any desk of the profile on a day, by name, in the order of the names."""
    named = [MEMBERS.get(desk.members, frozenset({Role.REVIEWER})) for desk in current_profile().desks.values()]
    rows = _holding(frozenset().union(*named), on).add_columns(Person.name)
    return sorted(((person_id, name) for person_id, name in db.session.execute(rows)), key=lambda one: (one[1], one[0]))


def _holders(roles: frozenset[Role], on: date) -> list[int]:
    return list(db.session.scalars(_holding(roles, on)))


def _holding(roles: frozenset[Role], on: date) -> Select[Any]:
    return (
        select(Account.person_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .join(Person, Person.id == Account.person_id)
        .where(
            RoleGrant.role.in_(roles),
            RoleGrant.ended_seq.is_(None),
            RoleGrant.starts_on <= on,
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= on),
            Account.active,
            Person.active,
            or_(Person.serves_from.is_(None), Person.serves_from <= on),
            or_(Person.serves_to.is_(None), Person.serves_to >= on),
        )
        .distinct()
        .order_by(Account.person_id)
    )
