"""Everybody does anything with a case in any order: no table is broken, nobody reads or does what is not theirs."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.faults.any_order import ACTORS, ACTS, City, Walk

EXAMPLES = 25
STEPS = st.lists(st.tuples(st.sampled_from(ACTORS), st.sampled_from(ACTS), st.integers(0, 2**20)), min_size=8, max_size=20)


def test_no_order_of_acts_breaks_a_case(app, db, cast, clock):
    city = City(app, clock)

    # What broke is told step by step; to look for the shortest walk would take longer than to read it.
    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**20), STEPS)
    def walks(seed, steps):
        Walk(city, seed).run(steps)

    walks()
    acts = {act for act, what in city.done if what == "done"}
    assert {"sign", "clear", "escalate", "decide"} <= acts  # the walks come that far
