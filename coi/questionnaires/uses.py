"""Which forms are asked for which kinds of filing: what the profile says, and besides what was chosen here at publishing."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import func, select

from coi.db import db
from coi.models import FormUsed
from coi.profiles.check import codes_of
from coi.profiles.current import current_profile
from coi.profiles.schema import FormUse, Profile
from coi.rules.conditions import holds
from coi.vocabulary import Kind


def chosen() -> dict[str, FormUsed]:
    """The newest choice for each form."""
    newest = select(func.max(FormUsed.id)).group_by(FormUsed.form_id)
    return {row.form_id: row for row in db.session.scalars(select(FormUsed).where(FormUsed.id.in_(newest)).order_by(FormUsed.id))}


def uses(profile: Profile | None = None) -> list[FormUse]:
    """Every use: the profile's first, in its order."""
    rows = [row for row in chosen().values() if row.kinds]
    besides = [FormUse.model_validate({"form": row.form_id, "kinds": row.kinds, "for": row.whom}) for row in rows]
    return [*(profile or current_profile()).forms, *besides]


def forms_for(kind: str, filer: Mapping[str, Any], among: Iterable[FormUse] | None = None) -> list[str]:
    """The ids of the forms that this filer is asked for a kind of filing, each once."""
    found = [
        use.form
        for use in (uses() if among is None else among)
        if kind in use.kinds and (use.for_ is None or holds(use.for_, {"filer": filer}))
    ]
    return list(dict.fromkeys(found))


def kinds_of(form_id: str) -> tuple[list[Kind], list[Kind]]:
    """For which kinds a form is used: by the profile, and as chosen here."""
    named = {kind for use in current_profile().forms if use.form == form_id for kind in use.kinds}
    row = chosen().get(form_id)
    return [kind for kind in Kind if kind in named], [kind for kind in Kind if row is not None and kind.value in row.kinds]


def groups_of_people() -> list[tuple[str, str, str]]:
    """The attributes by which a form may be asked of some people only: (attribute, code) pairs of the profile, with a value."""
    profile = current_profile()
    return [(f"{name}={code}", name, code) for name in profile.attributes for code in codes_of(profile, "filer", name) or []]


def condition_of(value: str) -> dict[str, Any] | None:
    """`level=full` as a condition; nothing for everybody."""
    name, equals, code = value.partition("=")
    return {"filer": name, "is": code} if equals else None


def value_of(whom: Mapping[str, Any] | None) -> str:
    """The other way round, for a page."""
    return f"{whom['filer']}={whom['is']}" if whom and "filer" in whom and "is" in whom else ""
