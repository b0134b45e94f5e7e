"""Names among many: an index that finds those like a given one by rare words and letter trigrams, never by a full scan."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from itertools import islice
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process

from coi.rules.likeness import LEVEL_ORDER, Name, grade, graded, normal, prepared_anew

__all__ = ["Names", "grade", "normal"]

Id = TypeVar("Id", bound=Hashable)

# How far the search goes: entries looked at by key, then by letters, then compared in full.
MOST_LOOKED_AT = 500
MOST_COUNTED = 30
MOST_COMPARED = 10
MOST_FOUND = 10


class Names(Generic[Id]):
    """Names with their ids, ready for `find`; made once for a list and used until the list changes."""

    def __init__(self, names: Iterable[tuple[Id, str]]) -> None:
        self.ids: list[Id] = []
        self.names: list[Name] = []
        self.joined: list[str] = []
        self._same: dict[str, list[int]] = defaultdict(list)
        self._at: dict[str, list[int]] = defaultdict(list)
        for number, (name_id, text) in enumerate(names):
            name = prepared_anew(text)
            self.ids.append(name_id)
            self.names.append(name)
            self.joined.append(" ".join(name.parts[0].words) if name.parts else name.same)
            self._same[name.same].append(number)
            for key in set(_keys(name)):
                self._at[key].append(number)

    def __len__(self) -> int:
        return len(self.ids)

    def find(self, text: str, most: int = MOST_FOUND) -> list[tuple[Id, str, float]]:
        """Ids with level (exact, likely, possible) and score, the surest first."""
        name = prepared_anew(text)
        exact = self._same.get(name.same, [])
        found = [(number, "exact", 1.0) for number in exact[:most]]
        for number in self._candidates(name):
            if number in exact:
                continue
            level, score = graded(name, self.names[number])
            if level is not None:
                found.append((number, level, score))
        found.sort(key=lambda one: (LEVEL_ORDER.index(one[1]), -one[2], one[0]))
        return [(self.ids[number], level, round(score, 3)) for number, level, score in found[:most]]

    def _candidates(self, name: Name) -> list[int]:
        """The entries worth comparing: those that share the rarest keys, then those whose letters are most alike."""
        at = self._at
        keys = sorted((key for key in set(_keys(name)) if key in at), key=lambda key: len(at[key]))
        counted: Counter[int] = Counter()
        looked_at = 0
        for key in keys:
            entries = at[key]
            if counted and looked_at + len(entries) > MOST_LOOKED_AT:
                break
            looked_at += len(entries)
            counted.update(islice(entries, MOST_LOOKED_AT))
            if key[0] == "=":
                counted.update(islice(entries, MOST_LOOKED_AT))
        near = [number for number, _count in counted.most_common(MOST_COUNTED)]
        if len(near) <= MOST_COMPARED:
            return near
        wanted = " ".join(name.parts[0].words) if name.parts else name.same
        best = process.extract(
            wanted, [self.joined[number] for number in near], scorer=fuzz.token_sort_ratio, limit=MOST_COMPARED
        )
        return [near[place] for _text, _score, place in best]


def _keys(name: Name) -> Iterator[str]:
    """What a name is found by: its words (marked =), its initials, and trigrams of its letters without spaces."""
    for part in name.parts:
        for word in part.words:
            yield f"={word}"
        if len(part.words) == 1 and 3 <= len(part.joined) <= 6:
            yield f"~{part.joined}"
        for start in range(max(1, len(part.joined) - 2)):
            yield part.joined[start : start + 3]
    for initials in name.short:
        if 3 <= len(initials) <= 6:
            yield f"~{initials}"
