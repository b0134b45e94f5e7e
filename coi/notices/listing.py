"""What the pages of letters need beside the letters: names of their kinds, who reads, the sheets of a station."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice

from coi.db import db
from coi.models import Letter, Person
from coi.notices.actions import MOST_PRINTED
from coi.notices.queries import kinds_to_ask, to_print
from coi.notices.words import KINDS
from coi.rules.permissions import Actor

# Said behind a subject that another kind of letter has, too.
APART = {
    "outcome_not_permitted": _l("not permitted"),
    "outcome_to_appeal": _l("can be appealed"),
    "appeal_received_body": _l("to the final body"),
    "recusal_over": _l("by itself"),
}


def names_of() -> dict[str, str]:
    """What each kind of letter is called: its own subject, without what stands for a value."""
    told = {kind: _name(str(words.subject)) for kind, words in KINDS.items()}
    return told | {kind: f"{told[kind]} ({more})" for kind, more in APART.items()}


def _name(subject: str) -> str:
    return subject.replace(": %(reference)s", "").replace(" %(reference)s", "").replace(": %(department)s", "").strip()


def kinds_to_choose(actor: Actor) -> list[SelectChoice]:
    """The kinds by which this person may look, by name."""
    kinds = kinds_to_ask(actor)
    named = sorted(((kind, name) for kind, name in names_of().items() if kind in kinds), key=lambda one: one[1].casefold())
    return [SelectChoice("", _("Every kind")), *(SelectChoice(kind, name) for kind, name in named)]


def reader(actor: Actor) -> Person:
    """Who is signed in, as a letter's reader."""
    return db.session.get_one(Person, actor.person_id)


def letters_to_print(actor: Actor, station: str | None) -> list[tuple[Letter, Person]]:
    """The letters of a station with whom they are for, in the order of the page."""
    lines = to_print(actor, station, MOST_PRINTED)
    ids = sorted({line.letter.person_id for line in lines if line.letter.person_id is not None})
    people = {one.id: one for one in db.session.scalars(select(Person).where(Person.id.in_(ids)))}
    return [(line.letter, people[line.letter.person_id]) for line in lines if line.letter.person_id in people]
