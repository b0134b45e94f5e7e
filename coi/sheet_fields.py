"""Which column of a file is which field: by common headings in two languages, or as a person says; refuses what fits not."""

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _

from coi.errors import Refused
from coi.rules.searching import heading_key

Headings = Mapping[str, Sequence[str]]


def every_heading(known: Headings) -> list[str]:
    """All headings that mean something here; they tell which separator a csv has."""
    return [name for field, names in known.items() for name in (field, *names)]


def said(options: Iterable[str], known: Headings) -> dict[str, str]:
    """`--map FIELD=HEADING …` as a mapping; raises Refused for a field that there is not."""
    chosen = {}
    for option in options:
        field, equals, heading = option.partition("=")
        field = field.strip().lower()
        if not equals or field not in known:
            raise Refused(
                _("--map takes FIELD=HEADING; the fields are %(fields)s, not %(said)s.", fields=", ".join(known), said=option)
            )
        chosen[field] = heading.strip()
    return chosen


def columns_of(headings: Sequence[str], known: Headings, chosen: Mapping[str, str] | None = None) -> dict[str, int]:
    """Field -> column; what a person chose wins (blank: not in this file), then the first known heading that the file has."""
    place = {heading_key(heading): column for column, heading in enumerate(headings) if heading}
    told = dict(chosen or {})
    found: dict[str, int] = {}
    for field, heading in told.items():
        if not heading:
            continue
        if heading_key(heading) not in place:
            there = ", ".join(heading for heading in headings if heading)
            raise Refused(
                _('The file has no heading "%(heading)s". It has: %(there)s.', heading=heading, there=there[:300]), "file"
            )
        found[field] = place[heading_key(heading)]
    for field, names in known.items():
        if field not in told:
            taken = set(found.values())
            column = next((place[key] for key in map(heading_key, (field, *names)) if place.get(key, -1) >= 0), None)
            if column is not None and column not in taken:
                found[field] = column
    return found
