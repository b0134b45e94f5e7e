"""The city's lists as the form engine asks for them: loaded or not, and which records fit a name; an index per process."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coi.db import db
from coi.rules.completeness import Found
from coi.rules.matching import Names
from coi.vendors.queries import VENDOR_LIST, Item, aliases, aliases_stamp, items_of, stamp_of

LEVELS = ("possible", "likely", "exact")


@dataclass(frozen=True)
class _Kept:
    """One list as it stood at a stamp, ready to be searched."""

    stamp: tuple[Any, ...]
    items: list[Item]
    names: Names[int]
    by_key: dict[str, int]


_kept: dict[tuple[str, str], _Kept] = {}
_making = threading.Lock()


def _index(name: str, stamp: tuple[Any, ...]) -> _Kept:
    """The index of a list; made anew when anything was loaded since, and kept for the process."""
    key = (str(db.engine.url), name)
    kept = _kept.get(key)
    if kept is not None and kept.stamp == stamp:
        return kept
    with _making:
        kept = _kept.get(key)
        if kept is None or kept.stamp != stamp:
            items = items_of(name)
            pairs = [(place, text) for place, item in enumerate(items) for text in item.names]
            by_key = {item.key: place for place, item in enumerate(items) if item.key}
            kept = _kept[key] = _Kept(stamp, items, Names(pairs), by_key)
    return kept


@dataclass(frozen=True)
class _Aliases:
    """Names that officers confirmed to be a vendor's: a small index beside the list's own, offered to nobody who types."""

    stamp: tuple[Any, ...]
    names: Names[str]


_aliases: dict[str, _Aliases] = {}


def _confirmed() -> Names[str]:
    key, stamp = str(db.engine.url), aliases_stamp()
    kept = _aliases.get(key)
    if kept is None or kept.stamp != stamp:
        kept = _aliases[key] = _Aliases(stamp, Names(aliases()))
    return kept.names


class CityLists:
    """The engine's Lists, from the tables; looks each list's stamp up once, so make one per page or signing."""

    def __init__(self) -> None:
        self._stamps: dict[str, tuple[Any, ...] | None] = {}
        self._also: Names[str] | None = None

    def _stamp(self, name: str) -> tuple[Any, ...] | None:
        if name not in self._stamps:
            self._stamps[name] = stamp_of(name)
        return self._stamps[name]

    def loaded(self, name: str) -> bool:
        """Whether the city has anything to compare with under this name."""
        return self._stamp(name) is not None

    def scored(self, name: str, text: str) -> list[tuple[str, float, Item]]:
        """(level, score, item) for each record that fits by a name of its own or a confirmed one, the surest first, each once."""
        stamp = self._stamp(name)
        if stamp is None or not text.strip():
            return []
        kept = _index(name, stamp)
        best: dict[int, tuple[int, float, str]] = {}
        for place, level, score in [*kept.names.find(text), *self._by_alias(name, kept, text)]:
            told = (LEVELS.index(level), score, level)
            if place not in best or told > best[place]:
                best[place] = told
        order = sorted(best, key=lambda place: (*(-value for value in best[place][:2]), place))
        return [(best[place][2], best[place][1], kept.items[place]) for place in order]

    def _by_alias(self, name: str, kept: _Kept, text: str) -> list[tuple[int, str, float]]:
        if name != VENDOR_LIST:
            return []
        if self._also is None:
            self._also = _confirmed()
        found = self._also.find(text) if len(self._also) else []
        return [(kept.by_key[key], level, score) for key, level, score in found if key in kept.by_key]

    def items(self, name: str, text: str) -> list[tuple[str, Item]]:
        """(level, item) for each record that fits, the surest first, each once."""
        return [(level, item) for level, _score, item in self.scored(name, text)]

    def find(self, name: str, text: str) -> Sequence[Found]:
        """Records that fit the text, the surest first."""
        return [Found(level, item.record) for level, item in self.items(name, text)]


def city_lists() -> CityLists:
    """The city's lists as they stand now."""
    return CityLists()
