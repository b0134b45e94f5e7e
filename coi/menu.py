"""The menu of a page: what its reader may open, under few headings or, where it is little, in one line."""

from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel.speaklater import LazyString

from coi.rooms import NAVIGATION, UNDER, Place
from coi.rules.permissions import Actor, allows

IN_ONE_LINE = 5


@dataclass(frozen=True)
class Link:
    """One page of the menu; `current` is "page" on the page itself, "true" on another page of its room, else empty."""

    url: str
    label: LazyString
    current: str


@dataclass(frozen=True)
class Heading:
    """Pages that belong together; without a label they stand in the line by themselves. `here` marks where the reader is."""

    label: LazyString | None
    links: tuple[Link, ...]
    here: bool


def menu_for(actor: Actor, here: str) -> list[Heading]:
    """What this reader may open, seen from the endpoint `here`: headings, or single pages where these are few.

    A heading with one page only is that page. Nobody in particular gets no menu.
    """
    found = [Heading(label, *_of(actor, here, places)) for label, places in NAVIGATION if actor.is_person]
    found = [one for one in found if one.links]
    few = sum(len(one.links) for one in found) <= IN_ONE_LINE
    told: list[Heading] = []
    for one in found:
        if few or len(one.links) == 1:
            told += [Heading(None, (link,), bool(link.current)) for link in one.links]
        else:
            told.append(one)
    return told


def _of(actor: Actor, here: str, places: tuple[Place, ...]) -> tuple[tuple[Link, ...], bool]:
    there = [place for place in places if place[0] in current_app.view_functions and allows(actor, place[2])]
    links = tuple(Link(url_for(endpoint), label, _current(here, endpoint)) for endpoint, label, _permission in there)
    room = here.partition(".")[0]
    under = UNDER.get(here)
    holds = (under in (None, endpoint) and endpoint.partition(".")[0] == room for endpoint, _label, _permission in there)
    inside = any(holds) and here not in _PLACES
    return links, inside or any(one.current for one in links)


_PLACES = frozenset(endpoint for _heading, places in NAVIGATION for endpoint, _label, _permission in places)


def _current(here: str, endpoint: str) -> str:
    if here == endpoint:
        return "page"
    room = endpoint.partition(".")[0]
    alone = [one for one in _PLACES if one.partition(".")[0] == room] == [endpoint]
    return "true" if alone and here.partition(".")[0] == room else ""
