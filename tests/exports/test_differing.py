"""How two lists of rows differ: what was altered, added, lost and moved is named, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coi.exports.differing import Differences, differences


def told(there: str, wanted: str) -> Differences:
    return differences([one.encode() for one in there], [one.encode() for one in wanted])


@pytest.mark.parametrize(
    ("there", "wanted", "found"),
    [
        ("abc", "abc", Differences()),
        ("xbc", "abc", Differences(altered=[(0, 0)])),
        ("axc", "abc", Differences(altered=[(1, 1)])),
        ("ac", "abc", Differences(lost=[1])),
        ("abxc", "abc", Differences(added=[2])),
        ("abbc", "abc", Differences(added=[2])),
        ("bca", "abc", Differences(moved=[2])),
        ("acbd", "abcd", Differences(moved=[1])),
        ("xc", "abc", Differences(altered=[(0, 0)], lost=[1])),
        ("", "ab", Differences(lost=[0, 1])),
        ("ab", "", Differences(added=[0, 1])),
        ("abcdx", "zabcd", Differences(added=[4], lost=[0])),
    ],
)
def test_each_is_named(there, wanted, found):
    assert told(there, wanted) == found


@given(st.lists(st.integers(0, 30), max_size=25, unique=True), st.randoms(use_true_random=False))
def test_what_is_named_explains_the_whole(rows, chance):
    wanted = [str(one).encode() for one in rows]
    there = [one for one in wanted if chance.random() > 0.2]
    chance.shuffle(there)
    there += [b"new"] * (chance.random() > 0.5)
    found = differences(there, wanted)
    strange = [place for place, _was in found.altered] + found.added
    lost = [was for _place, was in found.altered] + found.lost
    left = [one for place, one in enumerate(there) if place not in strange and place not in found.moved]
    gone = {wanted[place] for place in lost} | {there[place] for place in found.moved}
    assert left == [one for one in wanted if one not in gone]
