"""How two lists of rows differ: which were altered, added, lost, moved; knows only their hashes and keeps nothing else."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Differences:
    """Places, from 0, of rows that differ."""

    altered: list[tuple[int, int]] = field(default_factory=list)  # there, and what it was
    added: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)


def differences(there: Sequence[bytes], wanted: Sequence[bytes]) -> Differences:
    """What was done to `wanted` to make `there` of it; a strange row is the alteration of the lost one that stood beside it."""
    common = Counter(there) & Counter(wanted)
    kept_there, strange = _apart(there, common)
    kept_wanted, lost = _apart(wanted, common)
    found = Differences()
    waiting = defaultdict(list)
    for place in lost:
        waiting[_before(wanted, place, kept_wanted)].append(place)
    for place in strange:
        beside = waiting[_before(there, place, kept_there)]
        if beside:
            found.altered.append((place, beside.pop(0)))
        else:
            found.added.append(place)
    found.lost = sorted(place for places in waiting.values() for place in places)
    found.moved = _moved(there, wanted, kept_there, kept_wanted)
    return found


def _apart(rows: Sequence[bytes], common: Counter[bytes]) -> tuple[list[int], list[int]]:
    """Places of the rows that both lists have, and of the others."""
    left, kept, others = Counter(common), [], []
    for place, one in enumerate(rows):
        if left[one] > 0:
            left[one] -= 1
            kept.append(place)
        else:
            others.append(place)
    return kept, others


def _before(rows: Sequence[bytes], place: int, kept: list[int]) -> bytes:
    """The last row before a place that both lists have."""
    at = bisect_left(kept, place)
    return rows[kept[at - 1]] if at else b""


def _moved(there: Sequence[bytes], wanted: Sequence[bytes], kept_there: list[int], kept_wanted: list[int]) -> list[int]:
    """The fewest rows that must be put elsewhere so that the rest stands in order."""
    if all(there[one] == wanted[other] for one, other in zip(kept_there, kept_wanted, strict=True)):
        return []
    places = defaultdict(list)
    for number, place in enumerate(kept_wanted):
        places[wanted[place]].append(number)
    numbers = [places[there[place]].pop(0) for place in kept_there]
    rising = _longest_rising(numbers)
    return [place for place, number in zip(kept_there, numbers, strict=True) if number not in rising]


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """The numbers of a longest rising row among distinct numbers."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        at = bisect_left(ends, number)
        before[number] = ends[at - 1] if at else None
        ends[at : at + 1] = [number]
    found: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        found.add(last)
        last = before[last]
    return found
