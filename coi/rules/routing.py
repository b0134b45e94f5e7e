"""Where a filing goes and because of what: the first rule that fits names the desk, the first free colleague gets it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from coi.vocabulary import Because, Role

EARLY = datetime(1970, 1, 1, tzinfo=UTC)

# Who sits at a desk, as a profile says it.
MEMBERS: dict[str, frozenset[Role]] = {
    "reviewers": frozenset({Role.REVIEWER}),
    "senior_officers": frozenset({Role.SENIOR_OFFICER}),
    "solicitor": frozenset({Role.SOLICITOR}),
    "commission": frozenset({Role.COMMISSIONER}),
}
# Whom a post is above of, or appoints: they can't review it (PROFILE "A check fails", SD4).
BELOW: Mapping[str, frozenset[str]] = {
    "mayor": frozenset({"reviewers", "senior_officers", "solicitor"}),
    "council": frozenset({"reviewers"}),
    "controller": frozenset({"reviewers"}),
    "solicitor": frozenset({"reviewers", "solicitor"}),
    "ethics": frozenset({"reviewers", "senior_officers"}),
    "commission": frozenset({"commission", "reviewers"}),
}


@dataclass(frozen=True)
class Candidate:
    """One member of a desk, seen from one filing; conflicts are codes: filer, above, below, relation, shared_party, recused."""

    person_id: int
    open_cases: int = 0
    last_assigned_at: datetime | None = None
    away: bool = False
    conflicts: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Route:
    """The desk, and the reason that everybody may read."""

    desk: str
    because: str


def desk_for(
    rules: Sequence[tuple[str, Any, str]],
    reviews: Mapping[str, str],
    post: str,
    holds: Callable[[Any], bool],
) -> Route:
    """The desk for a filing: who holds a post at the top goes where `reviews` says (U14), else the first rule that fits.

    `rules` are (because, condition or None, desk) in order; raises LookupError when not even the last one fits.
    """
    if post and post in reviews:
        return Route(reviews[post], Because.POST)
    for because, when, desk in rules:
        if when is None or holds(when):
            return Route(desk, because)
    raise LookupError("The last routing rule must fit every filing.")


def choose(candidates: Iterable[Candidate]) -> tuple[int | None, list[list[Any]]]:
    """Who gets the case, and why each other candidate was passed over, as [person id, code].

    Free of conflict and not away; fewest open cases, then the longest without a new one, then the id (DESIGN 5).
    """
    free: list[Candidate] = []
    passed: list[list[Any]] = []
    for candidate in candidates:
        if candidate.conflicts:
            passed.append([candidate.person_id, "+".join(sorted(candidate.conflicts))])
        elif candidate.away:
            passed.append([candidate.person_id, "away"])
        else:
            free.append(candidate)
    if not free:
        return None, passed
    best = min(free, key=lambda one: (one.open_cases, one.last_assigned_at or EARLY, one.person_id))
    return best.person_id, passed
