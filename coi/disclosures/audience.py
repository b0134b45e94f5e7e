"""Who can see an answer, in words: made from the access rules and the answer's visibility, never typed beside a question (U9)."""

from flask_babel import gettext as _

from coi.exports.registers.interests import mask
from coi.who_sees import PEOPLE, THINGS, Sight, sight

ANSWERS = next(thing for thing in THINGS if thing.code == "answers")
PROBE = "x"


def sights_of(visibility: str) -> dict[str, Sight]:
    """How much each kind of person sees of a signed answer; of a workbook, what its mask leaves."""
    whole = mask(visibility, PROBE) == PROBE
    found = {person.code: sight(person, ANSWERS) for person in PEOPLE}
    return {code: Sight.ALL if seen is Sight.PART and whole else seen for code, seen in found.items()}


def readers_of(visibility: str) -> str:
    """One or two sentences for the page: who can see this answer."""
    sights = sights_of(visibility)
    told = [_in_a_sentence(str(person.label)) for person in PEOPLE if sights[person.code] is Sight.ALL]
    masked = [_in_a_sentence(str(person.label)) for person in PEOPLE if sights[person.code] is Sight.PART]
    lines = [_("Seen by: %(people)s.", people=", ".join(told))]
    if masked:
        people = ", ".join(masked)
        lines.append(_("%(people)s: only that there is an answer, unless given leave.", people=people[:1].upper() + people[1:]))
    if visibility == "public":
        lines.append(_("The City may have to show it to the public."))
    elif visibility == "redact_if_home":
        lines.append(_("The City may have to show it to the public, unless it is a home."))
    return " ".join(lines)


def _in_a_sentence(label: str) -> str:
    return label[:1].lower() + label[1:]
