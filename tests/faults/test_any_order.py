"""Everybody does anything with a case in any order: no table is broken, nobody reads or does what is not theirs."""

import itertools

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.faults import order_judge, order_routes
from tests.faults.any_order import ACTORS, ACTS, City, Walk
from tests.faults.order_beyond import BESIDE, PRESSES

EXAMPLES = 12
STEPS = st.lists(st.tuples(st.sampled_from(ACTORS), st.sampled_from(ACTS), st.integers(0, 2**20)), min_size=8, max_size=20)


def test_no_order_of_acts_breaks_a_case(app, db, cast, clock):
    city, walk = City(app, clock), itertools.count(1)

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
        salt = 1009 * next(walk)  # Hypothesis loves zero: no two walks begin alike all the same
        Walk(city, seed + salt).run([(who, act, number + salt + at) for at, (who, act, number) in enumerate(steps)])

    walks()
    acts = {act for act, what in city.done if what == "done"}
    assert {"sign", "escalate", "decide", "appeal", "motion"} <= acts  # the walks come that far


def test_every_act_about_a_case_is_walked_or_says_why_not(app):
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())}
    walked = {endpoint for endpoints in order_routes.WALKED.values() for endpoint in endpoints}
    assert {one for one in posts if one not in walked and not order_routes.is_excused(one)} == set()
    assert walked - posts == set()  # what is gone goes from the list, too
    rooms = {one.partition(".")[0] for one in posts}
    assert {one for one in order_routes.EXCUSED if one not in posts | rooms} == set()
    assert walked & order_routes.EXCUSED.keys() == set()
    assert order_routes.WALKED.keys() - {"batch"} == PRESSES.keys()
    assert order_routes.WALKED.keys() <= {*PRESSES, *BESIDE}
    assert order_judge.LEAVES.keys() - {"batch"} == PRESSES.keys()
