"""Who signs "coming soon": the Mayor or a chief, by the profile's list; a name may be written there or come from the roster."""

from sqlalchemy import func, select

from coi.db import db
from coi.models import Person
from coi.profiles.current import current_profile
from coi.profiles.schema import Signer


def signed_by(reader: Person, spoken: str) -> str:
    """Name and title as they stand under the letter; the city's contact where the profile names nobody."""
    profile = current_profile()
    for signer in profile.letters.signed_by:
        if signer.departments and reader.department not in signer.departments:
            continue
        name = signer.name or _on_the_roster(signer)
        if name:
            title = signer.title.get(spoken) or signer.title["en"]
            return f"{name}\n{title}"
    return str(profile.city.contact.name)


def _on_the_roster(signer: Signer) -> str:
    """The one active person of the roster who has this title; two of them sign nothing."""
    wanted = select(Person.name).where(Person.active, func.lower(Person.title) == signer.title["en"].lower()).limit(2)
    found = list(db.session.scalars(wanted))
    return found[0] if len(found) == 1 else ""
