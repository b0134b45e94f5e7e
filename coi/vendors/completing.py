"""What the city's lists offer while somebody types a name: at most ten, from an index that a process keeps; names and a word."""

import threading
from dataclasses import dataclass
from typing import Any

from coi.db import db
from coi.rules.completing import MOST, Beginnings
from coi.vendors.queries import EMPLOYEE_LIST, items_of, stamp_of


@dataclass(frozen=True)
class Offer:
    """A name, and what tells it from another of the same name: a colleague's department, nothing else."""

    name: str
    about: str = ""


@dataclass(frozen=True)
class _Kept:
    stamp: tuple[Any, ...]
    offers: list[Offer]
    index: Beginnings


_kept: dict[tuple[str, str], _Kept] = {}
_making = threading.Lock()


def completions(list_name: str, typed: str, most: int = MOST) -> list[Offer]:
    """Names of a list with words that begin like what is typed; none of a list that is not loaded."""
    stamp = stamp_of(list_name)
    if stamp is None:
        return []
    kept = _index(list_name, stamp)
    return [kept.offers[place] for place in kept.index.find(typed, most)]


def _index(list_name: str, stamp: tuple[Any, ...]) -> _Kept:
    key = (str(db.engine.url), list_name)
    kept = _kept.get(key)
    if kept is not None and kept.stamp == stamp:
        return kept
    with _making:
        kept = _kept.get(key)
        if kept is None or kept.stamp != stamp:
            offers = _offers(list_name)
            kept = _kept[key] = _Kept(stamp, offers, Beginnings(offer.name for offer in offers))
    return kept


def _offers(list_name: str) -> list[Offer]:
    with_department = list_name == EMPLOYEE_LIST
    return list(
        dict.fromkeys(
            Offer(name, str(item.record.get("department", "")) if with_department else "")
            for item in items_of(list_name)
            for name in item.names
        )
    )
