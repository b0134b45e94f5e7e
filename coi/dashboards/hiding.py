"""What the figures hide from readers without names: every number under five, and what would give one away; counts nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from coi.campaigns.desk import Unit
from coi.dashboards.queries import NOT_DECIDED, WITHDRAWN, Cases
from coi.rules.small_cells import Sum, hidden, is_small
from coi.vocabulary import Outcome, Standing

TOTAL = "total"
Hidden = frozenset[tuple[str, str]]
NOTHING: Hidden = frozenset()


def of_people(units: Iterable[Unit]) -> Hidden:
    """The rows hidden of the tables by department and by group: (table, name), and (TOTAL, "").

    Who reads may know who works where, so that people of a department who are all of one group tell of it: where departments and
    groups hold the same people, their sums are the same.
    """
    listed = list(units)
    people: Counter[tuple[str, str]] = Counter()
    filed: Counter[tuple[str, str]] = Counter()
    touching: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for one in listed:
        keys = (("department", one.department), ("group", one.group))
        for key in (*keys, (TOTAL, "")):
            people[key] += one.people
            filed[key] += one.people if one.standing is Standing.FILED else 0
        touching[keys[0]].add(keys[1])
        touching[keys[1]].add(keys[0])
    numbers = {key: (people[key], filed[key], people[key] - filed[key]) for key in people}
    departments = frozenset(key for key in people if key[0] == "department")
    groups = frozenset(key for key in people if key[0] == "group")
    total = frozenset({(TOTAL, "")}) & people.keys()
    sums = [Sum(total, departments), Sum(groups, total)]
    sums += [Sum(one & departments, one & groups) for one in _together(touching)]
    return hidden(numbers, sums)


def _together(touching: Mapping[tuple[str, str], set[tuple[str, str]]]) -> list[frozenset[tuple[str, str]]]:
    """The departments and groups that have people in common, directly or by others."""
    left, found = set(touching), []
    while left:
        near = {min(left)}
        waiting = list(near)
        for key in waiting:
            waiting += touching[key] - near
            near |= touching[key]
        found.append(frozenset(near))
        left -= near
    return found


def of_cases(told: Cases) -> Hidden:
    """The cells hidden of the tables by outcome, priority, age and days: (table, code), and (TOTAL, "")."""
    tables = {"outcome": told.outcomes, "priority": told.priorities, "age": told.ages, "days": told.days}
    numbers = {(name, code): (number,) for name, counter in tables.items() for code, number in counter.items()}
    numbers[TOTAL, ""] = (told.total,)
    keys = {name: frozenset(key for key in numbers if key[0] == name) for name in tables}
    outcomes = frozenset(("outcome", code) for code in Outcome) & keys["outcome"]
    is_open = frozenset({("outcome", NOT_DECIDED)}) & keys["outcome"]
    total = frozenset({(TOTAL, "")})
    sums = [
        Sum(keys["outcome"], total),
        Sum(total, keys["priority"]),
        Sum(keys["age"], is_open),
        Sum(keys["days"], outcomes),
    ]
    return hidden(numbers, sums)


def of_letters(counts: Mapping[str, int], shown: Sequence[str]) -> Hidden:
    """The cells hidden of the table of letters: ("letters", code), and (TOTAL, "")."""
    numbers = {("letters", code): (counts[code],) for code in shown}
    numbers[TOTAL, ""] = (sum(counts[code] for code in shown),)
    return hidden(numbers, [Sum(frozenset(numbers) - {(TOTAL, "")}, frozenset({(TOTAL, "")}))])


def of_days(points: Sequence[tuple[date, int]]) -> frozenset[date]:
    """The days whose running count is hidden: between two that are shown are five people or more, or none.

    `points` are running counts in order of days; the last one is known from the other figures and stays.
    """
    shown: list[int] = []
    last = 0
    for place, (_day, number) in enumerate(points):
        if not is_small(number - last):
            shown.append(place)
            last = number
    if points and len(points) - 1 not in shown:
        # What was filed since is small: it goes together with what was filed before.
        while shown and is_small(points[-1][1] - points[shown[-1]][1]):
            shown.pop()
        shown.append(len(points) - 1)
    return frozenset(day for place, (day, _number) in enumerate(points) if place not in shown)


__all__ = ["NOTHING", "TOTAL", "WITHDRAWN", "Hidden", "of_cases", "of_days", "of_letters", "of_people"]
