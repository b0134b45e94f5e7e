"""Which numbers stay hidden so that no number of people under five can be read or worked out from the others; looks nothing up.

Numbers that people publish add up: parts to a whole, two tables to the same total. What is hidden because it is small could be
worked out when it is the only hidden one of a sum, so others are hidden with it (complementary suppression, as statistics offices
do it): each sum is a knot, each number a line between the two knots in which it stands, and a hidden number is safe where lines
that are hidden, too, lead from its one end to its other, with room on them to be larger or smaller.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SMALL = 5
# What is hidden could be any of at least so many numbers, and one more.
ROOM = 4
OUTSIDE = "outside"

Key = Any


@dataclass(frozen=True)
class Sum:
    """That `parts` together are `wholes` together. A number stands in two sums at most, once as a part and once as a whole."""

    parts: frozenset[Key]
    wholes: frozenset[Key]


@dataclass(frozen=True)
class Line:
    """One number between the knot where it is a part and the knot where it is a whole."""

    key: Key
    start: Key
    end: Key


def is_small(number: int) -> bool:
    """Of one to four people; nobody at all may be said."""
    return 0 < number < SMALL


def hidden(numbers: Mapping[Key, Sequence[int]], sums: Sequence[Sum]) -> frozenset[Key]:
    """The keys whose numbers are not shown: those with a small number, and what would give one of these away.

    Each key has one number or several, which are shown or hidden together. Of several the first is the whole and the others are
    parts of it, each of which may be nothing; a reader may know the whole. One number alone is at least one when it
    is hidden, since nothing is shown as 0. Raises ValueError where a number stands twice on one side of the sums.
    """
    lines = _lines(numbers, sums)
    told = {key for key, several in numbers.items() if any(map(is_small, several))}
    while True:
        weak = next(_weak(numbers, lines, told), None)
        if weak is None:
            return frozenset(told)
        more = _way_round(numbers, lines, told, weak) or _beside(numbers, lines, told, weak)
        if not more:
            return frozenset(numbers)
        told |= more


def _lines(numbers: Mapping[Key, Sequence[int]], sums: Sequence[Sum]) -> dict[Key, Line]:
    start: dict[Key, Key] = {}
    end: dict[Key, Key] = {}
    for place, one in enumerate(sums):
        for side, keys in ((start, one.parts), (end, one.wholes)):
            if keys & side.keys():
                raise ValueError(f"Stands twice on one side: {sorted(map(str, keys & side.keys()))}.")
            side.update(dict.fromkeys(keys, place))
    return {key: Line(key, start.get(key, OUTSIDE), end.get(key, OUTSIDE)) for key in numbers}


def _weak(numbers: Mapping[Key, Sequence[int]], lines: Mapping[Key, Line], told: set[Key]) -> Iterator[Key]:
    """The hidden keys with a small number that could be worked out nearly."""
    for key in sorted(told, key=str):
        for place, number in enumerate(numbers[key]):
            # Of a part of two people it can be known that it is nobody, one or two.
            enough = min(ROOM, numbers[key][0]) if place else ROOM
            if is_small(number) and _room(numbers, lines, told, key, place) < enough:
                yield key


def _room(numbers: Mapping[Key, Sequence[int]], lines: Mapping[Key, Line], told: set[Key], key: Key, place: int) -> int:
    """By how much this number could be larger or smaller with every sum that is shown still true; counted to ROOM each way."""
    if place:
        down = {one: numbers[one][place] for one in told}
        up = {one: numbers[one][0] - numbers[one][place] for one in told}
    else:
        down = {one: max(0, numbers[one][0] - 1) for one in told}
        up = dict.fromkeys(told, ROOM)
    line = lines[key]
    if line.start == line.end:
        return down[key] + up[key]  # it stands in no sum
    others = [lines[one] for one in told if one != key]
    # To be larger by one, something else has to make up for it on a way from its start to its end.
    larger = _flow(others, line.start, line.end, up[key], down, up)
    smaller = _flow(others, line.end, line.start, down[key], down, up)
    return larger + smaller


def _flow(lines: Sequence[Line], start: Key, end: Key, most: int, down: Mapping[Key, int], up: Mapping[Key, int]) -> int:
    """How much can be moved from `start` to `end` over these lines, to ROOM at most: along a line it shrinks, against it grows.

    A part that is larger is made up for by another part that is smaller, or by a whole that is larger.
    """
    left = {(line.key, True): down[line.key] for line in lines} | {(line.key, False): up[line.key] for line in lines}
    ways: dict[Key, list[tuple[Key, Key, bool]]] = {}
    for line in lines:
        ways.setdefault(line.start, []).append((line.end, line.key, True))
        ways.setdefault(line.end, []).append((line.start, line.key, False))
    moved = 0
    while moved < min(most, ROOM):
        steps = _path(ways, left, start, end)
        if steps is None:
            break
        for key, along in steps:
            left[key, along] -= 1
            left[key, not along] += 1
        moved += 1
    return moved


def _path(
    ways: Mapping[Key, list[tuple[Key, Key, bool]]], left: Mapping[tuple[Key, bool], int], start: Key, end: Key
) -> list[tuple[Key, bool]] | None:
    came: dict[Key, tuple[Key, Key, bool] | None] = {start: None}
    waiting = [start]
    for knot in waiting:
        for other, key, along in ways.get(knot, []):
            if left[key, along] > 0 and other not in came:
                came[other] = (knot, key, along)
                waiting.append(other)
    if end not in came:
        return None
    steps, at = [], came[end]
    while at is not None:
        steps.append((at[1], at[2]))
        at = came[at[0]]
    return steps


def _way_round(numbers: Mapping[Key, Sequence[int]], lines: Mapping[Key, Line], told: set[Key], weak: Key) -> set[Key]:
    """The keys to hide besides, on the way with the smallest numbers from one end of the weak key to its other end."""
    line = lines[weak]
    ways: dict[Key, list[tuple[Key, Key, int]]] = {}
    for key, one in lines.items():
        size = max(numbers[key], default=0)
        if key == weak or not size:
            continue  # where there is nothing, there is nothing to hide
        cost = 0 if key in told else size
        ways.setdefault(one.start, []).append((one.end, key, cost))
        ways.setdefault(one.end, []).append((one.start, key, cost))
    best: dict[Key, int] = {}
    waiting: list[tuple[int, int, Key, frozenset[Key]]] = [(0, 0, line.start, frozenset())]
    turn = 0
    while waiting:
        cost, _turn, knot, used = heapq.heappop(waiting)
        if knot == line.end:
            return set(used)
        if knot in best:
            continue
        best[knot] = cost
        for other, key, more in ways.get(knot, []):
            turn += 1
            heapq.heappush(waiting, (cost + more, turn, other, used | {key} if key not in told else used))
    return set()


def _beside(numbers: Mapping[Key, Sequence[int]], lines: Mapping[Key, Line], told: set[Key], weak: Key) -> set[Key]:
    """One key more where the way round is too narrow: the smallest that meets the hidden ones, else the smallest of all."""
    line = lines[weak]
    near, seen = {line.start, line.end}, -1
    while seen != len(near):
        seen = len(near)
        for key in told:
            if {lines[key].start, lines[key].end} & near - {OUTSIDE}:
                near |= {lines[key].start, lines[key].end}
    free = [key for key, several in numbers.items() if key not in told and max(several, default=0)]
    meets = [key for key in free if {lines[key].start, lines[key].end} & near - {OUTSIDE}]
    among = meets or free
    return {min(among, key=lambda key: (max(numbers[key]), str(key)))} if among else set()
