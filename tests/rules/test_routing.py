"""Where a filing goes and who gets it: first fit, the posts at the top, load, absence, conflict; no app and no database."""

from datetime import UTC, datetime

import pytest

from coi.rules.routing import Candidate, Route, choose, desk_for
from coi.vocabulary import Because

RULES = [
    ("urgent", {"case": "risk", "is": "critical"}, "chief"),
    ("directors", {"filer": "level", "is": "full"}, "chief"),
    ("all", None, "ethics"),
]
REVIEWS = {"mayor": "commission", "ethics": "counsel"}
EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("post", "true", "route"),
    [
        ("", (), Route("ethics", "all")),
        ("", ("urgent",), Route("chief", "urgent")),
        ("", ("directors",), Route("chief", "directors")),
        ("", ("urgent", "directors"), Route("chief", "urgent")),
        ("mayor", ("urgent",), Route("commission", Because.POST)),
        ("ethics", (), Route("counsel", Because.POST)),
        ("clerk", (), Route("ethics", "all")),
    ],
)
def test_the_first_rule_that_fits_and_posts_before_rules(post, true, route):
    held = [rule[1] for rule in RULES if rule[0] in true]
    assert desk_for(RULES, REVIEWS, post, lambda when: when in held) == route


def test_rules_that_fit_nothing_are_a_fault_and_no_guess():
    with pytest.raises(LookupError):
        desk_for(RULES[:2], {}, "", lambda _when: False)


@pytest.mark.parametrize(
    ("candidates", "chosen"),
    [
        ([], None),
        ([Candidate(1), Candidate(2)], 1),
        ([Candidate(1, open_cases=2), Candidate(2, open_cases=1)], 2),
        ([Candidate(1, 1, LATE), Candidate(2, 1, EARLY)], 2),
        ([Candidate(1, 1, EARLY), Candidate(2, 1, None)], 2),
        ([Candidate(2, 1, EARLY), Candidate(1, 1, EARLY)], 1),
        ([Candidate(1, away=True), Candidate(2, 9)], 2),
        ([Candidate(1, conflicts=frozenset({"above"})), Candidate(2, 9)], 2),
        ([Candidate(1, away=True), Candidate(2, conflicts=frozenset({"filer"}))], None),
    ],
)
def test_the_fewest_cases_then_the_longest_without_one_then_the_id(candidates, chosen):
    assert choose(candidates)[0] == chosen


@pytest.mark.parametrize("code", ["filer", "above", "below", "relation", "shared_party", "recused"])
def test_each_conflict_passes_over_and_says_which(code):
    assert choose([Candidate(1, conflicts=frozenset({code}))]) == (None, [[1, code]])


def test_all_codes_of_one_candidate_are_kept_and_who_is_merely_busier_is_not_passed_over():
    both = Candidate(1, away=True, conflicts=frozenset({"relation", "above"}))
    assert choose([both, Candidate(2, 1), Candidate(3, 2), Candidate(4, away=True)]) == (2, [[1, "above+relation"], [4, "away"]])
