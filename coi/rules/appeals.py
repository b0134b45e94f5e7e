"""What may be appealed and until when, and whether an appeal changed anything; today and holidays are always arguments."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from coi.rules.deadlines import NextBusinessDay, next_weekday
from coi.vocabulary import AppealEffect, Outcome

# What says that something must change. Nothing to appeal: no conflict, noted, exempt, closed. Nor *referred*: nothing was decided
# about the filer here, and a word about an appeal would tell more than "our review has ended" (U41).
BURDENS = frozenset({Outcome.ELIMINATED, Outcome.MANAGED, Outcome.NOT_PERMITTED})


def burdens(outcome: Outcome, conditions: Collection[object] = ()) -> bool:
    """Whether a decision burdens its filer: by its outcome, or by conditions that were laid before them."""
    return outcome in BURDENS or bool(conditions)


def last_day(told: date, days: int, next_business_day: NextBusinessDay = next_weekday) -> date:
    """The last day of an appeal, to its end: so many days after the letter's day, moved to a business day (U23)."""
    return next_business_day(told + timedelta(days=days))


def effect(
    before: tuple[Outcome, Collection[str], Mapping[int, Outcome]], after: tuple[Outcome, Collection[str], Mapping[int, Outcome]]
) -> AppealEffect:
    """Upheld where outcome, conditions and the outcome of each interest are as they were, else changed.

    Each side is (outcome, conditions, outcomes by interest); interests of another signed version have other numbers and count
    only where both name them.
    """
    both = before[2].keys() & after[2].keys()
    same = before[0] is after[0] and sorted(before[1]) == sorted(after[1])
    return AppealEffect.UPHELD if same and all(before[2][one] is after[2][one] for one in both) else AppealEffect.CHANGED
