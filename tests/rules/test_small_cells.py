"""Numbers under five can't be read or worked out: small tables are attacked by trying every way to fill what is hidden."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from coi.rules.small_cells import ROOM, Sum, hidden, is_small


def possible(numbers, sums, told, key, most):
    """Every value that a hidden number could have: what is shown is known, sums are true, what is hidden is at least one."""
    unknown = sorted(told)
    known = {one: value for one, value in numbers.items() if one not in told}
    found = set()
    for guess in product(range(1, most + 1), repeat=len(unknown)):
        filled = known | dict(zip(unknown, guess, strict=True))
        if all(sum(filled[one] for one in each.parts) == sum(filled[one] for one in each.wholes) for each in sums):
            found.add(filled[key])
    return found


def flat(numbers):
    return {key: (value,) for key, value in numbers.items()}


@given(st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 30]), min_size=1, max_size=6))
@settings(deadline=None)
def test_a_list_with_its_total(cells):
    numbers = {f"c{place}": value for place, value in enumerate(cells)} | {"total": sum(cells)}
    sums = [Sum(frozenset(numbers) - {"total"}, frozenset({"total"}))]
    told = hidden(flat(numbers), sums)
    assert all(key in told for key, value in numbers.items() if is_small(value))
    if "total" in told:
        assert told >= {key for key, value in numbers.items() if value}
        return  # nothing is shown but what is nothing
    for key in told:
        if is_small(numbers[key]):
            others = sum(value for one, value in numbers.items() if one in told and one != key)
            assert len(told) > 1
            assert numbers[key] + others - len(told) >= ROOM  # from 1 to as much as leaves 1 for each other


@given(st.lists(st.lists(st.sampled_from([0, 1, 3, 5, 7]), min_size=2, max_size=2), min_size=2, max_size=2))
@settings(deadline=None, max_examples=60)
def test_two_tables_of_the_same_people(grid):
    """Departments and groups with the same total, where whoever reads knows who is in both."""
    rows = {f"d{place}": sum(row) for place, row in enumerate(grid)}
    columns = {f"g{place}": sum(row[place] for row in grid) for place in range(2)}
    numbers = {**rows, **columns, "total": sum(rows.values())}
    total = frozenset({"total"})
    # Parts of one sum are wholes of the other, so that each stands once on each side.
    sums = [Sum(frozenset(rows), total), Sum(total, frozenset(columns)), Sum(frozenset(columns), frozenset(rows))]
    told = hidden(flat(numbers), sums)
    assert {key for key, value in numbers.items() if is_small(value)} <= told
    if not told or len(told) > 4:
        return
    most = max(numbers.values()) + ROOM
    for key in told:
        if is_small(numbers[key]):
            assert len(possible(numbers, sums, told, key, most)) > ROOM


def test_the_smallest_that_helps_is_hidden_with_it():
    numbers = {"a": (3,), "b": (80,), "c": (12,), "none": (0,), "total": (95,)}
    sums = [Sum(frozenset("abc") | {"none"}, frozenset({"total"}))]
    assert hidden(numbers, sums) == {"a", "c"}


def test_nothing_small_hides_nothing():
    numbers = {"a": (5,), "b": (0,), "total": (5,)}
    assert hidden(numbers, [Sum(frozenset("ab"), frozenset({"total"}))]) == frozenset()


def test_two_small_ones_that_leave_no_room_take_a_third_along():
    numbers = {"a": (1,), "b": (1,), "c": (40,), "total": (42,)}
    assert hidden(numbers, [Sum(frozenset("abc"), frozenset({"total"}))]) == {"a", "b", "c"}


def test_a_department_that_is_a_group_is_hidden_in_both_tables_with_one_way_round():
    """Police is a department and a group of its own; the others mix. One more of each is hidden, not every department."""
    numbers = {
        "total": (300, 290, 10),
        "d:police": (60, 58, 2),
        "g:police": (60, 58, 2),
        "d:works": (100, 95, 5),
        "d:parks": (80, 80, 0),
        "d:water": (60, 57, 3),
        "g:civilian": (150, 145, 5),
        "g:management": (90, 87, 3),
    }
    departments, groups = {"d:works", "d:parks", "d:water"}, {"g:civilian", "g:management"}
    sums = [
        Sum(frozenset({"d:police"}), frozenset({"g:police"})),
        Sum(frozenset(departments), frozenset(groups)),
        Sum(frozenset({"total"}), frozenset({"d:police", *departments})),
        Sum(frozenset({"g:police", *groups}), frozenset({"total"})),
    ]
    told = hidden(numbers, sums)
    assert told == {"d:police", "g:police", "d:water", "g:management"}
