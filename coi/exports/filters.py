"""What a workbook is narrowed down to: departments, groups, states, outcomes, review priorities, days of signing; plain values.

Which sheets each of them narrows is said here and nowhere else; the sieve over the registers applies it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coi.vocabulary import ExportKind, Outcome, Risk, Standing, State, Word

# Every state that a row of Outcomes may have: a draft is in no workbook, who started one stands as not started (SD8).
STATES: tuple[Word, ...] = (
    *(state for state in State if state is not State.DRAFT),
    *(Standing.NOT_STARTED, Standing.LATE, Standing.EXCUSED, Standing.ON_LEAVE),
)
PRIORITIES: dict[str, Risk] = {risk.priority: risk for risk in Risk}
LABELS = {
    "departments": _l("Department"),
    "groups": _l("Group"),
    "states": _l("State"),
    "outcomes": _l("Outcome"),
    "priorities": _l("Review priority"),
    "since": _l("Signed from"),
    "until": _l("Signed to"),
}
# Narrowing by a column that a kind does not show would tell what it hides.
ALLOWED = {ExportKind.PUBLIC: frozenset({"departments", "since", "until"})}


@dataclass(frozen=True)
class Filters:
    """What was named; nothing named means everything. Codes, not labels; the days are of the first signature, both counted."""

    departments: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    @property
    def by_who(self) -> bool:
        """Whether people are narrowed down, and so the Population."""
        return bool(self.departments or self.groups)

    @property
    def by_filing(self) -> bool:
        """Whether it is asked what became of a filing."""
        return bool(self.states or self.outcomes or self.priorities or self.since or self.until)

    def __bool__(self) -> bool:
        return self.by_who or self.by_filing

    def named(self) -> list[str]:
        """The names of what was narrowed, in order."""
        return [one.name for one in fields(self) if getattr(self, one.name)]

    def to_json(self) -> dict[str, Any]:
        """What was named, as the seal and the log keep it."""
        told = {name: getattr(self, name) for name in self.named()}
        return {name: value.isoformat() if isinstance(value, date) else list(value) for name, value in told.items()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """The filters among what was kept; other keys are somebody else's."""

        def several(name: str) -> tuple[str, ...]:
            return tuple(kept.get(name, ()))

        def day(name: str) -> date | None:
            return date.fromisoformat(kept[name]) if name in kept else None

        who = {"departments": several("departments"), "groups": several("groups")}
        became = {"states": several("states"), "outcomes": several("outcomes"), "priorities": several("priorities")}
        return cls(**who, **became, since=day("since"), until=day("until"))

    def fits(self, department: str, group: str) -> bool:
        """Whether somebody of this department and group is meant."""
        return (not self.departments or department in self.departments) and (not self.groups or group in self.groups)


NO_FILTERS = Filters()


def ordered(values: Iterable[str]) -> tuple[str, ...]:
    """Values once each, in one order whatever the order of asking: the same request is the same request."""
    return tuple(sorted(set(values)))


def in_words(name: str, value: Any) -> str:
    """The values of one filter with their labels, as its kept form has them."""
    words: dict[str, Mapping[str, Any]] = {
        "states": {word.value: word.label for word in STATES},
        "outcomes": {word.value: word.label for word in Outcome},
        "priorities": {code: risk.label for code, risk in PRIORITIES.items()},
    }
    known = words.get(name, {})
    return value if isinstance(value, str) else ", ".join(str(known.get(one, one)) for one in value)


def lines(kept: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a workbook was narrowed down to, a line each: for its card and for About."""
    return [(str(LABELS[name]), in_words(name, kept[name])) for name in LABELS if name in kept]


def reach(filters: Filters) -> list[tuple[str, str]]:
    """Which sheets the filters narrow, in sentences for About."""
    if not filters:
        return []
    told = [_("Outcomes, Interests, Decisions, Plans, Policies, Not filed: only what fits every filter, as of the same moment")]
    if filters.by_who:
        told.append(_("Population: only the departments and groups named, so it does not foot to the roster"))
    else:
        told.append(_("Population: whole, so that it foots to the roster"))
    told.append(_("Summary: counts the rows of Outcomes. Access, Changes and Audit: whole"))
    return [(str(_("What the filters apply to")), " · ".join(told))]
